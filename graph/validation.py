"""What SHACL shapes find wrong with data, as plain values.

Shapes (``shapes/``) look at one node and what it reaches. pySHACL is the reference processor; it
needs an rdflib graph, since over an Oxigraph store it reports violations that are none. Rules
about the whole graph are in :mod:`graph.checks`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph
from pyoxigraph import Store
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from graph.errors import SourceFormatError
from graph.resources import shape_texts
from graph.store.terms import from_engine

__all__ = [
    "Finding",
    "Severity",
    "data_graph",
    "findings_of",
    "message_of",
    "path_text",
    "shapes_graph",
    "summary",
    "validate",
]


class Severity(StrEnum):
    """How much a finding matters, as SHACL names it."""

    VIOLATION = "Violation"
    """Blocks import or publication."""

    WARNING = "Warning"
    """Is shown to the editor and counted."""

    INFO = "Info"
    """Is a hint for the coordination office."""


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a shape or a check found.

    Attributes:
        severity: How much it matters.
        focus: The node that was checked: an IRI, or ``_:`` and a label.
        path: The property concerned, as a SPARQL path of IRIs; empty when it is the node itself.
        value: The offending value, or an empty string.
        shape: IRI of the shape or check, stable as a code for exceptions and tests.
        message: What is wrong and what would be right, in the language asked for.
        constraint: Part of the shape that failed, such as ``MinCount``; empty for a check.
    """

    severity: Severity
    focus: str
    path: str
    value: str
    shape: str
    message: str
    constraint: str = ""

    @property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """Sort key: what matters most first, then by node."""
        return (
            _RANK[self.severity],
            self.focus,
            self.shape,
            self.path,
            self.value,
            self.constraint,
        )


def summary(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Count findings per severity; every severity has an entry."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in Severity}


def shapes_graph() -> Graph:
    """Return all shapes of ``shapes/`` as one graph."""
    graph = Graph()
    for _, text in shape_texts():
        graph.parse(data=text, format="turtle")
    return graph


def validate(
    data: Graph,
    shapes: Graph,
    *,
    focus: Iterable[str] | None = None,
    language: str = "de",
) -> list[Finding]:
    """Check data against shapes and leave both as they were.

    Args:
        data: What to check, with the class hierarchy (``ontology/``) that ``sh:class`` needs.
        shapes: The shapes, such as ``shapes_graph()``.
        focus: IRIs of the only nodes to report, for an extract whose other nodes are incomplete;
            ``None`` reports every target.
        language: Language of the messages, ``de`` or ``en``.

    Returns:
        All findings, the gravest first; an empty list means the data conforms.

    Raises:
        SourceFormatError: The shapes are not SHACL, such as one without a path.
    """
    nodes = None if focus is None else {URIRef(iri) for iri in focus}
    report = _report(data, shapes if nodes is None else _aimed(shapes, data, nodes))
    return findings_of(report, shapes, focus=nodes, language=language)


def findings_of(
    report: Graph, shapes: Graph, *, focus: Collection[str] | None = None, language: str = "de"
) -> list[Finding]:
    """Read the report of any SHACL processor; nested details are left out.

    Args:
        report: What the processor wrote.
        shapes: The shapes that it ran, for their messages.
        focus: IRIs of the only nodes to report; ``None`` reports all.
        language: Language of the messages, ``de`` or ``en``.

    Returns:
        All findings, each once, the gravest first.
    """
    # a set, because a property pair is reported once for each value on the other side
    found = {_finding(report, node, shapes, language) for node in _results(report)}
    if focus is not None:
        nodes = {str(iri) for iri in focus}
        found = {finding for finding in found if finding.focus in nodes}
    return sorted(found, key=lambda finding: finding.order)


def _aimed(shapes: Graph, data: Graph, nodes: Iterable[URIRef]) -> Graph:
    """Copy shapes so that they target, of what they target in data, only the given nodes.

    Not left to the ``focus_nodes`` of pySHACL 0.40, which filter nested shapes, too: a wrong
    value under ``sh:or``, ``sh:node`` or a qualified shape is "not in focus" and passes.
    """
    aimed = shapes + Graph()
    for target in _TARGETS:
        aimed.remove((None, target, None))
    for node in nodes:
        reached = _reached(data, node)
        for target, marks in zip(_TARGETS, reached, strict=True):
            for shape, mark in shapes.subject_objects(target):
                if mark in marks:
                    aimed.add((shape, SH.targetNode, node))
    return aimed


_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def _reached(data: Graph, node: URIRef) -> tuple[set[Node], ...]:
    """Return what each of ``_TARGETS`` must name to reach a node."""
    classes = data.objects(node, RDF.type)
    kinds = {c for kind in classes for c in data.transitive_objects(kind, RDFS.subClassOf) if c}
    return {node}, kinds, set(data.predicates(subject=node)), set(data.predicates(object=node))


def _report(data: Graph, shapes: Graph) -> Graph:
    # pySHACL takes a quarter of a second to import, which answering does not need
    import pyshacl
    from pyparsing import ParseBaseException
    from pyshacl.errors import ReportableRuntimeError

    try:
        # pySHACL adds triples to the shapes graph it is given, also with inplace=False
        _, report, text = pyshacl.validate(data, shacl_graph=shapes + Graph(), inference="none")
    except (ReportableRuntimeError, ParseBaseException) as error:
        raise SourceFormatError("shapes", f"not SHACL that can be run: {error}") from error
    if not isinstance(report, Graph):
        raise SourceFormatError("shapes", f"not SHACL that can be run: {text}")
    return report


def _results(report: Graph) -> Iterator[Node]:
    """Yield the results of the report itself; nested details have the same class."""
    for top in report.subjects(RDF.type, SH.ValidationReport):
        yield from report.objects(top, SH.result)


def _finding(report: Graph, result: Node, shapes: Graph, language: str) -> Finding:
    component = report.value(result, SH.sourceConstraintComponent)
    path = report.value(result, SH.resultPath)
    return Finding(
        severity=Severity(_local(report.value(result, SH.resultSeverity))),
        focus=_text(report.value(result, SH.focusNode)),
        path="" if path is None else path_text(report, path),
        value=_text(report.value(result, SH.value)),
        shape=_text(report.value(result, SH.sourceShape)),
        message=_message(report, result, shapes, language),
        constraint=_local(component).removesuffix("ConstraintComponent"),
    )


def _local(term: Node | None) -> str:
    """Return the local name of a SHACL term."""
    return str(term).removeprefix(str(SH))


def _text(term: Node | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, URIRef | Literal) else term.n3()


_MARKS: dict[Node, str] = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(graph: Graph, path: Node) -> str:
    """Write a SHACL path as a SPARQL path; IRIs stand without brackets."""
    if isinstance(path, URIRef):
        return str(path)
    for predicate, inner in graph.predicate_objects(path):
        if predicate == SH.inversePath:
            return f"^{path_text(graph, inner)}"
        if predicate == SH.alternativePath:
            return f"({'|'.join(path_text(graph, part) for part in RdfList(graph, inner))})"
        if predicate in _MARKS:
            return f"({path_text(graph, inner)}){_MARKS[predicate]}"
    return "/".join(path_text(graph, part) for part in RdfList(graph, path))


def _message(report: Graph, result: Node, shapes: Graph, language: str) -> str:
    sources = (SH.sourceConstraint, SH.sourceShape)
    nodes = [node for source in sources for node in report.objects(result, source)]
    return message_of(nodes, report.objects(result, SH.resultMessage), shapes, language)


def message_of(
    nodes: Iterable[Node], reported: Iterable[Node], shapes: Graph, language: str
) -> str:
    """Choose the message of a finding in a language.

    pySHACL drops the language tags of messages on SPARQL constraints, so the constraint and the
    shape are asked first, and the report only where they say nothing.

    Args:
        nodes: The constraint, if it is a node, and the shape.
        reported: Messages of the report.
        shapes: The shapes.
        language: Language of the message; another one where it is not there.
    """
    for texts in (*(shapes.objects(node, SH.message) for node in nodes), reported):
        by_tag = {text.language or "": str(text) for text in texts if isinstance(text, Literal)}
        if by_tag:
            return by_tag.get(language) or by_tag[min(by_tag)]
    return ""


def data_graph(store: Store, *, union: bool = False) -> Graph:
    """Copy the default graph of a store, or the union of all, into an rdflib graph.

    Literals keep the form they have in the store; plain ones stay plain, as shapes write them.

    Raises:
        TypeError: The store holds a triple term of RDF 1.2.
    """
    graph = Graph()
    source = None if union else pyoxigraph.DefaultGraph()
    for quad in store.quads_for_pattern(None, None, None, source):
        graph.add(
            (from_engine(quad.subject), from_engine(quad.predicate), from_engine(quad.object))
        )
    return graph
