"""Answers kept for the same question again."""

from collections import OrderedDict

from graph.store.runner import Answer

__all__ = ["AnswerCache"]


class AnswerCache:
    """The results of repeatable queries, the last used ones, up to a total length.

    Attributes:
        is_on: Anything is kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self.is_on = max_bytes > 0
        self._left = max_bytes
        self._answers: OrderedDict[object, Answer] = OrderedDict()

    def get(self, key: object) -> Answer | None:
        """Return the answer to a question, ``None`` when it is not kept."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: object, answer: Answer) -> None:
        """Keep an answer that is whole; drop those not used for longest."""
        if not self.is_on or answer.content is None or key in self._answers:
            return
        self._answers[key] = answer
        self._left -= len(answer.content)
        while self._left < 0:
            _, dropped = self._answers.popitem(last=False)
            self._left += len(dropped.content or b"")
