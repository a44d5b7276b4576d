"""Every error that ``graph`` raises on purpose.

* GraphError
  - NotFoundError
    + UnknownQueryError
    + UnknownEnquiryError
    + UnknownTermError
    + GoneTermError
    + UnknownGraphError
    + UnknownSourceError
    + UnknownRecordError
  - InvalidInputError
    + ParameterError
    + QuerySyntaxError
    + QueryRefusedError
    + SourceFormatError
    + EnquiryError
    + NonConformingError
    + GraphNotWritableError
    + VersionConflictError
    + SourceRefusedError
    + NothingStagedError
    + RecordStateError
    + IllegalTransitionError
    + ConsentMissingError
  - HarvestError
    + SourceUnavailableError
    + SourceBusyError
  - StoreError
    + StoreUnavailableError
    + StoreTimeoutError
    + StoreBusyError
    + StoreLimitError
    + StoreCorruptError
"""

from collections.abc import Mapping
from pathlib import Path

from graph.sentence import Sentence

__all__ = [
    "ConsentMissingError",
    "EnquiryError",
    "GoneTermError",
    "GraphError",
    "GraphNotWritableError",
    "HarvestError",
    "IllegalTransitionError",
    "InvalidInputError",
    "NonConformingError",
    "NotFoundError",
    "NothingStagedError",
    "ParameterError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "RecordStateError",
    "SourceBusyError",
    "SourceFormatError",
    "SourceRefusedError",
    "SourceUnavailableError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreLimitError",
    "StoreTimeoutError",
    "StoreUnavailableError",
    "UnknownEnquiryError",
    "UnknownGraphError",
    "UnknownQueryError",
    "UnknownRecordError",
    "UnknownSourceError",
    "UnknownTermError",
    "VersionConflictError",
]


class GraphError(Exception):
    """Base class; the API turns each leaf below into one HTTP status."""


class NotFoundError(GraphError):
    """Something was asked for by name and is not there."""


class UnknownQueryError(NotFoundError):
    """No query of this name is in the catalogue.

    Attributes:
        name: The name that was looked up.
        suggestions: Names that look alike, best first.
    """

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no query named {name!r} in the catalogue{hint}")
        self.name = name
        self.suggestions = suggestions


class UnknownEnquiryError(NotFoundError):
    """No enquiry of this IRI or title is in the graph."""

    def __init__(self, enquiry: str) -> None:
        super().__init__(f"no enquiry {enquiry!r} in the graph")
        self.enquiry = enquiry


class UnknownTermError(NotFoundError):
    """A word is neither the IRI nor a name of a thing of its kind.

    Attributes:
        term: The word that was looked up.
        scheme: Kind of thing or name of its scheme, such as ``competence``.
        suggestions: Labels that look alike, best first.
    """

    def __init__(self, term: str, scheme: str, suggestions: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"{term!r} is no known {scheme}{hint}")
        self.term = term
        self.scheme = scheme
        self.suggestions = suggestions


class GoneTermError(NotFoundError):
    """A thing was there in an earlier version, and nothing is said of it any more.

    Attributes:
        iri: The thing.
    """

    def __init__(self, iri: str) -> None:
        super().__init__(f"{iri} was there in an earlier version and is gone")
        self.iri = iri


class UnknownGraphError(NotFoundError):
    """No named graph of this IRI is there, or the caller may not see it."""

    def __init__(self, graph: str) -> None:
        super().__init__(f"there is no graph <{graph}> here")
        self.graph = graph


class UnknownSourceError(NotFoundError):
    """No source of this name is described."""

    def __init__(self, source: str) -> None:
        super().__init__(f"no source {source!r} is described")
        self.source = source


class UnknownRecordError(NotFoundError):
    """No record of this kind and name is there, or the caller may not see it.

    Attributes:
        record: The name that was looked up.
        kind: Kind of record, such as ``referral``.
    """

    def __init__(self, record: str, *, kind: str) -> None:
        super().__init__(f"there is no {kind} {record!r} here")
        self.record = record
        self.kind = kind


class InvalidInputError(GraphError):
    """The caller gave something that cannot be used as it is."""


class ParameterError(InvalidInputError):
    """A query parameter is missing, unknown or of the wrong type."""

    def __init__(self, query: str, parameter: str, reason: str) -> None:
        super().__init__(f"parameter {parameter!r} of query {query!r}: {reason}")
        self.query = query
        self.parameter = parameter
        self.reason = reason


class QuerySyntaxError(InvalidInputError):
    """The text is not SPARQL 1.1.

    Attributes:
        line: Where it stops to be, counted from 1; ``None`` when that is not known.
        column: Character of that line, counted from 1; ``None`` likewise.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefusedError(InvalidInputError):
    """The query is valid, but this store does not run it (update, SERVICE, LOAD)."""


class SourceFormatError(InvalidInputError):
    """A file cannot be read as what it should be.

    Attributes:
        path: The file.
        line: Line in the file, counted from 1; ``None`` when it concerns the whole file.
        reason: What is wrong.
    """

    def __init__(self, path: Path | str, reason: str, line: int | None = None) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class _SpokenError(InvalidInputError):
    """What the caller must change is a sentence, which pages say in the reader's language.

    Attributes:
        sentence: It and its values.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.sentence = Sentence(template, values)
        super().__init__(str(self.sentence))


class EnquiryError(_SpokenError):
    """An enquiry cannot be answered as it is put, such as one without requirements."""


class NonConformingError(InvalidInputError):
    """Data breaks a shape or a check, so nothing of it was taken.

    Attributes:
        findings: One line for each violation.
        report: The same with their parts by name, where they are known.
    """

    def __init__(
        self, findings: tuple[str, ...], report: tuple[Mapping[str, str], ...] = ()
    ) -> None:
        shown = f"; the first: {findings[0]}" if findings else ""
        super().__init__(f"{len(findings)} violations, so nothing was published{shown}")
        self.findings = findings
        self.report = report


class GraphNotWritableError(InvalidInputError):
    """A write would change a graph that nobody writes to, such as the reference data.

    Attributes:
        graph: IRI of the graph; empty for the default graph.
    """

    def __init__(self, graph: str, reason: str) -> None:
        super().__init__(f"{f'<{graph}>' if graph else 'the default graph'}: {reason}")
        self.graph = graph


class VersionConflictError(InvalidInputError):
    """A write was meant for a state of the graph that is no longer there.

    Attributes:
        version: Graph version that answers now.
    """

    def __init__(self, reason: str, version: str) -> None:
        super().__init__(f"{reason}; read the graph again and repeat the change")
        self.version = version


class SourceRefusedError(InvalidInputError):
    """What a source names or sends is not taken: a host, an address, a length, a document.

    Attributes:
        address: What was asked for.
        reason: Why it is not taken.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class NothingStagedError(InvalidInputError):
    """A harvest is to be accepted or rejected, and none is waiting, or it is another one."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"source {source!r}: {reason}")
        self.source = source
        self.reason = reason


class HarvestError(GraphError):
    """A source of others failed; nobody here did anything wrong."""


class SourceUnavailableError(HarvestError):
    """A source did not answer, or not as it should.

    Attributes:
        address: What was asked for.
        reason: What went wrong.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class SourceBusyError(HarvestError):
    """The same source is being harvested already."""

    def __init__(self, source: str) -> None:
        super().__init__(f"source {source!r} is being harvested already")
        self.source = source


class RecordStateError(_SpokenError):
    """A change does not fit the state that a record is in, such as a second review."""


class IllegalTransitionError(InvalidInputError):
    """A record cannot get from the status it has to the one that is wanted.

    Attributes:
        current: The status it has.
        wanted: The status that is wanted.
        legal: Statuses that may follow, in alphabetical order.
    """

    def __init__(self, current: str, wanted: str, legal: tuple[str, ...]) -> None:
        followed = ", ".join(legal) or "nothing"
        super().__init__(f"{current} cannot become {wanted}; it may become {followed}")
        self.current = current
        self.wanted = wanted
        self.legal = legal


class ConsentMissingError(_SpokenError):
    """An enquiry is passed on only with the consent of whoever asked, and there is none."""


class StoreError(GraphError):
    """The RDF store failed; the caller did nothing wrong."""


class StoreUnavailableError(StoreError):
    """The store did not answer or is not there."""


class StoreTimeoutError(StoreError):
    """A query took longer than its limit.

    Attributes:
        limit_s: The limit, seconds.
        elapsed_s: How long it ran before it was ended, seconds.
    """

    def __init__(self, limit_s: float, elapsed_s: float | None = None) -> None:
        super().__init__(
            f"the query took longer than {limit_s:g} s; narrow it, or add LIMIT to its sub-selects"
        )
        self.limit_s = limit_s
        self.elapsed_s = limit_s if elapsed_s is None else elapsed_s


class StoreBusyError(StoreError):
    """All workers are taken and so are the places to wait for one.

    Attributes:
        retry_after_s: When to try again, whole seconds.
    """

    def __init__(self, reason: str, retry_after_s: int = 2) -> None:
        super().__init__(f"{reason}; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class StoreLimitError(StoreError):
    """A query needs more memory, or has a longer result, than one query may."""


class StoreCorruptError(StoreError):
    """The files of the store cannot be read; load the graph again."""
