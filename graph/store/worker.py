"""A process that answers queries, one at a time, and that its parent may kill at any moment.

Run as a script by its path, so that it imports the engine and nothing else and is ready in some
60 ms. It gives up what it does not need before the first query: more memory than its limit, new
sockets, new processes, writing files.

Protocol, both ways: one letter, length as four bytes, then the content.

* to the worker ``Q`` a request: how to answer (:data:`Manner`, JSON), a zero byte, the query
* from it ``R`` ready (JSON: what is given up), then for each request ``K`` if rows are left out,
  ``D`` data, any number, and at last ``E``, the rest of the data, or ``X`` error (JSON)

So a small answer is one frame, sent by one call of the system and read by another. The parent may
send requests ahead, and take back those that have not been begun: a number in shared memory says
up to which of all its requests a worker passes them over, and answers ``S`` instead.
"""

import ctypes
import fcntl
import gc
import itertools
import json
import mmap
import os
import platform
import resource
import socket
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from typing import IO, Any, TypedDict, cast

import pyoxigraph as ox

__all__ = ["HEADER", "NUMBER_BYTES", "Manner", "give_up_rights", "main"]

HEADER = struct.Struct("!cI")
NUMBER_BYTES = 8
"""Length of the number in shared memory; a processor reads and writes it at once."""

_BLOCK = 262_144
_READ = 16_384
_OPEN_GENERATIONS = 4
_KNOWN_WAYS = 64


class _TooLongError(Exception):
    """The result is longer than allowed."""


class _Output:
    """Collects what the engine writes and sends it in large frames.

    The socket blocks while the parent does not read: that is the back pressure.
    """

    __slots__ = ("_block", "_connection", "_frames", "_left")

    def __init__(self, connection: socket.socket, max_bytes: int) -> None:
        self._connection = connection
        self._block = bytearray()
        self._frames = b""
        self._left = max_bytes

    def write(self, content: bytes) -> int:
        """Take what the engine writes; whole blocks go out at once."""
        self._left -= len(content)
        if self._left < 0:
            raise _TooLongError
        self._block += content
        if len(self._block) >= _BLOCK:
            self._send(b"D", self._block)
            self._block = bytearray()
        return len(content)

    def flush(self) -> None:
        """Do nothing: the engine calls this at its end, and the end goes out with the data."""

    def mark_cut(self) -> None:
        """Say that rows are left out; it goes out with what follows."""
        self._frames += HEADER.pack(b"K", 0)

    def end(self) -> None:
        """Send the rest of the data, and say that all has been said."""
        self._send(b"E", self._block)

    def pass_over(self) -> None:
        """Say that the request is not answered, as it has been taken back."""
        self._send(b"S", b"")

    def fail(self, kind: str, message: str = "") -> None:
        """Forget what has not been sent and send an error."""
        self._frames = b""
        self._send(b"X", json.dumps({"error": kind, "message": message}).encode())

    def _send(self, letter: bytes, content: bytes | bytearray) -> None:
        self._connection.sendall(self._frames + HEADER.pack(letter, len(content)) + content)
        self._frames = b""


class _Generations:
    """The generations opened last, by directory."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[ox.Store, int]] = OrderedDict()

    def engine(self, path: str) -> ox.Store:
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path][0]
        lock = os.open(Path(path).parent / "reader.lock", os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        self._open[path] = (ox.Store.read_only(path), lock)
        if len(self._open) > _OPEN_GENERATIONS:
            _, (_, oldest) = self._open.popitem(last=False)
            os.close(oldest)
        return self._open[path][0]


class Manner(TypedDict):
    """How a query is to be answered, the same for many queries.

    Attributes:
        path: Directory of the generation's part that is asked.
        base: What relative IRIs are resolved against.
        default: IRIs of the graphs that make the default graph, ``None`` for all there are.
        named: IRIs of the named graphs, when ``default`` is given.
        media_type: Of the result.
        max_rows: Rows after which a SELECT result is cut, ``None`` for no cut.
        max_bytes: Length of the result.
    """

    path: str
    base: str
    default: list[str] | None
    named: list[str] | None
    media_type: str
    max_rows: int | None
    max_bytes: int


class _Way:
    """A manner, read once."""

    def __init__(self, written: bytes) -> None:
        manner: Manner = json.loads(written)
        self.path = manner["path"]
        self.max_rows, self.max_bytes = manner["max_rows"], manner["max_bytes"]
        media_type = manner["media_type"]
        self.rows_format = ox.QueryResultsFormat.from_media_type(media_type)
        self.graph_format = ox.RdfFormat.from_media_type(media_type)
        self.options: dict[str, Any] = {"base_iri": manner["base"]}
        if manner["default"] is not None:
            self.options["default_graph"] = list(map(ox.NamedNode, manner["default"]))
            self.options["named_graphs"] = list(map(ox.NamedNode, manner["named"] or ()))


def _answer(engine: ox.Store, query: str, way: _Way, output: _Output) -> None:
    """Run one query and write its result."""
    result = engine.query(query, **way.options)
    if isinstance(result, ox.QuerySolutions) and way.max_rows is not None:
        _write_first_rows(result, way.max_rows, way.rows_format, output)
        return
    sink = cast("IO[bytes]", output)  # the engine calls nothing but write()
    if isinstance(result, ox.QueryTriples):
        result.serialize(sink, way.graph_format)
    else:
        result.serialize(sink, way.rows_format)


def _write_first_rows(
    solutions: ox.QuerySolutions,
    max_rows: int,
    format_: ox.QueryResultsFormat | None,
    output: _Output,
) -> None:
    """Write the first rows, after saying whether more would follow."""
    content, is_cut = _first_rows(solutions, max_rows)
    if is_cut:
        output.mark_cut()
    if format_ == ox.QueryResultsFormat.JSON:
        output.write(content)
    else:
        page = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        page.serialize(cast("IO[bytes]", output), format_)


def _first_rows(solutions: ox.QuerySolutions, max_rows: int) -> tuple[bytes, bool]:
    """Return the first rows as SPARQL JSON, and whether more would follow."""
    names = [variable.value for variable in solutions.variables]
    rows: list[dict[str, Any]] = []
    is_cut = False
    for row in solutions:
        if len(rows) == max_rows:
            is_cut = True
            break
        rows.append({n: _json(t) for n, t in zip(names, row, strict=True) if t is not None})
    head: dict[str, Any] = {"vars": names}
    if is_cut:
        head["truncated"] = True
    content = {"head": head, "results": {"bindings": rows}}
    return json.dumps(content, ensure_ascii=False).encode("utf-8"), is_cut


def _json(term: object) -> dict[str, Any]:
    """Return a term as SPARQL JSON writes it."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        found = {"type": "literal", "value": term.value}
        if term.language:
            return found | {"xml:lang": term.language}
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return found
        return found | {"datatype": term.datatype.value}
    raise TypeError(f"not an RDF 1.1 term: {term}")


class _Input:
    """Reads requests; one call of the system for a small one, and no memory for it each time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._part = memoryview(bytearray(_READ))
        self._buffer = bytearray()
        self._ways: OrderedDict[bytes, _Way] = OrderedDict()

    def _take(self, length: int) -> bytes:
        while len(self._buffer) < length:
            size = self._connection.recv_into(self._part)
            if not size:
                sys.exit()  # the parent is gone
            self._buffer += self._part[:size]
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def request(self) -> tuple[str, _Way]:
        """Wait for the next request; return its query and how to answer it."""
        _, length = HEADER.unpack(self._take(HEADER.size))
        manner, _, query = self._take(length).partition(b"\0")  # JSON has no such byte
        return query.decode("utf-8"), self._ways.get(manner) or self._new_way(manner)

    def _new_way(self, manner: bytes) -> _Way:
        way = self._ways[manner] = _Way(manner)
        if len(self._ways) > _KNOWN_WAYS:
            self._ways.popitem(last=False)
        return way


def _serve(connection: socket.socket, passed_over: memoryview) -> None:
    """Answer requests until the parent closes the connection.

    Args:
        connection: Where they come from.
        passed_over: Number of the last request that is not wanted any more.
    """
    generations = _Generations()
    requests = _Input(connection)
    gc.collect()
    gc.freeze()
    for number in itertools.count(2):  # the parent counts its wait for the first word, too
        query, way = requests.request()
        output = _Output(connection, way.max_bytes)
        if number <= passed_over[0]:
            output.pass_over()
            continue
        try:
            # The engine's result lives and dies within this call.
            _answer(generations.engine(way.path), query, way, output)
            output.end()
        except SyntaxError as error:
            output.fail("syntax", str(error))
        except _TooLongError:
            output.fail("too-long")
        except RuntimeError as error:
            kind = "corrupt" if str(error).startswith("Corruption") else "evaluation"
            output.fail(kind, str(error))
        except (OSError, ValueError, TypeError, MemoryError) as error:
            output.fail("engine", f"{type(error).__name__}: {error}")


# --- giving up rights -------------------------------------------------------------------------

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 1, 38, 22, 2
_SIGKILL = 9
_EACCES = 13
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

# Linux system call numbers by machine: audit architecture, openat, and the refused ones:
# socket, connect, bind, listen, accept, accept4, execve, execveat, ptrace, io_uring_setup,
# openat2, and on x86 the old open and creat.
_MACHINES = {
    "x86_64": (0xC000003E, 257, (41, 42, 49, 50, 43, 288, 59, 322, 101, 425, 437, 2, 85)),
    "aarch64": (0xC00000B7, 56, (198, 203, 200, 201, 202, 242, 221, 281, 117, 425, 437)),
}


def _filter_program(architecture: int, openat: int, refused: tuple[int, ...], flags: int) -> bytes:
    """Return the seccomp filter (classic BPF): refuse some calls, and opening with some flags."""
    kill, refuse, allow = 0x80000000, 0x00050000 | _EACCES, 0x7FFF0000
    load, equal, any_bit, give = 0x20, 0x15, 0x45, 0x06
    count = len(refused)
    program = [
        (load, 0, 0, 4),  # the architecture
        (equal, 1, 0, architecture),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        (any_bit, count + 4, 0, 0x40000000),  # calls of the x32 interface have other numbers
        *((equal, count + 3 - index, 0, number) for index, number in enumerate(refused)),
        (equal, 0, 2, openat),
        (load, 0, 0, 32),  # its third argument, the flags
        (any_bit, 1, 0, flags),
        (give, 0, 0, allow),
        (give, 0, 0, refuse),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in program)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def give_up_rights(memory_bytes: int, *, keeps_writing: bool = False) -> list[str]:
    """Limit memory; where the system can, forbid network, programs and writing.

    Args:
        memory_bytes: Address space that this process may have; 0 for no limit.
        keeps_writing: Files may be written, and the process outlives the thread that started it.

    Returns:
        What has been given up: ``memory``, ``network``, ``programs``, ``writing``.
    """
    given_up = []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        given_up.append("memory")
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return given_up
    libc = ctypes.CDLL(None, use_errno=True)
    if not keeps_writing:
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    content = _filter_program(*machine, 0 if keeps_writing else _WRITING)
    program = _Program(len(content) // 8, content)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and (
        libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0) == 0
    ):
        given_up += ["network", "programs"] + ([] if keeps_writing else ["writing"])
    return given_up


def main(arguments: list[str]) -> None:
    """Serve on a socket.

    Args:
        arguments: File descriptors of the socket and of the shared number, and the memory limit
            in bytes (0: none).
    """
    descriptor, shared, memory_bytes = map(int, arguments)
    connection = socket.socket(fileno=descriptor)
    passed_over = memoryview(mmap.mmap(shared, NUMBER_BYTES, prot=mmap.PROT_READ)).cast("Q")
    os.close(shared)
    ready = json.dumps(give_up_rights(memory_bytes)).encode()
    connection.sendall(HEADER.pack(b"R", len(ready)) + ready)
    _serve(connection, passed_over)


if __name__ == "__main__":
    main(sys.argv[1:])
