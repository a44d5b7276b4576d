"""Keeping what is derived true while days go by, though nobody writes.

A membership that ends today makes nobody a member tomorrow. The generation knows the day on which
that happens (:mod:`graph.store.turning`); here the server looks at the calendar.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from graph.errors import GraphError, StoreError
from graph.store import current_version
from graph.store.generations import read_manifest

__all__ = ["keep_renewed"]

logger = logging.getLogger(__name__)

_LOOK_EVERY_S = 600.0


async def keep_renewed(
    home: Path, renew: Callable[[], Awaitable[object]], *, every_s: float = _LOOK_EVERY_S
) -> None:
    """Have a store derived anew on each day on which something else holds, until cancelled.

    Args:
        home: Directory of the store.
        renew: Derives anew.
        every_s: Seconds from one look at the calendar to the next.
    """
    while True:
        try:
            if is_outdated(home, date.today()):
                await renew()
        except GraphError as error:  # the next look tries again; until then the old answers
            logger.warning("what is derived is not of today: %s", error)
        await asyncio.sleep(every_s)


def is_outdated(home: Path, today: date) -> bool:
    """Tell whether something has begun to hold, or ceased to, since the store was derived."""
    try:
        return read_manifest(home, current_version(home)).is_outdated(today)
    except StoreError:  # requests are told; there is nothing to derive
        return False
