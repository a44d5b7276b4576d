"""Who is responsible for an enquiry: by what a body serves, and where.

A body serves a competence with everything below it in the tree. One that serves only something
narrower than what is required can take care of a part. A region contains the districts whose
official key begins with its own; a body that names no region serves any.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rdflib import Literal, URIRef

from graph.desk.history import extend, require_running
from graph.desk.reading import read_desk_enquiry
from graph.desk.redaction import without_persons
from graph.desk.values import EventKind
from graph.model import CompetenceScheme
from graph.reading import rows
from graph.records import Entry
from graph.store import Store
from graph.vocabulary import VB

__all__ = ["Body", "Reach", "RegionFit", "Responsibility", "assign", "rank", "read_bodies"]


class Reach(StrEnum):
    """How what a body serves stands to what is required."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"


class RegionFit(StrEnum):
    """How the region that a body serves stands to that of the enquiry."""

    DISTRICT = "district"
    STATE = "state"
    ANY = "any"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Body:
    """An office, cluster, centre or association with what it serves.

    Attributes:
        iri: Identifier.
        name: Name to show.
        competences: IRIs of competences, sorted; empty for any.
        regions: IRIs of official keys, sorted; empty for any.
    """

    iri: str
    name: str
    competences: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """A required competence with what of a body meets it.

    Attributes:
        required: IRI of the competence that is required.
        served: IRI of the competence that the body serves.
        reach: How both stand to each other.
        steps: How far they are apart in the tree.
    """

    required: str
    served: str
    reach: Reach
    steps: int


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Why a body could take care of an enquiry.

    Attributes:
        body: The body.
        served: What it serves of what is required, in the order of the requirements.
        required: How many competences are required.
        region_fit: How the regions stand to each other.
        region: IRI of the region of the body that fits, or empty.
    """

    body: Body
    served: tuple[Served, ...]
    required: int
    region_fit: RegionFit
    region: str = ""


def read_bodies(store: Store) -> tuple[Body, ...]:
    """Return every body that says what or where it serves, by IRI."""
    names: dict[str, str] = {}
    competences: dict[str, set[str]] = defaultdict(set)
    regions: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "responsibilities"):
        iri = str(row["organisation"])
        names.setdefault(iri, str(row["name"]))
        for found, name in ((competences, "competence"), (regions, "region")):
            found[iri] |= {str(row[name])} if name in row else set()
    return tuple(
        Body(iri, name, tuple(sorted(competences[iri])), tuple(sorted(regions[iri])))
        for iri, name in sorted(names.items())
    )


def rank(
    bodies: Iterable[Body], competences: Sequence[str], region: str, scheme: CompetenceScheme
) -> tuple[Responsibility, ...]:
    """Return the bodies that could take care of an enquiry, the best first.

    More of what is required counts before the closer region, that before the closer field; exact
    and broader fields count before narrower ones; equal ones stand in the order of their IRIs.
    Whoever serves nothing of it, or another region only, is left out.

    Args:
        bodies: Bodies to choose from.
        competences: IRIs of what is required; without any, the region decides.
        region: Official key IRI of the district or state of the enquiry, or empty.
        scheme: The competence tree.
    """
    found = [
        responsibility
        for body in bodies
        if (responsibility := _responsibility(body, competences, region, scheme)) is not None
    ]
    return tuple(sorted(found, key=_order))


def _responsibility(
    body: Body, competences: Sequence[str], region: str, scheme: CompetenceScheme
) -> Responsibility | None:
    wanted = tuple(dict.fromkeys(competences))
    served = tuple(
        best for one in wanted if (best := _served(one, body.competences, scheme)) is not None
    )
    fit = _region(body.regions, region)
    # a body that names only a region, such as a chamber, serves any field there
    if fit is None or (body.competences and wanted and not served):
        return None
    return Responsibility(body, served, len(wanted), *fit)


def _served(required: str, served: Iterable[str], scheme: CompetenceScheme) -> Served | None:
    up = _ancestors(required, scheme)
    found = []
    for one in served:
        if one in up:
            reach = Reach.BROADER if up[one] else Reach.EXACT
            found.append(Served(required, one, reach, up[one]))
        elif required in (down := _ancestors(one, scheme)):
            found.append(Served(required, one, Reach.NARROWER, down[required]))
    return min(found, key=lambda s: (s.reach is Reach.NARROWER, s.steps, s.served), default=None)


def _ancestors(competence: str, scheme: CompetenceScheme) -> dict[str, int]:
    """Return a competence and everything above it with the number of steps up."""
    steps: dict[str, int] = {}
    node: str | None = competence
    while node is not None and node not in steps:
        steps[node] = len(steps)
        known = scheme.competences.get(node)
        node = known.broader if known else None
    return steps


_FITS = list(RegionFit)


def _region(served: Sequence[str], region: str) -> tuple[RegionFit, str] | None:
    """Return how regions fit and by which one; ``None`` when the body serves others only."""
    if not served:
        return RegionFit.ANY, ""
    if not region:
        return RegionFit.UNKNOWN, ""
    key = region.rpartition("/")[2]
    fitting = [one for one in served if key.startswith(one.rpartition("/")[2])]
    if not fitting:
        return None
    closest = max(fitting, key=lambda one: (len(one.rpartition("/")[2]), one))
    is_district = "/districtKey/" in closest
    return (RegionFit.DISTRICT if is_district else RegionFit.STATE), closest


def _order(found: Responsibility) -> tuple[int, int, int, int, str]:
    whole = sum(one.reach is not Reach.NARROWER for one in found.served)
    steps = sum(one.steps for one in found.served)
    return -whole, -len(found.served), _FITS.index(found.region_fit), steps, found.body.iri


def assign(
    store: Store,
    enquiry: str,
    body: str,
    *,
    now: datetime,
    rationale: Mapping[str, str],
    reason: Responsibility | None = None,
    tag: str = "",
) -> Entry:
    """Return the entry that makes a body responsible, with the reason.

    Args:
        store: Where the desk's book lives.
        enquiry: Number or IRI.
        body: IRI of the body.
        now: When, with time zone.
        rationale: Why, by language tag.
        reason: Why as data; the competences and the region that it rests on are recorded.
        tag: Tag that the enquiry was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such enquiry.
        RecordStateError: It has ended.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    require_running(known)
    used = [] if reason is None else [*(one.served for one in reason.served), reason.region]
    said: list[tuple[URIRef, Literal | URIRef]] = [(VB.assignedTo, URIRef(body))]
    said += [
        (VB.rationale, Literal(without_persons(t), lang=tag_)) for tag_, t in rationale.items() if t
    ]
    return extend(
        store,
        known,
        EventKind.ASSIGNED,
        known.status,
        now,
        tag=tag,
        said=said,
        used=[iri for iri in used if iri],
    )
