"""What stays open, who comes close, and what giving up a demand would bring."""

from dataclasses import dataclass

from graph.consortium.answer.reasons import GapReason
from graph.matching.values import Check, CheckKind, Relation

__all__ = [
    "Addition",
    "Developer",
    "Gap",
    "NearMiss",
    "NearestCompetence",
    "NetworkToAsk",
    "Relaxation",
]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An organisation that fails exactly one demand of a requirement.

    Attributes:
        organisation: IRI.
        claim: IRI of the claim that comes closest.
        relation: How its competence stands to the required one.
        failed: The one check that is ``NO``.
    """

    organisation: str
    claim: str
    relation: Relation
    failed: Check


@dataclass(frozen=True, slots=True)
class NearestCompetence:
    """A competence near the required one in the tree, and who has it.

    Attributes:
        competence: IRI.
        label: Label to show.
        is_related: Linked as related; otherwise a neighbour in the tree.
        steps_away: Edges between the two in the tree; 1 for a related one.
        organisations: IRIs of organisations with a claim to it, sorted, at most five.
        holders: How many organisations have one.
    """

    competence: str
    label: str
    is_related: bool
    steps_away: int
    organisations: tuple[str, ...]
    holders: int


@dataclass(frozen=True, slots=True)
class Developer:
    """A company that could develop what is missing, and research partners to do it with.

    Attributes:
        organisation: IRI of the company.
        competence: IRI of the competence that it has nearest to the missing one.
        steps_away: Edges between the two in the tree; 1 for a related one.
        partners: IRIs of research institutions, at most two: those that have worked with the
            company and have a near competence come first, then those that have worked with it,
            then those with a near competence.
        acquainted: Those of them that have worked with the company.
    """

    organisation: str
    competence: str
    steps_away: int
    partners: tuple[str, ...]
    acquainted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkToAsk:
    """A cluster whose members are near to what is missing, so that it may know who has it.

    Attributes:
        cluster: IRI.
        organisations: How many of its members have a near competence.
    """

    cluster: str
    organisations: int


@dataclass(frozen=True, slots=True)
class Addition:
    """One competence more at one member, and what it would bring.

    Attributes:
        requirement: IRI of the requirement that the member would take over.
        organisation: IRI of the member that is nearest to it.
        competence: IRI of the competence that it has nearest to the required one.
        steps_away: Edges between the two in the tree.
        saves: IRI of the member that would no longer be needed; ``None`` when the requirement
            is open now.
    """

    requirement: str
    organisation: str
    competence: str
    steps_away: int
    saves: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that the consortium leaves open.

    Attributes:
        requirement: IRI.
        is_mandatory: It had to be covered.
        reason: Why it is open.
        claims: How many organisations claim the competence at all, before any other check.
        candidates: IRIs of organisations that qualify and are still not taken, sorted.
        failures: How many organisations fail each kind of check, sorted by kind.
        near_misses: Who fails exactly one demand, sorted by kind and IRI, at most ten.
        nearest: Nearest competences that somebody has, nearest first, at most five.
        is_second_source: Only the second source is missing.
        developers: Who could develop it, the nearest first, at most three.
        networks: Clusters to ask, those with most near members first, at most three.
    """

    requirement: str
    is_mandatory: bool
    reason: GapReason
    claims: int
    candidates: tuple[str, ...] = ()
    failures: tuple[tuple[CheckKind, int], ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    nearest: tuple[NearestCompetence, ...] = ()
    is_second_source: bool = False
    developers: tuple[Developer, ...] = ()
    networks: tuple[NetworkToAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What giving up one demand would bring.

    Attributes:
        requirement: IRI of the requirement that is open now and would be served.
        kind: Kind of the demand given up.
        required: IRI of the step, material, dimension or certificate type given up; empty for
            districts, distance and exclusions.
        allowed_km: Largest distance to allow instead, for a distance.
        organisation: IRI of who would serve the requirement.
        mandatory_served: Mandatory requirements served then.
        served: Requirements served then.
        members: Fewest members then.
        cost_km: Least cost then.
        is_proven: The numbers are proven best.
    """

    requirement: str
    kind: CheckKind
    required: str
    allowed_km: float | None
    organisation: str
    mandatory_served: int
    served: int
    members: int
    cost_km: int
    is_proven: bool
