"""Work that makes millions of values, none of which is part of a cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_looking_for_cycles"]


@contextmanager
def without_looking_for_cycles() -> Iterator[None]:
    """Let Python not look for cycles of objects that nothing else holds.

    It looks after each 700 new ones, again and again at all that live. Statements and sets of
    them have no cycles, so with hundreds of thousands it would spend a fifth of the time in vain.
    What has cycles waits until the end.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
