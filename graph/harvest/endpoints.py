"""Things of a SPARQL endpoint, page by page, none lost and none twice.

Pages are cut by the key of the things, not by OFFSET: a page begins after the last key of the one
before, so what is added or removed elsewhere moves nothing. What a server leaves out without a
word, as public ones do after some thousand rows, is found by counting: each request is asked for
its number of rows too, and halved until both agree. In the end the things are counted again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from graph.errors import (
    QuerySyntaxError,
    SourceRefusedError,
    SourceUnavailableError,
    StoreError,
    StoreLimitError,
)
from graph.harvest.connection import Policy, opener_for
from graph.harvest.fetching import Fetcher
from graph.harvest.sources import Source
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.protocol import Row
from graph.store.remote.client import Endpoint
from graph.store.remote.results import parse
from graph.store.terms import to_engine

__all__ = ["EndpointReader"]

_ROWS_PER_REQUEST = 100
_TRIES = 2

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far reading has come; written after each page, so that it can go on from there.

    Attributes:
        question: Digest of what is asked; another question begins anew.
        pages: Pages that are kept.
        things: Things on them.
        last: Key of the last thing.
        total: Things in all, as counted at the beginning.
        is_complete: Everything has been read.
    """

    question: str
    pages: int = 0
    things: int = 0
    last: str = ""
    total: int = 0
    is_complete: bool = False


class EndpointReader:
    """Reads an endpoint into a folder of pages."""

    def __init__(self, source: Source, folder: Path, fetcher: Fetcher, told: Told) -> None:
        """Take a source of the kind ``endpoint``.

        Args:
            source: What to read.
            folder: Where pages and progress are kept.
            fetcher: Knows how much time is left.
            told: Called with stage, things read and things in all.
        """
        self._source = source
        self._folder = folder
        self._fetcher = fetcher
        self._told = told
        self._url = source.addresses[0]
        policy = Policy.of(source)
        policy.require(self._url)
        self._endpoint = Endpoint(
            self._url,
            timeout_s=source.limits.request_s,
            result_max_bytes=source.limits.bytes,
            opener=opener_for(policy),
        )

    def read(self) -> Iterator[ox.Quad]:
        """Read everything, going on where a reading broke off, and yield it.

        Raises:
            SourceRefusedError: One thing has more statements than the server gives.
            SourceUnavailableError: The server fails, or changes each time while it is read.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(_TRIES):
            progress = self._read_pages(self._begun())
            counted = self._count()
            if progress.things == counted:
                self._save(_Progress(**asdict(progress) | {"is_complete": True}))
                yield from self._quads(progress)
                return
            self._clear()
            if attempt + 1 == _TRIES:
                reason = f"gave {progress.things} things and counts {counted}"
                raise SourceUnavailableError(self._url, reason)

    def _read_pages(self, progress: _Progress) -> _Progress:
        while True:
            self._fetcher.require_time(self._url)
            things = self._keys(progress.last)
            if not things:
                return progress
            if progress.last in things:
                raise SourceUnavailableError(self._url, "gives a page again")
            lines = [str(quad) + " .\n" for quad in self._described(things)]
            self._page(progress.pages).write_text("".join(lines), encoding="utf-8")
            progress = _Progress(
                question=progress.question,
                pages=progress.pages + 1,
                things=progress.things + len(things),
                last=things[-1],
                total=progress.total,
            )
            self._save(progress)
            self._told("things", progress.things, progress.total)

    def _pattern(self) -> str:
        classes = " ".join(URIRef(name).n3() for name in self._source.classes)
        return f"VALUES ?class {{ {classes} }} ?thing a ?class . FILTER (isIRI(?thing))"

    def _keys(self, last: str) -> list[str]:
        """Return the keys of the next page, in the order of the server."""
        after = f"FILTER (STR(?thing) > {Literal(last).n3()})" if last else ""
        rows = self._rows(
            f"SELECT DISTINCT ?thing WHERE {{ {self._pattern()} {after} }} "
            f"ORDER BY STR(?thing) LIMIT {self._source.page_size}"
        )
        return [str(row["thing"]) for row in rows]

    def _count(self) -> int:
        [row] = self._rows(
            f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {self._pattern()} }}"
        )
        return int(str(row["count"]))

    def _described(self, things: Sequence[str]) -> Iterator[ox.Quad]:
        """Yield what is said of things and of the blank nodes that they lead to."""
        for start in range(0, len(things), _ROWS_PER_REQUEST):
            yield from self._batch(things[start : start + _ROWS_PER_REQUEST])

    def _batch(self, things: Sequence[str]) -> Iterator[ox.Quad]:
        values = " ".join(URIRef(thing).n3() for thing in things)
        pattern = (
            f"VALUES ?s {{ {values} }} ?s ?p ?o . OPTIONAL {{ ?o ?p2 ?o2 . FILTER (isBlank(?o)) }}"
        )
        rows = self._whole(pattern)
        if rows is not None:
            yield from self._statements(rows)
        elif len(things) == 1:
            raise SourceRefusedError(things[0], f"{self._url} leaves statements of it out")
        else:
            middle = len(things) // 2
            yield from self._batch(things[:middle])
            yield from self._batch(things[middle:])

    def _statements(self, rows: Sequence[Row]) -> Iterator[ox.Quad]:
        """Yield the statements of one answer; its blank nodes are those of no other answer."""
        labels: dict[str, str] = {}
        mark = hashlib.sha256(str(rows[0].get("s", "")).encode()).hexdigest()[:12] if rows else ""

        def engine(term: Identifier) -> ox.NamedNode | ox.BlankNode | ox.Literal:
            if isinstance(term, BNode):
                return ox.BlankNode(labels.setdefault(str(term), f"b{mark}{len(labels)}"))
            return to_engine(term)

        for row in rows:
            yield _quad(engine(row["s"]), engine(row["p"]), engine(row["o"]))
            if "p2" in row:
                yield _quad(engine(row["o"]), engine(row["p2"]), engine(row["o2"]))

    def _whole(self, pattern: str) -> list[Row] | None:
        """Return all rows of a pattern, or ``None`` when the server leaves rows out."""
        [counted] = self._rows(f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}")
        try:
            rows = self._asked(f"SELECT ?s ?p ?o ?p2 ?o2 WHERE {{ {pattern} }}")
        except StoreLimitError:  # it says so, or the answer is too long
            return None
        return rows if len(rows) == int(str(counted["count"])) else None

    def _rows(self, query: str) -> list[Row]:
        try:
            return self._asked(query)
        except StoreLimitError as error:
            reason = f"cuts its answers; a smaller page_size may help: {error}"
            raise SourceUnavailableError(self._url, reason) from error

    def _asked(self, query: str) -> list[Row]:
        self._fetcher.require_time(self._url)
        dataset = Dataset(default=self._source.graphs)
        try:
            return parse(self._endpoint.query(query, QueryForm.SELECT, dataset)).rows()
        except StoreLimitError:
            raise
        except (StoreError, QuerySyntaxError) as error:
            raise SourceUnavailableError(self._url, str(error)) from error

    def _begun(self) -> _Progress:
        """Return how far an unfinished reading of the same question has come, or a beginning."""
        asked = (self._url, self._source.classes, self._source.graphs, self._source.page_size)
        question = hashlib.sha256(repr(asked).encode()).hexdigest()
        path = self._folder / "progress.json"
        if path.is_file():
            said: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
            found = _Progress(**said)  # type: ignore[arg-type]
            if found.question == question and not found.is_complete:
                return found
        self._clear()
        return _Progress(question, total=self._count())

    def _clear(self) -> None:
        for path in self._folder.iterdir():
            path.unlink()

    def _page(self, number: int) -> Path:
        return self._folder / f"page-{number:05}.nt"

    def _save(self, progress: _Progress) -> None:
        new = self._folder / "progress.new"
        new.write_text(json.dumps(asdict(progress)), encoding="utf-8")
        new.replace(self._folder / "progress.json")

    def _quads(self, progress: _Progress) -> Iterator[ox.Quad]:
        for number in range(progress.pages):
            yield from ox.parse(path=self._page(number), format=ox.RdfFormat.N_TRIPLES)


def _quad(subject: object, predicate: object, value: object) -> ox.Quad:
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        raise TypeError("a literal is no subject")
    if not isinstance(predicate, ox.NamedNode):
        raise TypeError("a property is an IRI")
    if not isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal):
        raise TypeError("not an RDF 1.1 term")
    return ox.Quad(subject, predicate, value)
