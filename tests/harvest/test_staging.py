"""Validation of what is staged."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph import inspecting
from graph.harvest.staging import stage
from graph.store import EmbeddedStore, Visibility
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
