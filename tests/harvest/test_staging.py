"""Validation of what is staged."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph import inspecting
from graph.harvest.staging import stage
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import GRAPH

SOURCE = str(GRAPH["source-partner"])


@pytest.mark.parametrize("most", [0, 10**6])
def test_parts_do_not_change_what_is_found(
    office: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Nodes are checked a few at a time, or the whole graph at once."""
    text = "".join(
        f"<https://e/{n}> a <https://w3id.org/verbund/def#Company> ; "
        f'<http://www.w3.org/2004/02/skos/core#prefLabel> "Firma {n}"@de .\n'
        for n in range(30)
    )
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    store = EmbeddedStore(office, Visibility.INTERNAL)
    whole = stage(store, SOURCE, triples)
    monkeypatch.setattr(inspecting, "_AT_ONCE", 7)
    monkeypatch.setattr(inspecting, "_WHOLE", most)

    assert stage(store, SOURCE, triples) == whole
    assert len(whole.left_out) == 30
    assert whole.triples == frozenset()


def test_what_the_source_said_before_does_not_hold_up_what_it_says_now(tmp_path: Path) -> None:
    """A label that was published and is not sent any more is missing."""
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    text = f"""<https://e/1> a <https://w3id.org/verbund/def#Company> ; <{label}> "Firma"@de ."""
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    graph = ox.NamedNode(SOURCE)
    quads = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples]
    publish(tmp_path / "home", {Visibility.PUBLIC: quads}, "one")
    store = EmbeddedStore(tmp_path / "home")

    said = stage(store, SOURCE, triples)
    silent = stage(store, SOURCE, [t for t in triples if t.predicate.value != label])

    assert label not in {finding.path for finding in said.findings}
    assert label in {finding.path for finding in silent.findings}
