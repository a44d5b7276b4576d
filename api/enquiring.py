"""Commands about an enquiry: read it, answer it, compute it again, see who would pay."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api import output
from api.options import AnyForm as Form
from api.options import Format, Home, Lang, Language
from api.preparing import ready_store

__all__ = ["COMMANDS", "funding", "gaps", "recompute", "suggest", "understand", "unlock"]

_GAPS = 3
"""Exit code of an answer that is not all that was asked for."""


def suggest(
    enquiry: Annotated[
        str | None,
        typer.Argument(help="Number or title, a .json or Turtle file, or `-` for JSON on input."),
    ] = None,
    competence: Annotated[
        list[str] | None,
        typer.Option("--competence", "-c", help="A competence that is needed; repeatable."),
    ] = None,
    pin: Annotated[list[str] | None, typer.Option(help="Organisation that must be in.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Organisation that must not be in.")
    ] = None,
    max_members: Annotated[int | None, typer.Option(min=1, help="Most members.")] = None,
    lead: Annotated[str | None, typer.Option(help="Organisation that must lead.")] = None,
    apart: Annotated[
        list[str] | None, typer.Option(help="'A | B': two that must not be together.")
    ] = None,
    at_least: Annotated[
        list[str] | None,
        typer.Option(help="Fewest of a group: '2 small', '1 sector=Optik', '1 state=Thüringen'."),
    ] = None,
    at_most: Annotated[
        list[str] | None, typer.Option(help="Most members of a group, written the same way.")
    ] = None,
    programme: Annotated[
        str | None, typer.Option(help="Funding programme whose rules on members must be met.")
    ] = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Suggest the best provable consortium; exit code 3 when it has gaps."""
    from api.asking import ask, from_competences, from_file, from_graph, from_json

    if (enquiry is None) == (not competence):
        raise typer.BadParameter("give an enquiry, or competences with -c", param_hint="ENQUIRY")
    store = ready_store(home)
    if competence:
        asked = from_competences(competence)
    elif enquiry == "-":
        asked = from_json(sys.stdin.read(), "-")
    elif enquiry and Path(enquiry).suffix in {".json", ".ttl", ".trig", ".jsonld", ".nt"}:
        asked = from_file(Path(enquiry))
    else:
        asked = from_graph(enquiry or "")
    asked = asked.narrowed(pin or [], exclude or [], max_members, programme)
    asked = asked.demanding(at_least or [], at_most or [], lead, apart)
    answered = ask(store, asked, lang.value)
    output.suggestion(answered, lang.value, form.value)
    if answered.suggestion.gaps:
        raise typer.Exit(_GAPS)


def recompute(
    file: Annotated[Path, typer.Argument(help="Consortium as `suggest -f turtle` wrote it.")],
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Compute a stored consortium again; exit code 3 when the result is another one."""
    from api.recomputing import recompute_file

    answered, differences = recompute_file(ready_store(home), file, lang.value)
    output.suggestion(answered, lang.value, form.value)
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for difference in differences:
        console.print(difference)
    if differences:
        raise typer.Exit(_GAPS)


def unlock(
    most: Annotated[int, typer.Option(min=1, max=20, help="Competences at most.")] = 5,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Say which new competences would unlock most of the open enquiries."""
    from api.unlocking import unlocking_table

    output.rows(unlocking_table(ready_store(home), lang.value, most), form.value)


def understand(
    file: Annotated[str, typer.Argument(help="Text file, or `-` for standard input.")],
    enquiry: Annotated[
        bool, typer.Option("--enquiry", help="Only the enquiry, for `verbund suggest -`.")
    ] = False,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Read an enquiry in free text; exit code 3 when no requirement was found."""
    from api.reading_text import print_proposal, text_of
    from api.understanding import propose

    proposal = propose(ready_store(home), text_of(file), shown=lang.value)
    print_proposal(proposal, lang.value, output.form(form.value), only_enquiry=enquiry)
    if proposal.enquiry is None:
        raise typer.Exit(_GAPS)


def gaps(
    files: Annotated[list[str], typer.Argument(help="Text files, or `-` for standard input.")],
    home: Home = None,
    form: Form = Format.AUTO,
) -> None:
    """Count the words of many enquiries that look like trade terms and that nothing explains."""
    from api.reading_text import text_of
    from api.understanding import read
    from graph.understanding import count_gaps

    store = ready_store(home)
    counted = count_gaps(read(store, text_of(file)) for file in files)
    found = [{"word": word, "count": str(count)} for word, count in counted]
    output.rows((("word", "count"), found), form.value)


def funding(
    enquiry: Annotated[
        str | None, typer.Argument(help="Number or title of an enquiry of the graph.")
    ] = None,
    organisation: Annotated[
        list[str] | None,
        typer.Option("--organisation", "-o", help="Instead: who would apply; may be repeated."),
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="Only this programme, such as zim.")
    ] = None,
    demand: Annotated[
        bool, typer.Option("--demand", help="Search members that satisfy its rules.")
    ] = False,
    day: Annotated[
        datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="Day to judge deadlines on; today."),
    ] = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Check the suggested consortium of an enquiry, or named organisations, against programmes."""
    from api.funding import check_enquiry, check_organisations
    from api.reading_text import print_funding

    if (enquiry is None) == (not organisation):
        raise typer.BadParameter("give either an enquiry or organisations")
    if demand and programme is None:
        raise typer.BadParameter("name the programme with --programme", param_hint="--demand")
    store, today = ready_store(home), day.date() if day else None
    if enquiry is not None:
        found = check_enquiry(store, enquiry, programme, lang.value, demand=demand, day=today)
    else:
        found = check_organisations(
            store, organisation or [], programme=programme, language=lang.value, day=today
        )
    print_funding(found, lang.value, output.form(form.value))


COMMANDS = (suggest, recompute, unlock, understand, gaps, funding)
"""All of them, in the order of the help."""
