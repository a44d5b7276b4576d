"""Who should meet whom: complementary on the value chain, strangers, near each other.

Two organisations make a *link* where one works at a step and the other at a step that directly
follows, and neither does the other's work. They are strangers when no project and no relation
ties them. Plain values only; every number is in ``meetings.toml``.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from graph.matching import Index, index_of
from graph.matching.geography import great_circle_km
from graph.matching.match import freshness
from graph.model import Landscape, Organisation, Truth
from graph.settings import Settings

__all__ = ["Demand", "Link", "Meeting", "MeetingWeights", "default_meeting_weights", "meetings"]


@dataclass(frozen=True, slots=True)
class MeetingWeights:
    """What each reason is worth; see ``graph/needs/meetings.toml`` for each value."""

    link_km: float
    scarcity_km: float
    next_share: float
    demand_km: float
    cluster_km: float
    distance_weight: float
    approximate_km: float
    max_distance_km: float
    most_each: int


@cache
def default_meeting_weights() -> MeetingWeights:
    """Return the weights of ``meetings.toml``.

    Raises:
        TypeError: The file lacks a weight or has one too many.
    """
    text = files("graph.needs").joinpath("meetings.toml").read_text(encoding="utf-8")
    return MeetingWeights(**tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Demand:
    """An enquiry or need, as far as meetings are concerned.

    Attributes:
        iri: Identifier.
        name: Name to show.
        competences: IRIs of what it needs.
    """

    iri: str
    name: str
    competences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain from one organisation to the other.

    Attributes:
        giver: IRI of the organisation that works first.
        taker: IRI of the one that works on.
        step: IRI of the step of the giver.
        next_step: IRI of the step of the taker.
        claims: IRIs of the claim of each that speaks best for it.
        evidence: Confidence times freshness of the weaker of both, 0.0-1.0.
        scarcity: Share of all organisations that cannot do the rarer of both steps, 0.0-1.0.
        worth_km: Kilometre equivalents, before later links are discounted.
    """

    giver: str
    taker: str
    step: str
    next_step: str
    claims: tuple[str, str]
    evidence: float
    scarcity: float
    worth_km: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two organisations that should meet, and why.

    Attributes:
        first: IRI of one; smaller than ``second`` in code point order.
        second: IRI of the other.
        score_km: Worth of all reasons less the distance, kilometre equivalents.
        distance_km: Great-circle distance of their main sites, kilometres.
        links: Links between them, the most valuable first.
        demands: IRIs of what they serve more of together than either alone, sorted.
        clusters: IRIs of networks that both belong to, sorted.
    """

    first: str
    second: str
    score_km: float
    distance_km: float
    links: tuple[Link, ...]
    demands: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()


def meetings(
    landscape: Landscape,
    settings: Settings,
    demands: Sequence[Demand] = (),
    *,
    most: int = 20,
    weights: MeetingWeights | None = None,
) -> tuple[Meeting, ...]:
    """Return the pairs of organisations that should meet, the most valuable first.

    Whoever is closing, has no known place, or has worked with the other is left out, and no
    organisation stands in the list more than ``most_each`` times: the list goes from the best pair
    down and skips what would be too much of one. The score is::

        sum of link worths + demand_km for each demand, each further one discounted
        + cluster_km * number of shared networks
        - distance_weight * distance

    The same landscape, settings and demands give the same list; equal scores are decided by IRI.

    Args:
        landscape: Who does what, where, and with whom.
        settings: Reference year and what evidence is worth with age.
        demands: Open enquiries and needs.
        most: Longest list.
        weights: What each reason is worth; those of ``meetings.toml`` by default.
    """
    pairs = _Pairs(landscape, settings, demands, weights or default_meeting_weights())
    found = sorted(pairs.all(), key=lambda m: (-m.score_km, m.first, m.second))
    return tuple(_spread(found, most, pairs.weights.most_each))


def _spread(found: Iterable[Meeting], most: int, most_each: int) -> list[Meeting]:
    counts: Counter[str] = Counter()
    chosen: list[Meeting] = []
    for meeting in found:
        if len(chosen) == most:
            break
        if max(counts[meeting.first], counts[meeting.second]) < most_each:
            counts.update((meeting.first, meeting.second))
            chosen.append(meeting)
    return chosen


@dataclass(frozen=True, slots=True)
class _Best:
    """The claim of an organisation that speaks best for a step."""

    claim: str
    evidence: float


class _Pairs:
    """Everything that pairs of organisations are looked at by, by their numbers in the index."""

    def __init__(
        self,
        landscape: Landscape,
        settings: Settings,
        demands: Sequence[Demand],
        weights: MeetingWeights,
    ) -> None:
        self.weights = weights
        self._index: Index = index_of(landscape)
        self._precedes = landscape.scheme.precedes
        self._steps = _best_claims(self._index, settings)
        self._known = _acquainted(self._index)
        self._served = _served(self._index, demands)
        holders = Counter(step for steps in self._steps.values() for step in steps)
        self._scarcity = {s: 1 - n / max(len(self._steps), 1) for s, n in holders.items()}

    def all(self) -> Iterable[Meeting]:
        """Yield every pair of strangers near each other with at least one link."""
        chosen = [n for n, o in enumerate(self._index.organisations) if self._is_fit(n, o)]
        places = [self._index.organisations[n].place for n in chosen]
        latitude = np.array([p.latitude for p in places if p])
        longitude = np.array([p.longitude for p in places if p])
        for position, i in enumerate(chosen):
            rest = slice(position + 1, None)
            kilometres = great_circle_km(
                latitude[position], longitude[position], latitude[rest], longitude[rest]
            )
            for j, distance_km in zip(chosen[rest], kilometres.tolist(), strict=True):
                meeting = self._meeting(i, j, distance_km)
                if meeting is not None:
                    yield meeting

    def _is_fit(self, number: int, organisation: Organisation) -> bool:
        is_open = organisation.is_active is not Truth.NO
        return is_open and organisation.place is not None and number in self._steps

    def _meeting(self, i: int, j: int, distance_km: float) -> Meeting | None:
        weights = self.weights
        if distance_km > weights.max_distance_km or (i, j) in self._known:
            return None
        links = self._links(i, j)
        if not links:
            return None
        one, other = self._index.organisations[i], self._index.organisations[j]
        demands = self._demands(i, j)
        clusters = tuple(sorted(one.clusters & other.clusters))
        travel_km = max(distance_km, weights.approximate_km)
        share = weights.next_share
        score = sum(link.worth_km * share**n for n, link in enumerate(links))
        score += weights.demand_km * sum(share**n for n in range(len(demands)))
        score += weights.cluster_km * len(clusters)
        score -= weights.distance_weight * travel_km
        first, second = sorted((one.iri, other.iri))
        return Meeting(
            first, second, round(score, 1), round(distance_km, 1), links, demands, clusters
        )

    def _links(self, i: int, j: int) -> tuple[Link, ...]:
        found = [*self._from(i, j), *self._from(j, i)]
        return tuple(sorted(found, key=lambda k: (-k.worth_km, k.giver, k.step, k.next_step)))

    def _from(self, i: int, j: int) -> Iterable[Link]:
        giver, taker = self._steps[i], self._steps[j]
        for step in giver.keys() - taker.keys():
            for next_step in self._precedes.get(step, frozenset()) & taker.keys() - giver.keys():
                evidence = min(giver[step].evidence, taker[next_step].evidence)
                scarcity = max(self._scarcity[step], self._scarcity[next_step])
                worth = evidence * (self.weights.link_km + self.weights.scarcity_km * scarcity)
                yield Link(
                    giver=self._index.organisations[i].iri,
                    taker=self._index.organisations[j].iri,
                    step=step,
                    next_step=next_step,
                    claims=(giver[step].claim, taker[next_step].claim),
                    evidence=round(evidence, 4),
                    scarcity=round(scarcity, 4),
                    worth_km=round(worth, 1),
                )

    def _demands(self, i: int, j: int) -> tuple[str, ...]:
        one, other = self._served.get(i, {}), self._served.get(j, {})
        return tuple(
            sorted(
                iri
                for iri in one.keys() & other.keys()
                if one[iri] - other[iri] and other[iri] - one[iri]
            )
        )


def _best_claims(index: Index, settings: Settings) -> dict[int, dict[str, _Best]]:
    """Return for each organisation its steps, each with the claim that speaks best for it."""
    fresh = freshness(index.claim_year, settings.reference_year, settings.weights.match)
    worth = index.claim_confidence * fresh
    found: dict[int, dict[str, _Best]] = defaultdict(dict)
    owners = index.claim_organisation.tolist()
    for claim, owner, evidence in zip(index.claims, owners, worth.tolist(), strict=True):
        for step in claim.steps:
            known = found[owner].get(step)
            mine = _Best(claim.iri, evidence)
            if known is None or (-mine.evidence, mine.claim) < (-known.evidence, known.claim):
                found[owner][step] = mine
    return dict(found)


def _acquainted(index: Index) -> set[tuple[int, int]]:
    """Return the pairs that a project or a relation ties; a network alone makes nobody known."""
    position = index.position
    pairs = (
        sorted((position[tie.first], position[tie.second]))
        for tie in index.landscape.ties
        if tie.kind != "cluster" and tie.first in position and tie.second in position
    )
    return {(i, j) for i, j in pairs}


def _served(index: Index, demands: Sequence[Demand]) -> dict[int, dict[str, frozenset[str]]]:
    """Return for each organisation what it serves of each demand, by exact or narrower claims."""
    found: Mapping[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for demand in demands:
        for competence in demand.competences & index.order.first.keys():
            owners = set(index.claim_organisation[index.rows_below(competence)].tolist())
            for owner in owners:
                found[owner][demand.iri].add(competence)
    return {
        owner: {iri: frozenset(parts) for iri, parts in own.items()} for owner, own in found.items()
    }
