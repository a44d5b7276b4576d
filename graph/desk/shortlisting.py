"""From those who come into question to a consortium with a lead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rdflib import RDF, Graph, URIRef
from rdflib.term import Identifier

from graph.desk.history import extend, require_running
from graph.desk.reading import read_desk_enquiry
from graph.desk.redaction import without_persons
from graph.desk.values import DeskEnquiry, EventKind, Shortlist, Status
from graph.enquiries import find_enquiry
from graph.errors import EnquiryError
from graph.model import Landscape
from graph.records import Entry, Triple
from graph.settings import Settings
from graph.store import Store
from graph.vocabulary import ID, VB

if TYPE_CHECKING:
    from graph.consortium.answer import Suggestion

__all__ = ["Choice", "change_shortlist", "propose_consortium", "take_over"]


@dataclass(frozen=True, slots=True)
class Choice:
    """How a shortlist changes.

    Attributes:
        add: IRIs of organisations that come in.
        remove: IRIs of organisations that go out.
        lead: IRI of the one that shall lead, one of the list; empty leaves it as it is.
        note: What to note.
    """

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    lead: str = ""
    note: str = ""


def change_shortlist(
    store: Store, enquiry: str, choice: Choice, *, now: datetime, tag: str = ""
) -> Entry:
    """Return the entry that changes who comes into question for an enquiry.

    Raises:
        UnknownRecordError: There is no such enquiry.
        RecordStateError: It has ended.
        EnquiryError: The lead is not on the list.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    require_running(known)
    before = known.shortlist or Shortlist(str(ID[f"shortlist-{known.number}"]))
    chosen = sorted((set(before.organisations) | set(choice.add)) - set(choice.remove))
    kept = before.lead if before.lead in chosen else ""
    after = Shortlist(before.iri, tuple(chosen), choice.lead or kept)
    if after.lead and after.lead not in chosen:
        raise EnquiryError("who shall lead is not on the shortlist")
    return extend(
        store,
        known,
        EventKind.SHORTLIST_CHANGED,
        known.status,
        now,
        tag=tag,
        note=without_persons(choice.note),
        remove=_stated(known, before) if known.shortlist else (),
        add=_stated(known, after),
        used=[after.iri],
    )


def _stated(enquiry: DeskEnquiry, shortlist: Shortlist) -> list[Triple]:
    node = URIRef(shortlist.iri)
    triples: list[Triple] = [
        (node, RDF.type, VB.Shortlist),
        (node, VB.ofEnquiry, URIRef(enquiry.iri)),
        *((node, VB.shortlists, URIRef(iri)) for iri in shortlist.organisations),
    ]
    if shortlist.lead:
        triples.append((node, VB.proposedLead, URIRef(shortlist.lead)))
    return triples


def take_over(
    store: Store, enquiry: str, suggestion: "Suggestion", *, now: datetime, tag: str = ""
) -> Entry:
    """Return the entry that puts the members of a suggestion on the shortlist, with its lead.

    Raises:
        UnknownRecordError: There is no such enquiry.
        RecordStateError: The enquiry has ended.
        EnquiryError: The suggestion has no members.
        VersionConflictError: Somebody else has changed it.
    """
    if suggestion.lead is None:
        raise EnquiryError("the suggestion has no members to take over")
    members = [member.organisation for member in suggestion.members]
    choice = Choice(add=members, lead=suggestion.lead.organisation)
    return change_shortlist(store, enquiry, choice, now=now, tag=tag)


def propose_consortium(
    store: Store,
    enquiry: str,
    landscape: Landscape,
    settings: Settings,
    *,
    now: datetime,
    note: str = "",
    tag: str = "",
) -> Entry:
    """Return the entry that makes a consortium of the shortlist; it is offered then.

    The engine shares the requirements out among the organisations of the list, all of which are
    members, and leaves open what none of them can do, as named gaps.

    Args:
        store: Where the desk's book lives.
        enquiry: Number or IRI.
        landscape: What the same store says of organisations and claims.
        settings: Weights and reference year.
        now: When, with time zone.
        note: What to note.
        tag: Tag that the enquiry was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such enquiry.
        EnquiryError: The shortlist is empty, or has nobody who can do anything of it.
        IllegalTransitionError: Nothing can be offered as it stands.
        VersionConflictError: Somebody else has changed it.
    """
    from graph.exporting import consortium_graph  # takes the engine along

    known = read_desk_enquiry(store, enquiry)
    if known.shortlist is None or not known.shortlist.organisations:
        raise EnquiryError("the shortlist of enquiry {number} is empty", number=known.number)
    suggestion = _among(store, known, known.shortlist, landscape, settings)
    if suggestion.lead is None:
        raise EnquiryError("nobody on the shortlist is known to meet any requirement")
    described = consortium_graph(suggestion, now)
    made = sorted(str(node) for node in described.subjects(RDF.type, VB.Consortium))
    return extend(
        store,
        known,
        EventKind.CONSORTIUM_PROPOSED,
        Status.CONSORTIUM_OFFERED,
        now,
        tag=tag,
        note=without_persons(note),
        add=_triples(described),
        used=[known.shortlist.iri],
        generated=made,
    )


def _triples(described: Graph) -> Iterator[Triple]:
    for triple in described:
        terms = [term for term in triple if isinstance(term, Identifier)]
        yield terms[0], terms[1], terms[2]


def _among(
    store: Store,
    enquiry: DeskEnquiry,
    shortlist: Shortlist,
    landscape: Landscape,
    settings: Settings,
) -> "Suggestion":
    """Let the engine share an enquiry out among a few organisations.

    An association or an office can be on the list and in no consortium: it has no claims.
    """
    from graph.consortium import suggest  # takes most of a second, and few commands need it

    asked = find_enquiry(store, enquiry.iri)
    able = frozenset(iri for iri in shortlist.organisations if iri in landscape.organisations)
    if not able:
        raise EnquiryError("nobody on the shortlist is a company or research organisation")
    narrowed = replace(
        asked,
        pinned=able,
        excluded=_others(landscape, able),
        lead=shortlist.lead if shortlist.lead in able else None,
    )
    return suggest(narrowed, landscape, settings)


def _others(landscape: Landscape, chosen: Iterable[str]) -> frozenset[str]:
    """Return everybody else; entries of one organisation stay together."""
    known = landscape.organisations
    same = {known[iri].same_as or iri for iri in chosen}
    return frozenset(iri for iri, o in known.items() if (o.same_as or iri) not in same)
