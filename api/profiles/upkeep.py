"""What a profile leaves open, what closing it would bring, and what is to be renewed."""

from datetime import UTC, date, datetime

from api.asking import landscape_of
from api.i18n import noop as _noop
from api.i18n import texts
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.profiles import CompletenessOut, EffectOut, MissingOut, RenewalOut
from graph.enquiries import read_enquiries
from graph.model import Enquiry, Landscape
from graph.profiles import (
    Effect,
    EffectKind,
    RenewalReason,
    completeness_of,
    effects_of,
    renewals_due,
)
from graph.settings import Settings
from graph.store import Store
from graph.vocabulary import SHAPE, VB

__all__ = ["completeness", "effects", "open_enquiries", "renewals"]

_CLOSED = f"""
SELECT ?enquiry {{
  VALUES ?status {{
    <https://w3id.org/verbund/scheme/enquiry-status/answered>
    <https://w3id.org/verbund/scheme/enquiry-status/closed>
    <https://w3id.org/verbund/scheme/enquiry-status/won>
    <https://w3id.org/verbund/scheme/enquiry-status/lost>
  }}
  ?enquiry <{VB.enquiryStatus}> ?status
}} ORDER BY ?enquiry
"""


_EFFECT = {
    EffectKind.CERTIFICATE: _noop("With a valid certificate {about}"),
    EffectKind.COMPETENCE: _noop("With the competence {about}"),
    EffectKind.LIMITS: _noop("With limits stated for {about}"),
    EffectKind.MATERIALS: _noop("With materials stated for {about}"),
}
_REASON = {
    RenewalReason.ENDED: _noop("ended on {day}"),
    RenewalReason.ENDS_SOON: _noop("ends on {day}"),
    RenewalReason.OLD: _noop("documented for {year}"),
}


def completeness(store: Store, organisation: str, language: str) -> CompletenessOut:
    """Return how complete the profile of an organisation is, with names.

    Args:
        store: Where to look.
        organisation: IRI of the organisation.
        language: Language of names and messages.
    """
    landscape = landscape_of(store, language)
    found = completeness_of(store, organisation, language)
    names = _names(landscape)
    return CompletenessOut(
        organisation=_named(organisation, names),
        share=found.share,
        missing=[
            MissingOut(
                severity=f.severity.value,
                code=f.shape.removeprefix(str(SHAPE)),
                about=_named(f.focus, names),
                message=f.message,
            )
            for f in found.missing
        ],
    )


def open_enquiries(store: Store, language: str) -> dict[str, Enquiry]:
    """Return the enquiries that still want an answer, by IRI."""
    done = {str(row["enquiry"]) for row in store.select(_CLOSED)}
    return {i: e for i, e in read_enquiries(store, language).items() if i not in done}


@kept
def effects(store: Store, organisation: str, language: str) -> list[EffectOut]:
    """Return what each further fact would bring an organisation, the best first.

    Args:
        store: Where the graph lives.
        organisation: IRI of an organisation that can be a member of a consortium.
        language: Language of names and sentences.
    """
    landscape = landscape_of(store, language)
    enquiries = open_enquiries(store, language)
    settings = Settings(reference_year=datetime.now(UTC).year)
    asked = [enquiries[iri] for iri in sorted(enquiries)]
    found = effects_of(organisation, asked, landscape, settings)
    names = _names(landscape) | {iri: e.title for iri, e in enquiries.items()}
    return [_effect(effect, names, language) for effect in found]


def _effect(effect: Effect, names: dict[str, str], language: str) -> EffectOut:
    wording = texts(language)
    about = _named(effect.about, names)
    entered = wording.count(
        "you would enter {n} more chain", "you would enter {n} more chains", len(effect.enters)
    )
    settled = wording.count(
        "nothing would be left to confirm for {n} requirement",
        "nothing would be left to confirm for {n} requirements",
        len(effect.settles),
    )
    begin = wording(_EFFECT[effect.kind], about=about.name)
    said = [entered] * bool(effect.enters) + [settled] * bool(effect.settles)
    return EffectOut(
        kind=effect.kind.value,
        about=about,
        text=f"{begin}: {wording.join(said)}.",
        enters=[_named(iri, names) for iri in effect.enters],
        settles=list(effect.settles),
    )


def renewals(
    store: Store, day: date, language: str, within_days: int = 60, old_after_years: int = 5
) -> list[RenewalOut]:
    """Return the facts to be renewed on a day, with names; see ``renewals_due``."""
    wording = texts(language)
    return [
        RenewalOut(
            fact=r.fact,
            kind=r.kind.value,
            label=r.label,
            organisation=NamedOut(iri=r.organisation, name=r.name or r.organisation),
            reason=r.reason.value,
            text=wording(_REASON[r.reason], day=r.through, year=r.year),
            through=r.through,
            year=r.year,
            counts=r.counts.value,
        )
        for r in renewals_due(store, day, within_days, old_after_years)
    ]


def _names(landscape: Landscape) -> dict[str, str]:
    competences = {iri: c.label for iri, c in landscape.scheme.competences.items()}
    organisations = {iri: o.name for iri, o in landscape.organisations.items()}
    claims = {c.iri: c.term or competences.get(c.competence, c.iri) for c in landscape.claims}
    return {**landscape.labels, **competences, **organisations, **claims}


def _named(iri: str, names: dict[str, str]) -> NamedOut:
    return NamedOut(iri=iri, name=names.get(iri, iri.rpartition("/")[2]))
