"""What was read of a generation is read once, beside the requests where it is slow."""

import threading

import pyoxigraph as ox
import pytest

from api.keeping import Aside, kept
from graph.store import MemoryStore, Store


def test_it_is_read_once_for_each_store_and_never_waited_for() -> None:
    read: list[Store] = []
    may_go_on = threading.Event()

    def slow(store: Store) -> int:
        assert may_go_on.wait(30)
        read.append(store)
        return len(read)

    aside, one, other = Aside(slow), MemoryStore(ox.Store()), MemoryStore(ox.Store())
    assert aside.now(one) is None
    may_go_on.set()

    assert (aside.whole(one), aside.now(one), aside.whole(other)) == (1, 1, 2)
    assert read == [one, other]


def test_what_reading_has_raised_is_raised_to_whoever_asks() -> None:
    def failing(store: Store) -> int:
        raise ValueError("broken")

    aside, store = Aside(failing), MemoryStore(ox.Store())

    with pytest.raises(ValueError, match="broken"):
        aside.whole(store)
    with pytest.raises(ValueError, match="broken"):
        aside.now(store)


def test_who_comes_while_something_is_read_waits_for_it() -> None:
    reads: list[Store] = []
    begun, may_go_on = threading.Event(), threading.Event()

    @kept
    def slow(store: Store) -> int:
        reads.append(store)
        begun.set()
        assert may_go_on.wait(30)
        return len(reads)

    store, found = MemoryStore(ox.Store()), list[int]()
    threads = [threading.Thread(target=lambda: found.append(slow(store))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    may_go_on.set()
    for thread in threads:
        thread.join(30)

    assert (found, reads) == ([1, 1, 1], [store])


def test_reading_that_fails_is_tried_again() -> None:
    tries: list[Store] = []

    @kept
    def failing_once(store: Store) -> str:
        tries.append(store)
        if len(tries) == 1:
            raise ValueError("broken")
        return "read"

    store = MemoryStore(ox.Store())
    with pytest.raises(ValueError, match="broken"):
        failing_once(store)

    assert failing_once(store) == "read"
