"""What waits for the coordination office, counted for the overview of its desk."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from api.keeping import Aside, kept
from api.profiles.upkeep import renewals
from graph import desk, harvest, identity, projects
from graph.desk import Status
from graph.needs import NeedStatus, read_needs
from graph.profiles import SubmissionStatus, read_submissions
from graph.store import Store

__all__ = ["OPEN_PAIRS", "Waiting", "waiting"]

OPEN_PAIRS: Final = Aside(identity.open_proposals)
"""Pairs of entries that may be one organisation: a quarter of a second on the reference graph."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits at each place of the desk.

    Attributes:
        late: Enquiries, referrals and replies that are overdue.
        unread: Enquiries that nobody has classified.
        open_needs: R&D needs that nobody takes care of.
        late_milestones: Dates of projects that have passed.
        submissions: Profiles to be reviewed.
        renewals: Facts to be renewed.
        harvests: Harvests to be accepted or rejected.
        failed: Harvests that failed.
        pairs: Pairs of entries that may be one organisation; ``None`` while they are counted.
    """

    late: int
    unread: int
    open_needs: int
    late_milestones: int
    submissions: int
    renewals: int
    harvests: int
    failed: int
    pairs: int | None

    @property
    def total(self) -> int:
        """Everything that waits."""
        return sum(getattr(self, name) or 0 for name in self.__slots__)


@kept
def _renewals(store: Store, day: date) -> int:
    return len(renewals(store, day, "de"))


def waiting(store: Store, home: Path, day: date) -> Waiting:
    """Count what waits.

    Args:
        store: What the office sees.
        home: Where harvests are kept.
        day: Day to judge for.

    Raises:
        SourceFormatError: The description of a source is none.
    """
    pairs = OPEN_PAIRS.now(store)
    states = [
        report.state
        for source in harvest.read_sources(harvest.sources_folder(home))
        if (report := harvest.read_report(home, source.name)) is not None
    ]
    return Waiting(
        late=len(desk.overdue(store, day)),
        unread=sum(e.status is Status.NEW for e in desk.read_desk_enquiries(store)),
        open_needs=sum(need.status is NeedStatus.OPEN for need in read_needs(store)),
        late_milestones=len(projects.overdue(projects.read_projects(store), day)),
        submissions=sum(
            one.status is SubmissionStatus.SUBMITTED for one in read_submissions(store)
        ),
        renewals=_renewals(store, day),
        harvests=states.count(harvest.State.WAITING),
        failed=states.count(harvest.State.FAILED),
        pairs=None if pairs is None else len(pairs),
    )
