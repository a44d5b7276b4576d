"""The HTTP protocol of uvicorn, with a fast path for what programs ask by the thousand.

A task for each request, woken by what it waits for, costs turns of the event loop: of the
processor time of a small query that was half (decision 0026). What :class:`FastPath` takes
is answered by calls, from the worker's frame to the client's socket. All else has uvicorn's task.
"""

import asyncio
from functools import partial
from typing import Any, cast

from fastapi import FastAPI
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.fast_path import FastPath, Reply
from api.joined import JoinedWrites

__all__ = ["Connection"]


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Prepare for a connection; see uvicorn for the arguments."""
        super().__init__(*arguments, **named)
        own = self.config.app.state if isinstance(self.config.app, FastAPI) else None
        self._fast_path: FastPath | None = getattr(own, "fast_path", None)
        self._first: tuple[list[tuple[bytes, bytes]], bytes] | None = None
        self._has_waited = False
        self._rests_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Answer on this connection."""
        self._writes = JoinedWrites(transport)
        super().connection_made(cast(asyncio.Transport, self._writes))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer a request whose turn has come, and whose head has been read."""
        if (
            self._fast_path is None
            or self._has_waited
            or app is not self.app  # too many connections
            or self.config.access_log
            or self.flow.write_paused  # the client does not read what it has been sent
            or not self._fast_path.takes(cast(Scope, cycle.scope), partial(self._reply, cycle))
        ):
            super()._start_asgi_task(cycle, app)

    def _reply(self, cycle: RequestResponseCycle, reply: Reply | None) -> None:
        """Send an answer, or have a task go on where there is none yet."""
        if reply is None and not cycle.disconnected:
            super()._start_asgi_task(cycle, self.app)
        elif reply is None:
            FastPath.give_up(cast(Scope, cycle.scope))
        elif not cycle.disconnected:
            self._send(cycle, reply)

    def _send(self, cycle: RequestResponseCycle, reply: Reply) -> None:
        head, content = reply
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        self._writes.send(b"".join((self._first_lines(), head, close, b"\r\n", content)))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _first_lines(self) -> bytes:
        """Return the status and what uvicorn adds, which is another list each second."""
        headers = self.server_state.default_headers
        if self._first is None or self._first[0] is not headers:
            lines = [b"%b: %b\r\n" % header for header in headers]
            self._first = headers, b"".join((b"HTTP/1.1 200 OK\r\n", *lines))
        return self._first[1]

    def on_response_complete(self) -> None:
        """Go on with the next request if the client has sent it already, else rest."""
        if self.pipeline or self.transport.is_closing():
            # Those that have waited have tasks: by calls, each would be called by the last.
            self._has_waited = True
            super().on_response_complete()
            self._has_waited = False
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._rests_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_after(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        """Rest no longer. The clock runs on: to set it anew takes longer than all else here."""
        self._rests_since = None

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has rested for long enough."""
        self.timeout_keep_alive_task = None
        if self._rests_since is not None:
            left_s = self._rests_since + self.timeout_keep_alive - self.loop.time()
            if left_s > 0:
                self._look_after(left_s)
            else:
                super().timeout_keep_alive_handler()

    def _look_after(self, seconds: float) -> None:
        due = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
        self.timeout_keep_alive_task = due

    def connection_lost(self, exc: Exception | None) -> None:
        """End what belongs to the connection."""
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
