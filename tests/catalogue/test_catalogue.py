import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from rdflib import XSD, Dataset, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query as Algebra
from rdflib.query import ResultRow
from rdflib.term import Identifier

from graph.catalogue import TYPES, Query, catalogue, find, parse
from graph.errors import ParameterError, SourceFormatError, UnknownQueryError
from graph.resources import ontology_texts
from graph.store import EmbeddedStore
from graph.store.bindings import places
from graph.store.guard import check
from graph.store.syntax import nodes, source
from graph.store.syntax import parse as parse_sparql

GOLDEN = Path(__file__).parent / "golden"
DATA = Path(__file__).parents[1] / "data"
VALUES: dict[str, dict[str, str]] = yaml.safe_load(
    (DATA / "catalogue-values.yaml").read_text(encoding="utf-8")
)
VERBUND = "https://w3id.org/verbund/def#"

each_query = pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)


def test_catalogue_is_not_empty() -> None:
    assert len(catalogue()) >= 45


def test_every_golden_answer_and_value_has_its_query() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv")} <= catalogue().keys()
    assert VALUES.keys() <= catalogue().keys()


@each_query
def test_declared_columns_are_what_comes_back(query: Query) -> None:
    assert tuple(query.returns) == columns(query.text)


@each_query
def test_examples_are_valid_and_stand_in_the_query(query: Query) -> None:
    examples = {name: parameter.example for name, parameter in query.parameters.items()}
    found = {name: set(terms) for name, terms in places(query.text).items() if name in examples}

    assert query.bindings(examples).keys() == examples.keys()
    for name, example in examples.items():
        written = {example, f"<{example}>", f'"{example}"', f'"{example}"^^xsd:date'}
        assert found[name] <= written, f"{name} stands in the query as {found[name]}"


@each_query
def test_defaults_are_valid(query: Query) -> None:
    required = {p.name: p.example for p in query.parameters.values() if p.required}

    bound = query.bindings(required)

    assert bound.keys() >= {p.name for p in query.parameters.values() if p.default is not None}


@each_query
def test_query_passes_the_guard(query: Query) -> None:
    assert check(query.text).is_repeatable


@each_query
def test_order_is_total(query: Query) -> None:
    """Pages and golden answers need it; all columns are named behind ORDER BY."""
    clause = next(n for n, _ in nodes(parse_sparql(query.text)) if n.type == "order_clause")
    sorted_by = {source(n)[1:] for n, _ in nodes(clause) if n.type == "var"}

    assert sorted_by >= query.returns.keys()


@each_query
def test_terms_are_declared(query: Query) -> None:
    text = "\n".join(text for name, text in ontology_texts() if name == "core")
    declared = set(ox_subjects(text))

    assert verbund_terms(query.text) - declared == set()


def test_undeclared_term_is_found() -> None:
    query = f"PREFIX v: <{VERBUND}> SELECT ?x {{ ?x (v:precedes|^v:invented)/v:town ?y }}"

    assert verbund_terms(query) >= {VERBUND + "invented", VERBUND + "precedes"}


@each_query
def test_answer_is_the_golden_one(query: Query, office_store: EmbeddedStore) -> None:
    golden = (GOLDEN / f"{query.name}.csv").read_text(encoding="utf-8")

    rows = office_store.select(query.bound(VALUES.get(query.name, {})))

    assert to_csv(query, [list(map(row.get, query.returns)) for row in rows]) == golden
    assert golden.count("\n") > 1, "an empty golden answer proves nothing"


# rdflib's own evaluation uses what its Dataset deprecates
@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning:rdflib")
@each_query
def test_rdflib_gives_the_same_answer(
    query: Query, office_store: EmbeddedStore, rdflib_graph: Dataset
) -> None:
    text = query.bound(VALUES.get(query.name, {}))
    ours = [tuple(map(row.get, query.returns)) for row in office_store.select(text)]

    theirs = []
    for row in rdflib_graph.query(text):
        assert isinstance(row, ResultRow)
        theirs.append(tuple(row))

    assert [list(map(value, row)) for row in ours] == [list(map(value, row)) for row in theirs]


@pytest.fixture(scope="module")
def rdflib_graph(office_quads: list[ox.Quad]) -> Dataset:
    triples = defaultdict(list)
    for quad in office_quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            triples[quad.graph_name.value].append(quad.triple)
    dataset = Dataset(default_union=True)
    for name, statements in triples.items():
        content = ox.serialize(statements, format=ox.RdfFormat.N_TRIPLES)
        assert content
        dataset.graph(URIRef(name)).parse(data=content, format="nt")
    return dataset


def value(term: Identifier | None) -> object:
    """What a term means: 0.90 is 0.9, and an integer is one however it is derived."""
    if isinstance(term, Literal) and term.datatype in (XSD.decimal, XSD.integer):
        return float(term)
    if isinstance(term, Literal) and term.datatype == XSD.dateTime:
        return term.toPython()  # rdflib writes Z as +00:00
    return None if term is None else (str(term), getattr(term, "language", None))


def columns(text: str) -> tuple[str, ...]:
    prepared: Algebra = prepareQuery(text)
    return tuple(str(variable) for variable in prepared.algebra["PV"])


def ox_subjects(turtle: str) -> list[str]:
    triples = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    return [t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)]


def verbund_terms(text: str) -> set[str]:
    """Every term of our namespace, in triple patterns and inside property paths."""
    root = parse_sparql(text)
    prefixes = {}
    for node, _ in nodes(root):
        if node.type == "prefix_declaration":
            name, iri = node.named_children
            prefixes[source(name)] = source(iri)[1:-1]
    full = (source(n)[1:-1] for n, _ in nodes(root) if n.type == "iri_reference")
    short = (source(n).partition(":") for n, _ in nodes(root) if n.type == "prefixed_name")
    terms = [*full, *(prefixes.get(prefix + ":", "") + local for prefix, _, local in short)]
    return {term for term in terms if term.startswith(VERBUND) and term != VERBUND}


def to_csv(query: Query, rows: list[list[Identifier | None]]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(query.returns)
    writer.writerows([["" if term is None else term.n3() for term in row] for row in rows])
    return output.getvalue()


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("iri", "http://example.org/ü", URIRef("http://example.org/ü")),
        ("iri", "urn:isbn:1", URIRef("urn:isbn:1")),
        ("string", 'a"b\n} #', Literal('a"b\n} #')),
        ("integer", "-07", Literal("-7", datatype=XSD.integer)),
        ("decimal", "1e-3", Literal("0.001", datatype=XSD.decimal)),
        ("date", "2024-02-29", Literal("2024-02-29", datatype=XSD.date)),
        ("year", "2024", Literal("2024", datatype=XSD.gYear)),
        ("boolean", "true", Literal("true", datatype=XSD.boolean)),
    ],
)
def test_value_becomes_term_of_its_type(kind: str, text: str, term: Identifier) -> None:
    assert TYPES[kind](text) == term
    assert TYPES[kind](text).n3() == term.n3()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "not an iri"),
        ("iri", "relative/path"),
        ("iri", "http://x> } DELETE { ?s"),
        ("iri", "http://"),
        ("iri", ""),
        ("integer", "1.5"),
        ("decimal", "NaN"),
        ("decimal", "one"),
        ("date", "2023-02-29"),
        ("year", "24"),
        ("boolean", "yes"),
    ],
)
def test_value_of_another_type_is_refused(kind: str, text: str) -> None:
    query = example(kind)

    with pytest.raises(ParameterError, match="parameter 'x' of query 'q'") as refused:
        query.bound({"x": text})

    assert kind in refused.value.reason


def example(kind: str, extra: str = "") -> Query:
    text = {"de": "d", "en": "e"}
    head = yaml.safe_dump(
        {
            **dict.fromkeys(("summary", "question", "description"), text),
            "tags": ["t"],
            "returns": {"x": text},
            "parameters": {"x": {"type": kind, "example": "1", "description": text}},
        },
        sort_keys=False,
    )
    lines = "".join(f"#+ {line}\n" for line in head.splitlines())
    return parse("q", f"{lines}{extra}SELECT ?x WHERE {{ VALUES ?x {{ 1 }} }}")


def test_text_of_a_value_never_becomes_query(small_store: EmbeddedStore) -> None:
    evil = '" } } UNION { ?s ?p ?x } #\\u0022'

    rows = small_store.select(example("string").bound({"x": evil}))

    assert rows == [{"x": Literal(evil)}]


def test_plain_name_is_read_within_its_scheme() -> None:
    query = find("organisations-by-competence")

    bound = query.bindings({"competence": "fraesen"})

    assert bound["competence"] == URIRef("https://w3id.org/verbund/scheme/competence/fraesen")


def test_optional_value_left_out_stays_open(small_store: EmbeddedStore) -> None:
    query = find("cluster-members")

    everybody = small_store.select(query.bound({}))
    one = small_store.select(query.bound({"cluster": "http://example.org/id/cluster-two"}))

    assert (len(everybody), len(one)) == (3, 1)


def test_missing_value_is_said_with_example() -> None:
    with pytest.raises(ParameterError, match=r"'competence'.*is missing; give one such as"):
        find("organisations-by-competence").bound({})


def test_unknown_parameter_is_said_with_suggestion() -> None:
    with pytest.raises(ParameterError, match="did you mean 'competence'"):
        find("organisations-by-competence").bound({"competense": "x"})


def test_unknown_query_is_said_with_suggestions() -> None:
    with pytest.raises(UnknownQueryError) as unknown:
        find("cluster-member")

    assert unknown.value.suggestions[0] == "cluster-members"


# --- headers ------------------------------------------------------------------------------------


def _without(head: Mapping[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in head.items() if name != key}


TEXT = {"de": "d", "en": "e"}
HEAD: dict[str, object] = {
    **dict.fromkeys(("summary", "question", "description"), TEXT),
    "tags": ["t"],
    "returns": {"x": TEXT},
}


@pytest.mark.parametrize(
    "head",
    [
        *(_without(HEAD, key) for key in HEAD),
        HEAD | {"sumary": TEXT},
        HEAD | {"summary": {"de": "d"}},
        HEAD | {"summary": "text"},
        HEAD | {"returns": {"x": {"de": "", "en": "e"}}},
        HEAD | {"parameters": {"x": {"type": "iri", "description": TEXT}}},
        HEAD | {"parameters": {"x": {"type": "uri", "example": "1", "description": TEXT}}},
        HEAD | {"parameters": {"x": {"type": "iri", "example": "1"}}},
        HEAD | {"parameters": {"x": {"type": "iri", "example": "1", "description": TEXT, "y": 1}}},
        HEAD | {"parameters": {"x": "iri"}},
    ],
)
def test_incomplete_header_is_refused(head: dict[str, object]) -> None:
    lines = "".join(f"#+ {line}\n" for line in yaml.safe_dump(head).splitlines())

    with pytest.raises(SourceFormatError, match=r"queries/catalogue/q\.rq"):
        parse("q", f"{lines}SELECT ?x WHERE {{ ?x ?y ?z }}")


@pytest.mark.parametrize("text", ["SELECT * {}", "#+ {\nSELECT * {}", "#+ just text\n"])
def test_file_without_header_is_refused(text: str) -> None:
    with pytest.raises(SourceFormatError, match="header"):
        parse("q", text)
