"""What the pages of the enquiry desk show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rdflib import Literal, URIRef

from api.desk import taking
from api.desk.presenting import presenter_of
from api.keeping import kept
from api.pages.marking import mark
from api.pages.waiting import OPEN_PAIRS, waiting
from graph import desk
from graph.desk import DESK, DeskEnquiry, Status
from graph.reading import rows
from graph.records import tag_of
from graph.store import Store
from graph.vocabulary import SCHEME

__all__ = ["Doing", "desk_page", "enquiry_page", "labels", "shortlist_page"]

_MOST_BODIES = 5

_SCHEMES = (
    *("enquiry-status", "enquiry-channel", "enquiry-kind", "direction", "confidentiality"),
    *("event-kind", "referral-outcome", "offer-kind", "need-status", "ris-field"),
)


@kept
def labels(store: Store, language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of the concepts of the desk by scheme and code."""
    return {scheme: _codes(store, scheme, language) for scheme in _SCHEMES}


def _codes(store: Store, scheme: str, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows(store, "scheme-labels", {"scheme": URIRef(SCHEME + scheme)}):
        label = row["label"]
        is_wanted = isinstance(label, Literal) and label.language == language
        if is_wanted and str(row["kind"]) == "preferred":
            found[str(row["concept"]).rpartition("/")[2]] = str(label)
    return found


def desk_page(store: Store, home: Path, language: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the overview of the desk shows.

    Args:
        store: What the office sees.
        home: Where harvests are kept.
        language: Language of the page.
        given: Fields of a form that could not be taken, to be filled in again.
    """
    presenter = presenter_of(store, language)
    enquiries = [presenter.line(one) for one in desk.read_desk_enquiries(store)]
    today = datetime.now(UTC).date()
    late = desk.overdue(store, today)
    return {
        "enquiries": enquiries[::-1],
        "overdue": [presenter.overdue(one) for one in late],
        "late_numbers": {one.number for one in late},
        "waiting": waiting(store, home, today),
        "labels": labels(store, language),
        "given": given,
    }


@dataclass(frozen=True, slots=True)
class Doing:
    """What a form was sent for in vain.

    Attributes:
        action: End of the address of the form; empty when none was sent.
        given: Its fields, to be filled in again.
        faults: What to say at which field.
    """

    action: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def fault(self, action: str, name: str) -> str | None:
        """Return what to say at a field of a form, if anything."""
        return self.faults.get(name) if action == self.action else None


def enquiry_page(store: Store, language: str, number: str, doing: Doing) -> dict[str, Any]:
    """Return what the page of one enquiry shows.

    Args:
        store: What the office sees.
        language: Language of the page.
        number: Number of the enquiry.
        doing: What could not be done; its form is open with what was filled in.

    Raises:
        UnknownRecordError: There is no such enquiry.
    """
    OPEN_PAIRS.now(store)  # counted before the overview asks, which is where one goes next
    presenter = presenter_of(store, language)
    enquiry = desk.read_desk_enquiry(store, number)
    found = taking.responsible(store, enquiry)[:_MOST_BODIES]
    return {
        "enquiry": presenter.whole(enquiry),
        "bodies": [presenter.responsibility(one) for one in found],
        "tag": tag_of(store, URIRef(enquiry.iri), DESK),
        "labels": labels(store, language),
        "names": sorted(set(presenter.names.shown.values())),
        "late": enquiry.number in _late(store),
        "next_action": _next_action(enquiry, is_served=bool(found)),
        "doing": doing,
    } | _understood(store, enquiry, language)


def _late(store: Store) -> set[str]:
    return {late.number for late in desk.overdue(store, datetime.now(UTC).date())}


def _next_action(enquiry: DeskEnquiry, *, is_served: bool) -> str:
    """Return what usually comes next: the form that is open when the page is."""
    if enquiry.status.is_end:
        return ""
    if not enquiry.requirements:
        return "requirements"
    if is_served and not enquiry.responsible:
        return "assignment"
    if enquiry.shortlist is None:
        return "shortlist"
    return "status" if enquiry.consortia else "consortium"


def _understood(store: Store, enquiry: DeskEnquiry, language: str) -> dict[str, Any]:
    """Return how the text reads, as long as nobody has said what it asks for."""
    from api.understanding import propose  # the lexicon is read when it is first needed

    received = enquiry.received
    if not received.text or enquiry.requirements or enquiry.status is not Status.NEW:
        return {"pieces_of_text": (), "proposed": []}
    proposal = propose(store, received.text, received.language, language)
    return {
        "pieces_of_text": mark(received.text, proposal),
        "proposed": [one.competence.name for one in proposal.requirements],
    }


def shortlist_page(
    store: Store, language: str, members: Sequence[str], lead: str, asked: str
) -> dict[str, Any]:
    """Return whom to take over, and the enquiries that still run, each with its tag.

    Args:
        store: What the office sees.
        language: Language of the page.
        members: IRIs, identifiers or names of organisations.
        lead: Who of them shall lead; may be empty.
        asked: IRI or number of the enquiry that was answered; may be empty.

    Raises:
        UnknownTermError: Nobody is called so.
    """
    presenter = presenter_of(store, language)
    names = presenter.names
    running = [e for e in desk.read_desk_enquiries(store) if not e.status.is_end]
    tags = {e.iri: f"{e.number} {tag_of(store, URIRef(e.iri), DESK)}" for e in running}
    return {
        "members": [names.named(names.organisation(word)) for word in members],
        "lead": names.organisation(lead) if lead else "",
        "enquiries": {
            tags[e.iri]: f"{e.number} {presenter.line(e).name}" for e in reversed(running)
        },
        "chosen": next((tags[e.iri] for e in running if asked in (e.iri, e.number)), ""),
    }
