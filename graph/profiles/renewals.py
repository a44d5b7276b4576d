"""Which facts have ended, end soon or have grown old, so that somebody asks for their renewal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from graph.matching.checks import check_certificate
from graph.model import Certificate, Truth
from graph.reading import rows
from graph.store import Row, Store

__all__ = ["FactKind", "Renewal", "RenewalReason", "renewals_due"]


class FactKind(StrEnum):
    """What kind of fact it is."""

    CERTIFICATE = "certificate"
    CLAIM = "claim"
    MEMBERSHIP = "membership"


class RenewalReason(StrEnum):
    """Why it is to be renewed, the most urgent first."""

    ENDED = "ended"
    ENDS_SOON = "ends-soon"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Renewal:
    """A fact to be renewed.

    Attributes:
        fact: IRI of the certificate, claim or membership.
        kind: What it is.
        label: Its name, term or group.
        organisation: IRI of the organisation to ask.
        name: Its name.
        reason: Why.
        through: Last day on which it holds; ``None`` when none is stated.
        year: Year that it is documented for; ``None`` when none is stated.
        counts: How matching takes it on the day: ``YES`` as it is, ``UNKNOWN`` to be confirmed,
            ``NO`` not at all. An old claim counts for less, by its freshness.
    """

    fact: str
    kind: FactKind
    label: str
    organisation: str
    name: str
    reason: RenewalReason
    through: date | None
    year: int | None
    counts: Truth


def renewals_due(
    store: Store, day: date, within_days: int = 60, old_after_years: int = 5
) -> tuple[Renewal, ...]:
    """Return the facts to be renewed on a day, what has ended first, then by date and name.

    Args:
        store: Where to look.
        day: The day.
        within_days: Days before its end from which a fact is to be renewed.
        old_after_years: Whole years after which a claim without an end is to be renewed.
    """
    found: dict[str, Renewal] = {}
    for row in rows(store, "expiring-facts"):
        renewal = _renewal(row, day, within_days, old_after_years)
        if renewal is not None:
            found.setdefault(renewal.fact, renewal)
    return tuple(_sorted(found.values()))


def _renewal(row: Row, day: date, within_days: int, old_after_years: int) -> Renewal | None:
    through = date.fromisoformat(str(row["through"])) if "through" in row else None
    year = int(str(row["year"])[:4]) if "year" in row else None
    reason = _reason(through, year, day, within_days, old_after_years)
    if reason is None:
        return None
    return Renewal(
        fact=str(row["fact"]),
        kind=FactKind(str(row["kind"])),
        label=str(row.get("label", "")),
        organisation=str(row["organisation"]),
        name=str(row.get("name", "")),
        reason=reason,
        through=through,
        year=year,
        counts=_counts(row, through, day),
    )


def _reason(
    through: date | None, year: int | None, day: date, within_days: int, old_after_years: int
) -> RenewalReason | None:
    """Return why a fact is to be renewed; a stated end matters more than its age."""
    if through is not None:
        if through < day:
            return RenewalReason.ENDED
        return RenewalReason.ENDS_SOON if through <= day + timedelta(within_days) else None
    is_old = year is not None and day.year - year > old_after_years
    return RenewalReason.OLD if is_old else None


def _counts(row: Row, through: date | None, day: date) -> Truth:
    """Return how matching takes a fact; only certificates are judged by their end there."""
    kind = FactKind(str(row["kind"]))
    if kind is FactKind.CERTIFICATE and through is not None:
        held = Certificate(str(row["fact"]), str(row["type"]), through.isoformat())
        return check_certificate(held.type, [held], day.year).truth
    if kind is FactKind.MEMBERSHIP and through is not None and through < day:
        return Truth.NO
    return Truth.YES


def _sorted(found: Iterable[Renewal]) -> list[Renewal]:
    reasons = list(RenewalReason)
    return sorted(
        found,
        key=lambda r: (reasons.index(r.reason), r.through or date.max, r.year or 0, r.name, r.fact),
    )
