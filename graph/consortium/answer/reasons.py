"""Codes of an answer: what is proven, why somebody is in, why something stays open."""

from enum import StrEnum

__all__ = [
    "GapReason",
    "LeadReason",
    "MemberReason",
    "Status",
]


class Status(StrEnum):
    """What is proven of the suggestion.

    ``OPTIMAL``: no consortium covers more, or as much with fewer members, or with as many
    members at less cost. ``FEASIBLE``: valid, but time ran out before the proof; the bound says
    how far off it can be. ``INFEASIBLE``: proven that nobody can meet the conditions (pinned
    organisations, groups, conflicts) at all. ``UNDECIDED``: time ran out with nothing found.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"


class GapReason(StrEnum):
    """Why a requirement stays open; the names are those of ``scheme/gap-reason/``.

    The first group says why nobody qualifies: when several filters strike, the one that the
    most organisations fail as their only one, else the one that the most fail at all. The
    second group says why somebody qualifies and is still not taken.
    """

    NO_CLAIM = "no-claim"
    STEP_MISMATCH = "step-mismatch"
    MATERIAL_MISSED = "material-missed"
    LIMIT_MISSED = "limit-missed"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CLAIM_EXPIRED = "claim-expired"
    CERTIFICATE_MISSING = "certificate-missing"
    OUTSIDE_DISTRICTS = "outside-districts"
    TOO_FAR = "too-far"
    CLOSING = "closing"
    EXCLUDED = "excluded"
    NOT_CONFIRMED = "not-confirmed"

    NO_SECOND_SOURCE = "no-second-source"
    CAPACITY = "capacity"
    MEMBER_LIMIT = "member-limit"
    CONDITIONS = "conditions"
    TIME_LIMIT = "time-limit"


class MemberReason(StrEnum):
    """Why an organisation is a member."""

    PINNED = "pinned"
    ONLY_CANDIDATE = "only-candidate"
    NEEDED_FOR_FEWEST_MEMBERS = "needed-for-fewest-members"
    LEAST_COST = "least-cost"


class LeadReason(StrEnum):
    """Why a member is proposed as lead, strongest first."""

    DEMANDED = "demanded"
    ONLY_MEMBER = "only-member"
    SERVES_SEVERAL_AND_CLOSEST = "serves-several-and-closest"
    CLOSEST = "closest"
