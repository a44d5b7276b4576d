"""What every runner of queries does alike: name the question, share fairly, keep answers."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from graph.errors import StoreBusyError
from graph.store.bindings import with_bindings
from graph.store.cache import AnswerCache
from graph.store.dataset import Dataset
from graph.store.protocol import Visibility
from graph.store.runner import Answer, Lane, QueryRequest, RunLimits

__all__ = ["KeepingRunner", "Question"]


class _Versioned(Protocol):
    @property
    def version(self) -> str: ...

    def graphs(self) -> tuple[str, ...]: ...


S = TypeVar("S", bound=_Versioned)


class Question(Generic[S]):
    """What is asked of which version.

    Attributes:
        request: The query with its limits.
        store: The version that answers.
        dataset: The graphs that are asked; ``None`` for all.
        text: The query with its values.
        key: Equal for questions that have the same answer.
    """

    __slots__ = ("dataset", "key", "request", "store", "text")

    def __init__(self, request: QueryRequest, store: S) -> None:
        """Put a question.

        Raises:
            QueryRefusedError: It names a graph that is not there.
        """
        self.request = request
        self.store = store
        self.dataset: Dataset | None = request.dataset or request.query.dataset
        if self.dataset is not None:
            self.dataset.require_within(store.graphs())
        text = request.query.text
        self.text = with_bindings(text, request.bindings) if request.bindings else text
        asked = (self.text, self.dataset, request.media_type, request.max_rows)
        self.key = (store.version, request.visibility, asked)


class Clients:
    """How many queries of the ad-hoc lane each client has."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()

    def enter(self, request: QueryRequest) -> None:
        """Count a query.

        Raises:
            StoreBusyError: Its client has too many already.
        """
        client = request.client
        if client is None or request.lane is not Lane.AD_HOC:
            return
        if self._counts[client] >= self._most:
            raise StoreBusyError(f"you have {self._counts[client]} queries running already")
        self._counts[client] += 1

    def leave(self, request: QueryRequest) -> None:
        """Count a query no longer."""
        client = request.client
        if client is None or request.lane is not Lane.AD_HOC:
            return
        self._counts[client] -= 1
        if not self._counts[client]:
            del self._counts[client]

    @contextmanager
    def counting(self, request: QueryRequest) -> Iterator[None]:
        """Count a query for as long as the block lasts; see :meth:`enter`."""
        self.enter(request)
        try:
            yield
        finally:
            self.leave(request)


class KeepingRunner(ABC, Generic[S]):
    """Answers questions once for each version of the graph, as far as answers can be kept."""

    def __init__(self, limits: RunLimits) -> None:
        self._limits = limits
        self._clients = Clients(limits.per_client)
        self._cache = AnswerCache(limits.cache_bytes)

    @abstractmethod
    def store(self, visibility: Visibility) -> S:
        """Return the newest version as seen with a visibility."""

    @abstractmethod
    async def _answer(self, question: Question[S]) -> Answer:
        """Answer a question for the first time."""

    def cached(self, request: QueryRequest) -> Answer | None:
        """Return the answer at once if it is kept; see :class:`graph.store.runner.QueryRunner`."""
        if not request.query.is_repeatable:
            return None
        return self._cache.get(Question(request, self.store(request.visibility)).key)

    async def run(self, request: QueryRequest) -> Answer:
        """Answer a query; see :class:`graph.store.runner.QueryRunner`."""
        question = Question(request, self.store(request.visibility))
        is_kept = request.query.is_repeatable
        if is_kept and (found := self._cache.get(question.key)):
            return found
        answer = await self._answer(question)
        if is_kept:
            self._cache.put(question.key, answer)
        return answer
