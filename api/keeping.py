"""Keeping what was read from a generation for as long as the generation is in use."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from graph.store import Store

__all__ = ["kept"]

P = ParamSpec("P")
T = TypeVar("T")


def kept(read: Callable[Concatenate[Store, P], T]) -> Callable[Concatenate[Store, P], T]:
    """Read once for each store and arguments.

    A store is one immutable generation, so its answers never change; they go when it goes.
    ``functools.lru_cache`` would keep old generations and their locks alive.
    """
    found: WeakKeyDictionary[Store, dict[object, T]] = WeakKeyDictionary()

    @wraps(read)
    def reading(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known = found.setdefault(store, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = read(store, *args, **kwargs)
        return known[key]

    return reading
