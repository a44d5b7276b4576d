"""The houses of the desk serve for needs too."""

from tests.desk.conftest import book, house, quads, valley

__all__ = ["book", "house", "quads", "valley"]
