"""How a command fails: one line on standard error, and an exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from graph import errors

__all__ = ["one_line_errors"]


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn errors that the core raises on purpose into one line and an exit code.

    Exits with 1 when the store failed, with 2 when the input cannot be used.
    """
    try:
        yield
    except errors.GraphError as error:
        _fail(str(error), 1 if isinstance(error, errors.StoreError) else 2)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        _fail(f"{where}: {first['msg']}" if where else str(first["msg"]), 2)


def _fail(message: str, code: int) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"[red]error:[/] {escape(message.splitlines()[0]) if message else 'unknown'}", markup=True
    )
    sys.exit(code)
