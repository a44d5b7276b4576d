"""What completing a profile would bring, as the engine answers the open enquiries with it.

Like :mod:`graph.consortium.unlocking`, but for one organisation: a fact that it has not stated is
supposed, the enquiries that the fact could touch are answered again, and the answers compared.
Nothing is estimated. The fact is supposed in the organisation's favour, so an effect is what it
could gain at most by stating it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from graph.consortium import suggest_all
from graph.matching import Candidate, index_of, match
from graph.matching.checks import check_certificate
from graph.model import Certificate, Claim, Enquiry, Landscape, Limit, Requirement, Truth
from graph.settings import Settings

__all__ = ["Effect", "EffectKind", "effects_of"]

_SUPPOSED = "urn:verbund:supposed:"
"""Begins the IRI of what is only supposed; never leaves this module."""


class EffectKind(StrEnum):
    """Which fact is supposed."""

    CERTIFICATE = "certificate"
    COMPETENCE = "competence"
    LIMITS = "limits"
    MATERIALS = "materials"


@dataclass(frozen=True, slots=True)
class Effect:
    """What would come of one more fact.

    Attributes:
        kind: Which kind of fact.
        about: IRI of the certificate type, competence or claim.
        enters: IRIs of enquiries whose suggested consortium it would enter, sorted.
        settles: IRIs of requirements that it would serve with nothing left to be confirmed, and
            does not now, sorted.
    """

    kind: EffectKind
    about: str
    enters: tuple[str, ...]
    settles: tuple[str, ...]

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sort key: what brings most first."""
        return -len(self.enters), -len(self.settles), self.kind, self.about


@dataclass(frozen=True, slots=True)
class _Supposed:
    """A landscape with one more fact, and the enquiries that ask for it."""

    kind: EffectKind
    about: str
    landscape: Landscape
    enquiries: tuple[Enquiry, ...]


def effects_of(
    organisation: str, enquiries: Sequence[Enquiry], landscape: Landscape, settings: Settings
) -> tuple[Effect, ...]:
    """Return what each fact that an organisation has not stated would bring, the best first.

    Supposed are: each required certificate that it does not provably hold, what is required of
    its claims and not stated there (limits, materials), and each required competence next to one
    of its own (below it, or below the same broader one).

    Args:
        organisation: IRI of an organisation of the landscape.
        enquiries: The open enquiries.
        landscape: Who offers what.
        settings: Weights and reference year; only the suggestion itself is computed.

    Returns:
        The effects that change anything.
    """
    bare = replace(settings, front_extra=0, alternatives=0, replacements=False)
    seen = _Seen(organisation, landscape, bare)
    before = {e.iri: seen.of(e, landscape) for e in enquiries}
    found = []
    for supposed in _suppositions(seen, enquiries):
        enters: list[str] = []
        settles: set[str] = set()
        for enquiry in supposed.enquiries:
            is_member, served = seen.of(enquiry, supposed.landscape)
            was_member, was_served = before[enquiry.iri]
            enters += [enquiry.iri] if is_member and not was_member else []
            settles |= served - was_served
        if enters or settles:
            named = tuple(sorted(enters)), tuple(sorted(settles))
            found.append(Effect(supposed.kind, supposed.about, *named))
    return tuple(sorted(found, key=lambda effect: effect.order))


class _Seen:
    """One organisation, and how it stands in the answers."""

    def __init__(self, organisation: str, landscape: Landscape, settings: Settings) -> None:
        self.landscape = landscape
        self.settings = settings
        index = index_of(landscape)
        self.iri = index.organisations[index.position[organisation]].iri
        position = index.position[organisation]
        self.entries = {iri for iri, number in index.position.items() if number == position}
        self.organisation = landscape.organisations[organisation]
        self.claims = tuple(c for c in landscape.claims if c.organisation in self.entries)
        self.certificates = index.organisations[position].certificates

    def of(self, enquiry: Enquiry, landscape: Landscape) -> tuple[bool, frozenset[str]]:
        """Return whether it is a member, and the requirements it serves with nothing open."""
        [suggestion] = suggest_all([enquiry], landscape, self.settings)
        is_member = any(m.organisation == self.iri for m in suggestion.members)
        candidates = self._candidates(enquiry, landscape)
        return is_member, frozenset(c.requirement for c in candidates if not c.unknowns)

    def _candidates(self, enquiry: Enquiry, landscape: Landscape) -> Iterator[Candidate]:
        position = index_of(landscape).position[self.organisation.iri]
        for matches in match(enquiry, landscape, self.settings):
            for number in np.flatnonzero(matches.organisations == position).tolist():
                yield matches.candidate(number)

    def with_certificate(self, kind: str) -> Landscape:
        """Return the landscape in which it holds a certificate without end."""
        held = Certificate(f"{_SUPPOSED}{kind}", kind)
        changed = replace(self.organisation, certificates=(*self.organisation.certificates, held))
        organisations = {**self.landscape.organisations, changed.iri: changed}
        return replace(self.landscape, organisations=organisations)

    def with_claim(self, claim: Claim, instead: Claim | None = None) -> Landscape:
        """Return the landscape with a claim more, or with one in place of another."""
        kept = tuple(c for c in self.landscape.claims if c is not instead)
        return replace(self.landscape, claims=(*kept, claim))


def _suppositions(seen: _Seen, enquiries: Sequence[Enquiry]) -> Iterator[_Supposed]:
    yield from _certificates(seen, enquiries)
    for claim in seen.claims:
        yield from _claim_facts(seen, claim, enquiries)
    yield from _competences(seen, enquiries)


def _certificates(seen: _Seen, enquiries: Sequence[Enquiry]) -> Iterator[_Supposed]:
    asking: dict[str, list[Enquiry]] = {}
    for enquiry in enquiries:
        required = {t for r in enquiry.requirements for t in r.certificate_types}
        for kind in required | enquiry.member_certificate_types:
            asking.setdefault(kind, []).append(enquiry)
    year = seen.settings.reference_year
    for kind, askers in sorted(asking.items()):
        if check_certificate(kind, seen.certificates, year).truth is not Truth.YES:
            changed = seen.with_certificate(kind)
            yield _Supposed(EffectKind.CERTIFICATE, kind, changed, tuple(askers))


def _claim_facts(seen: _Seen, claim: Claim, enquiries: Sequence[Enquiry]) -> Iterator[_Supposed]:
    """Yield what is required of a claim and not stated there."""
    stated = {limit.dimension for limit in claim.limits}
    limits: list[Limit] = []
    materials: set[str] = set()
    askers: list[Enquiry] = []
    for enquiry in enquiries:
        for requirement in _asking(seen, claim, enquiry):
            limits += [x for x in requirement.limits if x.dimension not in stated]
            materials |= requirement.materials
            askers.append(enquiry)
    asking = tuple({enquiry.iri: enquiry for enquiry in askers}.values())
    if limits:
        fuller = replace(claim, limits=(*claim.limits, *dict.fromkeys(limits)))
        yield _Supposed(EffectKind.LIMITS, claim.iri, seen.with_claim(fuller, claim), asking)
    if materials and not claim.materials:
        fuller = replace(claim, materials=frozenset(materials))
        yield _Supposed(EffectKind.MATERIALS, claim.iri, seen.with_claim(fuller, claim), asking)


def _asking(seen: _Seen, claim: Claim, enquiry: Enquiry) -> Iterable[Requirement]:
    """Return the requirements that a claim can answer by its competence."""
    order = index_of(seen.landscape).order
    broader = seen.landscape.scheme.competences
    at = order.first[claim.competence]
    return [
        r
        for r in enquiry.requirements
        if order.first[r.competence] <= at < order.last[r.competence]
        or broader[r.competence].broader == claim.competence
    ]


def _competences(seen: _Seen, enquiries: Sequence[Enquiry]) -> Iterator[_Supposed]:
    """Yield the required competences that lie next to one of its own."""
    scheme = seen.landscape.scheme.competences
    own = {c.competence for c in seen.claims}
    near = own | {parent for c in own if (parent := scheme[c].broader) is not None}
    asking: dict[str, list[tuple[Enquiry, Requirement]]] = {}
    for enquiry in enquiries:
        for requirement in enquiry.requirements:
            wanted = requirement.competence
            if wanted not in own and scheme[wanted].broader in near:
                asking.setdefault(wanted, []).append((enquiry, requirement))
    for wanted, askers in sorted(asking.items()):
        required = [requirement for _, requirement in askers]
        claim = Claim(
            iri=f"{_SUPPOSED}{wanted}",
            organisation=seen.organisation.iri,
            competence=wanted,
            steps=frozenset(r.step for r in required if r.step is not None),
            materials=frozenset().union(*(r.materials for r in required)),
            limits=tuple(dict.fromkeys(x for r in required for x in r.limits)),
            evidence_year=seen.settings.reference_year,
        )
        distinct = tuple({enquiry.iri: enquiry for enquiry, _ in askers}.values())
        yield _Supposed(EffectKind.COMPETENCE, wanted, seen.with_claim(claim), distinct)
