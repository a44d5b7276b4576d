"""Running queries of strangers: what is asked, what comes back, and the limits."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

from rdflib.term import Identifier

from graph.store.dataset import Dataset
from graph.store.guard import CheckedQuery
from graph.store.protocol import Visibility

__all__ = ["Answer", "Begun", "Lane", "QueryRequest", "QueryRunner", "RunLimits", "Tell"]


class Lane(StrEnum):
    """Two lanes of workers, so that runaways never hold up the pages."""

    CATALOGUE = "catalogue"
    AD_HOC = "ad-hoc"

    __hash__ = str.__hash__  # as quick as a text; that of enumerations is written in Python


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What one query and one lane may take.

    Attributes:
        timeout_s: Time the engine may work on one query, seconds.
        delivery_timeout_s: Time from the start until the client has read the result, seconds.
        memory_bytes: Address space of one worker; 0 for no limit.
        result_max_bytes: Length of a serialised result.
        workers: Processes of each lane.
        waiting: Queries that may wait for a worker in each lane.
        wait_s: How long one waits, seconds.
        per_client: Queries that one client may have in the ad-hoc lane, waiting ones included.
        cache_bytes: Length of all results kept for repetition; 0 keeps none.
    """

    timeout_s: float = 10.0
    delivery_timeout_s: float = 120.0
    memory_bytes: int = 2 * 1024**3
    result_max_bytes: int = 256 * 1024**2
    workers: Mapping[Lane, int] = field(default_factory=lambda: {Lane.CATALOGUE: 2, Lane.AD_HOC: 4})
    waiting: int = 32
    wait_s: float = 5.0
    per_client: int = 8
    cache_bytes: int = 32 * 1024**2


_NOTHING: Mapping[str, Identifier] = MappingProxyType({})


class QueryRequest(NamedTuple):
    """One query to run.

    Attributes:
        query: What the guard has let through.
        media_type: Of the result, see :mod:`graph.store.formats`.
        visibility: Whose view of the graph is asked.
        bindings: Terms for variables of the query.
        dataset: Graphs that the protocol's parameters name; they replace FROM clauses.
        max_rows: Rows after which a SELECT result is cut and says so; ``None`` for no cut.
        lane: Which workers run it.
        client: Who asks, to share the ad-hoc lane fairly; ``None`` is not counted.
    """

    query: CheckedQuery
    media_type: str
    visibility: Visibility = Visibility.PUBLIC
    bindings: Mapping[str, Identifier] = _NOTHING
    dataset: Dataset | None = None
    max_rows: int | None = None
    lane: Lane = Lane.AD_HOC
    client: str | None = None


class Answer(NamedTuple):
    """The result of a query, whole or on its way.

    Attributes:
        media_type: Of the content.
        version: Graph version that answered.
        content: The whole result, or ``None`` when it comes in parts.
        parts: The parts of a long result. A failure on the way is raised here, so that a
            result cut short is never taken for whole. Close it when you stop early.
        is_cut: Rows after ``max_rows`` were left out.
    """

    media_type: str
    version: str
    content: bytes | None
    parts: AsyncGenerator[bytes, None] | None = None
    is_cut: bool = False


Tell = Callable[[Answer | None], None]
"""Is told the answer, or that it is to be waited for."""


class Begun(Protocol):
    """A query that runs, for who has no task that waits for it."""

    async def answer(self) -> Answer:
        """Wait for the answer; cancelling ends the query.

        Raises:
            GraphError: See :meth:`QueryRunner.run`.
        """
        ...

    def end(self) -> None:
        """End it, as nobody wants the answer, once it has been told that it is not there yet."""
        ...


class QueryRunner(Protocol):
    """What answers queries of strangers."""

    async def start(self) -> None:
        """Get ready."""
        ...

    async def close(self) -> None:
        """End everything."""
        ...

    def cached(self, request: QueryRequest) -> Answer | None:
        """Return the answer at once if it is kept, else ``None``.

        Raises:
            GraphError: As :meth:`run`, before anything runs.
        """
        ...

    def begin(self, request: QueryRequest, tell: Tell) -> Answer | Begun | None:
        """Begin to answer a query, if that can be done at once.

        Args:
            request: The query.
            tell: Called once when something has been begun: with the answer, if it is whole and
                comes soon, and then all is over; else with ``None``, and who has begun it waits
                for the answer or ends it.

        Returns:
            The answer, if it is kept; what has been begun; or ``None`` when there is nothing
            free that could be asked at once: then :meth:`run` it.

        Raises:
            GraphError: As :meth:`run`, before anything runs.
        """
        ...

    async def run(self, request: QueryRequest) -> Answer:
        """Answer a query; cancelling ends it.

        Raises:
            QuerySyntaxError: The engine does not understand it.
            QueryRefusedError: It asks for a graph that is not there.
            StoreTimeoutError: It took too long.
            StoreBusyError: No worker was free.
            StoreLimitError: It took too much memory, or its result is too long.
            StoreUnavailableError: There is no graph, or the engine failed.
        """
        ...
