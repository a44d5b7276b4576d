"""What every runner of queries does alike: name the question, share fairly, keep answers."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from graph.errors import StoreBusyError
from graph.store.bindings import with_bindings
from graph.store.cache import AnswerCache
from graph.store.dataset import Dataset
from graph.store.protocol import Visibility
from graph.store.runner import Answer, Begun, Lane, QueryRequest, RunLimits, Tell

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
    """

    __slots__ = ("dataset", "request", "store", "text")

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

    @property
    def key(self) -> Hashable:
        """Equal for questions that have the same answer."""
        asked = (self.text, self.dataset, self.request.media_type, self.request.max_rows)
        return self.store.version, self.request.visibility, asked


class Clients:
    """How many queries of the ad-hoc lane each client has."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[str, int] = {}

    def enter(self, request: QueryRequest) -> None:
        """Count a query.

        Raises:
            StoreBusyError: Its client has too many already.
        """
        client = request.client
        if client is None or request.lane is not Lane.AD_HOC:
            return
        count = self._counts.get(client, 0)
        if count >= self._most:
            raise StoreBusyError(f"you have {count} queries running already")
        self._counts[client] = count + 1

    def leave(self, request: QueryRequest) -> None:
        """Count a query no longer."""
        client = request.client
        if client is None or request.lane is not Lane.AD_HOC:
            return
        count = self._counts.pop(client)
        if count > 1:
            self._counts[client] = count - 1

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
        return self._kept(Question(request, self.store(request.visibility)))

    def begin(self, request: QueryRequest, tell: Tell) -> Answer | Begun | None:
        """Begin to answer at once; see :class:`graph.store.runner.QueryRunner`."""
        question = Question(request, self.store(request.visibility))
        return self._kept(question) or self._begin(question, tell)

    def _begin(self, question: Question[S], tell: Tell) -> Begun | None:
        """Begin to answer a question for the first time; not every runner can do that at once."""
        return None

    async def run(self, request: QueryRequest) -> Answer:
        """Answer a query; see :class:`graph.store.runner.QueryRunner`."""
        question = Question(request, self.store(request.visibility))
        if found := self._kept(question):
            return found
        answer = await self._answer(question)
        self._keep(question, answer)
        return answer

    def _kept(self, question: Question[S]) -> Answer | None:
        is_kept = self._cache.is_on and question.request.query.is_repeatable
        return self._cache.get(question.key) if is_kept else None

    def _keep(self, question: Question[S], answer: Answer) -> None:
        if self._cache.is_on and question.request.query.is_repeatable:
            self._cache.put(question.key, answer)
