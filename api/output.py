"""What the command line prints: tables and trees on a terminal, data into a pipe.

The engine takes most of a second to import, so only what needs it imports it.
"""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from api.i18n import texts
from api.querying import result_rows
from graph.building import Build, build
from graph.store import Manifest, Visibility
from graph.store.remote import Endpoint, push_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.asking import Answered
    from graph.loading.findings import Progress as Report
    from graph.validation import Finding

__all__ = [
    "document",
    "findings",
    "form",
    "load",
    "progress",
    "push",
    "result",
    "rows",
    "suggestion",
    "written",
]

_SHOWN_ROWS = 20


def form(asked: str) -> str:
    """Decide what ``auto`` means here."""
    if asked != "auto":
        return asked
    return "table" if sys.stdout.isatty() else "json"


def document(value: object) -> None:
    """Print a JSON document."""
    _print_json(value)


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _print_csv(columns: Sequence[str], found: Iterable[Mapping[str, str]]) -> None:
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\r\n")  # RFC 4180
    writer.writeheader()
    writer.writerows(found)


def rows(table: tuple[Sequence[str], Sequence[Mapping[str, str]]], asked: str) -> None:
    """Print rows under their column names.

    Args:
        table: Column names, and a value for each or none.
        asked: ``auto``, ``table``, ``json`` or ``csv``; ``turtle`` has no rows and prints JSON.
    """
    columns, found = table
    shape = form(asked)
    if shape == "table":
        drawn = Table(*columns, box=None, header_style="bold cyan")
        for row in found:
            drawn.add_row(*(escape(row.get(c, "")) for c in columns))
        Console().print(drawn)
    elif shape == "csv":
        _print_csv(columns, found)
    else:
        _print_json([dict(row) for row in found])


def result(media_type: str, content: bytes, asked: str) -> None:
    """Print the result of a query: a table on a terminal, else as the engine wrote it."""
    if form(asked) == "table" and media_type == "application/sparql-results+json":
        rows(result_rows(content), "table")
    else:
        sys.stdout.write(content.decode())


def suggestion(answered: "Answered", language: str, asked: str) -> None:
    """Print a suggestion in the form asked for."""
    from api.answers import answer
    from api.documents import Form, serialise
    from api.terminal import draw

    shape = form(asked)
    if shape == "table":
        draw(Console(), answer(answered.suggestion, answered.landscape, language), texts(language))
    else:
        sys.stdout.write(serialise(answered, language, Form(shape)))


@contextmanager
def progress() -> "Iterator[Report]":
    """Draw one bar for each stage on standard error while it runs."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield report


def load(
    home: Path, folder: Path | None = None, *, strict: bool = False, force: bool = False
) -> Build:
    """Load the reference data with a progress bar and say what came of it."""
    console = Console(stderr=True, highlight=False)
    with progress() as report:
        done = build(home, folder, strict=strict, force=force, progress=report)
    if not done.was_loaded:
        console.print(f"nothing changed: the store holds graph {done.version[:12]}")
        return done
    for row in done.row_findings[:_SHOWN_ROWS]:
        console.print(f"[yellow]{escape(str(row))}[/]")
    if len(done.row_findings) > _SHOWN_ROWS:
        console.print(f"[yellow]… and {len(done.row_findings) - _SHOWN_ROWS} more rows[/]")
    counted = ", ".join(f"{n} {severity}" for severity, n in _counts(done.findings).items() if n)
    console.print(
        f"loaded graph {done.version[:12]}: {done.statements} statements from "
        f"{sum(done.counts.values())} rows of {len(done.counts)} tables; "
        f"{len(done.row_findings)} rows with findings; validation: {counted or 'conforms'}"
    )
    return done


def push(
    home: Path, endpoint: Endpoint, widest: Visibility | None = None, *, force: bool = False
) -> None:
    """Fill a remote store with a progress bar and say what came of it."""
    with progress() as report:
        sent = push_all(home, endpoint, widest, force=force, progress=report)
    console = Console(stderr=True, highlight=False)
    for done in sent:
        what = "sent" if done.was_pushed else "nothing changed: it holds"
        console.print(
            f"{what} graph {done.version[:12]} ({done.visibility}): "
            f"{done.statements} statements at {endpoint.url}"
        )


def written(what: str, manifest: Manifest, path: Path) -> None:
    """Say what an archive holds."""
    statements = max(manifest.quads.values())
    Console(stderr=True, highlight=False).print(
        f"{what} graph {manifest.version[:12]}: {statements} statements in {escape(str(path))}"
    )


def _counts(found: "Iterable[Finding]") -> dict[str, int]:
    from graph.validation import summary

    return {severity.value: n for severity, n in summary(found).items()}


def findings(found: "Sequence[Finding]", asked: str) -> None:
    """Print what validation found, the gravest first, and the counts on standard error."""
    columns = ("severity", "message", "focus", "path", "value", "shape")
    table = [{c: str(getattr(f, c)) for c in columns} for f in found]
    rows((columns, table), asked)
    counted = ", ".join(f"{n} {severity}" for severity, n in _counts(found).items())
    Console(stderr=True).print(counted)
