"""Which new competence would unlock most of the open enquiries?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.consortium.answer import Gap, Suggestion
from graph.consortium.batch import Progress, suggest_all
from graph.matching import index_of
from graph.model import Claim, Enquiry, Landscape, Organisation, Requirement
from graph.settings import Settings

__all__ = ["Unlocking", "UnlockingStep", "unlocking"]

_NEWCOMER = "urn:verbund:newcomer:"
"""Begins the IRI of an organisation that does not exist; never leaves this module."""

_MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class UnlockingStep:
    """One competence more, on top of those of the steps before.

    Attributes:
        competence: IRI.
        unlocked: IRIs of enquiries whose last mandatory gap it closes, sorted.
        closed: IRIs of requirements that it closes, mandatory or not, sorted.
        near: IRIs of organisations that have a neighbouring competence, those near to most of
            the requirements first, at most five; who might develop it.
    """

    competence: str
    unlocked: tuple[str, ...]
    closed: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unlocking:
    """What would unlock the open enquiries, step by step.

    Attributes:
        enquiries: How many were looked at.
        open: IRIs of enquiries with a mandatory gap, in their order.
        steps: The greedy choice: most enquiries unlocked, then most requirements closed.
    """

    enquiries: int
    open: tuple[str, ...]
    steps: tuple[UnlockingStep, ...]


def unlocking(
    enquiries: Sequence[Enquiry],
    landscape: Landscape,
    settings: Settings,
    most: int = 5,
    progress: Progress | None = None,
) -> Unlocking:
    """Find the competences whose appearance would unlock most enquiries.

    For each competence that an open requirement asks for, a newcomer that claims it (with the
    steps and materials asked for; its place, limits and certificates are not known) is put into
    the landscape, and the enquiries that it could help are answered again: the counts are those
    of the engine. A claim counts at the competence that is asked for or below it, not above.
    Greedy: the best one is kept, and the next is looked for on top of it.

    Args:
        enquiries: What is needed.
        landscape: Who offers what.
        settings: Weights and reference year. Alternatives and fronts are not computed.
        most: Steps at most.
        progress: Told of the first pass over all enquiries.
    """
    bare = replace(settings, front_extra=0, alternatives=0, replacements=False)
    found = suggest_all(enquiries, landscape, bare, progress=progress)
    gaps = {s.enquiry.iri: _closable(s) for s in found}
    is_open = tuple(s.enquiry.iri for s in found if any(g.is_mandatory for g in s.gaps))
    search = _Search(found, landscape, bare, gaps)
    steps: list[UnlockingStep] = []
    while len(steps) < most and (step := search.best()) is not None:
        steps.append(step)
        search.keep(step)
    return Unlocking(len(enquiries), is_open, tuple(steps))


def _closable(suggestion: Suggestion) -> tuple[Gap, ...]:
    """Return the gaps for which there is nobody; others need no newcomer."""
    return tuple(g for g in suggestion.gaps if not g.candidates and not g.is_second_source)


class _Search:
    """The enquiries with what is still open, and the landscape with the newcomers kept."""

    def __init__(
        self,
        found: Iterable[Suggestion],
        landscape: Landscape,
        settings: Settings,
        gaps: dict[str, tuple[Gap, ...]],
    ) -> None:
        self.enquiries = {s.enquiry.iri: s.enquiry for s in found}
        self.landscape = landscape
        self.settings = settings
        self.gaps = gaps
        self.locked = {
            s.enquiry.iri: {g.requirement for g in s.gaps if g.is_mandatory} for s in found
        }

    def best(self) -> UnlockingStep | None:
        """Return the best next step; ``None`` when none closes anything."""
        order = index_of(self.landscape).order
        asked = {self._asked(e, g).competence for e, gaps in self.gaps.items() for g in gaps}
        steps = [self._try(c) for c in sorted(asked, key=lambda c: order.first[c])]
        useful = [step for step in steps if step.closed]
        key = [(-len(s.unlocked), -len(s.closed), s.competence) for s in useful]
        return useful[key.index(min(key))] if useful else None

    def keep(self, step: UnlockingStep) -> None:
        """Go on from a landscape with the step's competence."""
        self.landscape = self._with(step.competence)
        closed = set(step.closed)
        self.gaps = {
            e: tuple(g for g in gaps if g.requirement not in closed)
            for e, gaps in self.gaps.items()
        }
        self.locked = {e: locked - closed for e, locked in self.locked.items()}

    def _asked(self, enquiry: str, gap: Gap) -> Requirement:
        return next(r for r in self.enquiries[enquiry].requirements if r.iri == gap.requirement)

    def _helped(self, competence: str) -> dict[str, tuple[Gap, ...]]:
        """Return the gaps that a claim to the competence could close, by enquiry."""
        order = index_of(self.landscape).order
        at = order.first[competence]

        def is_at_or_above(other: str) -> bool:
            return order.first[other] <= at < order.last[other]

        helped = {
            e: tuple(g for g in gaps if is_at_or_above(self._asked(e, g).competence))
            for e, gaps in self.gaps.items()
        }
        return {e: gaps for e, gaps in helped.items() if gaps}

    def _with(self, competence: str) -> Landscape:
        """Return the landscape with a newcomer that has the competence."""
        iri = _NEWCOMER + competence
        helped = self._helped(competence)
        asked = [self._asked(e, g) for e, gaps in helped.items() for g in gaps]
        claim = Claim(
            iri=iri,
            organisation=iri,
            competence=competence,
            steps=frozenset(r.step for r in asked if r.step is not None),
            materials=frozenset().union(*(r.materials for r in asked)),
        )
        return replace(
            self.landscape,
            organisations={**self.landscape.organisations, iri: Organisation(iri, competence)},
            claims=(*self.landscape.claims, claim),
        )

    def _try(self, competence: str) -> UnlockingStep:
        helped = self._helped(competence)
        changed = self._with(competence)
        again = suggest_all([self.enquiries[e] for e in helped], changed, self.settings)
        unlocked, closed = [], []
        for suggestion in again:
            iri = suggestion.enquiry.iri
            served = {a.requirement for a in suggestion.assignments if not a.is_second_source}
            closed += [g.requirement for g in helped[iri] if g.requirement in served]
            if self.locked[iri] and self.locked[iri] <= served:
                unlocked.append(iri)
        return UnlockingStep(
            competence, tuple(sorted(unlocked)), tuple(sorted(closed)), _near(helped.values())
        )


def _near(groups: Iterable[tuple[Gap, ...]]) -> tuple[str, ...]:
    """Return who has a neighbouring competence of the gaps, near to most of them first."""
    counts: dict[str, int] = {}
    for gaps in groups:
        for gap in gaps:
            for organisation in {o for n in gap.nearest for o in n.organisations}:
                counts[organisation] = counts.get(organisation, 0) + 1
    real = [o for o in counts if not o.startswith(_NEWCOMER)]
    return tuple(sorted(real, key=lambda o: (-counts[o], o))[:_MOST_NEAR])
