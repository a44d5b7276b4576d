"""Loading as a whole: what is kept, what is reported, what strict mode refuses."""

import random
from pathlib import Path

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    RdfFormat,
    Store,
    serialize,
)

from graph import resources
from graph.errors import SourceFormatError
from graph.loading import Loaded, load_reference

FACTS = NamedNode("https://w3id.org/verbund/graph/reference-facts")
STATED_TERM = NamedNode("https://w3id.org/verbund/def#statedTerm")


def skills(store: Store) -> set[tuple[str, str]]:
    return {
        (str(quad.subject).rsplit("-", 1)[1].rstrip(">"), quad.object.value)
        for quad in store.quads_for_pattern(None, STATED_TERM, None, FACTS)
        if isinstance(quad.object, Literal)
    }


def canonical(store: Store) -> bytes:
    """Return sorted N-Quads with canonical blank nodes."""
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize(dataset, format=RdfFormat.N_QUADS)
    assert lines is not None
    return b"\n".join(sorted(lines.splitlines()))


def test_rows_become_quads_of_their_graph_and_failed_lookups_are_found(folder: Path) -> None:
    result = load_reference(folder)

    assert skills(result.store) == {("ann", "Laufen"), ("ann", "Werfen")}
    assert result.counts == {"players.csv": 2, "teams.csv": 2}
    assert [str(f) for f in result.findings] == [
        "players.csv:3: skills 'https://example.org/team-blue': can do nothing"
    ]


def test_rows_that_refer_to_a_bad_row_fall_with_it(folder: Path) -> None:
    (folder / "teams.csv").write_text(
        "id,name,founded\nred,Rot,MMI\nblue,Blau,\n", encoding="utf-8"
    )

    result = load_reference(folder)

    assert skills(result.store) == set()
    assert result.counts == {"players.csv": 1, "teams.csv": 1}
    assert [(f.path, f.line, f.column) for f in result.findings] == [
        ("players.csv", 2, "team"),
        ("players.csv", 3, "skills"),
        ("teams.csv", 2, "founded"),
    ]


def test_strict_mode_names_the_first_finding_and_counts_the_others(folder: Path) -> None:
    (folder / "teams.csv").write_text("id,name,founded\nred,,\nblue,Blau,\n", encoding="utf-8")

    with pytest.raises(SourceFormatError) as raised:
        load_reference(folder, strict=True)

    assert str(raised.value) == (
        "players.csv:2: team 'red': no such row in teams.csv (and 2 more findings)"
    )


def test_strict_mode_loads_data_without_findings(folder: Path) -> None:
    (folder / "players.csv").write_text("id,team,skills,kind\nann,red,Laufen,\n", encoding="utf-8")

    assert load_reference(folder, strict=True).findings == ()


def test_progress_counts_every_stage_to_its_end(folder: Path) -> None:
    steps: list[tuple[str, int, int]] = []

    load_reference(folder, progress=lambda *step: steps.append(step))

    assert list(dict.fromkeys(stage for stage, _, _ in steps)) == [
        "ontology",
        "tables",
        "mapping",
        "lookups",
    ]
    assert [step for step in steps if step[0] == "tables"] == [("tables", 1, 2), ("tables", 2, 2)]
    last = {stage: (done, total) for stage, done, total in steps}
    assert all(done == total for done, total in last.values())


def test_the_result_does_not_depend_on_the_order_of_rows(loaded: Loaded, tmp_path: Path) -> None:
    copy_data(tmp_path)
    shuffle = random.Random(7)  # noqa: S311 - a test wants the same order each time
    for path in tmp_path.glob("*.csv"):
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        shuffle.shuffle(lines)
        path.write_text(header + "".join(lines), encoding="utf-8")

    again = load_reference(tmp_path)

    assert canonical(again.store) == canonical(loaded.store)


def copy_data(target: Path) -> None:
    """Copy the shipped tables, metadata and mapping."""
    source = resources.data_folder()
    for name in ("", "mapping", "mapping/lookups"):
        (target / name).mkdir(exist_ok=True)
        for entry in source.joinpath(name).iterdir():
            if entry.is_file() and entry.name.endswith((".csv", ".json", ".rq")):
                (target / name / entry.name).write_bytes(entry.read_bytes())


def test_a_broken_ontology_file_is_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(resources, "ontology_texts", lambda: iter([("core", "<a> <b>\n<c> .")]))

    with pytest.raises(SourceFormatError, match=r"ontology/core\.ttl.*is not Turtle"):
        load_reference(folder)


def test_a_fact_stands_when_only_our_reading_of_it_fails(loaded: Loaded, tmp_path: Path) -> None:
    copy_data(tmp_path)
    replace(tmp_path / "capabilities.csv", "asphericon,Optikdesign,", "asphericon,Zauberei,")
    replace(tmp_path / "requirements.csv", "e05,1,Stahlbau,", "e05,1,Zauberei,")

    result = load_reference(tmp_path)

    assert [(f.path, f.column, f.value) for f in result.findings] == [
        ("capabilities.csv", "term", "Zauberei"),
        ("requirements.csv", "capability", "Zauberei"),
    ]
    for thing, judgement in (
        ("claim-asphericon-optikdesign", "competence"),
        ("requirement-e05-1", "requiredCompetence"),
    ):
        lost = described(loaded.store, thing) - described(result.store, thing)
        assert f"https://w3id.org/verbund/def#{judgement}" in lost
        assert RDF_TYPE in described(result.store, thing)


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def described(store: Store, thing: str) -> set[str]:
    """Return the properties that are stated of a thing."""
    subject = NamedNode(f"https://w3id.org/verbund/id/{thing}")
    return {quad.predicate.value for quad in store.quads_for_pattern(subject, None, None)}


def replace(path: Path, old: str, new: str) -> None:
    """Change a text that stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
