"""The things the core reasons about: plain values, no RDF terms.

Every ``iri`` is the identifier of the thing in the graph. Coordinates are degrees WGS 84,
distances kilometres, costs integer kilometre equivalents, confidences and scores shares 0.0-1.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "Certificate",
    "Claim",
    "Competence",
    "CompetenceScheme",
    "Dimension",
    "Enquiry",
    "FitRule",
    "GroupRule",
    "GroupTrait",
    "Landscape",
    "Limit",
    "Organisation",
    "Place",
    "Requirement",
    "Tie",
    "Truth",
]


class Truth(StrEnum):
    """Three-valued answer: a missing fact is ``UNKNOWN``, never ``NO``."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class FitRule(StrEnum):
    """How an offered limit answers a required one.

    ``RANGE``: the required range lies within the offered one (length, lot size).
    ``AT_MOST``: the smallest offered value is at most the required one (tolerance, roughness).
    ``TOTAL``: as ``RANGE``, and what one claim serves for several requirements adds up (pieces
    in a year).
    """

    RANGE = "range"
    AT_MOST = "at-most"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Place:
    """A point with its town and district.

    Attributes:
        latitude: Degrees north.
        longitude: Degrees east.
        town: Name of the town, or an empty string.
        district: IRI of the district key, or ``None``.
        state: IRI of the key of the federal state, or ``None``.
        is_approximate: The point is a town or district centre, not the site itself.
    """

    latitude: float
    longitude: float
    town: str = ""
    district: str | None = None
    is_approximate: bool = True
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    """A concept of the competence scheme.

    Attributes:
        iri: Identifier.
        label: Preferred label in the language asked for.
        broader: IRI of the direct broader competence; ``None`` for a top concept.
        step: IRI of the value-chain step where the competence is typically used, or ``None``.
        related: IRIs of related competences; they inform, they never match.
    """

    iri: str
    label: str
    broader: str | None = None
    step: str | None = None
    related: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A measurable property that limits are stated in, with its fit rule."""

    iri: str
    fit_rule: FitRule
    label: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CompetenceScheme:
    """The competence tree, the partial order of steps and the fit rules of dimensions.

    Attributes:
        competences: Every competence by IRI.
        precedes: For each value-chain step the steps that directly follow it.
        dimensions: Every dimension by IRI.
        materials: Direct broader material of each material that has one.
    """

    competences: Mapping[str, Competence]
    precedes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """A range of one dimension in its reference unit; a missing bound is open."""

    dimension: str
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Evidence issued to one organisation.

    Attributes:
        iri: Identifier.
        type: IRI of the certificate type.
        valid_through: Last day of validity, ISO 8601; ``None`` when not known.
        source: URL of the page that says so.
    """

    iri: str
    type: str
    valid_through: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who offers which competence, within which limits, according to whom.

    Attributes:
        iri: Identifier.
        organisation: IRI of the claiming organisation.
        competence: IRI of the offered competence.
        term: The trade term as the source words it.
        steps: IRIs of the value-chain steps.
        materials: IRIs of the materials handled; empty means unknown.
        limits: Stated limits; a dimension without one is unknown.
        detail: The source's own detail in words, or an empty string.
        confidence: How well the source supports the claim, 0.0-1.0.
        basis: ``stated`` when the page names the process, ``product`` when inferred.
        evidence_year: Year of the evidence, or ``None`` when the source shows none.
        source: URL of the page.
        place: Where the capability is, or ``None`` when not known.
        valid_through: Last day on which the claim holds, ISO 8601; ``None`` when no end is stated.
    """

    iri: str
    organisation: str
    competence: str
    term: str = ""
    steps: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    detail: str = ""
    confidence: float = 1.0
    basis: str = "stated"
    evidence_year: int | None = None
    source: str = ""
    place: Place | None = None
    valid_through: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody who can be a member of a consortium.

    Attributes:
        iri: Identifier.
        name: Name to show.
        kind: Local name of its class, such as ``Company`` or ``ResearchInstitution``.
        place: Main site, or ``None`` when not known.
        clusters: IRIs of the clusters it belongs to.
        certificates: Certificates it is known to hold.
        is_small: Small or medium enterprise (below 250 employees), as far as known.
        is_active: ``NO`` when a source reports that it has closed, ``UNKNOWN`` when doubtful.
        caution: What a reader must know before relying on it, or an empty string.
        same_as: IRI that stands for all entries of the same organisation; its own by default.
        sectors: IRIs of its sectors and of its classes of economic activity, as far as known.
    """

    iri: str
    name: str
    kind: str = "Company"
    place: Place | None = None
    clusters: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    is_small: Truth = Truth.UNKNOWN
    is_active: Truth = Truth.YES
    caution: str = ""
    same_as: str = ""
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tie:
    """One documented collaboration of two organisations.

    Attributes:
        first: IRI of one organisation; smaller than ``second`` in code point order.
        second: IRI of the other.
        context: IRI of the project, relation or cluster that ties them.
        kind: ``project``, ``relation`` or ``cluster``.
        label: Name of the context to show.
        year: Latest year the tie is known for, or ``None``.
        source: URL of the page that says so.
    """

    first: str
    second: str
    context: str
    kind: str
    label: str = ""
    year: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part of an enquiry that can be assigned on its own.

    Attributes:
        iri: Identifier, unique within the enquiry.
        competence: IRI of the required competence.
        label: What to show for it.
        step: IRI of the required value-chain step; ``None`` demands none.
        materials: IRIs of materials of which each must be handled.
        limits: Ranges that must be met, one per dimension.
        certificate_types: IRIs of certificate types of which each must be held.
        is_mandatory: A consortium must cover it; otherwise it is wished for.
        needs_second_source: A second member must be able to do it as well.
    """

    iri: str
    competence: str
    label: str = ""
    step: str | None = None
    materials: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    certificate_types: frozenset[str] = frozenset()
    is_mandatory: bool = True
    needs_second_source: bool = False


class GroupTrait(StrEnum):
    """What puts an organisation into the group that a rule counts."""

    SMALL = "small"
    KIND = "kind"
    DISTRICT = "district"
    STATE = "state"
    SECTOR = "sector"
    CLUSTER = "cluster"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """How many members of a consortium must, or may at most, be of one group.

    An organisation of which it is not known whether it belongs to the group is given the
    benefit of the doubt, so it counts for ``at_least`` and not for ``at_most``, unless
    ``is_strict``. An answer that rests on such a doubt says so.

    Attributes:
        name: What to show for the rule, such as ``small and medium enterprises``.
        trait: What makes an organisation belong to the group.
        values: Kinds, or IRIs of districts, states, sectors, clusters or organisations, of which
            one must apply; not used by ``SMALL``.
        at_least: Fewest members of the group.
        at_most: Most members of the group; ``None`` for no limit.
        is_strict: Count only what is known.
    """

    name: str
    trait: GroupTrait
    values: frozenset[str] = frozenset()
    at_least: int = 0
    at_most: int | None = None
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What somebody needs done.

    Attributes:
        iri: Identifier.
        title: What to show for it.
        requirements: What is needed; at least one.
        place: Where the work is needed, or ``None``.
        max_distance_km: Members farther from ``place`` do not count; ``None`` for no limit.
        districts: IRIs of districts that members must be in; empty for no limit.
        pinned: IRIs of organisations that must be members.
        excluded: IRIs of organisations that must not be members.
        max_members: Most members allowed; ``None`` for no limit.
        source: URL where the enquiry was published, or an empty string.
        lead: IRI of the organisation that must lead; ``None`` lets the engine propose one.
        conflicts: Pairs of organisations that must not both be members.
        member_certificate_types: IRIs of certificate types that every member must hold.
        groups: Rules on how many members are of which group.
        strict_unknowns: A member whose fitness for a requirement is not known does not count.
    """

    iri: str
    title: str
    requirements: tuple[Requirement, ...]
    place: Place | None = None
    max_distance_km: float | None = None
    districts: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    max_members: int | None = None
    source: str = ""
    lead: str | None = None
    conflicts: frozenset[tuple[str, str]] = frozenset()
    member_certificate_types: frozenset[str] = frozenset()
    groups: tuple[GroupRule, ...] = ()
    strict_unknowns: bool = False


@dataclass(frozen=True, slots=True)
class Landscape:
    """Everything of one graph version that consortium assembly reads.

    Attributes:
        version: Graph version (generation) the values were read from.
        scheme: Competences, steps, dimensions and materials.
        organisations: Every organisation by IRI.
        claims: Every capability claim, sorted by IRI.
        ties: Every documented collaboration, sorted.
        labels: Labels of the other concepts named here (steps, materials, certificate types,
            clusters, districts) by IRI, in the language asked for.
    """

    version: str
    scheme: CompetenceScheme
    organisations: Mapping[str, Organisation]
    claims: tuple[Claim, ...]
    ties: tuple[Tie, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
