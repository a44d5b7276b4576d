"""Many enquiries at once, over the cores of the machine."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from graph.consortium.answer import Suggestion
from graph.consortium.preparation import prepared
from graph.consortium.suggest import suggest
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["suggest_all"]

Progress = Callable[[int, int], None]

_shared: tuple[Landscape, Settings] | None = None
"""What a worker process answers from; set once when it starts."""


def suggest_all(
    enquiries: Sequence[Enquiry],
    landscape: Landscape,
    settings: Settings,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Suggestion, ...]:
    """Answer many enquiries; each answer is what :func:`suggest` gives.

    Args:
        enquiries: What is needed.
        landscape: Who offers what.
        settings: Weights, reference year, time budget of each.
        workers: Processes; 1 answers in this one. Each holds a copy of the landscape.
        progress: Told how many are done, and of how many, after each.

    Returns:
        The suggestions in the order of the enquiries.

    Raises:
        EnquiryError: One of them cannot be answered as it is put.
    """
    tell = progress or (lambda done, total: None)
    if workers <= 1 or len(enquiries) < 2:
        return _in_turn(enquiries, landscape, settings, tell)
    found: dict[int, Suggestion] = {}
    # Started afresh: copying this process would copy locks that its threads hold.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(enquiries)), context, _start, (landscape, settings)
    ) as pool:
        numbers = {pool.submit(_answer, e): number for number, e in enumerate(enquiries)}
        for future in as_completed(numbers):
            found[numbers[future]] = future.result()
            tell(len(found), len(enquiries))
    return tuple(found[number] for number in range(len(enquiries)))


def _in_turn(
    enquiries: Sequence[Enquiry], landscape: Landscape, settings: Settings, tell: Progress
) -> tuple[Suggestion, ...]:
    found = []
    for enquiry in enquiries:
        found.append(suggest(enquiry, landscape, settings))
        tell(len(found), len(enquiries))
    return tuple(found)


def _start(landscape: Landscape, settings: Settings) -> None:
    global _shared
    _shared = landscape, settings
    prepared(landscape, settings)


def _answer(enquiry: Enquiry) -> Suggestion:
    if _shared is None:
        raise TypeError("a worker was not started with _start")
    return suggest(enquiry, *_shared)
