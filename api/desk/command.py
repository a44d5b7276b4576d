"""The sub-command ``verbund desk``: the same operations as over HTTP, on the own store.

Each command imports what it needs: the others must not wait for it.
"""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from api import output
from api.options import Home
from api.recording import own_store, record
from graph import desk
from graph.desk import Channel, Confidentiality, Direction, EnquiryKind, OfferKind, Outcome, Status
from graph.errors import SourceFormatError
from graph.records import Entry
from graph.store import Store

if TYPE_CHECKING:
    from api.schemas.enquiry import RequirementIn

__all__ = ["app"]

app = typer.Typer(help="The enquiry desk: from receipt to consortium.", no_args_is_help=True)

Given = TypeVar("Given")

_TRIES = 5

Number = Annotated[str, typer.Argument(help="Number, such as 2026-0001.")]
Note = Annotated[str, typer.Option(help="What to note; no person's data.")]
Language = Annotated[str, typer.Option("--lang", "-l", help="de or en.")]
Form = Annotated[str, typer.Option("--format", "-f", help="auto, table, json or csv.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()


def _show(name: str, store: Store, language: str) -> None:
    from api.desk.presenting import presenter_of

    shown = presenter_of(store, language).whole(desk.read_desk_enquiry(store, name))
    sys.stdout.write(shown.model_dump_json(indent=2) + "\n")


def _change(
    home: Path | None,
    make: Callable[[Store, str, Given, str], Entry],
    number: str,
    given: Given,
    language: str,
) -> None:
    iri, store = record(home, lambda store: make(store, number, given, ""))
    _show(iri, store, language)


@app.command()
def receive(
    title: Annotated[str, typer.Argument(help="German title.")],
    requester: Annotated[str, typer.Option(help="Organisation that asks; no person.")],
    channel: Annotated[Channel, typer.Option(help="By which way it came.")],
    function: Annotated[str, typer.Option(help="Such as purchasing.")] = "",
    text: Annotated[str, typer.Option(help="Text file, or `-` for standard input.")] = "",
    text_lang: Annotated[str, typer.Option(help="Language of the text: de or en.")] = "de",
    title_en: Annotated[str, typer.Option(help="English title.")] = "",
    kind: Annotated[EnquiryKind, typer.Option()] = EnquiryKind.COMPANY_REQUEST,
    direction: Annotated[Direction, typer.Option()] = Direction.INBOUND,
    confidentiality: Annotated[Confidentiality, typer.Option()] = Confidentiality.ANONYMOUS,
    region: Annotated[str, typer.Option(help="District or state, by key or name.")] = "",
    town: str = "",
    country: str = "",
    source: Annotated[str, typer.Option(help="URL where it was published.")] = "",
    due: Day = None,
    reply_by: Day = None,
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Take in an enquiry; it gets the next number of the year."""
    from api.desk import taking
    from api.reading_text import text_of
    from api.schemas.desk import DeskEnquiryIn

    given = DeskEnquiryIn(
        title=title,
        title_en=title_en,
        requester=requester,
        function=function,
        channel=channel,
        kind=kind,
        direction=direction,
        confidentiality=confidentiality,
        text=text_of(text) if text else "",
        language=text_lang,
        region=region,
        town=town,
        country=country,
        source=source,
        due=_day(due),
        reply_by=_day(reply_by),
    )
    iri, store = record(home, lambda store: taking.receive(store, given), _TRIES)
    _show(iri, store, lang)


@app.command("list")
def list_enquiries(
    status: Annotated[list[Status] | None, typer.Option(help="Only these; repeatable.")] = None,
    home: Home = None,
    lang: Language = "de",
    form: Form = "auto",
) -> None:
    """List the enquiries of the desk."""
    from api.desk.presenting import presenter_of

    store = own_store(home)
    presenter = presenter_of(store, lang)
    lines = [
        presenter.line(enquiry)
        for enquiry in desk.read_desk_enquiries(store)
        if not status or enquiry.status in status
    ]
    columns = ("number", "status", "name", "requester", "due", "responsible")
    table = [
        {
            "number": line.number,
            "status": line.status.value,
            "name": line.name,
            "requester": line.requester,
            "due": line.due.isoformat() if line.due else "",
            "responsible": line.responsible.name if line.responsible else "",
        }
        for line in lines
    ]
    output.rows((columns, table), form)


@app.command()
def show(number: Number, home: Home = None, lang: Language = "de") -> None:
    """Show one enquiry with its history."""
    _show(number, own_store(home), lang)


@app.command("change")
def change_details(
    number: Number,
    due: Day = None,
    reply_by: Day = None,
    region: Annotated[str | None, typer.Option(help="District or state.")] = None,
    confidentiality: Annotated[Confidentiality | None, typer.Option()] = None,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Correct days, region or confidentiality."""
    from api.desk import taking
    from api.schemas.desk import DetailsIn

    given = DetailsIn(
        due=_day(due),
        reply_by=_day(reply_by),
        region=region,
        confidentiality=confidentiality,
        note=note,
    )
    _change(home, taking.change_details, number, given, lang)


@app.command()
def propose(number: Number, home: Home = None, lang: Language = "de", form: Form = "auto") -> None:
    """Read the text of an enquiry as requirements, to be confirmed by a person."""
    from api.reading_text import print_proposal
    from api.understanding import propose as read

    store = own_store(home)
    received = desk.read_desk_enquiry(store, number).received
    found = read(store, received.text, received.language, lang)
    print_proposal(found, lang, output.form(form))


@app.command()
def confirm(
    number: Number,
    competence: Annotated[
        list[str] | None, typer.Option("--competence", "-c", help="What is needed; repeatable.")
    ] = None,
    file: Annotated[str, typer.Option(help="Enquiry as JSON, or `-`.")] = "",
    proposed: Annotated[bool, typer.Option(help="Confirm what `propose` shows.")] = False,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Confirm what an enquiry needs; a new one is classified then."""
    from api.desk import taking
    from api.reading_text import text_of
    from api.schemas.desk import RequirementsIn
    from api.schemas.enquiry import EnquiryIn, RequirementIn

    if sum(map(bool, (competence, file, proposed))) != 1:
        raise typer.BadParameter("give competences with -c, a --file, or --proposed")
    if competence:
        wanted = [RequirementIn(competence=word) for word in competence]
    elif file:
        wanted = EnquiryIn.model_validate_json(text_of(file)).requirements
    else:
        wanted = _proposed(home, number)
    given = RequirementsIn(requirements=wanted, note=note)
    _change(home, taking.confirm_requirements, number, given, lang)


def _proposed(home: Path | None, number: str) -> "list[RequirementIn]":
    from api.understanding import propose as read

    store = own_store(home)
    received = desk.read_desk_enquiry(store, number).received
    found = read(store, received.text, received.language).enquiry
    if found is None:
        raise SourceFormatError(number, "nothing in the text of the enquiry names a competence")
    return found.requirements


@app.command()
def responsible(
    number: Number, home: Home = None, lang: Language = "de", form: Form = "auto"
) -> None:
    """Say who could take care of an enquiry, the best first, and why."""
    from api.desk import taking
    from api.desk.presenting import presenter_of

    store = own_store(home)
    presenter = presenter_of(store, lang)
    found = taking.responsible(store, desk.read_desk_enquiry(store, number))
    shown = [presenter.responsibility(one) for one in found]
    table = [{"body": one.body.name, "why": one.text} for one in shown]
    output.rows((("body", "why"), table), form)


@app.command()
def assign(
    number: Number,
    body: Annotated[str | None, typer.Argument(help="Who; the best when left out.")] = None,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Make a body responsible, with the reason."""
    from api.desk import taking
    from api.schemas.desk import AssignmentIn

    _change(home, taking.assign, number, AssignmentIn(body=body, note=note), lang)


@app.command()
def refer(
    number: Number,
    organisation: Annotated[str, typer.Argument(help="To whom.")],
    reply_by: Day = None,
    consent: Annotated[bool, typer.Option(help="The requester has agreed.")] = False,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Pass an enquiry on to an organisation."""
    from api.desk import taking
    from api.schemas.desk import ReferralIn

    given = ReferralIn(
        organisation=organisation, reply_by=_day(reply_by), note=note, has_consent=consent
    )
    _change(home, taking.refer, number, given, lang)


@app.command()
def reply(
    number: Number,
    organisation: Annotated[str, typer.Argument(help="Who has responded.")],
    outcome: Annotated[Outcome, typer.Argument(help="What came of it.")],
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Note what an organisation has said to a referral."""
    from api.desk import taking
    from api.schemas.desk import ReplyIn

    given = ReplyIn(organisation=organisation, outcome=outcome, note=note)
    _change(home, taking.note_reply, number, given, lang)


@app.command()
def offer(
    number: Number,
    organisation: Annotated[str, typer.Argument(help="Who offers.")],
    requirement: Annotated[int, typer.Argument(help="Position of the requirement.", min=1)],
    kind: Annotated[OfferKind, typer.Option()] = OfferKind.INTEREST,
    amount_eur: Annotated[float | None, typer.Option(min=0)] = None,
    valid_through: Day = None,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Note interest in one requirement, an offer for it, or that it holds no longer."""
    from api.desk import taking
    from api.schemas.desk import OfferIn

    given = OfferIn(
        organisation=organisation,
        requirement=requirement,
        kind=kind,
        amount_eur=amount_eur,
        valid_through=_day(valid_through),
        note=note,
    )
    _change(home, taking.note_offer, number, given, lang)


@app.command()
def shortlist(
    number: Number,
    add: Annotated[list[str] | None, typer.Option(help="Comes in; repeatable.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Goes out; repeatable.")] = None,
    lead: Annotated[str | None, typer.Option(help="Who shall lead.")] = None,
    suggestion: Annotated[bool, typer.Option(help="Take over the engine's suggestion.")] = False,
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Change who comes into question."""
    from api.desk import taking
    from api.schemas.desk import ShortlistIn

    given = ShortlistIn(
        add=add or [], remove=remove or [], lead=lead, suggestion=suggestion, note=note
    )
    _change(home, taking.change_shortlist, number, given, lang)


@app.command()
def consortium(number: Number, note: Note = "", home: Home = None, lang: Language = "de") -> None:
    """Make a consortium of the shortlist."""
    from api.desk import taking
    from api.schemas.desk import ConsortiumIn

    _change(home, taking.propose_consortium, number, ConsortiumIn(note=note), lang)


@app.command("status")
def change_status(
    number: Number,
    status: Annotated[Status, typer.Argument(help="The new one.")],
    note: Note = "",
    home: Home = None,
    lang: Language = "de",
) -> None:
    """Set the status: answered, won, lost, closed, or classified to take it up again."""
    from api.desk import taking
    from api.schemas.desk import StatusIn

    _change(home, taking.change_status, number, StatusIn(status=status, note=note), lang)


@app.command("overdue")
def list_overdue(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Today when left out.")
    ] = None,
    home: Home = None,
    lang: Language = "de",
    form: Form = "auto",
) -> None:
    """List enquiries, referrals and replies that are late."""
    from api.desk.presenting import presenter_of

    store = own_store(home)
    presenter = presenter_of(store, lang)
    found = desk.overdue(store, _day(day) or date.today())
    table = [
        {"kind": late.kind, "number": late.number, "due": late.due.isoformat(), "text": shown.text}
        for late in found
        for shown in [presenter.overdue(late)]
    ]
    output.rows((("kind", "number", "due", "text"), table), form)


# Each step also by the name that the function and the operation have.
app.command("change-details", hidden=True)(change_details)
app.command("change-shortlist", hidden=True)(shortlist)
app.command("change-status", hidden=True)(change_status)
app.command("confirm-requirements", hidden=True)(confirm)
app.command("note-offer", hidden=True)(offer)
app.command("note-reply", hidden=True)(reply)
app.command("propose-consortium", hidden=True)(consortium)
app.command("propose-requirements", hidden=True)(propose)
app.command("rank", hidden=True)(responsible)
