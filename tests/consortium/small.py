"""Tiny landscapes written by hand, of which a person can say what is best."""

from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Enquiry,
    Landscape,
    Organisation,
    Place,
    Requirement,
    Tie,
)
from graph.settings import Settings

__all__ = [
    "ERFURT",
    "JENA",
    "ONE",
    "SCHEME",
    "SETTINGS",
    "SUHL",
    "claim",
    "enquiry_of",
    "landscape_of",
]

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
JENA = Place(50.93, 11.59, "Jena", "d1")
ERFURT = Place(50.98, 11.03, "Erfurt", "d2")
SUHL = Place(50.61, 10.69, "Suhl", "d3")
SCHEME = CompetenceScheme(
    competences={
        "milling": Competence("milling", "Milling", None, "cut", frozenset({"grinding"})),
        "grinding": Competence("grinding", "Grinding", None, "cut"),
        "welding": Competence("welding", "Welding", None, "join"),
        "coating": Competence("coating", "Coating", None, "coat"),
    },
    precedes={"cut": frozenset({"join"}), "join": frozenset({"coat"})},
)


def claim(organisation: str, competence: str, confidence: float = 1.0) -> Claim:
    return Claim(
        iri=f"{organisation}-{competence}",
        organisation=organisation,
        competence=competence,
        confidence=confidence,
        evidence_year=2026,
        source=f"https://example.org/{organisation}",
    )


def landscape_of(*claims: Claim, ties: tuple[Tie, ...] = (), **places: Place | None) -> Landscape:
    names = sorted({c.organisation for c in claims} | set(places))
    organisations = {n: Organisation(n, n.upper(), place=places.get(n, JENA)) for n in names}
    return Landscape("v1", SCHEME, organisations, claims, ties)


def enquiry_of(*competences: str) -> Enquiry:
    requirements = tuple(Requirement(f"r{i}", c) for i, c in enumerate(competences))
    return Enquiry("e", "E", requirements)


ONE = enquiry_of("milling")
