"""The proposals for an enquiry in one ranked list: the suggestion, other sizes, alternatives."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.schemas.consortium import ConsortiumOut, NamedOut

__all__ = ["Proposal", "rank"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A consortium of the list.

    Attributes:
        organisations: Its members: those of the suggestion first.
        joining: IRIs of the members that the suggestion does not have.
        leaving: Members of the suggestion that it does not have.
        cost_km: Effort, kilometre equivalents.
        share: Effort as a share of the largest of the list.
        is_suggested: It is the suggestion itself.
        is_proven: No other of its size is known to cost less, and none can.
    """

    organisations: tuple[NamedOut, ...]
    joining: frozenset[str]
    leaving: tuple[NamedOut, ...]
    cost_km: int
    share: float
    is_suggested: bool
    is_proven: bool


def rank(document: ConsortiumOut) -> tuple[Proposal, ...]:
    """Rank by number of members, then by effort, as the search does; the suggestion is first.

    Consortia with the same members are listed once.
    """
    if document.cost is None:
        return ()
    ours = [NamedOut(iri=m.iri, name=m.name) for m in document.members]
    found = {frozenset(o.iri for o in ours): (ours, document.cost.total_km, True)}
    others = [(a.organisations, a.cost_km, a.proven) for a in document.alternatives]
    others += [
        (p.organisations, p.cost_km, p.proven) for p in document.front if p.cost_km is not None
    ]
    for organisations, cost_km, proven in others:
        key = frozenset(o.iri for o in organisations)
        if key:
            found.setdefault(key, (organisations, cost_km, proven))
    most = max(cost for _, cost, _ in found.values()) or 1
    suggested, *rest = found.values()
    ranked = [suggested, *sorted(rest, key=lambda one: (len(one[0]), one[1]))]
    return tuple(
        _proposal(ours, organisations, cost_km, max(cost_km, 0) / most, proven=proven)
        for organisations, cost_km, proven in ranked
    )


def _proposal(
    ours: Sequence[NamedOut],
    organisations: Sequence[NamedOut],
    cost_km: int,
    share: float,
    *,
    proven: bool,
) -> Proposal:
    known = {o.iri for o in ours}
    theirs = {o.iri for o in organisations}
    return Proposal(
        organisations=tuple(sorted(organisations, key=lambda o: (o.iri not in known, o.name))),
        joining=frozenset(theirs - known),
        leaving=tuple(o for o in ours if o.iri not in theirs),
        cost_km=cost_km,
        share=share,
        is_suggested=theirs == known,
        is_proven=proven,
    )
