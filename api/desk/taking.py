"""From what clients send to entries of the desk's book."""

from datetime import UTC, datetime

from api.asking import ask, from_graph, landscape_of, words_of
from api.desk.naming import names_of
from api.desk.wording import rationale
from api.i18n import LANGUAGES
from api.schemas.desk import (
    AssignmentIn,
    ConsortiumIn,
    DeskEnquiryIn,
    DetailsIn,
    OfferIn,
    ReferralIn,
    ReplyIn,
    RequirementsIn,
    ShortlistIn,
    StatusIn,
)
from api.schemas.enquiry import EnquiryIn
from graph import desk
from graph.desk import DeskEnquiry, Responsibility
from graph.enquiries import read_enquiries
from graph.errors import UnknownTermError
from graph.records import Entry
from graph.settings import Settings
from graph.store import Store

__all__ = [
    "assign",
    "change_details",
    "change_shortlist",
    "change_status",
    "confirm_requirements",
    "note_offer",
    "note_reply",
    "propose_consortium",
    "receive",
    "refer",
    "responsible",
]

_MOST_GAPS = 50


def _now() -> datetime:
    return datetime.now(UTC)


def receive(store: Store, given: DeskEnquiryIn) -> Entry:
    """Return the entry of an enquiry that has come in, with the words that nothing explains."""
    names = names_of(store, "de")
    organisation = names.find(given.requester)
    requester = desk.Requester(
        organisation=organisation or "",
        name="" if organisation else given.requester,
        function=given.function,
    )
    received = desk.NewEnquiry(
        title={"de": given.title} | ({"en": given.title_en} if given.title_en else {}),
        requester=requester,
        channel=given.channel,
        kind=given.kind,
        direction=given.direction,
        confidentiality=given.confidentiality,
        text=given.text,
        language=given.language,
        region=names.region(given.region) if given.region else "",
        town=given.town,
        country=given.country,
        due=given.due,
        reply_by=given.reply_by,
        source=given.source,
        gaps=_gaps(store, given.text, given.language),
    )
    return desk.receive(store, received, now=_now())


def _gaps(store: Store, text: str, language: str) -> tuple[tuple[str, int], ...]:
    from api.understanding import read  # the lexicon is read when it is first needed

    if not text:
        return ()
    found = read(store, desk.without_persons(text), language).gaps
    return tuple((gap.word, gap.count) for gap in found[:_MOST_GAPS])


def change_details(store: Store, name: str, given: DetailsIn, tag: str) -> Entry:
    """Return the entry that corrects an enquiry."""
    region = names_of(store, "de").region(given.region) if given.region else None
    details = desk.Details(given.due, given.reply_by, region, given.confidentiality)
    return desk.change_details(store, name, details, now=_now(), note=given.note, tag=tag)


def confirm_requirements(store: Store, name: str, given: RequirementsIn, tag: str) -> Entry:
    """Return the entry with the requirements that a person has confirmed."""
    asked = words_of(store, "de").enquiry(EnquiryIn(requirements=given.requirements))
    scheme = landscape_of(store, "de").scheme
    return desk.confirm_requirements(
        store, name, asked.requirements, scheme, now=_now(), note=given.note, tag=tag
    )


def responsible(store: Store, enquiry: DeskEnquiry) -> tuple[Responsibility, ...]:
    """Return who could take care of an enquiry, the best first."""
    bodies = desk.read_bodies(store)
    if not bodies:
        return ()
    known = read_enquiries(store).get(enquiry.iri)
    competences = [r.competence for r in known.requirements] if known else []
    region = enquiry.received.region or _region_of_requester(store, enquiry)
    scheme = landscape_of(store, "de").scheme
    return desk.rank(bodies, competences, region, scheme)


def _region_of_requester(store: Store, enquiry: DeskEnquiry) -> str:
    organisations = landscape_of(store, "de").organisations
    asking = organisations.get(enquiry.received.requester.organisation)
    return (asking.place.district or "") if asking and asking.place else ""


def assign(store: Store, name: str, given: AssignmentIn, tag: str) -> Entry:
    """Return the entry that makes a body responsible: the one named, or else the best.

    Raises:
        UnknownTermError: Nobody is called so, or nobody serves the enquiry.
    """
    enquiry = desk.read_desk_enquiry(store, name)
    found = responsible(store, enquiry)
    names = {language: names_of(store, language) for language in LANGUAGES}
    if given.body is not None:
        body = names["de"].organisation(given.body)
    elif found:
        body = found[0].body.iri
    else:
        raise UnknownTermError(enquiry.number, "enquiry that any body serves")
    reason = next((one for one in found if one.body.iri == body), None)
    said = rationale(reason, names, given.note)
    return desk.assign(store, name, body, now=_now(), rationale=said, reason=reason, tag=tag)


def refer(store: Store, name: str, given: ReferralIn, tag: str) -> Entry:
    """Return the entry that passes an enquiry on."""
    organisation = names_of(store, "de").organisation(given.organisation)
    referral = desk.NewReferral(organisation, given.reply_by, given.note, given.has_consent)
    return desk.refer(store, name, referral, now=_now(), tag=tag)


def note_reply(store: Store, name: str, given: ReplyIn, tag: str) -> Entry:
    """Return the entry that notes a response."""
    referral = names_of(store, "de").find(given.organisation) or given.organisation
    return desk.note_reply(
        store, name, referral, given.outcome, now=_now(), note=given.note, tag=tag
    )


def note_offer(store: Store, name: str, given: OfferIn, tag: str) -> Entry:
    """Return the entry that notes interest or an offer."""
    offer = desk.NewOffer(
        organisation=names_of(store, "de").organisation(given.organisation),
        requirement=given.requirement,
        kind=given.kind,
        amount_eur=given.amount_eur,
        valid_through=given.valid_through,
        note=given.note,
    )
    return desk.note_offer(store, name, offer, now=_now(), tag=tag)


def change_shortlist(store: Store, name: str, given: ShortlistIn, tag: str) -> Entry:
    """Return the entry that changes the shortlist, or takes over what the engine suggests."""
    if given.suggestion:
        iri = desk.find_desk_enquiry(store, name)
        suggestion = ask(store, from_graph(iri)).suggestion
        return desk.take_over(store, name, suggestion, now=_now(), tag=tag)
    names = names_of(store, "de")
    choice = desk.Choice(
        add=[names.organisation(word) for word in given.add],
        remove=[names.organisation(word) for word in given.remove],
        lead=names.organisation(given.lead) if given.lead else "",
        note=given.note,
    )
    return desk.change_shortlist(store, name, choice, now=_now(), tag=tag)


def propose_consortium(store: Store, name: str, given: ConsortiumIn, tag: str) -> Entry:
    """Return the entry that makes a consortium of the shortlist."""
    now = _now()
    settings = Settings(reference_year=now.year)
    landscape = landscape_of(store, "de")
    return desk.propose_consortium(
        store, name, landscape, settings, now=now, note=given.note, tag=tag
    )


def change_status(store: Store, name: str, given: StatusIn, tag: str) -> Entry:
    """Return the entry that sets the status by hand."""
    return desk.change_status(store, name, given.status, now=_now(), note=given.note, tag=tag)
