"""Two entries of one organisation are one: in rules, suggestions, network and pages."""

from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.catalogue import find
from graph.consortium.suggest import suggest
from graph.model import Enquiry, Landscape, Requirement
from graph.reading import read_landscape
from graph.rules import derive
from graph.settings import Settings as Weights
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import ID, VB

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


TWICE = """
PREFIX def: <https://w3id.org/verbund/def#> PREFIX id: <https://w3id.org/verbund/id/>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX c: <https://w3id.org/verbund/scheme/competence/>
PREFIX v: <https://w3id.org/verbund/scheme/value-chain/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
v:montage a def:ValueChainStep ; skos:notation "1" ; skos:prefLabel "Montage"@de .
c:optikfertigung a def:Competence ; skos:prefLabel "Optikfertigung"@de .
c:rare a def:Competence ; skos:prefLabel "Selten"@de ;
  skos:broader c:optikfertigung .
id:enquiry-e01 a def:Enquiry ; skos:prefLabel "Teil"@de ; def:hasRequirement id:requirement .
id:requirement def:position 1 ; def:requiredCompetence c:optikfertigung ;
  def:mandatory true ; skos:prefLabel "Optik"@de .
id:district skos:prefLabel "Jena"@de . id:netz a def:Cluster ; skos:prefLabel "Netz"@de .
"""
ENTRY = """
id:org-{n} skos:prefLabel "Firma {n}"@de ; org:hasPrimarySite id:site-{n} ; org:memberOf id:netz .
id:site-{n} def:district id:district .
id:claim-{n} a def:CapabilityClaim ; def:claimedBy id:org-{n} ; def:evidenceYear 2025 ;
  def:statedTerm "Wort"@de ; def:valueChainStep v:montage ;
  def:competence c:optikfertigung ; def:coversCompetence c:optikfertigung .
"""


def counted(store: ox.Store, name: str, column: str) -> set[str]:
    found = store.query(find(name).text)
    assert isinstance(found, ox.QuerySolutions)
    return {getattr(row[column], "value", "") for row in found}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("thin-steps", "organisations"), ("coverage-up-to-step", "organisations")),
        ("coverage-by-step-and-district", "organisations"),
        *(("coverage-by-step-and-cluster", "members"), ("clusters-for-enquiry", "members")),
        *(("freshness-by-year", "organisations"), ("words-without-concept", "organisations")),
        ("competences-without-claim", "organisations"),
        ("enquiries-with-requirements", "organisations"),
    ],
)
def test_queries_count_one_organisation_once(name: str, column: str) -> None:
    store = ox.Store()
    store.load(TWICE + "".join(ENTRY.format(n=n) for n in "abcd"), ox.RdfFormat.TURTLE)
    assert counted(store, name, column) == {"4"}

    store.extend(same("a", "b", "c"))

    assert counted(store, name, column) == {"2"}


@pytest.mark.parametrize("name", ["single-points-of-failure", "single-providers-by-step"])
def test_two_entries_are_one_point_of_failure(name: str) -> None:
    store = ox.Store()
    store.load(TWICE + "".join(ENTRY.format(n=n) for n in "bcd"), ox.RdfFormat.TURTLE)
    assert counted(store, name, "organisation") == set()

    store.extend(same("b", "c", "d"))

    assert counted(store, name, "organisation") == {f"{ID}org-b"}


def same(*letters: str) -> list[ox.Quad]:
    """What the rules derive from decisions: every pair, in both directions."""
    pairs = permutations((ox.NamedNode(ID[f"org-{letter}"]) for letter in letters), 2)
    return [ox.Quad(one, ox.NamedNode(VB.sameOrganisationAs), other) for one, other in pairs]


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
