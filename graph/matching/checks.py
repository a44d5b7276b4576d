"""One demand held against one stated fact, three-valued.

A missing fact is ``UNKNOWN``. ``NO`` needs a stated fact that contradicts the demand.
"""

from collections.abc import Iterable, Mapping

from graph.matching.geography import great_circle_km
from graph.matching.values import Check, CheckKind, CheckReason
from graph.model import Certificate, FitRule, Limit, Place, Truth

__all__ = [
    "check_certificate",
    "check_distance",
    "check_district",
    "check_enquirer",
    "check_limit",
    "check_material",
    "check_status",
    "check_step",
    "check_validity",
]

_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
_WORST_FIRST = {_NO: 0, _UNKNOWN: 1, _YES: 2}


def check_step(step: str, stated: frozenset[str]) -> Check:
    """Hold a required value-chain step against the steps of a claim.

    Every claim is assigned the steps it serves, so another step alone is a ``NO``.
    """
    found = tuple(sorted(stated))
    if not stated:
        return Check(CheckKind.STEP, _UNKNOWN, CheckReason.NOT_STATED, step)
    if step in stated:
        return Check(CheckKind.STEP, _YES, CheckReason.STATED, step, (step,))
    return Check(CheckKind.STEP, _NO, CheckReason.OTHER_STATED, step, found)


def _ancestors(material: str, broader: Mapping[str, str]) -> list[str]:
    """Return the material and its broader ones up to the family it belongs to."""
    path = [material]
    while (parent := broader.get(path[-1])) is not None and parent not in path:
        path.append(parent)
    return path


def check_material(material: str, stated: frozenset[str], broader: Mapping[str, str]) -> Check:
    """Hold a required material against the materials that a claim names.

    * the material itself, or a narrower one: ``YES``;
    * a broader one (the claim says metal, steel is required): ``UNKNOWN``;
    * only others of the same family, which is the top concept above (aluminium for steel):
      ``UNKNOWN``, for who mills one metal may mill the other, and sources name examples;
    * only materials of other families (glass for steel): ``NO``;
    * none: ``UNKNOWN``.

    A narrower material counts as ``YES`` by the same reading as for competences: who works
    stainless steel is found by who looks for steel.
    """
    if not stated:
        return Check(CheckKind.MATERIAL, _UNKNOWN, CheckReason.NOT_STATED, material)
    if material in stated:
        return Check(CheckKind.MATERIAL, _YES, CheckReason.STATED, material, (material,))
    paths = {m: _ancestors(m, broader) for m in sorted(stated)}
    own = _ancestors(material, broader)
    grades = (
        (_YES, CheckReason.NARROWER_STATED, [m for m in paths if material in paths[m]]),
        (_UNKNOWN, CheckReason.BROADER_STATED, [m for m in paths if m in own]),
        (_UNKNOWN, CheckReason.SAME_FAMILY_STATED, [m for m in paths if paths[m][-1] == own[-1]]),
    )
    for truth, reason, found in grades:
        if found:
            return Check(CheckKind.MATERIAL, truth, reason, material, tuple(found))
    return Check(CheckKind.MATERIAL, _NO, CheckReason.OTHER_STATED, material, tuple(paths))


def _fits(required: Limit, offered: Limit, rule: FitRule) -> Truth:
    if rule is FitRule.AT_MOST:
        need = required.minimum if required.maximum is None else required.maximum
        best = offered.maximum if offered.minimum is None else offered.minimum
        if need is None:
            return _YES
        if best is None:
            return _UNKNOWN
        return _YES if best <= need else _NO
    if offered.minimum is None and offered.maximum is None:
        return _UNKNOWN
    low_missed = (
        required.minimum is not None
        and offered.minimum is not None
        and required.minimum < offered.minimum
    )
    high_missed = (
        required.maximum is not None
        and offered.maximum is not None
        and required.maximum > offered.maximum
    )
    # A required range lies within the offered one only if neither end sticks out on either side.
    crossed = (
        required.minimum is not None
        and offered.maximum is not None
        and required.minimum > offered.maximum
    ) or (
        required.maximum is not None
        and offered.minimum is not None
        and required.maximum < offered.minimum
    )
    return _NO if low_missed or high_missed or crossed else _YES


def check_limit(required: Limit, stated: Iterable[Limit], rule: FitRule) -> Check:
    """Hold a required range against the limits that a claim states for the dimension.

    An open end of the required range demands nothing, an open end of an offered one promises
    everything. Where a claim states the dimension several times (two machines), one that fits
    is enough.
    """
    offered = [limit for limit in stated if limit.dimension == required.dimension]
    if not offered:
        return Check(
            CheckKind.LIMIT,
            _UNKNOWN,
            CheckReason.NOT_STATED,
            required.dimension,
            required_limit=required,
        )
    truths = [_fits(required, limit, rule) for limit in offered]
    best = max(truths, key=_WORST_FIRST.__getitem__)
    reason = {_YES: CheckReason.WITHIN, _NO: CheckReason.OUTSIDE, _UNKNOWN: CheckReason.NOT_STATED}
    return Check(
        CheckKind.LIMIT,
        best,
        reason[best],
        required.dimension,
        required_limit=required,
        found_limit=offered[truths.index(best)],
    )


def _valid_state(through: str | None, year: int) -> tuple[Truth, CheckReason]:
    """Say whether what is valid through a day, ISO 8601, is good in a year."""
    if through is None:
        return _YES, CheckReason.HELD
    last_year = int(through[:4])
    if last_year < year:
        return _NO, CheckReason.EXPIRED
    if last_year == year:
        return _UNKNOWN, CheckReason.EXPIRES_IN_REFERENCE_YEAR
    return _YES, CheckReason.HELD


def check_certificate(type_: str, held: Iterable[Certificate], year: int) -> Check:
    """Hold a required certificate type against the certificates known of an organisation.

    Not knowing one is ``UNKNOWN``; only ones that expired before the reference year are a
    ``NO``. One that ends within the reference year must be asked for.
    """
    states = [(*_valid_state(c.valid_through, year), c.iri) for c in held if c.type == type_]
    if not states:
        return Check(CheckKind.CERTIFICATE, _UNKNOWN, CheckReason.NOT_STATED, type_)
    truth, reason, iri = min(states, key=lambda s: (-_WORST_FIRST[s[0]], s[2]))
    return Check(CheckKind.CERTIFICATE, truth, reason, type_, (iri,))


def check_district(districts: frozenset[str], place: Place | None) -> Check:
    """Hold the districts asked for against the place of a claim."""
    if place is None or place.district is None:
        return Check(CheckKind.DISTRICT, _UNKNOWN, CheckReason.NOT_STATED)
    is_inside = place.district in districts
    return Check(
        CheckKind.DISTRICT,
        _YES if is_inside else _NO,
        CheckReason.WITHIN if is_inside else CheckReason.OUTSIDE,
        found=(place.district,),
    )


def check_distance(site: Place, place: Place | None, allowed_km: float) -> Check:
    """Hold the largest distance from the site of the enquiry against the place of a claim."""
    if place is None:
        return Check(CheckKind.DISTANCE, _UNKNOWN, CheckReason.NOT_STATED, allowed_km=allowed_km)
    distance_km = float(
        great_circle_km(site.latitude, site.longitude, place.latitude, place.longitude)
    )
    is_inside = distance_km <= allowed_km
    return Check(
        CheckKind.DISTANCE,
        _YES if is_inside else _NO,
        CheckReason.WITHIN if is_inside else CheckReason.OUTSIDE,
        distance_km=distance_km,
        allowed_km=allowed_km,
    )


def check_validity(through: str | None, year: int) -> Check | None:
    """Hold the last day of a claim against the reference year; ``None`` where none is stated.

    A claim that ended before the year offers nothing any more. One that ends within it must be
    asked for, as a certificate must.
    """
    if through is None:
        return None
    truth, reason = _valid_state(through, year)
    return Check(CheckKind.VALIDITY, truth, reason, found=(through,))


def check_status(is_active: Truth) -> Check:
    """Hold the operating status against the need for a member that is there."""
    reason = {
        _YES: CheckReason.ACTIVE,
        _NO: CheckReason.CLOSING,
        _UNKNOWN: CheckReason.TO_BE_VERIFIED,
    }
    return Check(CheckKind.STATUS, is_active, reason[is_active])


def check_enquirer(is_excluded: bool) -> Check | None:
    """Return the check that an excluded organisation fails, ``None`` for any other."""
    if not is_excluded:
        return None
    return Check(CheckKind.ENQUIRER, _NO, CheckReason.EXCLUDED)
