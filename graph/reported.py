"""Findings in the report of pyshacl-turbo as it comes out of the engine.

The engine numbers its terms. Its wrapper makes an rdflib graph of them, which with ten thousand
findings takes longer than the validation; here each finding is read as it stands.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from graph.validation import Finding, Severity, message_of, path_text

__all__ = ["Row", "TermRecord", "read_findings"]

TermRecord = tuple[int, str, str | None, str | None]
"""A term as the engine gives it: kind (IRI, blank node, literal), text, datatype, language."""

Row = tuple[int, int, int, int | None]
"""A statement: numbers of subject, property, object and graph."""


def read_findings(
    records: Sequence[TermRecord],
    rows: Sequence[Row],
    shapes: Graph,
    known: Mapping[str, BNode],
    *,
    focus: Collection[str] | None = None,
    language: str = "de",
) -> list[Finding]:
    """Return what :func:`graph.validation.findings_of` returns for the same report.

    Args:
        records: The terms.
        rows: The statements.
        shapes: The shapes, for their messages.
        known: Nameless nodes of the shapes by the labels that the engine has for them.
        focus: IRIs of the only nodes to report; ``None`` reports all.
        language: Language of the messages, ``de`` or ``en``.
    """
    report = _Report(records, rows, shapes, known, language)
    found = {report.finding(result) for result in report.results()}
    if focus is not None:
        nodes = {str(iri) for iri in focus}
        found = {finding for finding in found if finding.focus in nodes}
    return sorted(found, key=lambda finding: finding.order)


class _Report:
    """A report, its terms by their numbers."""

    def __init__(
        self,
        records: Sequence[TermRecord],
        rows: Sequence[Row],
        shapes: Graph,
        known: Mapping[str, BNode],
        language: str,
    ) -> None:
        self._records, self._rows = records, rows
        self._shapes, self._known, self._language = shapes, known, language
        self._numbers = {text: n for n, (kind, text, _, _) in enumerate(records) if kind == 0}
        self._said: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for subject, predicate, value, _ in rows:
            self._said[subject, predicate].append(value)
        self._message = cache(self._message_of)
        self._path = cache(self._path_of)

    def results(self) -> Iterator[int]:
        """Yield the results of the report itself; nested details have the same class."""
        kind, report = (self._numbers.get(str(x)) for x in (RDF.type, SH.ValidationReport))
        for subject in {s for s, p, o, _ in self._rows if p == kind and o == report}:
            yield from self._all(subject, SH.result)

    def finding(self, result: int) -> Finding:
        """Return a result as a finding."""
        constraint = self._text(result, SH.sourceConstraintComponent).removeprefix(str(SH))
        sources = (*self._all(result, SH.sourceConstraint), *self._all(result, SH.sourceShape))
        said = self._all(result, SH.resultMessage)
        paths = self._all(result, SH.resultPath)
        return Finding(
            severity=Severity(self._text(result, SH.resultSeverity).removeprefix(str(SH))),
            focus=self._text(result, SH.focusNode),
            path=self._path(paths[0]) if paths else "",
            value=self._text(result, SH.value),
            shape=self._text(result, SH.sourceShape),
            message=self._message(sources, said),
            constraint=constraint.removesuffix("ConstraintComponent"),
        )

    def _all(self, subject: int, predicate: URIRef) -> tuple[int, ...]:
        number = self._numbers.get(str(predicate), -1)
        return tuple(self._said.get((subject, number), ()))

    def _text(self, subject: int, predicate: URIRef) -> str:
        for number in self._all(subject, predicate):
            kind, text, _, _ = self._records[number]
            return text if kind != 1 else self._term(number).n3()
        return ""

    def _term(self, number: int) -> Identifier:
        kind, text, datatype, language = self._records[number]
        if kind == 0:
            return URIRef(text)
        if kind == 1:
            return self._known.get(text) or BNode(text)
        named = URIRef(datatype) if datatype and not language else None
        return Literal(text, language, named, normalize=False)

    def _message_of(self, sources: tuple[int, ...], said: tuple[int, ...]) -> str:
        nodes = [self._term(number) for number in sources]
        return message_of(nodes, map(self._term, said), self._shapes, self._language)

    def _path_of(self, number: int) -> str:
        """Write a path; what describes it is small, and is read as a graph."""
        described, todo = Graph(), [number]
        while todo:
            node = todo.pop()
            for subject, predicate, value, _ in self._rows if self._records[node][0] == 1 else ():
                if subject == node:
                    described.add((self._term(node), self._term(predicate), self._term(value)))
                    todo.append(value)
        return path_text(described, self._term(number))
