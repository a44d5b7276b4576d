"""One harvest from beginning to end: fetch, map, stage, compare, report.

Nothing here publishes: what is staged becomes a change by :func:`graph.harvest.accepting.accept`,
which the one writer of the house applies. So a harvest may be killed at any moment.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox

from graph.errors import GraphError, SourceRefusedError
from graph.harvest.accepting import is_described_anew
from graph.harvest.catalogues import distributions
from graph.harvest.connection import Policy
from graph.harvest.endpoints import EndpointReader
from graph.harvest.fetching import Document, Fetcher
from graph.harvest.mapping import Mapped, map_statements
from graph.harvest.parsing import parse_document
from graph.harvest.reports import (
    SHOWN,
    Fetched,
    FindingLine,
    Report,
    State,
    harvesting,
    read_report,
    sources_folder,
    staging_graph,
    tell_progress,
    write_report,
    write_staging,
)
from graph.harvest.sources import Kind, Source, read_source, read_sources
from graph.harvest.staging import Staged, stage
from graph.harvest.tables import read_table_source
from graph.pausing import without_looking_for_cycles
from graph.store import EmbeddedStore, Visibility
from graph.validation import summary
from graph.written import as_text

__all__ = ["due", "harvest"]

Told = Callable[[str, int, int], None]


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """What a source sent."""

    quads: list[ox.Quad]
    documents: tuple[Document, ...] = ()
    rows: tuple[str, ...] = ()


def due(home: Path, now: datetime | None = None) -> list[str]:
    """Return the names of the sources that are to be harvested by their time, sorted.

    A source whose last harvest failed is tried again after a tenth of its time.
    """
    time = now or datetime.now(UTC)
    found = []
    for source in read_sources(sources_folder(home)):
        report = read_report(home, source.name)
        hours = source.every_hours / (10 if report and report.state is State.FAILED else 1)
        last = datetime.fromisoformat(report.run_at) if report else None
        if source.every_hours and (last is None or last + timedelta(hours=hours) <= time):
            found.append(source.name)
    return found


def harvest(
    home: Path, name: str, told: Told = _silent, *, now: Callable[[], datetime] | None = None
) -> Report:
    """Harvest a source and keep the report.

    Args:
        home: Directory of the store.
        name: Name of the source.
        told: Called with stage, done and total as it goes on.
        now: What time it is.

    Returns:
        The report; a source that fails is a report too, and what is published stays.

    Raises:
        UnknownSourceError: It is not described.
        SourceFormatError: Its description is not one.
        SourceBusyError: It is being harvested already.
        StoreError: The store cannot be read.
    """
    clock = now or (lambda: datetime.now(UTC))
    source = read_source(sources_folder(home), name)
    with harvesting(home, name) as folder, without_looking_for_cycles():

        def tell(stage: str, done: int, total: int) -> None:
            tell_progress(folder, stage, done, total)
            told(stage, done, total)

        begun = Report(name, State.FAILED, clock().isoformat(timespec="seconds"))
        try:
            made = _harvested(home, source, folder, tell, begun)
        except GraphError as error:
            made = replace(begun, error=str(error))
        made = replace(made, ended_at=clock().isoformat(timespec="seconds"))
        write_report(folder, made)
        return made


def _harvested(home: Path, source: Source, folder: Path, tell: Told, begun: Report) -> Report:
    raw = _raw(source, folder, tell)
    tell("mapping", 0, len(raw.quads))
    mapped = map_statements(source, raw.quads)
    tell("validation", 0, len(mapped.triples))
    store = EmbeddedStore(home, Visibility.INTERNAL)
    staged = stage(store, str(source.graph.iri), mapped.triples)
    tell("staging", len(staged.triples), len(staged.triples))
    digest = write_staging(folder, _text(source, staged.triples))
    changes = bool(staged.added or staged.removed) or is_described_anew(store.engine, source)
    made = replace(
        begun,
        state=State.WAITING if changes else State.UNCHANGED,
        version=store.version,
        digest=digest,
        documents=tuple(_fetched(document) for document in raw.documents),
        fetched=len(raw.quads),
        rows=raw.rows,
    )
    return _explained(_compared(made, staged), mapped, staged)


def _text(source: Source, triples: Iterable[ox.Triple]) -> str:
    # only the end of a statement is followed by a line break; in texts it is written as an escape
    end = f" <{staging_graph(source.name)}> .\n"
    return as_text(triples).decode().replace(" .\n", end)


def _compared(report: Report, staged: Staged) -> Report:
    counted = summary(staged.findings)
    return replace(
        report,
        staged=len(staged.triples),
        added=len(staged.added),
        removed=len(staged.removed),
        added_shown=_shown(staged.added),
        removed_shown=_shown(staged.removed),
        findings=tuple(
            FindingLine(f.severity.value, f.focus, f.path, f.value, f.shape, f.message)
            for f in staged.findings[:SHOWN]
        ),
        findings_counted={severity.value: count for severity, count in counted.items()},
        left_out=dict(sorted(staged.left_out.items())[:SHOWN]),
        left_out_counted=len(staged.left_out),
    )


def _shown(triples: Iterable[ox.Triple]) -> tuple[str, ...]:
    return tuple(sorted(f"{triple} ." for triple in triples)[:SHOWN])


def _explained(report: Report, mapped: Mapped, staged: Staged) -> Report:
    named = {finding.focus for finding in staged.findings[:SHOWN]} | set(report.left_out)
    return replace(
        report,
        names={ours: mapped.names[ours] for ours in sorted(named) if ours in mapped.names},
        unread=dict(sorted(mapped.left_out.items())),
        ambiguous=dict(mapped.ambiguous),
    )


def _fetched(document: Document) -> Fetched:
    length = document.path.stat().st_size
    return Fetched(document.address, document.media_type, length, document.is_new)


def _raw(source: Source, folder: Path, tell: Told) -> _Raw:
    fetcher = Fetcher(Policy.of(source), source.limits, folder / "documents")
    if source.kind is Kind.ENDPOINT:
        reader = EndpointReader(source, folder / "pages", fetcher, tell)
        return _Raw(_limited(source, reader.read()))
    documents = [
        _told(fetcher, address, n, source.addresses, tell)
        for n, address in enumerate(source.addresses)
    ]
    if source.kind is Kind.TABLE:
        quads, rows = read_table_source(source, documents, folder / "table")
        return _Raw(quads, tuple(documents), tuple(str(row) for row in rows[:SHOWN]))
    quads = _limited(source, _parsed(documents, source))
    if source.kind is Kind.CATALOGUE:
        addresses = distributions(quads, source.datasets)
        if not addresses:
            raise SourceRefusedError(source.addresses[0], "names no file that can be read")
        files = [_told(fetcher, one, n, addresses, tell) for n, one in enumerate(addresses)]
        return _Raw(_limited(source, _parsed(files, source)), (*documents, *files))
    return _Raw(quads, tuple(documents))


def _told(
    fetcher: Fetcher, address: str, number: int, addresses: Sequence[str], tell: Told
) -> Document:
    tell("documents", number, len(addresses))
    return fetcher.fetch(address)


def _parsed(documents: Iterable[Document], source: Source) -> Iterable[ox.Quad]:
    """Yield the statements of documents; blank nodes of different ones are kept apart."""
    for number, document in enumerate(documents):
        for quad in parse_document(document, source.limits):
            yield _apart(quad, number)


def _apart(quad: ox.Quad, number: int) -> ox.Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.BlankNode(f"{subject.value}d{number}")
    if isinstance(value, ox.BlankNode):
        value = ox.BlankNode(f"{value.value}d{number}")
    return ox.Quad(subject, quad.predicate, value)


def _limited(source: Source, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    found = []
    for quad in quads:
        if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
            raise SourceRefusedError(source.addresses[0], "has statements about statements")
        found.append(quad)
        if len(found) > source.limits.statements:
            reason = f"more than {source.limits.statements} statements"
            raise SourceRefusedError(source.addresses[0], reason)
    return found
