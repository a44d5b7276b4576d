"""Codes of an answer: what is proven, why somebody is in, why something stays open."""

from enum import StrEnum

__all__ = [
    "Examined",
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


class Examined(StrEnum):
    """Who was priced, and so who can be named beside the suggestion.

    ``EVERYBODY``: all who qualify. Time ran out before that in the other cases, and candidates,
    next best ones, alternatives and replacements are told of those only who were priced.
    ``FEWEST_MEMBERS``: all who can be in a consortium that serves as much with as few members, so
    that what is proven of the suggestion holds among everybody. ``PROMISING``: some who serve
    much; that somebody else would do better is not ruled out.
    """

    EVERYBODY = "everybody"
    FEWEST_MEMBERS = "fewest-members"
    PROMISING = "promising"


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
