"""API keys: made once, shown once, kept as hashes.

A key reads ``vb_<id>_<secret>``. The id is no secret: it finds the record and stands in logs. The
secret has 256 random bits; what is kept of it is its scrypt hash (RFC 7914), compared in constant
time.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from api.access.files import locked, private_folder, replace_file, state_of
from api.access.roles import Role
from graph.errors import (
    ParameterError,
    StoreCorruptError,
    StoreUnavailableError,
    UnknownRecordError,
)

__all__ = ["Key", "KeyStore", "key_id"]

_TOKEN = re.compile(r"vb_([a-z2-7]{8})_([A-Za-z0-9_-]{43})")
_COST, _BLOCK, _LANES = 2**14, 8, 1  # 16 MiB and some 40 ms for each try
_KEPT_S = 60.0
_FORMAT = 1
_LABEL = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key.

    Attributes:
        id: Finds it; no secret.
        role: What its bearer may do.
        label: Whom or what it is for.
        made_at: When it was made.
        expires_at: When it ends, or ``None``.
        revoked_at: When it was revoked, or ``None``.
        used_at: When it was used last, to about a minute, or ``None``.
        hash: scrypt parameters, salt and hash of the secret.
    """

    id: str
    role: Role
    label: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    hash: str

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def key_id(token: str) -> str:
    """Return the id in a token, for logs; empty when it is no token of ours."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else ""


class KeyStore:
    """The keys of one store directory; several processes may use it at once."""

    def __init__(self, home: Path, clock: Callable[[], datetime] | None = None) -> None:
        self._folder = home / "access"
        self._home = home
        self._clock = clock or (lambda: datetime.now(UTC))
        self._keys: dict[str, Key] = {}
        self._state: tuple[int, int] | None = None
        # hash of a token -> the record's hash that it fitted, and until when that need not be
        # tried again; a change of the record makes it void
        self._fitted: dict[bytes, tuple[str, str, datetime]] = {}
        self._lock = Lock()

    def make(self, role: Role, label: str, valid: timedelta | None = None) -> tuple[Key, str]:
        """Make a key; return it with its token, which is nowhere kept.

        Raises:
            ParameterError: The role is nobody's, the label is empty or too long, or the time is up.
        """
        if role is Role.ANONYMOUS:
            raise ParameterError("keys", "role", "whoever has no key is anonymous")
        if not _LABEL.fullmatch(label):
            raise ParameterError("keys", "label", "needs 1 to 100 characters on one line")
        if valid is not None and valid <= timedelta(0):
            raise ParameterError("keys", "days", "must be positive")
        now = self._clock()
        name = base64.b32encode(secrets.token_bytes(5)).decode().lower()
        secret = secrets.token_urlsafe(32)
        ends = None if valid is None else now + valid
        key = Key(name, role, label, now, ends, None, None, _hashed(secret))
        self._change(lambda keys: keys | {name: key})
        return key, f"vb_{name}_{secret}"

    def revoke(self, name: str) -> Key:
        """End a key now and for ever; one that has ended stays as it is.

        Raises:
            UnknownRecordError: There is no such key.
        """

        def revoked(keys: dict[str, Key]) -> dict[str, Key]:
            if name not in keys:
                raise UnknownRecordError(name, kind="key")
            at = keys[name].revoked_at or self._clock()
            return keys | {name: replace(keys[name], revoked_at=at)}

        return self._change(revoked)[name]

    def all(self) -> list[Key]:
        """Return all keys, the oldest first."""
        return sorted(self._current().values(), key=lambda key: (key.made_at, key.id))

    def valid(self, name: str) -> Key | None:
        """Return the key of an id, or ``None`` when it is unknown, revoked or expired."""
        key = self._current().get(name)
        return key if key and key.is_valid(self._clock()) else None

    def remembered(self, token: str) -> Key | None:
        """Return the key of a token that fitted a moment ago; no hashing, a few microseconds."""
        fitted = self._fitted.get(_digest(token))
        if fitted is None:
            return None
        name, record, until = fitted
        key = self._current().get(name)
        now = self._clock()
        is_same = key is not None and key.hash == record and key.is_valid(now)
        return key if is_same and now < until else None

    def verify(self, token: str) -> Key | None:
        """Return the key of a token, or ``None`` when it is not valid.

        Takes some 40 ms of one core unless the token fitted in the last minute.
        """
        if key := self.remembered(token):
            return key
        found = _TOKEN.fullmatch(token)
        key = self._current().get(found[1]) if found else None
        now = self._clock()
        if not found or key is None or not _fits(found[2], key.hash) or not key.is_valid(now):
            return None
        self._remember(token, key, now)
        return key

    def _remember(self, token: str, key: Key, now: datetime) -> None:
        def used(keys: dict[str, Key]) -> dict[str, Key]:
            return keys | {key.id: replace(keys[key.id], used_at=now)} if key.id in keys else keys

        self._change(used)
        with self._lock:
            self._fitted = {t: f for t, f in self._fitted.items() if now < f[2]}
            until = now + timedelta(seconds=_KEPT_S)
            self._fitted[_digest(token)] = (key.id, key.hash, until)

    def _current(self) -> dict[str, Key]:
        """Return the keys by id; read again when another process has changed them."""
        state = state_of(self._folder / "keys.json")
        if state != self._state:
            self._keys = _read(self._folder / "keys.json")
            self._state = state
        return self._keys

    def _change(self, change: Callable[[dict[str, Key]], dict[str, Key]]) -> dict[str, Key]:
        folder = private_folder(self._home)
        try:
            with locked(folder / "keys.lock"):
                keys = change(_read(folder / "keys.json"))
                content = {"format": _FORMAT, "keys": [_plain(key) for key in keys.values()]}
                replace_file(folder / "keys.json", json.dumps(content, indent=1).encode())
        except OSError as error:
            raise StoreUnavailableError(f"cannot write to {folder}: {error.strerror}") from error
        return keys


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _hashed(secret: str, salt: bytes | None = None, cost: int = _COST) -> str:
    salt = salt or secrets.token_bytes(16)
    made = hashlib.scrypt(secret.encode(), salt=salt, n=cost, r=_BLOCK, p=_LANES, dklen=32)
    return f"scrypt${cost}${_BLOCK}${_LANES}${salt.hex()}${made.hex()}"


def _fits(secret: str, record: str) -> bool:
    """Tell whether a secret is the one that a record was made from, in constant time."""
    _, cost, block, lanes, salt, expected = record.split("$")
    made = hashlib.scrypt(
        secret.encode(),
        salt=bytes.fromhex(salt),
        n=int(cost),
        r=int(block),
        p=int(lanes),
        dklen=len(expected) // 2,
    )
    return hmac.compare_digest(made, bytes.fromhex(expected))


def _plain(key: Key) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(key).items()
    }


def _read(path: Path) -> dict[str, Key]:
    """Read the keys.

    Raises:
        StoreCorruptError: The file is not one of this software.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise StoreCorruptError(f"{path} has a format that this software does not read")
        return {one["id"]: _key(one) for one in content["keys"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreCorruptError(f"{path} cannot be read; restore it or remove it") from error


def _key(plain: dict[str, Any]) -> Key:
    times = ("made_at", "expires_at", "revoked_at", "used_at")
    read = {t: datetime.fromisoformat(plain[t]) if plain[t] else None for t in times}
    return Key(**plain | read | {"role": Role(plain["role"])})
