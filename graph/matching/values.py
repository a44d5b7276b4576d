"""What matching says: relation, grade, checks and candidates. Reasons are data, not text."""

from dataclasses import dataclass
from enum import StrEnum

from graph.model import Claim, Limit, Truth

__all__ = ["Candidate", "Check", "CheckKind", "CheckReason", "Grade", "Relation"]


class Relation(StrEnum):
    """How the competence of a claim stands to the required one."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"


class Grade(StrEnum):
    """How far a claim answers a requirement; the names are those of ``scheme/match-grade/``."""

    FULL = "full"
    TO_BE_CONFIRMED = "to-be-confirmed"


class CheckKind(StrEnum):
    """What is asked of a claim or of the organisation behind it."""

    STEP = "step"
    MATERIAL = "material"
    LIMIT = "limit"
    CERTIFICATE = "certificate"
    DISTRICT = "district"
    DISTANCE = "distance"
    VALIDITY = "validity"
    STATUS = "status"
    ENQUIRER = "enquirer"


class CheckReason(StrEnum):
    """Why a check came out as it did."""

    STATED = "stated"
    NARROWER_STATED = "narrower-stated"
    BROADER_STATED = "broader-stated"
    SAME_FAMILY_STATED = "same-family-stated"
    OTHER_STATED = "other-stated"
    NOT_STATED = "not-stated"
    WITHIN = "within"
    OUTSIDE = "outside"
    HELD = "held"
    EXPIRED = "expired"
    EXPIRES_IN_REFERENCE_YEAR = "expires-in-reference-year"
    ACTIVE = "active"
    CLOSING = "closing"
    TO_BE_VERIFIED = "to-be-verified"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Check:
    """One demand held against one claim.

    Attributes:
        kind: What was asked.
        truth: ``NO`` excludes the claim, ``UNKNOWN`` costs and is shown.
        reason: Why.
        required: IRI of what is required (step, material, dimension, certificate type); empty
            where several would do (district) or a number is asked (distance).
        found: What was found instead or in answer: IRIs, sorted; for a certificate its IRI, for
            the validity of a claim its last day.
        required_limit: The required range, for a limit.
        found_limit: The range that the claim states, for a limit, or ``None``.
        distance_km: Great-circle distance from the place of the enquiry, or ``None``.
        allowed_km: Largest distance allowed.
    """

    kind: CheckKind
    truth: Truth
    reason: CheckReason
    required: str = ""
    found: tuple[str, ...] = ()
    required_limit: Limit | None = None
    found_limit: Limit | None = None
    distance_km: float | None = None
    allowed_km: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that can serve one requirement, with its best claim.

    Attributes:
        requirement: IRI of the requirement.
        organisation: IRI that stands for the organisation (see ``Organisation.same_as``).
        claim: The claim of least cost; equal ones are decided by IRI.
        relation: How the claimed competence stands to the required one.
        grade: ``FULL`` for exact and narrower claims, else ``TO_BE_CONFIRMED``.
        checks: Every demand that was made, in a fixed order.
        cost_km: Cost of the match, integer kilometre equivalents.
        score: ``grade_weight * confidence * freshness``, 0.0-1.0.
        other_claims: Further claims of the organisation that would do, cheapest first.
    """

    requirement: str
    organisation: str
    claim: Claim
    relation: Relation
    grade: Grade
    checks: tuple[Check, ...]
    cost_km: int
    score: float
    other_claims: tuple[Claim, ...] = ()

    @property
    def unknowns(self) -> tuple[Check, ...]:
        """The checks that are still open: what to ask the organisation."""
        return tuple(check for check in self.checks if check.truth is Truth.UNKNOWN)
