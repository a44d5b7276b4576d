"""The sub-command ``verbund harvest``: the same operations as over HTTP, on the own store."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.desk.command import Form
from api.options import Home
from api.recording import apply, own_store
from api.settings import Settings
from graph import harvest as harvesting
from graph.errors import NothingStagedError
from graph.harvest import Report, State

__all__ = ["app"]

app = typer.Typer(help="Sources of others: harvest, look, accept.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the source.")]
Digest = Annotated[
    str, typer.Option(help="Digest of the report that was looked at (default: the last one).")
]


def _settings(home: Path | None) -> Settings:
    return Settings() if home is None else Settings(home=home)


@app.command("list")
def list_sources(home: Home = None, form: Form = "auto") -> None:
    """List the sources that are described, each with its last harvest."""
    folder = _settings(home).home
    found = harvesting.read_sources(harvesting.sources_folder(folder))
    rows = [
        _line(one.name, one.kind.value, harvesting.read_report(folder, one.name)) for one in found
    ]
    output.rows((_COLUMNS, rows), form)


_COLUMNS = ("name", "kind", "state", "run_at", "added", "removed", "left_out", "error")


def _line(name: str, kind: str, report: Report | None) -> Mapping[str, str]:
    if report is None:
        return {"name": name, "kind": kind}
    return {
        "name": name,
        "kind": kind,
        "state": report.state.value,
        "run_at": report.run_at,
        "added": str(report.added),
        "removed": str(report.removed),
        "left_out": str(report.left_out_counted),
        "error": report.error,
    }


@app.command()
def run(name: Name, home: Home = None, form: Form = "auto") -> None:
    """Harvest a source now; exit code 1 when it fails, 3 when it waits to be accepted."""
    settings = _settings(home)
    report = _run(settings, name)
    _show(report, form)
    if report.state is State.FAILED:
        raise typer.Exit(1)
    if report.state is State.WAITING:
        raise typer.Exit(3)


def _run(settings: Settings, name: str) -> Report:
    """Harvest a source, and publish it when it needs nobody."""
    with output.progress() as told:
        report = harvesting.harvest(settings.home, name, told)
    if harvesting.is_published_at_once(settings.home, report):
        return _publish(settings, name, report.digest, by_person=False)
    return report


def _publish(settings: Settings, name: str, digest: str, *, by_person: bool) -> Report:
    change = harvesting.accept(settings.home, name, digest, by_person=by_person)
    apply(own_store(settings.home), change, name)
    return harvesting.settled(settings.home, name, digest)


@app.command()
def due(home: Home = None, form: Form = "auto") -> None:
    """Harvest every source whose time has come; exit code 1 when one fails.

    A source that fails does not keep the others waiting.
    """
    settings = _settings(home)
    reports = [_run(settings, name) for name in harvesting.due(settings.home)]
    lines = [_line(report.source, "", report) for report in reports]
    output.rows((tuple(one for one in _COLUMNS if one != "kind"), lines), form)
    if any(report.state is State.FAILED for report in reports):
        raise typer.Exit(1)


@app.command()
def report(name: Name, home: Home = None, form: Form = "auto") -> None:
    """Show the report of the last harvest."""
    _show(_last(_settings(home), name), form)


@app.command()
def staging(name: Name, home: Home = None) -> None:
    """Write what is staged to standard output, as N-Quads."""
    settings = _settings(home)
    typer.echo(harvesting.read_staging(settings.home, _last(settings, name)), nl=False)


@app.command()
def accept(name: Name, digest: Digest = "", home: Home = None, form: Form = "auto") -> None:
    """Publish what is staged, without the things that break a rule."""
    settings = _settings(home)
    chosen = digest or _last(settings, name).digest
    _show(_publish(settings, name, chosen, by_person=True), form)


@app.command()
def reject(name: Name, digest: Digest = "", home: Home = None, form: Form = "auto") -> None:
    """Do not publish what is staged; what is published stays as it is."""
    settings = _settings(home)
    chosen = digest or _last(settings, name).digest
    _show(harvesting.reject(settings.home, name, chosen), form)


@app.command()
def describe(
    name: Name,
    file: Annotated[typer.FileText, typer.Argument(help="Its description as TOML; - to read it.")],
    home: Home = None,
) -> None:
    """Add a source, or change how one is described; what is published stays."""
    said = harvesting.parse_description(name, file.read())
    harvesting.describe(_settings(home).home, name, said, tag=None)


@app.command()
def forget(name: Name, home: Home = None) -> None:
    """Remove the description of a source with what is staged; what is published stays."""
    harvesting.forget(_settings(home).home, name, tag=None)


def _last(settings: Settings, name: str) -> Report:
    """Return the last report of a source.

    Raises:
        UnknownSourceError: It is not described.
        NothingStagedError: It has never been harvested.
    """
    harvesting.read_source(harvesting.sources_folder(settings.home), name)
    found = harvesting.read_report(settings.home, name)
    if found is None:
        raise NothingStagedError(name, "it has never been harvested")
    return found


def _show(report: Report, form: str) -> None:
    """Print a report: all of it as JSON, its lines as a table."""
    if output.form(form) == "json":
        output.document(asdict(report))
        return
    lines = [{"what": name, "count": str(count)} for name, count in _counted(report)]
    lines += [
        {"what": f"left out: {thing}", "count": why} for thing, why in report.left_out.items()
    ]
    lines += [{"what": f"unread: {why}", "count": str(n)} for why, n in report.unread.items()]
    output.rows((("what", "count"), lines), form)


def _counted(report: Report) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = [
        ("state", report.state.value),
        ("fetched", report.fetched),
        ("staged", report.staged),
        ("added", report.added),
        ("removed", report.removed),
        *((f"findings: {name}", count) for name, count in report.findings_counted.items()),
        ("rows that are wrong", len(report.rows)),
    ]
    return [*found, ("error", report.error)] if report.error else found
