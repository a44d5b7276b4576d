"""Keys: shown once, kept as hashes, ended for good."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.access.keys import Key, KeyStore, key_id
from api.access.roles import Role
from graph.errors import (
    ParameterError,
    StoreCorruptError,
    StoreUnavailableError,
    UnknownRecordError,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def verified(home: Path, token: str) -> Key | None:
    """Verify in a store that remembers nothing."""
    return KeyStore(home).verify(token)


def test_key_is_found_again_with_its_role(tmp_path: Path) -> None:
    key, token = KeyStore(tmp_path).make(Role.PARTNER, "Netz Eins")

    found = verified(tmp_path, token)

    assert found is not None
    assert (found.id, found.role, found.label) == (key.id, Role.PARTNER, "Netz Eins")
    assert key_id(token) == key.id


def test_changed_token_is_refused(tmp_path: Path) -> None:
    _, token = KeyStore(tmp_path).make(Role.ADMIN, "x")
    last = "A" if token[-1] != "A" else "B"
    other = "a" if token[3] != "a" else "b"

    for wrong in (token[:-1] + last, token[:3] + other + token[4:], token[:-1], "", token + "x"):
        assert verified(tmp_path, wrong) is None


def test_secret_is_compared_in_constant_time_and_in_no_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = KeyStore(tmp_path).make(Role.ADMIN, "x")
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    compared: list[tuple[bytes, bytes]] = []

    def agrees(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return True

    monkeypatch.setattr("api.access.keys.hmac.compare_digest", agrees)

    assert verified(tmp_path, wrong) is not None  # nothing else has looked
    [(left, right)] = compared
    assert left != right
    assert len(left) == len(right) == 32


def test_secret_is_nowhere_on_disk(tmp_path: Path) -> None:
    _, token = KeyStore(tmp_path).make(Role.ADMIN, "x")
    secret = token.split("_", 2)[2]

    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "access").stat().st_mode) == 0o700


def test_two_keys_with_one_label_have_nothing_in_common(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    (one, _), (other, _) = keys.make(Role.ADMIN, "x"), keys.make(Role.ADMIN, "x")

    assert one.id != other.id
    assert one.hash.split("$")[4] != other.hash.split("$")[4]


def test_revoked_key_is_refused_at_once_by_a_store_that_remembers_it(tmp_path: Path) -> None:
    serving = KeyStore(tmp_path)
    key, token = serving.make(Role.PARTNER, "x")
    assert serving.verify(token)
    assert serving.remembered(token)

    KeyStore(tmp_path).revoke(key.id)  # as the command line does, in another process

    assert serving.remembered(token) is None
    assert serving.verify(token) is None


def test_key_ends_with_its_time(tmp_path: Path) -> None:
    clock = Clock()
    keys = KeyStore(tmp_path, clock)
    _, token = keys.make(Role.PARTNER, "x", timedelta(seconds=30))
    assert keys.verify(token)

    clock.now = START + timedelta(seconds=30)

    assert keys.remembered(token) is None
    assert keys.verify(token) is None


def test_what_fitted_is_remembered_for_a_minute_only(tmp_path: Path) -> None:
    clock = Clock()
    keys = KeyStore(tmp_path, clock)
    _, token = keys.make(Role.PARTNER, "x")
    assert keys.remembered(token) is None
    keys.verify(token)
    assert keys.remembered(token)

    clock.now = START + timedelta(seconds=60)

    assert keys.remembered(token) is None
    assert keys.verify(token)


def test_use_is_noted(tmp_path: Path) -> None:
    clock = Clock()
    keys = KeyStore(tmp_path, clock)
    _, token = keys.make(Role.PARTNER, "x")
    clock.now = START + timedelta(hours=1)

    keys.verify(token)

    [key] = KeyStore(tmp_path).all()
    assert (key.made_at, key.used_at) == (START, START + timedelta(hours=1))


def test_use_does_not_bring_a_revoked_key_back(tmp_path: Path) -> None:
    serving = KeyStore(tmp_path)
    key, token = serving.make(Role.PARTNER, "x")
    KeyStore(tmp_path).revoke(key.id)

    serving.verify(token)

    [kept] = KeyStore(tmp_path).all()
    assert kept.revoked_at is not None


@pytest.mark.parametrize(
    ("role", "label", "valid"),
    [
        (Role.ANONYMOUS, "x", None),
        (Role.ADMIN, "", None),
        (Role.ADMIN, "two\nlines", None),
        (Role.ADMIN, "x" * 101, None),
        (Role.ADMIN, "x", timedelta(0)),
    ],
)
def test_impossible_key_is_refused(
    tmp_path: Path, role: Role, label: str, valid: timedelta | None
) -> None:
    keys = KeyStore(tmp_path)

    with pytest.raises(ParameterError):
        keys.make(role, label, valid)

    assert keys.all() == []


def test_unknown_key_cannot_be_revoked(tmp_path: Path) -> None:
    with pytest.raises(UnknownRecordError, match="no key"):
        KeyStore(tmp_path).revoke("aaaaaaaa")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 1}', b'{"format": 9, "keys": []}'])
def test_damaged_file_opens_no_door(tmp_path: Path, content: bytes) -> None:
    KeyStore(tmp_path).make(Role.ADMIN, "x")
    (tmp_path / "access" / "keys.json").write_bytes(content)

    with pytest.raises(StoreCorruptError):
        KeyStore(tmp_path).all()


def test_roles_grow() -> None:
    order = list(Role)

    for role in order:
        assert [other for other in order if role.includes(other)] == order[: order.index(role) + 1]


def test_parameters_of_the_hash_are_kept_with_it(tmp_path: Path) -> None:
    """So that a later version can make it harder without ending old keys."""
    _, token = KeyStore(tmp_path).make(Role.ADMIN, "x")
    path = tmp_path / "access" / "keys.json"
    [plain] = json.loads(path.read_bytes())["keys"]

    assert plain["hash"].split("$")[:4] == ["scrypt", "16384", "8", "1"]
    path.write_text(path.read_text().replace("$16384$", "$8192$"))
    assert verified(tmp_path, token) is None  # the other parameters were used


def test_disk_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "keys.lock").mkdir()  # no file can be opened there

    with pytest.raises(StoreUnavailableError, match="cannot write"):
        KeyStore(tmp_path).make(Role.ADMIN, "x")
