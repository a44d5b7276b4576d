"""The book of the enquiry desk as plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from graph.desk.values import (
    Channel,
    Confidentiality,
    DeskEnquiry,
    Direction,
    EnquiryKind,
    Event,
    EventKind,
    NewEnquiry,
    Offer,
    OfferKind,
    Outcome,
    Referral,
    Requester,
    Shortlist,
    Status,
)
from graph.errors import UnknownRecordError
from graph.reading import rows
from graph.store import Row, Store
from graph.store.terms import is_iri
from graph.vocabulary import ID

__all__ = ["find_desk_enquiry", "read_desk_enquiries", "read_desk_enquiry", "read_referrals"]


def read_desk_enquiries(store: Store) -> tuple[DeskEnquiry, ...]:
    """Return every enquiry of the desk that the store shows, by number."""
    return _enquiries(store, None)


def find_desk_enquiry(store: Store, word: str) -> str:
    """Return the IRI of the enquiry of the desk with this number or IRI.

    Raises:
        UnknownRecordError: There is none.
    """
    return read_desk_enquiry(store, word).iri


def read_desk_enquiry(store: Store, word: str) -> DeskEnquiry:
    """Return one enquiry of the desk.

    Args:
        store: Where the graph lives; only internal ones show the desk.
        word: Number, such as ``2026-0001``, or IRI.

    Raises:
        UnknownRecordError: There is none.
    """
    name = word.strip()
    node = URIRef(name) if "://" in name else ID[f"enquiry-{name}"]
    # what is no IRI names nothing, and must not reach a query
    found = _enquiries(store, node) if is_iri(node) else ()
    if not found:
        raise UnknownRecordError(word, kind="enquiry")
    return found[0]


def read_referrals(store: Store) -> tuple[Referral, ...]:
    """Return every referral that the store shows, the oldest first."""
    return tuple(_referral(row) for row in rows(store, "desk-referrals"))


def _enquiries(store: Store, node: URIRef | None) -> tuple[DeskEnquiry, ...]:
    bindings: Mapping[str, Identifier] = {} if node is None else {"enquiry": node}
    parts = {
        name: _grouped(rows(store, f"desk-{name}", bindings))
        for name in ("events", "requirements", "referrals", "offers", "shortlists", "consortia")
    }
    groups = _grouped(rows(store, "desk-enquiries", bindings))
    return tuple(_enquiry(iri, group, parts) for iri, group in groups.items())


def _grouped(found: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[str(row["enquiry"])].append(row)
    return groups


def _enquiry(
    iri: str, group: list[Row], parts: Mapping[str, Mapping[str, list[Row]]]
) -> DeskEnquiry:
    own = {name: found.get(iri, []) for name, found in parts.items()}
    return DeskEnquiry(
        iri=iri,
        number=str(group[0]["number"]),
        received=_received(group),
        status=Status(_slug(group[0], "status")),
        events=_events(own["events"]),
        requirements=tuple(str(row["requirement"]) for row in own["requirements"]),
        referrals=tuple(_referral(row) for row in own["referrals"]),
        offers=tuple(_offer(row) for row in own["offers"]),
        shortlist=_shortlist(own["shortlists"]),
        consortia=tuple(str(row["consortium"]) for row in own["consortia"]),
    )


def _received(group: list[Row]) -> NewEnquiry:
    row = group[0]
    text = row.get("text")
    return NewEnquiry(
        title={_language(r["title"]): str(r["title"]) for r in group},
        requester=Requester(
            organisation=_text(row, "requestedBy"),
            name=_text(row, "requesterName"),
            function=_text(row, "requesterFunction"),
        ),
        channel=Channel(_slug(row, "channel")),
        kind=EnquiryKind(_slug(row, "kind")),
        direction=Direction(_slug(row, "direction")),
        confidentiality=Confidentiality(_slug(row, "confidentiality")),
        text=str(text or ""),
        language=_language(text) if text is not None else "de",
        region=_text(row, "region"),
        town=_text(row, "town"),
        country=_text(row, "country"),
        due=_day(row, "due"),
        reply_by=_day(row, "replyBy"),
        source=_text(row, "source"),
    )


def _events(found: list[Row]) -> tuple[Event, ...]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[str(row["event"])].append(row)
    return tuple(_event(iri, group) for iri, group in groups.items())


def _event(iri: str, group: list[Row]) -> Event:
    row = group[0]
    return Event(
        iri=iri,
        position=int(str(row["position"])),
        kind=EventKind(_slug(row, "kind")),
        status=Status(_slug(row, "status")),
        at=_time(row, "at"),
        note=_text(row, "note"),
        assigned_to=_text(row, "body"),
        rationale={_language(text): str(text) for r in group if (text := r.get("rationale"))},
    )


def _referral(row: Row) -> Referral:
    return Referral(
        iri=str(row["referral"]),
        enquiry=str(row["enquiry"]),
        organisation=str(row["organisation"]),
        at=_time(row, "at"),
        reply_by=_day(row, "replyBy"),
        outcome=Outcome(_slug(row, "outcome") or "pending"),
        note=_text(row, "note"),
    )


def _offer(row: Row) -> Offer:
    return Offer(
        iri=str(row["offer"]),
        enquiry=str(row["enquiry"]),
        requirement=str(row["requirement"]),
        organisation=str(row["organisation"]),
        kind=OfferKind(_slug(row, "kind")),
        at=_time(row, "at"),
        amount_eur=float(str(row["amount"])) if "amount" in row else None,
        valid_through=_day(row, "through"),
        note=_text(row, "note"),
    )


def _shortlist(found: list[Row]) -> Shortlist | None:
    if not found:
        return None
    return Shortlist(
        iri=str(found[0]["shortlist"]),
        organisations=tuple(str(row["organisation"]) for row in found if "organisation" in row),
        lead=_text(found[0], "lead"),
    )


def _text(row: Row, name: str) -> str:
    return str(row.get(name, ""))


def _slug(row: Row, name: str) -> str:
    return _text(row, name).rpartition("/")[2]


def _language(term: Identifier) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def _day(row: Row, name: str) -> date | None:
    return date.fromisoformat(_text(row, name)) if name in row else None


def _time(row: Row, name: str) -> datetime:
    return datetime.fromisoformat(_text(row, name))
