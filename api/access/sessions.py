"""Signed-in browsers: a key is given once, and a cookie stands for it until the session ends.

The cookie holds 256 random bits; what is kept of it is its SHA-256, which needs no salt and no
stretching for bits that nobody can guess. A session says no more than which key it stands for, so
revoking the key ends it at once.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.access.files import locked, private_folder, replace_file, state_of
from api.access.keys import Key
from graph.errors import StoreCorruptError, StoreUnavailableError

__all__ = ["COOKIE", "Session", "SessionStore", "cookie_of", "form_token", "is_form_token"]

COOKIE = "__Host-verbund"
"""Name of the cookie; its prefix lets browsers take it with Secure and for this host only."""

_FORMAT = 1
_MOST_PER_KEY = 20
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of a session.

    Attributes:
        hash: SHA-256 of the cookie, in hexadecimal.
        key: Id of the key that it stands for.
        made_at: When somebody signed in.
        expires_at: When it ends by itself.
    """

    hash: str
    key: str
    made_at: datetime
    expires_at: datetime


class SessionStore:
    """The sessions of one store directory; several processes may use it at once."""

    def __init__(
        self, home: Path, lasting: timedelta, clock: Callable[[], datetime] | None = None
    ) -> None:
        """Open the sessions.

        Args:
            home: Directory of the store.
            lasting: How long a session lasts; never longer than its key.
            clock: What time it is.
        """
        self._home = home
        self._file = home / "access" / "sessions.json"
        self._lasting = lasting
        self._clock = clock or (lambda: datetime.now(UTC))
        self._sessions: dict[str, Session] = {}
        self._state: tuple[int, int] | None = None

    def begin(self, key: Key) -> str:
        """Begin a session for a valid key; return the cookie, which is nowhere kept.

        Of each key the 20 newest sessions stay, so that the file does not grow.
        """
        cookie = secrets.token_urlsafe(32)
        now = self._clock()
        ends = now + self._lasting
        if key.expires_at is not None:
            ends = min(ends, key.expires_at)
        session = Session(_digest(cookie), key.id, now, ends)

        def begun(sessions: dict[str, Session]) -> dict[str, Session]:
            alike = [one.hash for one in sessions.values() if one.key == key.id]
            dropped = set(alike[::-1][_MOST_PER_KEY - 1 :])
            kept = {name: one for name, one in sessions.items() if name not in dropped}
            return kept | {session.hash: session}

        self._change(begun)
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, or ``None`` when there is none or it has ended.

        Takes a few microseconds; whether its key is still valid is for the caller to ask.
        """
        if not _COOKIE.fullmatch(cookie):
            return None
        session = self._current().get(_digest(cookie))
        return session if session and self._clock() < session.expires_at else None

    def end(self, cookie: str) -> None:
        """End the session of a cookie, if there is one."""
        gone = _digest(cookie)
        self._change(lambda sessions: {n: one for n, one in sessions.items() if n != gone})

    def _current(self) -> dict[str, Session]:
        """Return the sessions by hash; read again when another process has changed them."""
        state = state_of(self._file)
        if state != self._state:
            self._sessions = _read(self._file)
            self._state = state
        return self._sessions

    def _change(self, change: Callable[[dict[str, Session]], dict[str, Session]]) -> None:
        folder = private_folder(self._home)
        now = self._clock()
        try:
            with locked(folder / "sessions.lock"):
                sessions = {n: s for n, s in _read(self._file).items() if now < s.expires_at}
                plain = [_plain(one) for one in change(sessions).values()]
                content = {"format": _FORMAT, "sessions": plain}
                replace_file(self._file, json.dumps(content, indent=1).encode())
        except OSError as error:
            raise StoreUnavailableError(f"cannot write to {folder}: {error.strerror}") from error


def cookie_of(header: str) -> str:
    """Return the value of our cookie in a ``Cookie`` header; empty when it is not there.

    Of several the first counts: browsers send the one with the longest path first (RFC 6265, 5.4),
    and one with this prefix has no path but ``/``.
    """
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def form_token(cookie: str) -> str:
    """Return what a form must send beside the cookie; another site cannot know it."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Tell in constant time whether a form was given out together with a cookie."""
    return bool(cookie) and hmac.compare_digest(form_token(cookie).encode(), token.encode())


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _plain(session: Session) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(session).items()
    }


def _read(path: Path) -> dict[str, Session]:
    """Read the sessions.

    Raises:
        StoreCorruptError: The file is not one of this software.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise StoreCorruptError(f"{path} has a format that this software does not read")
        return {one["hash"]: _session(one) for one in content["sessions"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreCorruptError(f"{path} cannot be read; remove it to end all sessions") from error


def _session(plain: Mapping[str, Any]) -> Session:
    times = {name: datetime.fromisoformat(plain[name]) for name in ("made_at", "expires_at")}
    return Session(plain["hash"], plain["key"], **times)
