"""Small writes are joined, and nothing else changes."""

import asyncio
import socket
from collections.abc import Callable

import pytest

from api.joined import JoinedWrites


class Recording(asyncio.Transport):
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 5)})
        self.told: list[bytes] = []

    def write(self, data: "bytes | bytearray | memoryview[int]") -> None:
        self.told.append(bytes(data))

    def close(self) -> None:
        self.told.append(b"closed")


def told(act: Callable[[JoinedWrites], None]) -> list[bytes]:
    """Return what a transport is told in one turn of the event loop and the next."""

    async def run() -> list[bytes]:
        transport = Recording()
        act(JoinedWrites(transport))
        await asyncio.sleep(0)
        return transport.told

    return asyncio.run(run())


def test_head_and_body_are_one_write() -> None:
    def act(joined: JoinedWrites) -> None:
        joined.write(b"head")
        joined.write(b"body")

    assert told(act) == [b"headbody"]


def test_nothing_is_held_longer_than_a_turn() -> None:
    assert told(lambda joined: joined.write(b"head")) == [b"head"]


def test_order_is_kept_with_large_parts() -> None:
    large = b"x" * 70_000

    def act(joined: JoinedWrites) -> None:
        joined.write(b"head")
        joined.write(large)
        joined.write(b"")
        joined.write(b"tail")

    assert told(act) == [b"head", large, b"tail"]


def test_what_is_sent_now_comes_after_what_is_held() -> None:
    def act(joined: JoinedWrites) -> None:
        joined.write(b"first")
        joined.send(b"second")

    assert told(act) == [b"first", b"second"]


def test_what_is_held_is_sent_before_the_end() -> None:
    def act(joined: JoinedWrites) -> None:
        joined.write(b"body")
        joined.close()

    assert told(act) == [b"body", b"closed"]


def test_all_else_is_the_transport() -> None:
    async def run() -> None:
        joined = JoinedWrites(Recording())

        assert joined.get_extra_info("peername") == ("192.0.2.1", 5)

    asyncio.run(run())


@pytest.mark.parametrize("path", ["/health", "/sparql?query=ASK%20%7B%7D"])
def test_answer_of_a_server_comes_in_one_piece(address: str, path: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        piece = connection.recv(65_536)

    head, _, body = piece.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body
