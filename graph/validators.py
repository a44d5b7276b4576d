"""SHACL processors behind one interface: pySHACL, the reference, and a fast one.

The fast one is ``pyshacl-turbo``, an optional dependency (``pip install verbund[fast]``). It
compiles the shapes once and then checks a submission in a few milliseconds. Tests hold its
findings against those of pySHACL, on every case of every shape and on the reference graph.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox
from rdflib import SH, BNode, Graph, URIRef

from graph.errors import SourceFormatError
from graph.reported import Row, TermRecord, read_findings
from graph.store.terms import from_engine
from graph.validation import Finding, shapes_graph, validate

if TYPE_CHECKING:
    from pyshacl_turbo import CompiledShapes
    from pyshacl_turbo.rdf import Input

__all__ = [
    "Data",
    "FastValidator",
    "ReferenceValidator",
    "Validator",
    "has_fast_engine",
    "looked_at_from_objects",
    "validator",
]

Data = Graph | Collection[ox.Triple]
"""What to check: a graph, or statements of the engine, which the fast validator takes as they are.

Copying many into an rdflib graph takes longer than checking them."""


class Validator(Protocol):
    """Checks graphs against the shapes that it was made with."""

    @property
    def name(self) -> str:
        """Name of the engine."""
        ...

    def validate(
        self, data: Data, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data and leave it as it was.

        Args:
            data: What to check, with the class hierarchy that ``sh:class`` needs.
            focus: IRIs of the only nodes to report, for an extract whose other nodes are
                incomplete; ``None`` reports every target.
            language: Language of the messages, ``de`` or ``en``.

        Returns:
            All findings, the gravest first; the same ones from every validator, but for the
            words where a shape has no message of its own.
        """
        ...


class ReferenceValidator:
    """pySHACL."""

    name = "pyshacl"

    def __init__(self, shapes: Graph | None = None) -> None:
        """Take the shapes; those of ``shapes/`` by default."""
        self._shapes = shapes_graph() if shapes is None else shapes

    def validate(
        self, data: Data, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data; see :class:`Validator`.

        Raises:
            SourceFormatError: The shapes are not SHACL.
        """
        return validate(_graph(data), self._shapes, focus=focus, language=language)


class FastValidator:
    """pyshacl-turbo, with shapes compiled once."""

    name = "pyshacl-turbo"

    def __init__(self, shapes: Graph | None = None) -> None:
        """Compile the shapes; those of ``shapes/`` by default.

        Raises:
            ImportError: The optional dependency is not installed.
            SourceFormatError: The shapes are not SHACL.
        """
        import pyshacl_turbo

        self._shapes = shapes_graph() if shapes is None else shapes
        try:
            # the engine has types, but not on this function
            self._compiled = pyshacl_turbo.compile_shapes(self._shapes + Graph())  # type: ignore[no-untyped-call]
        except (RuntimeError, ValueError) as error:
            raise SourceFormatError("shapes", f"not SHACL that can be run: {error}") from error

    def validate(
        self, data: Data, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data; see :class:`Validator`.

        The engine checks only the nodes in focus, and unlike pySHACL 0.40 it does not filter
        the values of nested shapes by them; tests hold it to that.

        Raises:
            SourceFormatError: The shapes cannot be run on the data.
        """
        return self.prepared(data, focus=focus, language=language)()

    def prepared(
        self, data: Data, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> Callable[[], list[Finding]]:
        """Return what does the rest of :meth:`validate`, mostly without the interpreter.

        Two threads that both need it wait for each other more than they work; so do this first,
        and run what it returns beside something else.
        """
        nodes = None if focus is None else set(focus)
        chosen = [] if nodes is None else sorted(nodes)
        given = _input(data)
        blank = self._compiled._blank_nodes | given.blank_nodes

        def run() -> list[Finding]:
            records, rows = _run(self._compiled, given, chosen)
            return read_findings(records, rows, self._shapes, blank, focus=nodes, language=language)

        return run


_DEPTH = 15
"""How deep shapes may lead to shapes; the engine's own limit."""


def _run(
    shapes: "CompiledShapes", data: "Input", focus: Sequence[str]
) -> tuple[Sequence[TermRecord], Sequence[Row]]:
    """Run compiled shapes below their wrapper, which would make an rdflib graph of the report.

    So the engine is pinned to its minor version; the tests of the validators fail if it changes.

    Raises:
        SourceFormatError: The shapes cannot be run on the data.
    """
    _, report, text, _, _ = shapes._native.validate(
        data.source, data.format, data.base,
        False, 100, _DEPTH, False, False, False, False,
        focus, [], [],
    )  # fmt: skip
    if isinstance(report, str):
        raise SourceFormatError("shapes", f"not SHACL that can be run: {text}")
    records, rows = report
    return records, rows


def _graph(data: Data) -> Graph:
    """Return data as rdflib holds it."""
    if isinstance(data, Graph):
        return data
    graph = Graph()
    for triple in data:
        graph.add(
            (from_engine(triple.subject), from_engine(triple.predicate), from_engine(triple.object))
        )
    return graph


_PLAIN = frozenset(
    {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
        "http://www.w3.org/2001/XMLSchema#string",
    }
)
"""Datatypes that rdflib does not write down, so shapes read by it do not name them either."""


def _input(data: Data) -> "Input":
    """Return data as pyshacl-turbo takes over a graph of rdflib, without making one.

    Not its way for a store of the engine: plain literals of shapes differ from typed ones there.

    Raises:
        TypeError: A term is one of RDF 1.2.
    """
    from pyshacl_turbo.rdf import Input, input_graph

    if isinstance(data, Graph):
        # without types, as is all that is called here
        return input_graph(data, direct=True)  # type: ignore[no-untyped-call,no-any-return]
    numbers: dict[object, int] = {}
    records: list[TermRecord] = []
    blank: dict[str, BNode] = {}

    def number(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> int:
        known = numbers.get(term)
        if known is None:
            known = numbers[term] = len(records)
            records.append(_record(term))
            if isinstance(term, ox.BlankNode):
                blank[term.value] = BNode(term.value)
        return known

    rows = [(number(t.subject), number(t.predicate), number(t.object), None) for t in data]
    return Input((records, rows), "terms", None, blank, dict(Graph().namespaces()))


def _record(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> TermRecord:
    """Return a term as pyshacl-turbo takes it.

    Raises:
        TypeError: It is one of RDF 1.2.
    """
    if isinstance(term, ox.NamedNode):
        return 0, term.value, None, None
    if isinstance(term, ox.BlankNode):
        return 1, term.value, None, None
    if isinstance(term, ox.Triple):
        raise TypeError(f"not an RDF 1.1 term: {term}")
    datatype = term.datatype.value
    return 2, term.value, None if datatype in _PLAIN else datatype, term.language


def looked_at_from_objects(shapes: Graph) -> frozenset[str] | None:
    """Return the properties by which shapes reach a subject from its object.

    Returns:
        IRIs of the properties; ``None`` when shapes may follow any, as those with SPARQL do.
    """
    if any(True for term in (SH.sparql, SH.target) for _ in shapes.subject_objects(term)):
        return None
    found = {*shapes.objects(None, SH.inversePath), *shapes.objects(None, SH.targetObjectsOf)}
    if not all(isinstance(term, URIRef) for term in found):
        return None
    return frozenset(map(str, found))


def has_fast_engine() -> bool:
    """Tell whether the optional dependency is installed."""
    try:
        return find_spec("pyshacl_turbo") is not None
    except ValueError:  # the module is marked as not to be imported
        return False


def validator(shapes: Graph | None = None) -> Validator:
    """Return the fast validator where it is installed, the reference elsewhere."""
    return FastValidator(shapes) if has_fast_engine() else ReferenceValidator(shapes)
