"""The command line ``verbund``: results on standard output, progress on standard error.

Exit codes: 0 done, 1 the store failed, 2 the input cannot be used, 3 the answer has gaps.
"""

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api import output
from api.access.command import app as keys
from api.enquiring import COMMANDS
from api.failing import one_line_errors
from api.lazily import lazily
from api.mcp.command import mcp
from api.options import AnyForm as Form
from api.options import Format, Home, Lang, Language
from api.preparing import own_store, prepare, ready_store, settings_at
from graph.backup import back_up, restore
from graph.store import Visibility

__all__ = ["app", "main"]

SAMPLE = "DESY Teleskop-Tragstruktur CTA-MST"
"""Title of the enquiry that ``verbund demo`` answers."""


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
    output.load(settings_at(home).home, folder, strict=strict, force=force)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Archive to write, such as graph.tar.gz.")],
    home: Home = None,
    force: Annotated[bool, typer.Option(help="Replace a file of this name.")] = False,
) -> None:
    """Write the graph that answers into an archive; nothing has to be stopped."""
    output.written("wrote", back_up(settings_at(home).home, file, replace=force), file)


@app.command("restore")
def restore_(
    file: Annotated[Path, typer.Argument(help="Archive that `backup` wrote.")],
    home: Home = None,
) -> None:
    """Let the graph of an archive answer, after checking all of it."""
    output.written("restored", restore(settings_at(home).home, file), file)


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
    settings = settings_at(home)
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    if not settings.store_url:
        raise typer.BadParameter("give an address or set VERBUND_STORE_URL", param_hint="URL")
    output.push(own_store(home).home, settings.endpoint(), visibility, force=force)


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

    store = own_store(home)
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
    output.result(*run(ready_store(home), asked, output.form(form.value)), form.value)


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

    output.rows(enquiry_listing(ready_store(home), lang.value), form.value)


for _command in COMMANDS:
    app.command()(_command)


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

    store = own_store(home)
    made = prepare_dumps(store) if folder is None else write_dumps(store, folder)
    Console(stderr=True, highlight=False).print(f"{len(made.files)} files in {made.folder}")
    found = [
        {"file": f.name, "bytes": str(f.bytes), "sha256": f.sha256, "licence": " ".join(f.licences)}
        for f in made.files
    ]
    output.rows((("file", "bytes", "sha256", "licence"), found), form.value)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="TCP port.")] = None,
    home: Home = None,
) -> None:
    """Serve the web page, the API and the SPARQL endpoint."""
    from api.serving import serve as run

    settings = settings_at(home)
    given = {"host": host, "port": port}
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    prepare(settings)
    run(settings)


@app.command()
def demo(home: Home = None, lang: Lang = Language.DE) -> None:
    """Load the reference graph, suggest a consortium for a real tender, and serve."""
    from api.asking import ask, from_graph
    from api.serving import serve as run

    store = ready_store(home)
    answered = ask(store, from_graph(SAMPLE), lang.value)
    output.suggestion(answered, lang.value, Format.TABLE.value)
    run(settings_at(home))


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with one_line_errors():
        app()
