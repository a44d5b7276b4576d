"""The sub-command ``verbund identity``: the same operations as over HTTP, on the own store."""

import sys
from typing import Annotated

import typer

from api import output
from api.desk.command import Form, Language
from api.options import Home
from api.recording import own_store, record
from api.schemas.identity import DecisionOut, PairOut, whole
from graph import identity
from graph.errors import UnknownTermError
from graph.identity import LIKELY, Decision
from graph.store import Store

__all__ = ["app"]

app = typer.Typer(
    help="Organisations that are entered twice: proposals and decisions.", no_args_is_help=True
)

Entry = Annotated[str, typer.Argument(help="IRI of an organisation or its last part.")]
Name = Annotated[str, typer.Argument(help="IRI of a decision or its last part.")]
ReasonDe = Annotated[str, typer.Option(help="Why, in German (default: the evidence in words).")]
ReasonEn = Annotated[str, typer.Option(help="Why, in English.")]


@app.command()
def proposals(
    likely: Annotated[float, typer.Option(min=0.01, max=1, help="Lowest score.")] = LIKELY,
    home: Home = None,
    lang: Language = "de",
    form: Form = "auto",
) -> None:
    """List pairs of entries that may mean one organisation, the likeliest first."""
    found = identity.open_proposals(own_store(home), likely=likely)
    if output.form(form) == "json":
        output.document([PairOut.of(one, lang).model_dump(mode="json") for one in found])
        return
    columns = ("score", "suggested", "first", "second", "evidence")
    rows = [
        {
            "score": f"{one.score:.3f}",
            "suggested": one.suggested.value,
            "first": one.first.iri,
            "second": one.second.iri,
            "evidence": identity.rationale(one.evidence, lang),
        }
        for one in found
    ]
    output.rows((columns, rows), form)


@app.command()
def decisions(home: Home = None, lang: Language = "de", form: Form = "auto") -> None:
    """List what has been decided, in the reference data and here."""
    columns = ("decision", "first", "second", "rationale", "iri", "tag")
    rows = [
        {
            "decision": one.decision.value,
            "first": one.first,
            "second": one.second,
            "rationale": one.rationale.get(lang, next(iter(one.rationale.values()), "")),
            "iri": one.iri,
            "tag": one.tag,
        }
        for one in identity.decisions(own_store(home))
    ]
    output.rows((columns, rows), form)


@app.command()
def decide(
    first: Entry,
    second: Entry,
    decision: Annotated[Decision, typer.Option(help="What is decided.")],
    reason_de: ReasonDe = "",
    reason_en: ReasonEn = "",
    home: Home = None,
) -> None:
    """Decide about two entries; both stay, and are linked when they are the same."""
    pair, said = (whole(first, "org"), whole(second, "org")), _reasons(reason_de, reason_en)
    made, store = record(home, lambda store: identity.decide(store, *pair, decision, said), 5)
    _show(store, made)


@app.command()
def revise(
    name: Name,
    decision: Annotated[Decision, typer.Option(help="What is decided now.")],
    reason_de: Annotated[str, typer.Option(help="Why, in German.")],
    reason_en: ReasonEn = "",
    home: Home = None,
) -> None:
    """Change a decision that was made here."""
    iri, said = whole(name, "identity"), _reasons(reason_de, reason_en)
    made, store = record(home, lambda store: identity.revise(store, iri, "", decision, said))
    _show(store, made)


@app.command()
def withdraw(name: Name, home: Home = None) -> None:
    """Take a decision back, so that the pair is proposed again."""
    iri = whole(name, "identity")
    record(home, lambda store: identity.withdraw(store, iri, ""))
    typer.echo(f"took back {iri}", err=True)


def _reasons(german: str, english: str) -> dict[str, str]:
    return {language: text for language, text in (("de", german), ("en", english)) if text}


def _show(store: Store, iri: str) -> None:
    for one in identity.decisions(store):
        if one.iri == iri:
            sys.stdout.write(DecisionOut.of(one).model_dump_json(indent=2) + "\n")
            return
    raise UnknownTermError(iri, "identity decision")
