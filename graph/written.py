"""What coordinators wrote, as the text that is kept with a generation."""

from collections.abc import Iterable
from typing import TypeVar

import pyoxigraph as ox

__all__ = ["as_text", "statements"]


Statement = TypeVar("Statement", ox.Quad, ox.Triple)


def as_text(quads: Iterable[Statement]) -> bytes:
    """Return statements as N-Quads, sorted: equal sets have equal texts.

    Each line ends with a line break, which stands nowhere else.
    """
    text = ox.serialize(set(quads), format=ox.RdfFormat.N_QUADS)
    if text is None:  # only with an output to write to
        raise TypeError("the engine returned nothing")
    # by bytes as by characters: UTF-8 keeps their order, and no line break stands inside a line
    return b"".join(sorted(text.splitlines(keepends=True)))


def statements(text: bytes) -> set[ox.Quad]:
    """Return the statements of a text that :func:`as_text` made."""
    return set(ox.parse(text, ox.RdfFormat.N_QUADS))
