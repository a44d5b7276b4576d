"""What coordinators wrote, as the text that is kept with a generation."""

from collections.abc import Iterable

import pyoxigraph as ox

__all__ = ["as_text", "statements"]


def as_text(quads: Iterable[ox.Quad]) -> bytes:
    """Return statements as N-Quads, sorted: equal sets have equal texts."""
    lines = sorted(f"{quad} .\n" for quad in set(quads))
    return "".join(lines).encode()


def statements(text: bytes) -> set[ox.Quad]:
    """Return the statements of a text that :func:`as_text` made."""
    return set(ox.parse(text, ox.RdfFormat.N_QUADS))
