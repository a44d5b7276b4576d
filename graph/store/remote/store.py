"""The :class:`~graph.store.Store` protocol over any SPARQL 1.1 server."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from rdflib.term import Identifier

from graph.errors import GraphError, QuerySyntaxError, StoreUnavailableError
from graph.store.bindings import with_bindings
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm, require
from graph.store.guard import check
from graph.store.protocol import Row, Visibility
from graph.store.remote.client import Endpoint, Reply
from graph.store.remote.record import Record, read_record
from graph.store.remote.results import parse, written

__all__ = ["RemoteStore"]

logger = logging.getLogger(__name__)


class RemoteStore:
    """One version of the graph on a server; safe to use from several threads.

    The server limits time and memory of a query in its own way; on this side, a request has the
    limits of its :class:`~graph.store.remote.client.Endpoint`.

    Attributes:
        endpoint: The server.
        visibility: Whose view of the graph this is.
        refresh_s: After how long the server is asked again which version it holds, seconds.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        visibility: Visibility = Visibility.PUBLIC,
        refresh_s: float = 5.0,
        record: Record | None = None,
    ) -> None:
        """See what the server holds now.

        Args:
            endpoint: The server.
            visibility: Whose view of the graph to take.
            refresh_s: After how long to ask which version the server holds.
            record: What it holds, when that is known already.

        Raises:
            StoreError: The server does not answer, or holds nothing of ours.
        """
        self.endpoint = endpoint
        self.visibility = visibility
        self.refresh_s = refresh_s
        self._record = record or read_record(endpoint, visibility)
        self._newest = self._record
        self._seen_at = time.monotonic()
        self._asking = threading.Lock()

    @property
    def version(self) -> str:
        """Graph version that answers."""
        return self._record.version

    @property
    def dataset(self) -> Dataset:
        """The graphs of the server that make up this version, under their names there."""
        return self._record.dataset

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return tuple(sorted(map(self._record.naming.here, self._record.dataset.named)))

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT query on the server; see :class:`graph.store.Store`."""
        text = self._record.naming.trusted(with_bindings(query, bindings))
        solutions = parse(self._reply(text, QueryForm.SELECT, self._record.dataset))
        if "results" not in solutions.document:
            raise QuerySyntaxError("select() takes SELECT queries only")
        return solutions.rows()

    def serialise(
        self, query: str, media_type: str, bindings: Mapping[str, Identifier] | None = None
    ) -> bytes:
        """Run somebody else's query on the server; see :class:`graph.store.Store`."""
        checked = check(query)
        require(checked.form, media_type)
        reply = self.ask(with_bindings(query, bindings), checked.form, dataset=checked.dataset)
        return written(reply, checked.form, media_type, None)[0]

    def ask(self, text: str, form: QueryForm, dataset: Dataset | None = None) -> Reply:
        """Run a query that the guard has let through; return what the server sent.

        Args:
            text: The query.
            form: Of the query.
            dataset: Graphs that the query or the request names; all of this version by default.

        Raises:
            QueryRefusedError: A graph is not one of this version, or a function no standard one.
            QuerySyntaxError: A prefix is not declared.
            StoreError: The server failed.
        """
        naming, asked = self._record.naming, self._record.dataset
        if dataset is not None:
            dataset.require_within(self.graphs())
            asked = naming.dataset(dataset)
        return self._reply(naming.query(text), form, asked)

    def _reply(self, text: str, form: QueryForm, dataset: Dataset) -> Reply:
        """Send a query under the server's names; return the answer under ours."""
        self._require_readable()
        reply = self.endpoint.query(text, form, dataset)
        return replace(reply, content=self._record.naming.answer(reply.content))

    def latest(self) -> "RemoteStore":
        """Return the newest version that is known: itself when nothing newer is there.

        This never waits: when what is known is older than ``refresh_s``, the server is asked
        beside, and a later call has the answer.
        """
        self._refresh_beside()
        if self._newest == self._record:
            return self
        return RemoteStore(self.endpoint, self.visibility, self.refresh_s, self._newest)

    def refresh(self) -> None:
        """Ask the server now which version it holds.

        Raises:
            StoreError: It does not answer.
        """
        self._newest = read_record(self.endpoint, self.visibility)
        self._seen_at = time.monotonic()

    def _is_old(self) -> bool:
        return time.monotonic() - self._seen_at > self.refresh_s

    def _refresh_beside(self) -> None:
        if self._is_old() and self._asking.acquire(blocking=False):
            threading.Thread(target=self._refresh_quietly, daemon=True).start()

    def _refresh_quietly(self) -> None:
        """Ask which version is there; what answers now goes on answering when that fails."""
        try:
            self.refresh()
        except GraphError as error:
            self._seen_at = time.monotonic()
            logger.warning("cannot see which graph version answers: %s", error)
        finally:
            self._asking.release()

    def _require_readable(self) -> None:
        """Check now and then that the server still holds this version.

        A version is removed two pushes later; its graph would read as empty then.

        Raises:
            StoreUnavailableError: It does not.
        """
        if self._is_old():
            self.refresh()
        if not self._newest.keeps(self._record):
            raise StoreUnavailableError(
                f"version {self.version[:12]} of the graph is no longer at {self.endpoint.url}"
            )
