"""The sub-command ``verbund needs``: the same operations as over HTTP, on the own store.

Each command imports what it needs: the others must not wait for it.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api import output
from api.desk.command import Form, Language
from api.options import Home
from api.recording import own_store, record

if TYPE_CHECKING:
    from graph.store import Store

__all__ = ["app"]

app = typer.Typer(help="R&D needs, initiatives, who should meet whom.", no_args_is_help=True)

Words = Annotated[list[str] | None, typer.Option(help="Repeatable.")]
Name = Annotated[str, typer.Argument(help="IRI, or the end of it.")]


def _show(record: str, store: "Store", language: str) -> None:
    from api.needs.presenting import presenter_of
    from graph.needs import find_initiative, find_need

    presenter = presenter_of(store, language)
    if "initiative-" in record:
        text = presenter.initiative(find_initiative(store, record)).model_dump_json(indent=2)
    else:
        text = presenter.need(find_need(store, record)).model_dump_json(indent=2)
    sys.stdout.write(text + "\n")


@app.command("record")
def record_need(
    title: Annotated[str, typer.Argument(help="German title.")],
    raised_by: Words = None,
    competence: Annotated[
        list[str] | None, typer.Option("--competence", "-c", help="What is needed; repeatable.")
    ] = None,
    title_en: str = "",
    topic: Annotated[str, typer.Option(help="Field of the innovation strategy.")] = "",
    text: Annotated[str, typer.Option(help="Text file, or `-`.")] = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Record a need; it is open."""
    from api.needs import taking
    from api.reading_text import text_of
    from api.schemas.needs import ResearchNeedIn

    given = ResearchNeedIn(
        title=title,
        title_en=title_en,
        raised_by=raised_by or [],
        competences=competence or [],
        topic=topic,
        text=text_of(text) if text else "",
    )
    _show(*record(home, lambda store: taking.record_need(store, given)), lang)


@app.command("list")
def list_needs(home: Home = None, lang: Language = "de", form: Form = "auto") -> None:
    """List the R&D needs."""
    from api.needs.presenting import presenter_of
    from graph.needs import read_needs

    store = own_store(home)
    presenter = presenter_of(store, lang)
    shown = [presenter.need(need) for need in read_needs(store)]
    table = [
        {
            "id": need.id,
            "status": need.status.value,
            "name": need.name,
            "needs": ", ".join(c.name for c in need.competences),
        }
        for need in shown
    ]
    output.rows((("id", "status", "name", "needs"), table), form)


@app.command()
def show(name: Name, home: Home = None, lang: Language = "de") -> None:
    """Show one need or initiative."""
    _show(name, own_store(home), lang)


@app.command("status")
def change_need_status(
    name: Name,
    status: Annotated[str, typer.Argument(help="open, addressed, solved or dropped.")],
    by: Annotated[list[str] | None, typer.Option(help="Who takes care; repeatable.")] = None,
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Say how far a need has been dealt with, and who takes care of it."""
    from api.needs import taking
    from api.schemas.needs import NeedStatusIn

    given = NeedStatusIn.model_validate({"status": status, "addressed_by": by or []})
    _show(*record(home, lambda store: taking.change_need_status(store, name, given, "")), lang)


@app.command("research")
def match_need(name: Name, home: Home = None, lang: Language = "de", form: Form = "auto") -> None:
    """Say which research organisations and centres answer a need, the best first."""
    from api.needs.presenting import presenter_of, research_for
    from graph.needs import find_need

    store = own_store(home)
    presenter = presenter_of(store, lang)
    shown = [presenter.research(one) for one in research_for(store, find_need(store, name))]
    table = [
        {
            "organisation": found.organisation.name,
            "answers": f"{found.answered}/{found.required}",
            "why": "; ".join(f"{m.evidence.term}: {m.relation.text}" for m in found.matches),
            "facilities": "; ".join(f.name for f in found.facilities),
            "projects": "; ".join(p.name for p in found.projects),
        }
        for found in shown
    ]
    output.rows((("organisation", "answers", "why", "facilities", "projects"), table), form)


@app.command("initiative")
def record_initiative(
    title: Annotated[str, typer.Argument(help="German title.")],
    topic: Words = None,
    bundles: Annotated[list[str] | None, typer.Option(help="Need or project; repeatable.")] = None,
    title_en: str = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Record an initiative with its topics and what it bundles."""
    from api.needs import taking
    from api.schemas.needs import InitiativeIn

    given = InitiativeIn(title=title, title_en=title_en, topics=topic or [], bundles=bundles or [])
    _show(*record(home, lambda store: taking.record_initiative(store, given)), lang)


@app.command()
def bundle(
    name: Name,
    add: Words = None,
    remove: Words = None,
    topic: Words = None,
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Change what an initiative bundles."""
    from api.needs import taking
    from api.schemas.needs import BundleIn

    given = BundleIn(add=add or [], remove=remove or [], topics=topic or [])
    _show(*record(home, lambda store: taking.bundle(store, name, given, "")), lang)


@app.command("initiatives")
def list_initiatives(home: Home = None, lang: Language = "de", form: Form = "auto") -> None:
    """List the initiatives."""
    from api.needs.presenting import presenter_of
    from graph.needs import read_initiatives

    store = own_store(home)
    presenter = presenter_of(store, lang)
    shown = [presenter.initiative(one) for one in read_initiatives(store)]
    table = [
        {
            "id": one.id,
            "name": one.name,
            "topics": ", ".join(t.name for t in one.topics),
            "bundles": str(len(one.bundles)),
        }
        for one in shown
    ]
    output.rows((("id", "name", "topics", "bundles"), table), form)


@app.command("meetings")
def list_meetings(
    most: Annotated[int, typer.Option(min=1, max=200, help="Longest list.")] = 20,
    home: Home = None,
    lang: Language = "de",
    form: Form = "auto",
) -> None:
    """Say who should meet whom: complementary on the chain, strangers, near each other."""
    from api.needs.presenting import meetings_of, presenter_of

    store = own_store(home)
    presenter = presenter_of(store, lang)
    shown = [presenter.meeting(meeting) for meeting in meetings_of(store, most)]
    table = [
        {
            "score_km": f"{m.score_km:.1f}",
            "first": m.first.name,
            "second": m.second.name,
            "why": m.text,
        }
        for m in shown
    ]
    output.rows((("score_km", "first", "second", "why"), table), form)


# Each step also by the name that the function and the operation have.
app.command("change-need-status", hidden=True)(change_need_status)
app.command("match-need", hidden=True)(match_need)
app.command("record-initiative", hidden=True)(record_initiative)
app.command("record-need", hidden=True)(record_need)
