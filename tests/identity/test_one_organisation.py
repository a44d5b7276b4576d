"""Two entries of one organisation are one: in rules, suggestions, network and pages."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.consortium.suggest import suggest
from graph.model import Enquiry, Landscape, Requirement
from graph.reading import read_landscape
from graph.rules import derive
from graph.settings import Settings as Weights
from graph.store import EmbeddedStore, Visibility, publish

from .test_decisions import ONE, TWO, decided

SMALL = Path(__file__).parents[1] / "data" / "small-landscape.trig"
BETA, GAMMA = (f"http://example.org/id/org-{name}" for name in ("beta", "gamma"))
TURNING, WELDING = (f"http://example.org/scheme/{name}" for name in ("turning", "welding"))
DECISION = f"""
graph:identity {{ <https://example.org/decision> a vb:IdentityDecision ;
  vb:decision <https://w3id.org/verbund/scheme/identity-decision/%s> ;
  vb:concerns <{BETA}> , <{GAMMA}> . }}
"""
ENQUIRY = Enquiry(
    iri="urn:enquiry",
    title="Teil",
    requirements=(Requirement("urn:1", TURNING), Requirement("urn:2", WELDING)),
)
Read = Callable[[str], tuple[EmbeddedStore, Landscape]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The invented landscape after a decision about the providers of the two competences."""

    def made(decision: str) -> tuple[EmbeddedStore, Landscape]:
        engine = ox.Store()
        text = SMALL.read_text(encoding="utf-8") + (DECISION % decision if decision else "")
        engine.load(text.encode(), ox.RdfFormat.TRIG)
        quads = [*engine, *derive(engine, today=date(2025, 1, 1))]
        publish(tmp_path, {Visibility.PUBLIC: quads}, f"one-{decision or 'none'}")
        store = EmbeddedStore(tmp_path)
        return store, read_landscape(store)

    return made


@pytest.mark.parametrize(
    ("decision", "members"), [("", 2), ("same", 1), ("part-of", 2), ("different", 2)]
)
def test_a_suggestion_sees_one_organisation(read: Read, decision: str, members: int) -> None:
    _, landscape = read(decision)
    suggestion = suggest(ENQUIRY, landscape, Weights(reference_year=2025))

    assert len(suggestion.members) == members
    assert suggestion.coverage == 1.0
    assert {a.evidence.claim for m in suggestion.members for a in m.assignments} == {
        "http://example.org/id/claim-beta-turning",
        "http://example.org/id/claim-gamma-welding",
    }


def test_pages_of_both_entries_name_the_other(fresh: Path) -> None:
    decided(fresh, ONE, TWO)
    settings = Settings(home=fresh, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(fresh))) as client:
        for entry, other in ((ONE, TWO), (TWO, ONE)):
            slug, link = (iri.rpartition("/org-")[2] for iri in (entry, other))
            page = client.get(f"/de/organisations/{slug}")
            assert page.status_code == 200
            assert f'href="/de/organisations/{link}"' in page.text
            assert "dieselbe Organisation" in page.text
