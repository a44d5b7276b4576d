"""R&D needs, initiatives that bundle them, and who should meet whom; see ``docs/desk.md``."""

from graph.needs.matching import (
    Facility,
    PastProject,
    ResearchMatch,
    match_need,
    read_past_projects,
)
from graph.needs.meetings import (
    Demand,
    Link,
    Meeting,
    MeetingWeights,
    default_meeting_weights,
    meetings,
)
from graph.needs.reading import find_initiative, find_need, read_initiatives, read_needs
from graph.needs.recording import (
    NEEDS,
    bundle,
    change_need_status,
    record_initiative,
    record_need,
)
from graph.needs.values import Initiative, Need, NeedStatus, NewInitiative, NewNeed

__all__ = [
    "NEEDS",
    "Demand",
    "Facility",
    "Initiative",
    "Link",
    "Meeting",
    "MeetingWeights",
    "Need",
    "NeedStatus",
    "NewInitiative",
    "NewNeed",
    "PastProject",
    "ResearchMatch",
    "bundle",
    "change_need_status",
    "default_meeting_weights",
    "find_initiative",
    "find_need",
    "match_need",
    "meetings",
    "read_initiatives",
    "read_needs",
    "read_past_projects",
    "record_initiative",
    "record_need",
]
