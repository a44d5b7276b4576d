"""Writes: a change is validated as a whole, and done as a whole or not at all."""

import fcntl
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Literal

from graph import inspecting, preparing, rederiving
from graph.errors import (
    GraphError,
    GraphNotWritableError,
    NonConformingError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceFormatError,
    StoreCorruptError,
    StoreUnavailableError,
    UnknownGraphError,
    VersionConflictError,
)
from graph.rules import DERIVED
from graph.store import EmbeddedStore, Visibility, current_version, live
from graph.store.generations import read_manifest, read_origin
from graph.writing import Editor, Kind, Write, write
from graph.written import as_text, statements

from .written import (
    COUNT,
    FACTS,
    META,
    NET,
    OFFICE,
    PREFIXES,
    company,
    described,
    number,
    put,
    state,
    update,
)

NEW = company("new", "Fräsen")
IN_OFFICE = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OFFICE}> {{ ?s a ?c }} }}"
KEYWORD = 'id:org-new vb:productKeyword "Drehen"@de'
DESCRIPTION = """
  GRAPH graph:meta { graph:friends dct:title "Netz"@de ; dct:accessRights access-right:RESTRICTED ;
    dct:license <http://example.org/licence> ; prov:wasAttributedTo id:agent-verbund }
"""


@pytest.fixture(scope="module")
def refusing(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landscape with one internal graph; refused writes leave it as it is."""
    folder = tmp_path_factory.mktemp("refusing") / "home"
    shutil.copytree(pristine, folder)
    put(folder, NEW, visibility=Visibility.INTERNAL)
    return folder


@pytest.fixture
def home(refusing: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    folder = tmp_path / "home"
    shutil.copytree(refusing, folder)
    return folder


def test_put_makes_a_generation_that_answers(fresh: Path) -> None:
    receipt = put(fresh, NEW, visibility=Visibility.INTERNAL)

    assert (receipt.before, receipt.version) == ("ref-1", current_version(fresh))
    assert (receipt.created, receipt.changed) == ((OFFICE,), (OFFICE,))
    assert (receipt.added, receipt.removed) == (5, 0)
    assert OFFICE in EmbeddedStore(fresh, Visibility.INTERNAL).graphs()


def test_rules_see_what_was_written(home: Path) -> None:
    """The rule for types runs anew, on what each visibility sees."""
    typed = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{DERIVED.value}> {{ ?s ?p ?o }} }}"

    derived = number(home, typed)

    assert derived > number(home, typed, Visibility.PUBLIC)


def test_same_content_is_the_same_version(home: Path) -> None:
    before = state(home)

    receipt = put(home, NEW, visibility=Visibility.INTERNAL)

    assert receipt.version == receipt.before == before[0]
    assert state(home) == before


def test_there_and_back_is_the_old_version(home: Path) -> None:
    receipt = write(home, Write(Kind.DELETE, graph=OFFICE))

    assert receipt.version == "ref-1"
    assert OFFICE not in EmbeddedStore(home, Visibility.INTERNAL).graphs()


def test_post_adds_and_put_replaces(home: Path) -> None:
    write(home, Write(Kind.POST, company("more"), OFFICE))
    both = number(home, IN_OFFICE)
    put(home, company("more"))
    one = number(home, IN_OFFICE)

    assert (both, one) == (2, 1)


PLACES = pytest.mark.parametrize("widest", [0, 1_000_000], ids=["on-the-disk", "in-memory"])
"""Statements of a part to each changed one up to which all is found out in memory."""


@PLACES
def test_large_write_is_the_same_made_anew(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, widest: int
) -> None:
    """Many statements are loaded in bulk, and checked on a copy; every part ends up the same."""
    other = tmp_path / "other"
    shutil.copytree(home, other)
    monkeypatch.setattr(preparing, "_MANY", 100)
    monkeypatch.setattr(preparing, "_WIDE", widest)
    monkeypatch.setattr(live, "_AT_ONCE", 70)
    monkeypatch.setattr(live, "_MANY", 100)
    monkeypatch.setattr(inspecting, "_SMALL", 100)
    monkeypatch.setattr(inspecting, "_AT_ONCE", 7)
    monkeypatch.setattr(rederiving, "_MANY", 100)
    many = "".join(company(f"many{number}", "Fräsen") for number in range(40))
    change = Write(Kind.PUT, many, NET, description=described(Visibility.PUBLIC))
    at = datetime(2027, 3, 4, tzinfo=UTC)

    with closing(Editor(home)) as editor, closing(Editor(other, is_thorough=True)) as thorough:
        receipts = editor.write(change, now=at), thorough.write(change, now=at)

    assert receipts[0] == receipts[1]
    assert receipts[0].added == 200
    assert receipts[0].findings, "two empty lists prove nothing"
    for part in (Visibility.PUBLIC, Visibility.INTERNAL):
        one, two = (set(EmbeddedStore(folder, part).engine) for folder in (home, other))
        assert one == two


def test_nameless_nodes_of_a_large_change_keep_their_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The merge must hold the same nodes as the graphs: a text would rename them."""
    monkeypatch.setattr(live, "_MANY", 0)
    name, node = ox.NamedNode(OFFICE), ox.BlankNode("n")
    quad = ox.Quad(ox.NamedNode(NET), ox.NamedNode(NET), node, name)
    engine = ox.Store()

    live.change(engine, (), [quad])

    assert set(engine) == {quad, ox.Quad(quad.subject, quad.predicate, node, ox.DefaultGraph())}


def test_texts_of_a_large_change_that_look_like_ends_of_lines_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The graph at the end of each line is cut off for the merge, and nothing else is."""
    monkeypatch.setattr(live, "_MANY", 0)
    name = ox.NamedNode(OFFICE)
    texts = [f"a> <{OFFICE}> .\n", f'" <{OFFICE}> .\n', f" <{OFFICE}> .", f"\\ <{OFFICE}> .\r\n"]
    quads = {ox.Quad(name, name, ox.Literal(text), name) for text in texts}
    quads |= {ox.Quad(name, name, name, graph) for graph in (name, ox.NamedNode(NET))}
    engine = ox.Store()

    live.change(engine, (), quads)

    merged = {ox.Quad(q.subject, q.predicate, q.object, ox.DefaultGraph()) for q in quads}
    assert set(engine) == quads | merged


def test_what_was_written_is_kept_as_sorted_lines() -> None:
    odd = "".join(map(chr, range(1, 0x30))) + " .\n\x7f\x85\u2028\uffff\U0001d11e"
    name = ox.NamedNode(OFFICE)
    values: list[ox.Literal | ox.NamedNode] = [
        name,
        ox.Literal(odd),
        ox.Literal(odd, language="de"),
        ox.Literal("\uffff\U0001d11e"),
    ]
    values += [ox.Literal(text) for text in ("a", "a b", "ab", "\uffff", "\U0001d11e")]
    quads = {ox.Quad(name, name, value, name) for value in values}

    text = as_text(quads)

    assert text.decode() == "".join(sorted(f"{quad} .\n" for quad in quads))
    assert statements(text) == quads


def test_relative_names_in_an_update_are_below_the_base_of_the_house(home: Path) -> None:
    keyword = 'vb:productKeyword "Drehen"@de'
    update(home, f"INSERT DATA {{ GRAPH <graph/office> {{ <id/org-new> {keyword} }} }}")

    asked = f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ GRAPH <{OFFICE}> {{ id:org-new {keyword} }} }}"
    assert number(home, asked) == 1


@PLACES
def test_large_write_that_breaks_a_shape_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, widest: int
) -> None:
    monkeypatch.setattr(preparing, "_MANY", 100)
    monkeypatch.setattr(preparing, "_WIDE", widest)
    monkeypatch.setattr(live, "_MANY", 100)
    monkeypatch.setattr(inspecting, "_SMALL", 100)
    many = "".join(company(f"many{number}", "Fräsen") for number in range(40))
    before = set(EmbeddedStore(home, Visibility.INTERNAL).engine)

    bad = f"{many} id:org-nameless a vb:Company ."

    with closing(Editor(home)) as editor:
        with pytest.raises(NonConformingError, match="org-nameless"):
            editor.write(Write(Kind.PUT, bad, NET, description=described(Visibility.PUBLIC)))
        assert set(EmbeddedStore(home, Visibility.INTERNAL).engine) == before
        receipt = editor.write(Write(Kind.POST, company("small"), OFFICE))

    after = set(EmbeddedStore(home, Visibility.INTERNAL).engine)
    assert receipt.added == 4
    assert not any("org-many" in str(quad) for quad in after), "the refused one has gone in"


def test_time_of_the_change_is_noted(home: Path) -> None:
    at = datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)

    write(home, Write(Kind.POST, company("more"), OFFICE), now=at)

    store = EmbeddedStore(home, Visibility.INTERNAL)
    query = f"""SELECT ?at {{ GRAPH <{META}> {{
      <{OFFICE}> <http://www.w3.org/ns/prov#generatedAtTime> ?at }} }}"""
    [row] = store.select(query)
    assert isinstance(row["at"], Literal)
    assert row["at"].toPython() == at


def test_update_changes_what_it_says(home: Path) -> None:
    receipt = update(home, f"INSERT DATA {{ GRAPH graph:office {{ {KEYWORD} }} }} ;")

    assert (receipt.added, receipt.removed, receipt.changed) == (1, 0, (OFFICE,))


def test_update_reads_the_merge_of_all_graphs(home: Path) -> None:
    receipt = update(
        home,
        'INSERT { GRAPH graph:office { id:org-new vb:productKeyword "Bohren"@de } } '
        "WHERE { id:org-open a vb:Company . id:org-new a org:Organization }",
    )

    assert receipt.added == 1


def test_update_makes_a_graph_that_it_describes(home: Path) -> None:
    text = company("net").replace(PREFIXES, "")

    receipt = update(home, f"INSERT DATA {{ GRAPH graph:friends {{ {text} }} {DESCRIPTION} }}")

    assert receipt.created == (NET,)
    assert NET in EmbeddedStore(home, Visibility.PARTNERS).graphs()
    assert NET not in EmbeddedStore(home, Visibility.PUBLIC).graphs()


REFUSED: list[tuple[str, type[GraphError], str]] = [
    ("INSERT DATA { GRAPH graph:reference-facts { id:org-open a org:Organization , id:x } }",
     GraphNotWritableError, "loaded or derived"),
    ("DELETE WHERE { GRAPH graph:reference-facts { ?s ?p ?o } }", GraphNotWritableError, "loaded"),
    ("DELETE WHERE { GRAPH ?g { id:org-open ?p ?o } }", GraphNotWritableError, "loaded or derived"),
    ("INSERT DATA { GRAPH graph:derived { id:a a id:b } }", GraphNotWritableError, "loaded"),
    ("INSERT DATA { GRAPH graph:ontology { id:a a id:b } }", GraphNotWritableError, "loaded"),
    ("INSERT DATA { GRAPH <http://example.org> { id:a a id:b } }", GraphNotWritableError, "named"),
    ("INSERT DATA { id:a a id:b }", GraphNotWritableError, "GRAPH, WITH or INTO"),
    ("DELETE WHERE { id:org-new ?p ?o }", GraphNotWritableError, "GRAPH, WITH or INTO"),
    ("DROP ALL", GraphNotWritableError, "default graph"),
    ("DROP DEFAULT", GraphNotWritableError, "default graph"),
    ("CLEAR NAMED", GraphNotWritableError, "loaded or derived"),
    (f"MOVE <{FACTS}> TO <{OFFICE}>", GraphNotWritableError, "loaded"),
    ('INSERT DATA { GRAPH graph:meta { graph:reference-facts dct:title "x"@fr } }',
     GraphNotWritableError, "describes"),
    ("DELETE WHERE { GRAPH graph:meta { graph:ontology dct:license ?x } }",
     GraphNotWritableError, "describes"),
    ('INSERT DATA { GRAPH graph:meta { id:agent-verbund dct:title "x"@fr } }',
     GraphNotWritableError, "named"),
    ("INSERT DATA { GRAPH graph:friends { id:x a vb:Company } }", NonConformingError, "needs"),
    (f"INSERT DATA {{ {DESCRIPTION} }}", NonConformingError, "described but empty"),
    ("DELETE WHERE { GRAPH graph:office { id:org-new dct:source ?x } }",
     NonConformingError, "source"),
    ("INSERT DATA { GRAPH graph:office { id:org-new vb:productKeywrd 1 } }",
     NonConformingError, "not in the ontology"),
    ("DELETE WHERE { GRAPH graph:meta { graph:office dct:license ?x } }",
     NonConformingError, "needs dct:license"),
    ("LOAD <http://127.0.0.1/x> INTO GRAPH graph:office", QueryRefusedError, "LOAD"),
    ("LOAD SILENT <file:///etc/passwd> INTO GRAPH graph:office", QueryRefusedError, "LOAD"),
    (r"L\u004fAD <http://127.0.0.1/x> INTO GRAPH graph:office", QueryRefusedError, "LOAD"),
    ("INSERT { GRAPH graph:office { ?s ?p ?o } } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
     QueryRefusedError, "SERVICE"),
    ("SELECT * { ?s ?p ?o }", QuerySyntaxError, "no update"),
    ("# nothing", QuerySyntaxError, "SPARQL"),
    ("INSERT DATA { GRAPH graph:office { id:a ", QuerySyntaxError, "not SPARQL"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error", "reason"), REFUSED)
def test_refused_update_changes_nothing(
    refusing: Path, text: str, error: type[GraphError], reason: str
) -> None:
    before = state(refusing)

    with pytest.raises(error) as raised:
        update(refusing, text)

    told = " ".join((str(raised.value), *getattr(raised.value, "findings", ())))
    assert reason in told
    assert state(refusing) == before


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Write(Kind.PUT, NEW, FACTS), GraphNotWritableError),
        (Write(Kind.PUT, NEW, "https://w3id.org/verbund/graph/../x y"), GraphNotWritableError),
        (Write(Kind.DELETE, graph=FACTS), GraphNotWritableError),
        (Write(Kind.DELETE, graph=NET), UnknownGraphError),
        (Write(Kind.PUT, NEW, NET), NonConformingError),
        (Write(Kind.PUT, "nonsense", OFFICE), SourceFormatError),
        (Write(Kind.PUT, NEW, OFFICE, "text/html"), SourceFormatError),
        (Write(Kind.PUT, "<< <a:> <a:> <a:> >> <a:> 1 .", OFFICE), QueryRefusedError),
        (Write(Kind.PUT, "<a:> <a:> <<( <a:> <a:> <a:> )>> .", OFFICE), QueryRefusedError),
        (Write(Kind.PUT, NEW, OFFICE, must_be_new=True), VersionConflictError),
        (Write(Kind.PUT, NEW, NET, must_exist=True), VersionConflictError),
        (Write(Kind.PUT, NEW, OFFICE, expected=("ref-1",)), VersionConflictError),
        (
            Write(
                Kind.PUT, '{"@context": "http://127.0.0.1:9/c", "@id": "a:"}',
                OFFICE, "application/ld+json",
            ),
            SourceFormatError,
        ),
    ],
)  # fmt: skip
def test_refused_change_changes_nothing(
    refusing: Path, change: Write, error: type[GraphError]
) -> None:
    before = state(refusing)

    with pytest.raises(error):
        write(refusing, change)

    assert state(refusing) == before


def test_report_names_the_parts_of_a_violation(refusing: Path) -> None:
    with pytest.raises(NonConformingError) as raised:
        update(refusing, "DELETE WHERE { GRAPH graph:office { id:org-new dct:source ?x } }")

    assert raised.value.report
    for one in raised.value.report:
        assert one["severity"] == "Violation"
        assert one["focus"] == "https://w3id.org/verbund/id/org-new"
        assert one["shape"].startswith("https://w3id.org/verbund/shape/")


def test_removal_that_breaks_a_neighbour_is_refused(home: Path) -> None:
    """The statement that is wrong afterwards is in another graph than the one that changed."""
    write(home, Write(
        Kind.PUT,
        company("child") + "id:org-child org:subOrganizationOf id:org-new .",
        NET,
        description=described(Visibility.INTERNAL),
    ))  # fmt: skip

    with pytest.raises(NonConformingError):
        write(home, Write(Kind.DELETE, graph=OFFICE))


def test_public_graph_must_not_name_what_is_internal(home: Path) -> None:
    content = company("child") + "id:org-child org:subOrganizationOf id:org-new ."

    with pytest.raises(NonConformingError) as raised:
        put(home, content, NET, Visibility.PUBLIC)

    assert any("tighter visibility" in line for line in raised.value.findings)
    assert put(home, content, NET, Visibility.INTERNAL).created == (NET,)


def test_blank_node_does_not_slip_past_the_shapes(refusing: Path) -> None:
    with pytest.raises(NonConformingError):
        put(refusing, NEW + "[] a vb:Company .")


def test_blank_nodes_of_the_same_content_have_the_same_names(home: Path) -> None:
    content = NEW + 'id:org-new dct:relation [ skos:prefLabel "x"@de ] .'

    first = put(home, content)
    second = put(home, content)

    assert first.added == 2
    assert second.version == first.version
    nodes = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OFFICE}> {{ ?s ?p ?o FILTER(ISBLANK(?o)) }} }}"
    assert number(home, nodes) == 0


def test_expected_version_lets_the_write_pass(home: Path) -> None:
    version = current_version(home)

    receipt = update(home, f"INSERT DATA {{ GRAPH graph:office {{ {KEYWORD} }} }}", "x", version)

    assert receipt.before == version


def test_second_edit_of_the_same_state_is_refused(home: Path) -> None:
    version = current_version(home)
    update(home, f"INSERT DATA {{ GRAPH graph:office {{ {KEYWORD} }} }}", version)

    with pytest.raises(VersionConflictError) as raised:
        update(home, "DELETE WHERE { GRAPH graph:office { ?s vb:productKeyword ?o } }", version)

    assert raised.value.version == current_version(home)


def test_emptied_graph_takes_its_description_along(home: Path) -> None:
    update(home, "DROP GRAPH graph:office")

    store = EmbeddedStore(home, Visibility.INTERNAL)
    assert store.select(f"SELECT * {{ GRAPH ?g {{ <{OFFICE}> ?p ?o }} }}") == []


def test_description_can_be_changed_alone(home: Path) -> None:
    before = number(home, COUNT, Visibility.PUBLIC)

    receipt = update(
        home,
        "DELETE { GRAPH graph:meta { graph:office dct:accessRights ?x } } "
        "INSERT { GRAPH graph:meta { graph:office dct:accessRights access-right:PUBLIC } } "
        "WHERE { GRAPH graph:meta { graph:office dct:accessRights ?x } }",
    )

    assert (receipt.changed, receipt.added) == ((OFFICE,), 0)
    assert number(home, COUNT, Visibility.PUBLIC) > before
    assert list(read_manifest(home, receipt.version).quads) == [Visibility.PUBLIC]


def test_nothing_is_written_while_somebody_else_writes(home: Path) -> None:
    before = state(home)

    with (home / "writer.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailableError, match="is writing"):
            update(home, f"INSERT DATA {{ GRAPH graph:office {{ {KEYWORD} }} }}")

    assert state(home) == before


def test_damaged_record_is_refused_and_kept(home: Path) -> None:
    version = current_version(home)
    path = home / "generations" / version / "written.nq"
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(StoreCorruptError, match="restore"):
        update(home, f"INSERT DATA {{ GRAPH graph:office {{ {KEYWORD} }} }}")

    assert path.exists()


def test_version_cannot_be_guessed_from_the_content(pristine: Path, tmp_path: Path) -> None:
    """Otherwise somebody who sees versions could try out what an internal graph says."""
    at = datetime(2027, 1, 1, tzinfo=UTC)
    change = Write(Kind.PUT, NEW, OFFICE, description=described(Visibility.INTERNAL))
    versions = set()
    for name in ("one", "two"):
        shutil.copytree(pristine, tmp_path / name)
        versions.add(write(tmp_path / name, change, now=at).version)

    assert len(versions) == 2
    assert all(read_origin(tmp_path / name, current_version(tmp_path / name)).salt
               for name in ("one", "two"))  # fmt: skip
