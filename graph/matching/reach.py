"""Who can serve what, of everybody, and nothing else: no cost, no best claim.

Of a million companies a few hundred can be in a consortium of the fewest members. To find them
it is enough to know of each which requirements it can serve; only then is anything priced.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.matching.demands import Demands
from graph.matching.enquiries import check_enquiry
from graph.matching.holders import Bits, Holders, holders_of, numbers_in, packed
from graph.matching.index import Index
from graph.matching.match import related_rows, related_spans
from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["Reach", "claims_of", "reach"]

_SORTING = 8
"""How many claims of a span are read in the time in which one of an organisation is sorted."""


def claims_of(enquiry: Enquiry, index: Index) -> int:
    """Return how many claims stand in a relation to what is asked, each as often as it does.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
    """
    check_enquiry(enquiry, index)
    asked = enquiry.requirements
    return sum(len(span) for r in asked for span in related_spans(r.competence, index))


@dataclass(frozen=True)
class Reach:
    """Who can serve which requirement.

    Attributes:
        enquiry: The enquiry.
        holders: What is known of the claims.
        able: For each requirement those who are its candidates in
            :func:`graph.matching.match`, as bits.
    """

    enquiry: Enquiry
    holders: Holders
    able: tuple[Bits, ...]

    def how_many(self, requirement: int) -> int:
        """Return how many can serve a requirement."""
        return int(np.bitwise_count(self.able[requirement]).sum())

    @property
    def how_many_in_all(self) -> int:
        """How many can serve any requirement."""
        return int(np.bitwise_count(np.bitwise_or.reduce(self.able)).sum())

    def who_any(self) -> NDArray[np.int64]:
        """Return who can serve any requirement, ascending."""
        return numbers_in(np.bitwise_or.reduce(self.able))

    def of_several(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return who can serve more than one requirement, ascending, and which, as bits."""
        once = np.zeros_like(self.able[0])
        twice = np.zeros_like(once)
        for own in self.able:
            twice |= once & own
            once |= own
        who = numbers_in(twice)
        masks = np.zeros(len(who), dtype=np.int32)
        byte, bit = who >> 3, np.left_shift(1, who & 7).astype(np.uint8)
        for number, own in enumerate(self.able):
            masks |= (own.view(np.uint8)[byte] & bit != 0).astype(np.int32) << number
        return who, masks

    def who(self, requirement: int) -> NDArray[np.int64]:
        """Return who can serve a requirement, ascending."""
        return numbers_in(self.able[requirement])

    def rows(self, organisations: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return for each requirement the rows of the claims of some organisations.

        Among them are claims that a check excludes.

        Args:
            organisations: Numbers, ascending.
        """
        index = self.holders.index
        spans = [related_spans(r.competence, index) for r in self.enquiry.requirements]
        asked = sum(len(span) for both in spans for span in both)
        if self.holders.count_of(organisations) * _SORTING < asked:
            own = self.holders.claims_of(organisations)
            return [np.concatenate([_between(own, span) for span in both]) for both in spans]
        is_in = np.zeros(self.holders.count, dtype=bool)
        is_in[organisations] = True
        owner = index.claim_organisation
        return [
            np.concatenate([s.start + np.flatnonzero(is_in[owner[s.start : s.stop]]) for s in both])
            for both in spans
        ]


def _between(rows: NDArray[np.int64], span: range) -> NDArray[np.int64]:
    first, last = np.searchsorted(rows, [span.start, span.stop])
    between: NDArray[np.int64] = rows[first:last]
    return between


def reach(enquiry: Enquiry, index: Index, settings: Settings, check: Callable[[], None]) -> Reach:
    """Find out who can serve which requirement.

    Args:
        enquiry: A valid enquiry.
        index: The landscape.
        settings: The reference year.
        check: Called before each requirement; what it raises ends the work.
    """
    holders = holders_of(index)
    able = []
    for requirement in enquiry.requirements:
        check()
        demands = Demands(requirement, enquiry, index, settings.reference_year)
        known = _by_value(demands, holders)
        able.append(_one_by_one(demands, holders) if known is None else known)
    return Reach(enquiry, holders, tuple(able))


def _by_value(demands: Demands, holders: Holders) -> Bits | None:
    """Return who can serve a requirement, from what is written down.

    ``None`` where that is not known: there is a distance to measure, few have a claim, or very
    many claims are excluded.
    """
    index = holders.index
    below, parent = related_spans(demands.requirement.competence, index)
    able = holders.bits(below)
    if able is None or demands.enquiry.max_distance_km is not None:
        return None
    if parent:
        above = holders.bits(parent)
        owners = index.claim_organisation[parent.start : parent.stop]
        able = able | (packed(owners, holders.count) if above is None else above)
    excluded = []
    for span in filter(None, (below, parent)):
        for column, excludes in demands.of_claims():
            rows = holders.excluded(column, excludes, span)
            if rows is None:
                return None
            excluded.append(rows)
    if excluded:
        able = holders.without(able, np.unique(np.concatenate(excluded)), (below, parent))
    for column, excludes in demands.of_organisations():
        able = able & ~holders.excluded_organisations(column, excludes)
    return able & ~packed(sorted(demands.excluded), holders.count) if demands.excluded else able


def _one_by_one(demands: Demands, holders: Holders) -> Bits:
    """Return who can serve a requirement, from every claim that stands in a relation to it."""
    rows = related_rows(demands.requirement.competence, holders.index)
    fit = rows[demands.outcomes(rows).is_fit(demands.enquiry.strict_unknowns)]
    return packed(holders.index.claim_organisation[fit], holders.count)
