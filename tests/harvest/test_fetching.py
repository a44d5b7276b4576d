"""Fetching: whom is asked, what is taken, and what happens when it breaks off."""

import bz2
import gzip
import io
import socket
import urllib.request
from contextlib import nullcontext
from pathlib import Path

import pytest
import zstandard

from graph.errors import SourceRefusedError, SourceUnavailableError
from graph.harvest.connection import Policy, _Redirects, is_public
from graph.harvest.fetching import Fetcher, unpacked
from graph.harvest.sources import Limits

from .servers import Page, Site

TEXT = b"<http://e/s> <http://e/p> <http://e/o> .\n" * 5_000
LOCAL = Policy(frozenset({"127.0.0.1"}), allows_private=True)


def fetcher(folder: Path, policy: Policy = LOCAL, limits: Limits | None = None) -> Fetcher:
    return Fetcher(policy, limits or Limits(), folder)


def test_a_document_is_fetched_once_while_it_stays(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(TEXT, tag='"1"')
    first = fetcher(tmp_path).fetch(f"{partner.base}/a")
    again = fetcher(tmp_path).fetch(f"{partner.base}/a")

    assert (first.is_new, again.is_new) == (True, False)
    assert first.path.read_bytes() == again.path.read_bytes() == TEXT
    partner.pages["/a"] = Page(TEXT + TEXT, tag='"2"')
    assert fetcher(tmp_path).fetch(f"{partner.base}/a").path.read_bytes() == TEXT + TEXT


def test_what_broke_off_is_continued(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(TEXT, tag='"1"', cut=70_000)
    with pytest.raises(SourceUnavailableError):
        fetcher(tmp_path).fetch(f"{partner.base}/a")
    partner.pages["/a"].cut = None
    whole = fetcher(tmp_path).fetch(f"{partner.base}/a")

    assert whole.path.read_bytes() == TEXT
    asked = partner.requests[-1][1]
    assert int(asked["range"].removeprefix("bytes=").removesuffix("-")) > 0


def test_what_changed_meanwhile_begins_anew(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(TEXT, tag='"1"', cut=70_000)
    with pytest.raises(SourceUnavailableError):
        fetcher(tmp_path).fetch(f"{partner.base}/a")
    partner.pages["/a"] = Page(TEXT[::-1], tag='"2"')

    assert fetcher(tmp_path).fetch(f"{partner.base}/a").path.read_bytes() == TEXT[::-1]


def test_a_failure_leaves_the_document_of_last_time(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(TEXT, tag='"1"')
    fetcher(tmp_path).fetch(f"{partner.base}/a")
    kept = partner.pages.pop("/a")
    with pytest.raises(SourceUnavailableError, match="404"):
        fetcher(tmp_path).fetch(f"{partner.base}/a")
    partner.pages["/a"] = kept

    assert not fetcher(tmp_path).fetch(f"{partner.base}/a").is_new


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(megabytes=0), "longer than"),
        (Limits(documents=0), "documents"),
        (Limits(seconds=0), "took"),
    ],
)
def test_limits(partner: Site, tmp_path: Path, limits: Limits, reason: str) -> None:
    partner.pages["/a"] = Page(TEXT)
    with pytest.raises(SourceRefusedError, match=reason):
        fetcher(tmp_path, LOCAL, limits).fetch(f"{partner.base}/a")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/a",
        "http://elsewhere.example/a",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "http://user:word@127.0.0.1/a",
        "http://127.0.0.1:port/a",
        "http://[::1",
    ],
)
def test_addresses_that_are_not_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(SourceRefusedError):
        fetcher(tmp_path).fetch(address)


def test_redirects_are_checked(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    partner.pages["/b"] = Page(TEXT)
    found = fetcher(tmp_path).fetch(f"{partner.base}/a")
    assert found.final_address == f"{partner.base}/b"

    port = partner.base.rpartition(":")[2]
    for target in (f"http://localhost:{port}/b", "file:///etc/passwd"):
        partner.pages["/a"] = Page(status=302, headers={"Location": target})
        with pytest.raises(SourceRefusedError):
            fetcher(tmp_path).fetch(f"{partner.base}/a")
    partner.pages["/a"] = Page(status=302, headers={"Location": "/a"})
    with pytest.raises(SourceRefusedError):
        fetcher(tmp_path).fetch(f"{partner.base}/a")


def test_private_addresses_are_not_asked(
    partner: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = Policy(frozenset({"127.0.0.1", "partner.example"}))
    with pytest.raises(SourceRefusedError, match="no public address"):
        fetcher(tmp_path, policy).fetch(f"{partner.base}/a")

    port = int(partner.base.rpartition(":")[2])
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: inside)
    with pytest.raises(SourceRefusedError, match="no public address"):
        fetcher(tmp_path, policy).fetch(f"http://partner.example:{port}/a")
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)), *inside]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: mixed)
    monkeypatch.setattr(socket, "create_connection", None)  # nobody may call it
    with pytest.raises(SourceRefusedError, match="no public address"):
        fetcher(tmp_path, policy).fetch(f"http://partner.example:{port}/a")
    assert partner.requests == []


def test_redirect_from_https_to_http_is_not_followed() -> None:
    redirects = _Redirects(Policy(frozenset({"partner.example"})))
    request = urllib.request.Request("https://partner.example/a")

    for target, is_followed in (("https", True), ("http", False)):
        refused = pytest.raises(SourceRefusedError, match="from https to http")
        with nullcontext() if is_followed else refused:
            redirects.redirect_request(
                request, io.BytesIO(), 302, "Found", {}, f"{target}://partner.example/b"
            )


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"),
        *(
            "0.0.0.0",  # noqa: S104
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
        ),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "ff02::1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstandard.compress, bytes])
def test_packed_documents(partner: Site, tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    partner.pages["/a.nt.gz"] = Page(pack(TEXT), "application/gzip")
    found = fetcher(tmp_path).fetch(f"{partner.base}/a.nt.gz")

    assert b"".join(unpacked(found, Limits())) == TEXT
    with pytest.raises(SourceRefusedError, match="unpacks"):
        list(unpacked(found, Limits(megabytes=0)))


def test_members_and_broken_ends_of_gzip(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(gzip.compress(TEXT) + gzip.compress(TEXT))
    found = fetcher(tmp_path).fetch(f"{partner.base}/a")
    assert b"".join(unpacked(found, Limits())) == TEXT + TEXT

    found.path.write_bytes(found.path.read_bytes()[:-20])
    with pytest.raises(SourceRefusedError, match="cannot be unpacked"):
        list(unpacked(found, Limits()))


def test_a_bomb_is_stopped_early(partner: Site, tmp_path: Path) -> None:
    partner.pages["/a"] = Page(gzip.compress(bytes(64 * 1024**2)))
    found = fetcher(tmp_path).fetch(f"{partner.base}/a")
    blocks = unpacked(found, Limits(megabytes=1))
    lengths = [len(next(blocks)) for _ in range(16)]

    assert max(lengths) <= 65_536
    with pytest.raises(SourceRefusedError, match="unpacks"):
        list(blocks)
