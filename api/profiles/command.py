"""The sub-command ``verbund profiles``: the operations of ``/api/v1/profiles`` by their names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.asking import landscape_of, words_of
from api.i18n import texts
from api.options import Form, Home, Lang, Language, Shown
from api.profiles.submitting import (
    checked,
    fault_out,
    kept_form,
    line_out,
    submission_out,
    submitted,
)
from api.profiles.upkeep import completeness, effects, renewals
from api.recording import apply, own_store
from api.schemas.profiles import FaultOut, FormOut, ProfileIn
from graph import profiles
from graph.profiles import SubmissionStatus

__all__ = ["app"]

app = typer.Typer(
    help="Profiles: submit, review, publish, and keep up to date.", no_args_is_help=True
)

_FAULTY = 2


Given = Annotated[
    Path, typer.Argument(exists=True, help="JSON as POST /api/v1/profiles/submissions takes.")
]
Name = Annotated[str, typer.Argument(metavar="ID", help="Identifier of a submission.")]
Why = Annotated[str, typer.Argument(metavar="RATIONALE", help="Why; no names of people.")]
Organisation = Annotated[str, typer.Argument(help="IRI, identifier or name.")]


def _profile(file: Path) -> ProfileIn:
    return ProfileIn.model_validate_json(file.read_text(encoding="utf-8"))


@app.command()
def form(home: Home = None) -> None:
    """Print the form of a profile, derived from the shapes, as JSON."""
    found = FormOut.model_validate(kept_form(own_store(home)))
    typer.echo(found.model_dump_json(indent=2))


@app.command()
def check(
    file: Given, home: Home = None, lang: Lang = Language.DE, form: Shown = Form.AUTO
) -> None:
    """Check a profile without keeping anything; exit code 2 when it has grave faults."""
    _, found = checked(own_store(home), _profile(file), lang.value)
    shown = [fault_out(fault, texts(lang.value)) for fault in found]
    _print_faults(shown, form)
    if any(fault.is_grave for fault in shown):
        raise typer.Exit(_FAULTY)


def _print_faults(found: list[FaultOut], form: Form) -> None:
    columns = ("grave", "section", "number", "field", "message")
    rows = [
        {
            "grave": "yes" if fault.is_grave else "",
            "section": fault.section,
            "number": str(fault.number),
            "field": fault.field,
            "message": fault.message,
        }
        for fault in found
    ]
    output.rows((columns, rows), form.value)


@app.command()
def submit(file: Given, home: Home = None, lang: Lang = Language.DE) -> None:
    """Submit a profile for review and print its identifier."""
    store = own_store(home)
    iri, _, write = submitted(store, _profile(file), lang.value)
    name = iri.rpartition("/")[2]
    apply(store, write, name)
    typer.echo(name)


@app.command()
def submissions(
    status: Annotated[SubmissionStatus | None, typer.Option(help="Only these.")] = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """List the submitted profiles, the oldest first."""
    store = own_store(home)
    landscape = landscape_of(store, lang.value)
    names = {iri: o.name for iri, o in landscape.organisations.items()}
    lines = [
        line_out(s, names) for s in profiles.read_submissions(store) if status in (None, s.status)
    ]
    columns = ("id", "organisation", "status", "submitted_at", "statements")
    rows = [
        {
            "id": line.id,
            "organisation": line.organisation.name,
            "status": line.status,
            "submitted_at": line.submitted_at.isoformat(timespec="seconds"),
            "statements": str(line.statements),
        }
        for line in lines
    ]
    output.rows((columns, rows), form.value)


@app.command()
def submission(name: Name, home: Home = None, lang: Lang = Language.DE) -> None:
    """Show a submission with what its publication would change, as JSON."""
    store = own_store(home)
    found = submission_out(store, profiles.find_submission(store, name), lang.value)
    typer.echo(found.model_dump_json(indent=2))


@app.command()
def publish(name: Name, rationale: Why, home: Home = None) -> None:
    """Put what a submission proposes in place of the published profile."""
    store = own_store(home)
    found = profiles.find_submission(store, name)
    apply(store, profiles.publish(store, found, rationale), found.identifier)


@app.command()
def reject(name: Name, rationale: Why, home: Home = None) -> None:
    """Note why a submission is not published."""
    store = own_store(home)
    found = profiles.find_submission(store, name)
    apply(store, profiles.reject(store, found, rationale), found.identifier)


@app.command("completeness")
def show_completeness(
    organisation: Organisation,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """Say what the profile of an organisation leaves open."""
    store = own_store(home)
    iri = words_of(store, lang.value).organisation(organisation)
    found = completeness(store, iri, lang.value)
    columns = ("severity", "about", "message")
    rows = [
        {"severity": m.severity, "about": m.about.name, "message": m.message} for m in found.missing
    ]
    output.rows((columns, rows), form.value)
    typer.echo(f"{found.share:.0%}", err=True)


@app.command("effects")
def show_effects(
    organisation: Organisation,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """Say what stating one more fact would bring an organisation, by the engine."""
    store = own_store(home)
    iri = words_of(store, lang.value).organisation(organisation)
    columns = ("enters", "settles", "text")
    rows = [
        {"enters": str(len(e.enters)), "settles": str(len(e.settles)), "text": e.text}
        for e in effects(store, iri, lang.value)
    ]
    output.rows((columns, rows), form.value)


@app.command("renewals")
def show_renewals(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day (default: today).")
    ] = None,
    within_days: Annotated[int, typer.Option(min=0)] = 60,
    old_after_years: Annotated[int, typer.Option(min=0)] = 5,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """List the facts to be renewed, with whom to ask."""
    at = (day or datetime.now(UTC)).date()
    found = renewals(own_store(home), at, lang.value, within_days, old_after_years)
    columns = ("organisation", "kind", "label", "text", "counts")
    rows = [
        {
            "organisation": r.organisation.name,
            "kind": r.kind,
            "label": r.label,
            "text": r.text,
            "counts": r.counts,
        }
        for r in found
    ]
    output.rows((columns, rows), form.value)
