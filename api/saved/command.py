"""The sub-command ``verbund saved``: queries that bearers of keys keep on the server."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.access.keys import Key, KeyStore
from api.options import Form, Home, Shown
from api.querying import query_text, run
from api.saving import SavedQueries, SavedQuery
from api.settings import Settings
from graph.errors import ParameterError
from graph.store import EmbeddedStore

__all__ = ["app"]

_VARIABLE = "VERBUND_KEY"

app = typer.Typer(help="Queries kept on the server: list, save, run, remove.", no_args_is_help=True)

Owner = Annotated[
    str,
    typer.Option(
        "--key", help="Id of the key whose queries are meant; or send the key in VERBUND_KEY."
    ),
]
Name = Annotated[str, typer.Argument(metavar="QUERY", help="Id or title of the query.")]


def _opened(home: Path | None, key: str) -> tuple[Settings, SavedQueries, Key]:
    """Return settings, saved queries, and the key whose queries are meant.

    Raises:
        ParameterError: No key is named, or the one named is not valid.
    """
    settings = Settings() if home is None else Settings(home=home)
    keys, token = KeyStore(settings.home), os.environ.get(_VARIABLE, "")
    found = keys.valid(key) if key else keys.verify(token) if token else None
    if found is None:
        reason = f"name a valid key with --key or in {_VARIABLE}; `verbund keys list` shows the ids"
        raise ParameterError("saved", "key", reason)
    return settings, SavedQueries(settings.home, settings.query_max_bytes), found


def _found(saved: SavedQueries, name: str, key: Key) -> SavedQuery:
    """Return a query of a key by its title, or one that the key may read by its id."""
    own = (one for one in saved.of(key.id) if one.title == name)
    return next(own, None) or saved.find(name, key.id)


@app.command("list")
def list_saved(key: Owner = "", home: Home = None, form: Shown = Form.AUTO) -> None:
    """List the queries of a key, by title."""
    _, saved, owner = _opened(home, key)
    found = [
        {
            "id": one.id,
            "title": one.title,
            "shared": "yes" if one.is_shared else "no",
            "changed": one.changed_at.isoformat(timespec="seconds"),
        }
        for one in saved.of(owner.id)
    ]
    output.rows((("id", "title", "shared", "changed"), found), form.value)


@app.command()
def save(
    title: Annotated[str, typer.Argument(help="What it is called; replaces one of this title.")],
    query: Annotated[str, typer.Argument(help="SPARQL text, a file, or `-`.")],
    shared: Annotated[
        bool, typer.Option("--shared", help="Let everybody read it who has its address.")
    ] = False,
    key: Owner = "",
    home: Home = None,
) -> None:
    """Keep a query and print its id."""
    _, saved, owner = _opened(home, key)
    kept = saved.save(owner.id, title, query_text(query, {}), is_shared=shared)
    typer.echo(kept.id)


@app.command()
def show(name: Name, key: Owner = "", home: Home = None) -> None:
    """Print the text of a query."""
    _, saved, owner = _opened(home, key)
    typer.echo(_found(saved, name, owner).text)


@app.command("run")
def run_saved(name: Name, key: Owner = "", home: Home = None, form: Shown = Form.AUTO) -> None:
    """Run a query as its key sees the graph."""
    settings, saved, owner = _opened(home, key)
    text = _found(saved, name, owner).text
    store = EmbeddedStore(settings.home, owner.role.visibility)
    output.result(*run(store, text, output.form(form.value)), form.value)


@app.command()
def remove(name: Name, key: Owner = "", home: Home = None) -> None:
    """Forget a query."""
    _, saved, owner = _opened(home, key)
    saved.remove(_found(saved, name, owner).id, owner.id)
