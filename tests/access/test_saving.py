"""Saved queries: durable, of one key each, shared only when their owner says so."""

import threading
from pathlib import Path

import pytest

from api.saving import SavedQueries
from graph.errors import ParameterError, StoreUnavailableError, UnknownQueryError

QUERY = "SELECT * { ?s ?p 'ä' }"


@pytest.fixture
def saved(tmp_path: Path) -> SavedQueries:
    return SavedQueries(tmp_path, max_bytes=100)


def test_saved_query_is_there_for_its_owner_after_a_restart(
    tmp_path: Path, saved: SavedQueries
) -> None:
    made = saved.save("ann", "Optik", QUERY)

    again = SavedQueries(tmp_path, max_bytes=100)

    assert again.of("ann") == [made]
    assert again.find(made.id, "ann").text == QUERY


def test_nobody_else_reads_what_is_not_shared(saved: SavedQueries) -> None:
    made = saved.save("ann", "Optik", QUERY)

    assert saved.of("bob") == []
    for key in ("bob", ""):
        with pytest.raises(UnknownQueryError):
            saved.find(made.id, key)


def test_whoever_has_the_address_reads_what_is_shared(saved: SavedQueries) -> None:
    made = saved.save("ann", "Optik", QUERY, is_shared=True)

    assert saved.find(made.id, "") == made
    assert saved.of("bob") == []


def test_same_title_replaces(saved: SavedQueries) -> None:
    first = saved.save("ann", "Optik", QUERY, is_shared=True)
    second = saved.save("ann", "Optik", "ASK {}")
    other = saved.save("bob", "Optik", QUERY)

    assert second.id == first.id != other.id
    assert [(q.text, q.is_shared) for q in saved.of("ann")] == [("ASK {}", False)]


def test_queries_are_ordered_by_title(saved: SavedQueries) -> None:
    for title in ("b", "C", "a"):
        saved.save("ann", title, QUERY)

    assert [query.title for query in saved.of("ann")] == ["a", "b", "C"]


def test_only_the_owner_removes(saved: SavedQueries) -> None:
    made = saved.save("ann", "Optik", QUERY, is_shared=True)

    with pytest.raises(UnknownQueryError):
        saved.remove(made.id, "bob")
    saved.remove(made.id, "ann")

    assert saved.of("ann") == []


@pytest.mark.parametrize(
    ("title", "text"),
    [("", QUERY), ("a" * 201, QUERY), ("a\nb", QUERY), ("a", " "), ("a", "ä" * 51)],
)
def test_what_cannot_be_saved_is_said(saved: SavedQueries, title: str, text: str) -> None:
    with pytest.raises(ParameterError):
        saved.save("ann", title, text)

    assert saved.of("ann") == []


def test_a_key_keeps_so_many_and_no_more(
    saved: SavedQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.saving._MOST_PER_KEY", 2)
    for title in ("a", "b"):
        saved.save("ann", title, QUERY)

    with pytest.raises(ParameterError):
        saved.save("ann", "c", QUERY)
    saved.save("ann", "b", "ASK {}")
    saved.save("bob", "c", QUERY)

    assert [query.title for query in saved.of("ann")] == ["a", "b"]


def test_file_is_for_its_owner_only(tmp_path: Path, saved: SavedQueries) -> None:
    saved.save("ann", "Optik", QUERY)

    assert (tmp_path / "access" / "saved-queries.sqlite").stat().st_mode & 0o777 == 0o600


def test_broken_file_is_named(tmp_path: Path, saved: SavedQueries) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "saved-queries.sqlite").write_text("no database" * 100)

    with pytest.raises(StoreUnavailableError, match=r"saved-queries\.sqlite"):
        saved.of("ann")


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    def save(number: int) -> None:
        SavedQueries(tmp_path, max_bytes=100).save(f"key{number % 2}", f"title {number}", QUERY)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    saved = SavedQueries(tmp_path, max_bytes=100)
    assert [len(saved.of(key)) for key in ("key0", "key1")] == [10, 10]
