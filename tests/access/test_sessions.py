"""Sessions: begun for a key, kept as hashes, ended by time, by sign-out and with their key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.access.keys import Key, KeyStore
from api.access.roles import Role
from api.access.sessions import (
    COOKIE,
    SessionStore,
    cookie_of,
    form_token,
    is_form_token,
)
from graph.errors import StoreCorruptError

NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    """A time that tests move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(tmp_path: Path, clock: Clock) -> SessionStore:
    return SessionStore(tmp_path, HOUR, clock)


def a_key(home: Path, clock: Clock, valid: timedelta | None = None) -> Key:
    key, _ = KeyStore(home, clock).make(Role.COORDINATOR, "office", valid)
    return key


def test_session_says_which_key_it_stands_for(
    tmp_path: Path, sessions: SessionStore, clock: Clock
) -> None:
    key = a_key(tmp_path, clock)

    found = sessions.find(sessions.begin(key))

    assert found is not None
    assert (found.key, found.expires_at) == (key.id, NOON + HOUR)


def test_cookie_is_not_kept(tmp_path: Path, sessions: SessionStore, clock: Clock) -> None:
    cookie = sessions.begin(a_key(tmp_path, clock))

    kept = tmp_path / "access" / "sessions.json"

    assert cookie not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "ü" * 43, "A" * 4000])
def test_made_up_cookie_is_no_session(
    tmp_path: Path, sessions: SessionStore, clock: Clock, cookie: str
) -> None:
    sessions.begin(a_key(tmp_path, clock))

    assert sessions.find(cookie) is None


def test_session_ends_with_its_time(tmp_path: Path, sessions: SessionStore, clock: Clock) -> None:
    cookie = sessions.begin(a_key(tmp_path, clock))

    clock.now = NOON + HOUR - timedelta(seconds=1)
    assert sessions.find(cookie) is not None
    clock.now = NOON + HOUR
    assert sessions.find(cookie) is None


def test_session_lasts_no_longer_than_its_key(
    tmp_path: Path, sessions: SessionStore, clock: Clock
) -> None:
    cookie = sessions.begin(a_key(tmp_path, clock, timedelta(minutes=5)))

    clock.now = NOON + timedelta(minutes=6)

    assert sessions.find(cookie) is None


def test_sign_out_ends_one_session_in_every_process(
    tmp_path: Path, sessions: SessionStore, clock: Clock
) -> None:
    key = a_key(tmp_path, clock)
    first, second = sessions.begin(key), sessions.begin(key)
    other = SessionStore(tmp_path, HOUR, clock)
    assert other.find(first) is not None

    sessions.end(first)

    assert other.find(first) is None
    assert other.find(second) is not None


def test_newest_sessions_of_a_key_stay(
    tmp_path: Path, sessions: SessionStore, clock: Clock
) -> None:
    first_key, second_key = a_key(tmp_path, clock), a_key(tmp_path, clock)
    other = sessions.begin(second_key)
    cookies = [sessions.begin(first_key) for _ in range(22)]

    alive = [sessions.find(cookie) is not None for cookie in cookies]

    assert alive == [False] * 2 + [True] * 20
    assert sessions.find(other) is not None


def test_ended_sessions_leave_the_file(
    tmp_path: Path, sessions: SessionStore, clock: Clock
) -> None:
    key = a_key(tmp_path, clock)
    sessions.begin(key)
    clock.now = NOON + 2 * HOUR

    sessions.begin(key)

    kept = (tmp_path / "access" / "sessions.json").read_text(encoding="utf-8")
    assert kept.count('"hash"') == 1


@pytest.mark.parametrize("content", ["", "{}", '{"format": 9, "sessions": []}', "[1]"])
def test_broken_file_is_named(tmp_path: Path, sessions: SessionStore, content: str) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "sessions.json").write_text(content, encoding="utf-8")

    with pytest.raises(StoreCorruptError, match=r"sessions\.json"):
        sessions.find("A" * 43)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (f"{COOKIE}=abc", "abc"),
        (f"a=b; {COOKIE}=abc;c=d", "abc"),
        (f"{COOKIE}-form=abc", ""),
        (f"x{COOKIE}=abc", ""),
        (f"{COOKIE}=first; {COOKIE}=second", "first"),
        ("", ""),
    ],
)
def test_cookie_is_found_in_its_header(header: str, value: str) -> None:
    assert cookie_of(header) == value


def test_form_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.access.sessions.hmac.compare_digest", lambda left, right: True)

    assert is_form_token("cookie", "another")  # nothing else has looked


def test_form_token_belongs_to_one_cookie() -> None:
    token = form_token("cookie")

    assert is_form_token("cookie", token)
    assert not is_form_token("other", token)
    assert not is_form_token("cookie", "")
    assert not is_form_token("cookie", "ü")
    assert not is_form_token("", form_token(""))
    assert "cookie" not in token
