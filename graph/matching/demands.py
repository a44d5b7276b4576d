"""What one requirement of an enquiry asks, as columns to evaluate and checks to show."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.matching import checks
from graph.matching.geography import great_circle_km
from graph.matching.index import Column, Index, distinct
from graph.matching.values import Check, CheckKind
from graph.model import Certificate, Enquiry, Limit, Place, Requirement, Truth
from graph.settings import UnknownWeights

__all__ = ["KINDS", "Demands", "Outcomes"]

_T = TypeVar("_T")
_Part = tuple[CheckKind, Column[Any], Callable[[Any], tuple[Check, ...]]]

KINDS = tuple(CheckKind)
"""Order of the kinds in outcomes and in the checks of a candidate."""


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of all demands for some rows.

    Attributes:
        rows: Number of rows.
        packed: For each kind that is demanded how many checks of a row are ``NO``, times
            ``1 << 16``, and how many ``UNKNOWN``.
    """

    rows: int
    packed: Mapping[CheckKind, NDArray[np.int64]]

    @cached_property
    def failed(self) -> NDArray[np.int64]:
        """Number of ``NO`` by row and kind, shape (rows, kinds)."""
        return self._matrix() >> 16

    @cached_property
    def unknown(self) -> NDArray[np.int64]:
        """Number of ``UNKNOWN`` by row and kind, shape (rows, kinds)."""
        return self._matrix() & _UNKNOWNS

    def of(self, rows: NDArray[np.int64]) -> "Outcomes":
        """Return the outcomes for some of the rows, by their positions."""
        return Outcomes(len(rows), {kind: counts[rows] for kind, counts in self.packed.items()})

    def _matrix(self) -> NDArray[np.int64]:
        matrix = np.zeros((self.rows, len(KINDS)), dtype=np.int64)
        for kind, counts in self.packed.items():
            matrix[:, KINDS.index(kind)] = counts
        return matrix

    def is_fit(self, is_strict: bool) -> NDArray[np.bool_]:
        """Tell which rows no check excludes; in a strict enquiry an ``UNKNOWN`` excludes, too."""
        fit = np.ones(self.rows, dtype=bool)
        limit = least_that_excludes(is_strict)
        for counts in self.packed.values():
            fit &= counts < limit
        return fit

    def open_costs(self, weights: UnknownWeights) -> NDArray[np.float64]:
        """Return what the unknowns of each row cost."""
        costs = np.zeros(self.rows)
        for kind in filter(self.packed.__contains__, KINDS):  # in one order, for the last digits
            if price := _PENALTIES[kind](weights):
                costs += price * (self.packed[kind] & _UNKNOWNS)
        return costs


def least_that_excludes(is_strict: bool) -> int:
    """Return the packed count from which on a claim is excluded.

    That is one ``NO``; in a strict enquiry one ``UNKNOWN`` as well.
    """
    return 1 if is_strict else 1 << 16


def _counts(results: tuple[Check, ...]) -> int:
    """Pack how many are ``NO`` and how many ``UNKNOWN`` into one number."""
    truths = [check.truth for check in results]
    return truths.count(Truth.NO) << 16 | truths.count(Truth.UNKNOWN)


class Demands:
    """The demands of one requirement, bound to an index.

    The same functions serve the bulk evaluation and the checks to show, so that what is shown
    is what decided.
    """

    def __init__(self, requirement: Requirement, enquiry: Enquiry, index: Index, year: int) -> None:
        self.requirement = requirement
        self.enquiry = enquiry
        self.index = index
        self.year = year
        self.excluded = {index.position[o] for o in enquiry.excluded if o in index.position}
        self.certificate_types = sorted(
            requirement.certificate_types | enquiry.member_certificate_types
        )

    def _step(self, stated: frozenset[str]) -> tuple[Check, ...]:
        step = self.requirement.step
        return () if step is None else (checks.check_step(step, stated),)

    def _materials(self, stated: frozenset[str]) -> tuple[Check, ...]:
        broader = self.index.landscape.scheme.materials
        return tuple(
            checks.check_material(m, stated, broader) for m in sorted(self.requirement.materials)
        )

    def _limits(self, stated: tuple[Limit, ...]) -> tuple[Check, ...]:
        dimensions = self.index.landscape.scheme.dimensions
        return tuple(
            checks.check_limit(limit, stated, dimensions[limit.dimension].fit_rule)
            for limit in sorted(self.requirement.limits, key=lambda limit: limit.dimension)
        )

    def _certificates(self, held: tuple[Certificate, ...]) -> tuple[Check, ...]:
        return tuple(
            checks.check_certificate(type_, held, self.year) for type_ in self.certificate_types
        )

    def _validity(self, through: str | None) -> tuple[Check, ...]:
        validity = checks.check_validity(through, self.year)
        return () if validity is None else (validity,)

    def _district(self, place: Place | None) -> tuple[Check, ...]:
        if not self.enquiry.districts:
            return ()
        return (checks.check_district(self.enquiry.districts, place),)

    def _distance(self, place: Place | None) -> tuple[Check, ...]:
        site, allowed = self.enquiry.place, self.enquiry.max_distance_km
        if site is None or allowed is None:
            return ()
        return (checks.check_distance(site, place, allowed),)

    def outcomes(
        self, rows: NDArray[np.int64], check: Callable[[], None] = lambda: None
    ) -> Outcomes:
        """Evaluate every demand for the claims in ``rows``; ``check`` is called after each."""
        packed = {}
        for kind, counts in self._evaluated(rows):
            packed[kind] = counts
            check()
        return Outcomes(len(rows), packed)

    def of_claims(self) -> Iterator[tuple[Column[Any], Callable[[Any], bool]]]:
        """Yield each column of claims that something is demanded of, and which values exclude."""
        return ((column, self._excludes(check)) for _, column, check in self._by_claim())

    def of_organisations(self) -> Iterator[tuple[Column[Any], Callable[[Any], bool]]]:
        """Yield each column of organisations likewise."""
        return ((column, self._excludes(check)) for _, column, check in self._by_organisation())

    def _excludes(self, check: Callable[[_T], tuple[Check, ...]]) -> Callable[[_T], bool]:
        limit = least_that_excludes(self.enquiry.strict_unknowns)
        return lambda value: _counts(check(value)) >= limit

    def _by_claim(self) -> Iterator[_Part]:
        """Yield kind, column of the claims and check of what is demanded of claims."""
        index = self.index
        if self.requirement.step is not None:
            yield CheckKind.STEP, index.steps, self._step
        if self.requirement.materials:
            yield CheckKind.MATERIAL, index.materials, self._materials
        if self.requirement.limits:
            yield CheckKind.LIMIT, index.limits, self._limits
        if self.enquiry.districts:
            yield CheckKind.DISTRICT, index.places, self._district
        if index.expiring:
            yield CheckKind.VALIDITY, index.validity, self._validity

    def _by_organisation(self) -> Iterator[_Part]:
        """Yield kind, column of the organisations and check of what is demanded of them."""
        if self.certificate_types:
            yield CheckKind.CERTIFICATE, self.index.certificates, self._certificates
        yield CheckKind.STATUS, self.index.status, _status

    def _evaluated(self, rows: NDArray[np.int64]) -> Iterator[tuple[CheckKind, NDArray[np.int64]]]:
        """Yield each kind that is demanded with its packed counts."""
        owners = self.index.claim_organisation[rows]
        for kind, column, check in self._by_claim():
            yield kind, column.spread(rows, _packed(check))
        for kind, column, check in self._by_organisation():
            yield kind, column.spread(owners, _packed(check))
        if self.enquiry.max_distance_km is not None:
            yield CheckKind.DISTANCE, self._distances(rows)
        if self.excluded:
            banned = np.isin(owners, sorted(self.excluded))
            yield CheckKind.ENQUIRER, banned.astype(np.int64) << 16

    def _distances(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Evaluate the distance of all places at once; there are too many for one at a time."""
        site, allowed = self.enquiry.place, self.enquiry.max_distance_km
        if site is None or allowed is None:
            return np.zeros(len(rows), dtype=np.int64)
        numbers = self.index.places.rows[rows]
        few, at = distinct(numbers, len(self.index.places.values))
        latitude, longitude = (of[few] for of in self.index.coordinates)
        distance = great_circle_km(site.latitude, site.longitude, latitude, longitude)
        counts = (distance > allowed).astype(np.int64) << 16
        counts[np.isnan(distance)] = 1
        return counts[at]

    def checks(self, row: int) -> tuple[Check, ...]:
        """Return every check of the claim in ``row``, in the order of ``CheckKind``."""
        claim = self.index.claims[row]
        owner = int(self.index.claim_organisation[row])
        organisation = self.index.organisations[owner]
        place = self.index.claim_place(claim)
        excluded = checks.check_enquirer(owner in self.excluded)
        return (
            *self._step(claim.steps),
            *self._materials(claim.materials),
            *self._limits(claim.limits),
            *self._certificates(organisation.certificates),
            *self._district(place),
            *self._distance(place),
            *self._validity(claim.valid_through),
            *_status(organisation.is_active),
            *(() if excluded is None else (excluded,)),
        )


def _status(is_active: Truth) -> tuple[Check, ...]:
    return (checks.check_status(is_active),)


def _packed(check: Callable[[_T], tuple[Check, ...]]) -> Callable[[_T], int]:
    return lambda value: _counts(check(value))


_UNKNOWNS = 0xFFFF
"""Mask of how many are unknown in a packed count."""

_PENALTIES: dict[CheckKind, Callable[[UnknownWeights], float]] = {
    CheckKind.STEP: lambda weights: weights.step_km,
    CheckKind.MATERIAL: lambda weights: weights.material_km,
    CheckKind.LIMIT: lambda weights: weights.limit_km,
    CheckKind.CERTIFICATE: lambda weights: weights.certificate_km,
    CheckKind.DISTRICT: lambda weights: weights.district_km,
    CheckKind.DISTANCE: lambda weights: weights.distance_km,
    CheckKind.VALIDITY: lambda weights: weights.certificate_km,
    CheckKind.STATUS: lambda weights: weights.status_km,
    CheckKind.ENQUIRER: lambda _: 0.0,
}
"""What one unknown of each kind costs."""
