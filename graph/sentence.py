"""A sentence that can be said in another language, because what changes in it is kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong, with the words that change kept apart, so that it can be said elsewhere.

    Attributes:
        template: English, with ``{fields}``; the same for each error of its kind, so pages look
            its translation up.
        values: What to fill in.
    """

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        # without values there is nothing to fill in, and braces are what somebody wrote
        return self.template.format(**self.values) if self.values else self.template
