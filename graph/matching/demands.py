"""What one requirement of an enquiry asks, as columns to evaluate and checks to show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.matching import checks
from graph.matching.geography import great_circle_km
from graph.matching.index import Index
from graph.matching.values import Check, CheckKind
from graph.model import Certificate, Enquiry, Limit, Place, Requirement, Truth
from graph.settings import UnknownWeights

__all__ = ["KINDS", "Demands", "Outcomes", "penalties"]

_T = TypeVar("_T")

KINDS = tuple(CheckKind)
"""Order of the kinds in outcomes and in the checks of a candidate."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes of all demands for some rows.

    Attributes:
        failed: Number of ``NO`` by row and kind, shape (rows, kinds).
        unknown: Number of ``UNKNOWN`` by row and kind, shape (rows, kinds).
    """

    failed: NDArray[np.int64]
    unknown: NDArray[np.int64]


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

    def _district(self, place: Place | None) -> tuple[Check, ...]:
        if not self.enquiry.districts:
            return ()
        return (checks.check_district(self.enquiry.districts, place),)

    def _distance(self, place: Place | None) -> tuple[Check, ...]:
        site, allowed = self.enquiry.place, self.enquiry.max_distance_km
        if site is None or allowed is None:
            return ()
        return (checks.check_distance(site, place, allowed),)

    def outcomes(self, rows: NDArray[np.int64]) -> Outcomes:
        """Evaluate every demand for the claims in ``rows``."""
        index, owners = self.index, self.index.claim_organisation[rows]
        packed = np.zeros((len(rows), len(KINDS)), dtype=np.int64)

        def fill(kind: CheckKind, counts: NDArray[np.int64]) -> None:
            packed[:, KINDS.index(kind)] = counts

        if self.requirement.step is not None:
            fill(CheckKind.STEP, index.steps.spread(rows, _packed(self._step)))
        if self.requirement.materials:
            fill(CheckKind.MATERIAL, index.materials.spread(rows, _packed(self._materials)))
        if self.requirement.limits:
            fill(CheckKind.LIMIT, index.limits.spread(rows, _packed(self._limits)))
        if self.certificate_types:
            certificates = index.certificates.spread(owners, _packed(self._certificates))
            fill(CheckKind.CERTIFICATE, certificates)
        if self.enquiry.districts:
            fill(CheckKind.DISTRICT, index.places.spread(rows, _packed(self._district)))
        if self.enquiry.max_distance_km is not None:
            fill(CheckKind.DISTANCE, self._distances(rows))
        fill(CheckKind.STATUS, index.status.spread(owners, _packed(_status)))
        if self.excluded:
            banned = np.isin(owners, sorted(self.excluded))
            fill(CheckKind.ENQUIRER, banned.astype(np.int64) << 16)
        return Outcomes(packed >> 16, packed & 0xFFFF)

    def _distances(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Evaluate the distance of all places at once; there are too many for one at a time."""
        site, allowed = self.enquiry.place, self.enquiry.max_distance_km
        if site is None or allowed is None:
            return np.zeros(len(rows), dtype=np.int64)
        latitude, longitude = self.index.coordinates
        numbers = self.index.places.rows[rows]
        distance = great_circle_km(
            site.latitude, site.longitude, latitude[numbers], longitude[numbers]
        )
        packed = (distance > allowed).astype(np.int64) << 16
        packed[np.isnan(distance)] = 1
        return packed

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
            *_status(organisation.is_active),
            *(() if excluded is None else (excluded,)),
        )


def _status(is_active: Truth) -> tuple[Check, ...]:
    return (checks.check_status(is_active),)


def _packed(check: Callable[[_T], tuple[Check, ...]]) -> Callable[[_T], int]:
    return lambda value: _counts(check(value))


def penalties(weights: UnknownWeights) -> NDArray[np.float64]:
    """Return what one unknown of each kind costs, in the order of ``KINDS``."""
    cost = {
        CheckKind.STEP: weights.step_km,
        CheckKind.MATERIAL: weights.material_km,
        CheckKind.LIMIT: weights.limit_km,
        CheckKind.CERTIFICATE: weights.certificate_km,
        CheckKind.DISTRICT: weights.district_km,
        CheckKind.DISTANCE: weights.distance_km,
        CheckKind.STATUS: weights.status_km,
    }
    return np.array([cost.get(kind, 0.0) for kind in KINDS])
