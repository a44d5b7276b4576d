"""Whether a group of partners meets the rules of a funding programme, three-valued.

The rules are an extract with sources; what counts is the current guideline itself. A program can
check some of them from facts; the others are listed for a person and never guessed.
"""

from graph.eligibility.check import check_programme, check_programmes
from graph.eligibility.deadlines import Deadline, deadline_on
from graph.eligibility.groups import group_rules
from graph.eligibility.values import (
    Change,
    ChangeKind,
    Criterion,
    Partner,
    Programme,
    ProgrammeCheck,
    ProjectFacts,
    RuleCheck,
    RuleReason,
    Verdict,
)

__all__ = [
    "Change",
    "ChangeKind",
    "Criterion",
    "Deadline",
    "Partner",
    "Programme",
    "ProgrammeCheck",
    "ProjectFacts",
    "RuleCheck",
    "RuleReason",
    "Verdict",
    "check_programme",
    "check_programmes",
    "deadline_on",
    "group_rules",
]
