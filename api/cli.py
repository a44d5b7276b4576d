"""The command line ``verbund``: results on standard output, progress on standard error.

Exit codes: 0 done, 1 the store failed, 2 the input cannot be used, 3 the answer has gaps.
"""

import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api import output
from api.access.command import app as keys
from api.failing import one_line_errors
from api.lazily import lazily
from api.mcp.command import mcp
from api.options import AnyForm as Form
from api.options import Format, Home, Lang, Language
from api.settings import Settings
from api.stores import open_store
from graph.backup import back_up, is_restored, restore
from graph.building import is_current
from graph.store import EmbeddedStore, Store, Visibility

__all__ = ["app", "main"]

SAMPLE = "DESY Teleskop-Tragstruktur CTA-MST"
"""Title of the enquiry that ``verbund demo`` answers."""

_GAPS = 3


app = typer.Typer(
    name="verbund",
    help="From an enquiry to a proven consortium: the knowledge graph of Thuringian engineering.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(keys, name="keys")
app.command("mcp")(mcp)
for _name, _module, _help in (
    ("desk", "api.desk.command", "The enquiry desk: from receipt to consortium."),
    ("needs", "api.needs.command", "R&D needs, initiatives, who should meet whom."),
    ("projects", "api.projects.exports", "Support projects: phases, milestones, partners, money."),
    ("profiles", "api.profiles.command", "Profiles: submit, review, publish, keep up to date."),
    ("harvest", "api.harvest.command", "Take over linked data of others: fetch, check, publish."),
    ("saved", "api.saved.command", "Queries kept on the server: list, save, run, remove."),
    ("identity", "api.identity.command", "Find organisations entered twice, and decide."),
):
    app.add_typer(lazily(_module, _help), name=_name)


def _settings(home: Path | None) -> Settings:
    return Settings() if home is None else Settings(home=home)


def _prepare(settings: Settings) -> None:
    """Load the reference graph the first time and when it has changed.

    A remote store is filled by ``push`` only; a restored generation stays until the next ``load``.
    """
    home = settings.home
    if not (settings.store_url or is_current(home) or is_restored(home)):
        output.load(home)


def _store(home: Path | None) -> Store:
    """Open the store that the settings name."""
    settings = _settings(home)
    _prepare(settings)
    return open_store(settings)


def _own_store(home: Path | None) -> EmbeddedStore:
    """Open the store of this machine, whatever remote store is set."""
    settings = _settings(home).model_copy(update={"store_url": ""})
    _prepare(settings)
    return EmbeddedStore(settings.home)


@app.command()
def load(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with the tables (default: those shipped).")
    ] = None,
    home: Home = None,
    strict: Annotated[bool, typer.Option(help="Load nothing when one row is wrong.")] = False,
    force: Annotated[bool, typer.Option(help="Load even when nothing changed.")] = False,
) -> None:
    """Load the reference data: map, derive, validate, publish."""
    output.load(_settings(home).home, folder, strict=strict, force=force)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Archive to write, such as graph.tar.gz.")],
    home: Home = None,
    force: Annotated[bool, typer.Option(help="Replace a file of this name.")] = False,
) -> None:
    """Write the graph that answers into an archive; nothing has to be stopped."""
    output.written("wrote", back_up(_settings(home).home, file, replace=force), file)


@app.command("restore")
def restore_(
    file: Annotated[Path, typer.Argument(help="Archive that `backup` wrote.")],
    home: Home = None,
) -> None:
    """Let the graph of an archive answer, after checking all of it."""
    output.written("restored", restore(_settings(home).home, file), file)


@app.command()
def push(
    url: Annotated[
        str | None, typer.Argument(help="Its SPARQL address (default: VERBUND_STORE_URL).")
    ] = None,
    update_url: Annotated[
        str | None, typer.Option(help="Its address of updates (default: the same).")
    ] = None,
    home: Home = None,
    visibility: Annotated[
        Visibility | None,
        typer.Option(help="The widest view to send (default: public, or what it holds already)."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Send even what it says to hold.")] = False,
) -> None:
    """Send the graph to a SPARQL server, to be read there with VERBUND_STORE_URL."""
    given = {"store_url": url, "store_update_url": update_url}
    settings = _settings(home)
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    if not settings.store_url:
        raise typer.BadParameter("give an address or set VERBUND_STORE_URL", param_hint="URL")
    output.push(_own_store(home).home, settings.endpoint(), visibility, force=force)


@app.command()
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Turtle files (default: the loaded graph).")
    ] = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Check data against the shapes; exit code 1 when there are violations."""
    from graph.auditing import audit_files, audit_graph

    store = _own_store(home)
    language = lang.value
    found = audit_files(store, files, language) if files else audit_graph(store, language)
    output.findings(found, form.value)
    if any(finding.severity == "Violation" for finding in found):
        raise typer.Exit(1)


@app.command()
def query(
    text: Annotated[
        str, typer.Argument(help="SPARQL text, a file, `-` for standard input, or a name.")
    ],
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="NAME=VALUE of a named query.")
    ] = None,
    home: Home = None,
    form: Form = Format.AUTO,
) -> None:
    """Run SPARQL: a text, a file, or a query of the catalogue with parameters."""
    from api.querying import query_text, run

    asked = query_text(text, _pairs(parameter or []))
    output.result(*run(_store(home), asked, output.form(form.value)), form.value)


def _pairs(parameters: list[str]) -> dict[str, str]:
    pairs = dict(p.partition("=")[::2] for p in parameters)
    if any("=" not in p for p in parameters):
        raise typer.BadParameter("write parameters as NAME=VALUE", param_hint="--parameter")
    return pairs


@app.command()
def queries(lang: Lang = Language.DE, form: Form = Format.AUTO) -> None:
    """List the queries of the catalogue with their parameters."""
    from api.querying import listing

    output.rows(listing(lang.value), form.value)


@app.command()
def enquiries(home: Home = None, lang: Lang = Language.DE, form: Form = Format.AUTO) -> None:
    """List the enquiries of the graph."""
    from api.querying import enquiry_listing

    output.rows(enquiry_listing(_store(home), lang.value), form.value)


@app.command()
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
    store = _store(home)
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


@app.command()
def recompute(
    file: Annotated[Path, typer.Argument(help="Consortium as `suggest -f turtle` wrote it.")],
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Compute a stored consortium again; exit code 3 when the result is another one."""
    from api.recomputing import recompute_file

    answered, differences = recompute_file(_store(home), file, lang.value)
    output.suggestion(answered, lang.value, form.value)
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for difference in differences:
        console.print(difference)
    if differences:
        raise typer.Exit(_GAPS)


@app.command()
def unlock(
    most: Annotated[int, typer.Option(min=1, max=20, help="Competences at most.")] = 5,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Form = Format.AUTO,
) -> None:
    """Say which new competences would unlock most of the open enquiries."""
    from api.unlocking import unlocking_table

    output.rows(unlocking_table(_store(home), lang.value, most), form.value)


@app.command()
def dump(
    folder: Annotated[
        Path | None,
        typer.Argument(help="New folder to write to (default: that of the server's downloads)."),
    ] = None,
    home: Home = None,
    form: Form = Format.AUTO,
) -> None:
    """Write the graph to files: RDF in five forms, tables, network, check sums, licence."""
    from graph.publishing.dumps import prepare_dumps, write_dumps

    store = _own_store(home)
    made = prepare_dumps(store) if folder is None else write_dumps(store, folder)
    Console(stderr=True, highlight=False).print(f"{len(made.files)} files in {made.folder}")
    found = [
        {"file": f.name, "bytes": str(f.bytes), "sha256": f.sha256, "licence": " ".join(f.licences)}
        for f in made.files
    ]
    output.rows((("file", "bytes", "sha256", "licence"), found), form.value)


@app.command()
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

    proposal = propose(_store(home), text_of(file), shown=lang.value)
    print_proposal(proposal, lang.value, output.form(form.value), only_enquiry=enquiry)
    if proposal.enquiry is None:
        raise typer.Exit(_GAPS)


@app.command()
def gaps(
    files: Annotated[list[str], typer.Argument(help="Text files, or `-` for standard input.")],
    home: Home = None,
    form: Form = Format.AUTO,
) -> None:
    """Count the words of many enquiries that look like trade terms and that nothing explains."""
    from api.reading_text import text_of
    from api.understanding import read
    from graph.understanding import count_gaps

    store = _store(home)
    counted = count_gaps(read(store, text_of(file)) for file in files)
    found = [{"word": word, "count": str(count)} for word, count in counted]
    output.rows((("word", "count"), found), form.value)


@app.command()
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
    store, today = _store(home), day.date() if day else None
    if enquiry is not None:
        found = check_enquiry(store, enquiry, programme, lang.value, demand=demand, day=today)
    else:
        found = check_organisations(
            store, organisation or [], programme=programme, language=lang.value, day=today
        )
    print_funding(found, lang.value, output.form(form.value))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="TCP port.")] = None,
    home: Home = None,
) -> None:
    """Serve the web page, the API and the SPARQL endpoint."""
    from api.serving import serve as run

    settings = _settings(home)
    given = {"host": host, "port": port}
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    _prepare(settings)
    run(settings)


@app.command()
def demo(home: Home = None, lang: Lang = Language.DE) -> None:
    """Load the reference graph, suggest a consortium for a real tender, and serve."""
    from api.asking import ask, from_graph
    from api.serving import serve as run

    store = _store(home)
    answered = ask(store, from_graph(SAMPLE), lang.value)
    output.suggestion(answered, lang.value, Format.TABLE.value)
    run(_settings(home))


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with one_line_errors():
        app()
