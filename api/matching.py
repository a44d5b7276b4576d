"""Candidates for one requirement, in the words of a client."""

from datetime import UTC, datetime

from api.asking import landscape_of, words_of
from api.directory import presenter_of
from api.i18n import texts
from api.schemas.consortium import CheckOut, EvidenceOut, ReasonOut
from api.schemas.enquiry import EnquiryIn
from api.schemas.matches import MatchOut
from api.wording import Wording
from graph.matching import Candidate, match
from graph.settings import Settings
from graph.store import Store

__all__ = ["find_matches", "show_match"]


def find_matches(
    store: Store, given: EnquiryIn, language: str, settings: Settings | None = None
) -> list[Candidate]:
    """Return who can serve the first requirement of an enquiry, the cheapest match first.

    Raises:
        UnknownTermError: A word names no concept.
    """
    enquiry = words_of(store, language).enquiry(given)
    chosen = settings or Settings(reference_year=datetime.now(UTC).year)
    return list(match(enquiry, landscape_of(store, language), chosen)[0])


def show_match(store: Store, language: str, found: Candidate) -> MatchOut:
    """Return a candidate with names, sentences and source."""
    presenter, landscape = presenter_of(store, language), landscape_of(store, language)
    labels = {iri: c.label for iri, c in landscape.scheme.competences.items()}
    wording = Wording(texts(language), {**landscape.labels, **labels})
    claim = found.claim
    return MatchOut(
        iri=claim.iri,
        organisation=presenter.named(found.organisation),
        offered=presenter.named(claim.competence),
        relation=ReasonOut(code=found.relation.value, text=wording.relation(found.relation)),
        grade=found.grade.value,
        score=round(found.score, 3),
        cost_km=found.cost_km,
        checks=[
            CheckOut(kind=c.kind.value, truth=c.truth.value, text=wording.check(c))
            for c in found.checks
        ],
        evidence=EvidenceOut(
            claim=claim.iri,
            term=claim.term,
            detail=claim.detail,
            source=claim.source,
            year=claim.evidence_year,
            basis=claim.basis,
            confidence=claim.confidence,
        ),
        other_claims=[other.iri for other in found.other_claims],
    )
