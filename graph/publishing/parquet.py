"""Tables as Parquet, with types, for those who work with data frames.

Made by polars, an optional dependency (``pip install verbund[parquet]``). Of the libraries that
write Parquet it is the one that the house has already, for its notebooks: 175 MB and 0.6 s of
processor to import, against 166 MB and 0.3 s for pyarrow and 67 MB and 0.3 s for DuckDB, which
would come on top. It is imported only where dumps are written.
"""

import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import yaml

from graph.errors import SourceFormatError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["has_parquet", "types_of", "write_parquet"]

_TYPES = frozenset({"date", "decimal", "integer"})
_HEADER = re.compile(r"^#\+ types: (.*)$", re.MULTILINE)


def has_parquet() -> bool:
    """Tell whether the optional dependency is installed."""
    try:
        return find_spec("polars") is not None
    except ValueError:  # the module is marked as not to be imported
        return False


def types_of(query: str) -> dict[str, str]:
    """Return the type of each column that is no text, from the header of a table's query.

    Raises:
        SourceFormatError: A type is none of ``date``, ``decimal`` and ``integer``.
    """
    found = _HEADER.search(query)
    types = {str(k): str(v) for k, v in yaml.safe_load(found[1]).items()} if found else {}
    if unknown := sorted(set(types.values()) - _TYPES):
        raise SourceFormatError("tables", f"unknown types {', '.join(unknown)}")
    return types


def write_parquet(engine: ox.Store, query: str, path: Path) -> None:
    """Write the answer to a query as a table; IRIs are texts, what is not known is null.

    Nothing is held as a whole but what the query itself groups: the engine writes a file, and
    polars reads it piece by piece. A decimal has 18 digits after the point, as in the engine.

    Args:
        engine: What to ask.
        query: SELECT with a header that names the types of columns.
        path: File to write.

    Raises:
        ImportError: The optional dependency is not installed.
        SourceFormatError: A value is not of the type of its column.
    """
    import polars as pl

    solutions = engine.query(query)
    if not isinstance(solutions, ox.QuerySolutions):
        raise TypeError("a table is made by a SELECT query")
    names = [variable.value for variable in solutions.variables]
    with tempfile.NamedTemporaryFile(suffix=".csv", dir=path.parent) as file:
        solutions.serialize(file.name, format=ox.QueryResultsFormat.CSV)
        try:
            _table(file.name, names, types_of(query)).sink_parquet(path, compression="zstd")
        except pl.exceptions.PolarsError as error:
            raise SourceFormatError(path.name, str(error)) from error


def _table(file: str, names: list[str], types: dict[str, str]) -> "pl.LazyFrame":
    """Return what reads a file of the engine."""
    import polars as pl

    def typed(name: str, kind: str) -> pl.Expr:
        if kind == "date":
            return pl.col(name).str.to_date("%Y-%m-%d")
        return pl.col(name).cast(pl.Int64() if kind == "integer" else pl.Decimal(38, 18))

    texts = pl.scan_csv(file, schema=dict.fromkeys(names, pl.String()))
    return texts.with_columns(typed(name, kind) for name, kind in types.items())
