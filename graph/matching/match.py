"""Which organisations can serve which requirement, with what evidence and at what cost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.matching.demands import Demands, Outcomes
from graph.matching.enquiries import check_enquiry
from graph.matching.index import Index, in_order, index_of
from graph.matching.values import Candidate, Grade, Relation
from graph.model import Enquiry, Landscape, Requirement
from graph.settings import MatchWeights, Settings

__all__ = [
    "Matches",
    "freshness",
    "match",
    "match_requirement",
    "names_of",
    "related_rows",
    "related_spans",
    "worth_of",
]

_RELATIONS = (Relation.EXACT, Relation.NARROWER, Relation.BROADER)
_GRADES = (Grade.FULL, Grade.FULL, Grade.TO_BE_CONFIRMED)


@dataclass(frozen=True)
class Matches:
    """Everything that stands in a relation to one requirement, in columns.

    The first block describes claims, the second the candidates: organisations with at least one
    claim that no check excludes, each with the cheapest of them.

    Attributes:
        demands: What the requirement asks.
        rows: Rows of the claims in the index.
        relations: Number of the relation of each claim: exact, narrower, broader.
        outcomes: Outcomes of the checks of each claim.
        scores: Worth of each claim, 0.0-1.0.
        costs: Cost of each claim, integer kilometre equivalents.
        is_fit: No check excludes the claim.
        organisations: Organisation numbers of the candidates, ascending.
        best: For each candidate the number of its best claim within ``rows``.
    """

    demands: Demands
    rows: NDArray[np.int64]
    relations: NDArray[np.int64]
    outcomes: Outcomes
    scores: NDArray[np.float64]
    costs: NDArray[np.int64]
    is_fit: NDArray[np.bool_]
    organisations: NDArray[np.int64]
    best: NDArray[np.int64]

    @property
    def requirement(self) -> Requirement:
        """The requirement that was matched."""
        return self.demands.requirement

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """Organisation number of each claim."""
        return self.demands.index.claim_organisation[self.rows]

    @cached_property
    def best_costs(self) -> NDArray[np.int64]:
        """Cost of each candidate."""
        return self.costs[self.best]

    @property
    def names(self) -> tuple[str, ...]:
        """IRIs of the candidates, sorted."""
        names = names_of(self.demands.index)  # organisations are numbered in their order
        return tuple(names[self.organisations].tolist())

    def candidate(self, number: int, claim: int | None = None) -> Candidate:
        """Return one candidate with everything there is to show.

        Args:
            number: Number of the candidate.
            claim: Number of the claim to serve with within ``rows``; the best one by default.
        """
        chosen = int(self.best[number]) if claim is None else claim
        own = np.flatnonzero(self.owners == self.organisations[number])
        return self._candidate(number, chosen, own)

    def cheapest(self, most: int) -> tuple[Candidate, ...]:
        """Return the first candidates of :meth:`ranked`, with all of each."""
        numbers = self.ranked(most)
        is_wanted = np.zeros(len(self.demands.index.organisations), dtype=bool)
        is_wanted[self.organisations[numbers]] = True
        claims = np.flatnonzero(is_wanted[self.owners])  # very many are looked through once
        owners = self.owners[claims]
        return tuple(
            self._candidate(n, int(self.best[n]), claims[owners == self.organisations[n]])
            for n in numbers.tolist()
        )

    def _candidate(self, number: int, chosen: int, own: NDArray[np.int64]) -> Candidate:
        index = self.demands.index
        owner = self.organisations[number]
        others = own[self.is_fit[own]]
        ranks = index.claim_rank[self.rows[others]]
        others = others[np.lexsort((ranks, self.costs[others]))]
        relation = int(self.relations[chosen])
        return Candidate(
            requirement=self.requirement.iri,
            organisation=index.organisations[int(owner)].iri,
            claim=index.claims[int(self.rows[chosen])],
            relation=_RELATIONS[relation],
            grade=_GRADES[relation],
            checks=self.demands.checks(int(self.rows[chosen])),
            cost_km=int(self.costs[chosen]),
            score=float(self.scores[chosen]),
            other_claims=tuple(
                index.claims[int(self.rows[i])] for i in others.tolist() if i != chosen
            ),
        )

    def ranked(self, most: int | None = None) -> NDArray[np.int64]:
        """Return the numbers of the candidates, cheapest first, equal ones by IRI.

        Args:
            most: So many of them; all by default. Few of very many are not sorted with the rest.
        """
        costs = self.best_costs
        numbers = np.arange(len(costs))
        if most is not None and most < len(costs):
            numbers = np.flatnonzero(costs == costs.min())  # often enough, and much sooner
            if len(numbers) < most:
                numbers = np.flatnonzero(costs <= np.partition(costs, most)[most])
        order = np.lexsort((self.organisations[numbers], costs[numbers]))
        ranked: NDArray[np.int64] = numbers[order][:most]
        return ranked

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the candidates, cheapest first, equal ones by IRI."""
        return (self.candidate(int(number)) for number in self.ranked())

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.organisations)


def names_of(index: Index) -> NDArray[np.object_]:
    """Return the IRI of every organisation, written down at the first call."""
    return index.keep(
        "names", lambda: np.array([one.iri for one in index.organisations], dtype=object)
    )


def match(
    enquiry: Enquiry,
    landscape: Landscape,
    settings: Settings,
    check: Callable[[], None] | None = None,
    only: Sequence[NDArray[np.int64]] | None = None,
) -> tuple[Matches, ...]:
    """Find the candidates of each requirement.

    A claim counts at the required competence (exact), below it (narrower), or at its direct
    parent (broader, to be confirmed). A claim further up says too little; siblings and related
    competences never match. A check that is ``NO`` excludes a claim, one that is ``UNKNOWN``
    raises its cost. The cost is

        beta * (1 - grade_weight * confidence * freshness) + sum of what unknowns cost

    rounded to whole kilometre equivalents. Freshness halves every
    ``freshness_half_life_years`` of age and never falls below a floor.

    Args:
        enquiry: What is needed.
        landscape: Who offers what; its index is built at the first call.
        settings: Weights and the reference year.
        check: Called before each requirement and between what takes long for it; what it raises
            ends the matching.
        only: For each requirement the rows of the claims to look at; by default all that stand in
            a relation to it.

    Returns:
        The matches in the order of the requirements.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
    """
    index = index_of(landscape)
    check_enquiry(enquiry, index)
    look = check or (lambda: None)
    matches = []
    for number, requirement in enumerate(enquiry.requirements):
        look()
        rows = None if only is None else only[number]
        matches.append(match_requirement(requirement, enquiry, index, settings, rows, look))
    return tuple(matches)


def match_requirement(
    requirement: Requirement,
    enquiry: Enquiry,
    index: Index,
    settings: Settings,
    rows: NDArray[np.int64] | None = None,
    check: Callable[[], None] = lambda: None,
) -> Matches:
    """Find the candidates of one requirement of a valid enquiry; see :func:`match`."""
    demands = Demands(requirement, enquiry, index, settings.reference_year)
    if rows is None:
        rows = related_rows(requirement.competence, index)
    relations = _relations(rows, requirement.competence, index)
    outcomes = demands.outcomes(rows, check)
    check()
    scores = _scores(rows, relations, index, settings)
    open_costs = outcomes.open_costs(settings.weights.unknown)
    beta = settings.weights.match.beta_km
    costs = np.rint(beta * (1 - scores) + open_costs).astype(np.int64)
    is_fit = outcomes.is_fit(enquiry.strict_unknowns)
    check()
    best = _best_claims(np.flatnonzero(is_fit), rows, costs, index)
    owners = index.claim_organisation[rows[best]]
    return Matches(demands, rows, relations, outcomes, scores, costs, is_fit, owners, best)


def related_spans(competence: str, index: Index) -> tuple[range, range]:
    """Return the rows of the claims that could count: at or below, and at the direct parent."""
    order, start = index.order, index.claim_start
    below = range(int(start[order.first[competence]]), int(start[order.last[competence]]))
    parent = order.first.get(index.landscape.scheme.competences[competence].broader or "")
    if parent is None:
        return below, range(0)
    return below, range(int(start[parent]), int(start[parent + 1]))


def related_rows(competence: str, index: Index) -> NDArray[np.int64]:
    """Return the rows of all claims that could count."""
    spans = related_spans(competence, index)
    return np.concatenate([np.arange(s.start, s.stop, dtype=np.int64) for s in spans])


def _relations(rows: NDArray[np.int64], competence: str, index: Index) -> NDArray[np.int64]:
    """Return the number of the relation of each claim that stands in one."""
    first = index.order.first[competence]
    relations = np.ones(len(rows), dtype=np.int64)
    relations[rows < index.claim_start[first + 1]] = 0  # Euler order begins with itself
    relations[rows < index.claim_start[first]] = 2  # and the parent comes before
    return relations


def _scores(
    rows: NDArray[np.int64], relations: NDArray[np.int64], index: Index, settings: Settings
) -> NDArray[np.float64]:
    weights = settings.weights.match
    grades = np.array([weights.full_grade, weights.narrower_grade, weights.to_be_confirmed_grade])
    worth: NDArray[np.float64] = grades[relations] * worth_of(index, settings)[rows]
    return worth


def worth_of(index: Index, settings: Settings) -> NDArray[np.float64]:
    """Return what each claim is worth whatever is asked: confidence times freshness, by row.

    Computed at the first call for these weights.
    """
    weights, year = settings.weights.match, settings.reference_year
    return index.remember(
        ("worth", weights, year),
        lambda: index.claim_confidence * freshness(index.claim_year, year, weights),
    )


def freshness(
    years: NDArray[np.int64], reference_year: int, weights: MatchWeights
) -> NDArray[np.float64]:
    """Return the share of its worth that evidence of each year keeps; ``-1`` is no year."""
    age = np.maximum(reference_year - years, 0)
    share = np.maximum(0.5 ** (age / weights.freshness_half_life_years), weights.freshness_floor)
    return np.where(years < 0, weights.freshness_unknown, share)


def _best_claims(
    fit: NDArray[np.int64], rows: NDArray[np.int64], costs: NDArray[np.int64], index: Index
) -> NDArray[np.int64]:
    """Return for each organisation, ascending, its cheapest fit claim; ties by IRI."""
    bits = int(costs.max(initial=0)).bit_length()
    keys = index.claim_organisation[rows[fit]] << bits | costs[fit]
    order = in_order(keys)
    fit, keys = fit[order], keys[order]
    starts = np.flatnonzero(np.diff(keys >> bits, prepend=-1))
    best = fit[starts]
    ties = 1 + np.flatnonzero(keys[1:] == keys[:-1])
    if len(ties):
        owner = np.searchsorted(starts, ties, side="right") - 1
        is_tie = keys[ties] == keys[starts[owner]]
        ties, owner = fit[ties[is_tie]], owner[is_tie]
        ranks = index.claim_rank[rows[ties]]
        least = index.claim_rank[rows[best]]
        np.minimum.at(least, owner, ranks)
        is_first = ranks == least[owner]
        best[owner[is_first]] = ties[is_first]
    return best
