"""Until when an application can be handed in, as far as the graph says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph.model import Truth

__all__ = ["Deadline", "deadline_on"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Whether a programme takes applications on a day.

    Attributes:
        truth: ``YES`` until ``day``, ``NO`` since it, ``UNKNOWN`` where no deadline is stated:
            then nothing is assumed, and the programme's office is to be asked.
        day: The next last day, or the latest one that has passed; ``None`` when none is stated.
    """

    truth: Truth
    day: date | None = None


def deadline_on(deadlines: Iterable[date], today: date) -> Deadline:
    """Return how the calls of a programme stand on a day; on its last day a call is open."""
    known = sorted(deadlines)
    coming = [day for day in known if day >= today]
    if coming:
        return Deadline(Truth.YES, coming[0])
    return Deadline(Truth.NO, known[-1]) if known else Deadline(Truth.UNKNOWN)
