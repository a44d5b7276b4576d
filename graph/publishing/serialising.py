"""Named graphs written as a stream by the engine's own serialisers, in constant memory.

The engine writes one graph at a time without its name, or the whole store with the merged default
graph in it. So the names are put between and behind what the engine writes, a block at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Protocol, cast

import pyoxigraph as ox

from graph.vocabulary import PREFIXES

__all__ = ["RdfForm", "Sink", "write_graphs"]

_END = b" .\n"


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""
        ...


class RdfForm(StrEnum):
    """A form of RDF, named by its suffix."""

    N_QUADS = "nq"
    TRIG = "trig"
    TURTLE = "ttl"
    JSON_LD = "jsonld"
    RDF_XML = "rdf"

    @property
    def media_type(self) -> str:
        """Media type, as IANA lists it."""
        return _MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        """What people call it."""
        return _NAMES[self]


_MEDIA_TYPES = {
    RdfForm.N_QUADS: "application/n-quads",
    RdfForm.TRIG: "application/trig",
    RdfForm.TURTLE: "text/turtle",
    RdfForm.JSON_LD: "application/ld+json",
    RdfForm.RDF_XML: "application/rdf+xml",
}
_NAMES = {
    RdfForm.N_QUADS: "N-Quads",
    RdfForm.TRIG: "TriG",
    RdfForm.TURTLE: "Turtle",
    RdfForm.JSON_LD: "JSON-LD",
    RdfForm.RDF_XML: "RDF/XML",
}


def write_graphs(engine: ox.Store, graphs: Sequence[str], form: RdfForm, output: Sink) -> None:
    """Write named graphs in one form.

    N-Quads, TriG and JSON-LD keep the names of the graphs. Turtle and RDF/XML have no names: one
    graph is written as it is, and several as the store's default graph, which is their merge.

    Args:
        engine: Where the graphs are.
        graphs: IRIs of the graphs; for Turtle and RDF/XML one of them or all.
        form: How to write.
        output: Where to write; it gets blocks of some kilobytes.

    Raises:
        OSError: The output cannot be written.
    """
    names = [ox.NamedNode(iri) for iri in graphs]
    if form in (RdfForm.TURTLE, RdfForm.RDF_XML):
        source = names[0] if len(names) == 1 else ox.DefaultGraph()
        _write_triples(engine, source, form, output)
    else:
        _WRITERS[form](engine, names, output)


def _write_triples(
    engine: ox.Store, graph: ox.NamedNode | ox.DefaultGraph, form: RdfForm, output: Sink
) -> None:
    if form is RdfForm.TURTLE:
        output.write(_prologue())
        with _body(output) as body:
            _dump(engine, graph, ox.RdfFormat.TURTLE, body)
    else:
        _dump(engine, graph, ox.RdfFormat.RDF_XML, output)


def _dump(
    engine: ox.Store,
    graph: ox.NamedNode | ox.DefaultGraph,
    form: ox.RdfFormat,
    output: Sink,
) -> None:
    # The engine calls nothing but write() and flush() of what it writes to.
    sink = cast(IO[bytes], _Flushing(output))
    engine.dump(sink, form, from_graph=graph, prefixes=PREFIXES)


@dataclass(frozen=True, slots=True)
class _Flushing:
    sink: Sink

    def write(self, data: bytes) -> int:
        self.sink.write(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever opened the output ends it."""


def _prologue() -> bytes:
    """Return the prefixes in their one order; the engine writes them in another each time."""
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()).encode()


class _Body:
    """Passes on what follows the prefixes of a Turtle document."""

    def __init__(self, output: Sink) -> None:
        self._output = output
        self._head: bytes | None = b""

    def write(self, data: bytes) -> None:
        if self._head is None:
            self._output.write(data)
            return
        head = self._head + data
        while b"\n" in head:
            line, _, rest = head.partition(b"\n")
            if not line.startswith(b"@prefix "):
                self._head = None
                self._output.write(head)
                return
            head = rest
        self._head = head

    def close(self) -> None:
        if self._head:
            self._output.write(self._head)


@contextmanager
def _body(output: Sink) -> Iterator[_Body]:
    body = _Body(output)
    yield body
    body.close()


class _Quads:
    """Puts the name of the graph behind each line of N-Triples."""

    def __init__(self, output: Sink, graph: ox.NamedNode) -> None:
        self._output = output
        self._end = b" " + str(graph).encode() + _END
        self._rest = b""

    def write(self, data: bytes) -> None:
        # Line breaks in values are escaped, so one ends a statement wherever it stands.
        lines, found, rest = (self._rest + data).rpartition(b"\n")
        if found:
            self._output.write((lines + found).replace(_END, self._end))
        self._rest = rest


def _write_quads(engine: ox.Store, names: Sequence[ox.NamedNode], output: Sink) -> None:
    for name in names:
        _dump(engine, name, ox.RdfFormat.N_TRIPLES, _Quads(output, name))


def _write_trig(engine: ox.Store, names: Sequence[ox.NamedNode], output: Sink) -> None:
    output.write(_prologue())
    for name in names:
        output.write(f"{name} {{\n".encode())
        with _body(output) as body:
            _dump(engine, name, ox.RdfFormat.TURTLE, body)
        output.write(b"}\n")


def _write_json_ld(engine: ox.Store, names: Sequence[ox.NamedNode], output: Sink) -> None:
    output.write(b"[")
    for position, name in enumerate(names):
        output.write(b",\n" if position else b"")
        output.write(f'{{"@id":"{name.value}","@graph":'.encode())
        _dump(engine, name, ox.RdfFormat.JSON_LD, output)
        output.write(b"}")
    output.write(b"]\n")


_WRITERS: dict[RdfForm, Callable[[ox.Store, Sequence[ox.NamedNode], Sink], None]] = {
    RdfForm.N_QUADS: _write_quads,
    RdfForm.TRIG: _write_trig,
    RdfForm.JSON_LD: _write_json_ld,
}
