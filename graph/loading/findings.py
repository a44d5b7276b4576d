"""What is wrong with one row of the reference data, and how far loading has come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Progress", "RowFinding"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with the name of the stage, the steps done and the steps in all."""


@dataclass(frozen=True, slots=True, order=True)
class RowFinding:
    """One thing that is wrong with one row.

    Attributes:
        path: Name of the file within the data folder.
        line: First line of the row, counted from 1.
        column: Name of the column; empty when the row as a whole is wrong.
        value: What the cell holds; empty when the row as a whole is wrong.
        reason: What is wrong, and what would be right.
    """

    path: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        cell = f" {self.column} {self.value!r}:" if self.column else ""
        return f"{self.path}:{self.line}:{cell} {self.reason}"
