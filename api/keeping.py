"""Keeping what was read from a generation for as long as the generation is in use."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from threading import Lock
from typing import Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from graph.store import Store

__all__ = ["Aside", "kept"]

P = ParamSpec("P")
T = TypeVar("T")

_LOOKING = Lock()
"""Held for the moment in which somebody finds out who reads."""

_BESIDE = ThreadPoolExecutor(1, thread_name_prefix="aside")
"""One at a time, so that requests keep the processor."""


def kept(read: Callable[Concatenate[Store, P], T]) -> Callable[Concatenate[Store, P], T]:
    """Read once for each store and arguments; who comes meanwhile waits for the first.

    A store is one immutable generation, so its answers never change; they go when it goes.
    ``functools.lru_cache`` would keep old generations and their locks alive.
    """
    found: WeakKeyDictionary[Store, dict[object, T]] = WeakKeyDictionary()
    reads: WeakKeyDictionary[Store, defaultdict[object, Lock]] = WeakKeyDictionary()

    @wraps(read)
    def reading(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known = found.setdefault(store, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in known:
            with _LOOKING:
                own = reads.setdefault(store, defaultdict(Lock))[key]
            with own:
                if key not in known:
                    known[key] = read(store, *args, **kwargs)
        return known[key]

    return reading


class Aside(Generic[T]):
    """Reads something slow once for each store, beside the requests that show it.

    A page that need not have it yet asks with :meth:`now`, one that does with :meth:`whole`.
    As with :func:`kept`, what was read goes when the store goes.
    """

    def __init__(self, read: Callable[[Store], T]) -> None:
        self._read = read
        self._found: WeakKeyDictionary[Store, Future[T]] = WeakKeyDictionary()

    def now(self, store: Store) -> T | None:
        """Return what was read, or ``None`` as long as it is being read; never waits.

        Raises:
            Exception: What reading has raised.
        """
        begun = self._begun(store)
        return begun.result() if begun.done() else None

    def whole(self, store: Store) -> T:
        """Return what was read, waiting for it.

        Raises:
            Exception: What reading has raised.
        """
        return self._begun(store).result()

    def _begun(self, store: Store) -> Future[T]:
        known = self._found.get(store)
        if known is None:  # two at the same moment read twice, which is slow but right
            known = self._found[store] = _BESIDE.submit(self._read, store)
        return known
