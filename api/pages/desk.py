"""What the pages of the enquiry desk show."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rdflib import Literal, URIRef

from api.desk.presenting import presenter_of
from api.keeping import kept
from api.needs.presenting import meetings_of
from api.needs.presenting import presenter_of as needs_presenter_of
from graph import desk
from graph.desk import DESK
from graph.needs import read_initiatives, read_needs
from graph.reading import rows
from graph.records import tag_of
from graph.store import Store
from graph.vocabulary import SCHEME

__all__ = ["desk_page", "enquiry_page", "needs_page"]

_SCHEMES = (
    *("enquiry-status", "enquiry-channel", "enquiry-kind", "direction", "confidentiality"),
    *("event-kind", "referral-outcome", "offer-kind", "need-status"),
)
_MOST_MEETINGS = 20


@kept
def _labels(store: Store, language: str) -> Mapping[str, Mapping[str, str]]:
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


def desk_page(store: Store, language: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the list of the desk shows.

    Args:
        store: What the office sees.
        language: Language of the page.
        given: Fields of a form that could not be taken, to be filled in again.
    """
    presenter = presenter_of(store, language)
    enquiries = [presenter.line(one) for one in desk.read_desk_enquiries(store)]
    late = desk.overdue(store, datetime.now(UTC).date())
    return {
        "enquiries": enquiries[::-1],
        "overdue": [presenter.overdue(one) for one in late],
        "labels": _labels(store, language),
        "given": given,
    }


def enquiry_page(
    store: Store, language: str, number: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page of one enquiry shows.

    Raises:
        UnknownRecordError: There is no such enquiry.
    """
    presenter = presenter_of(store, language)
    enquiry = desk.read_desk_enquiry(store, number)
    return {
        "enquiry": presenter.whole(enquiry),
        "tag": tag_of(store, URIRef(enquiry.iri), DESK),
        "labels": _labels(store, language),
        "names": sorted(set(presenter.names.shown.values())),
        "given": given,
    }


def needs_page(store: Store, language: str) -> dict[str, Any]:
    """Return needs, initiatives, and who should meet whom."""
    presenter = needs_presenter_of(store, language)
    return {
        "needs": [presenter.need(one) for one in read_needs(store)],
        "initiatives": [presenter.initiative(one) for one in read_initiatives(store)],
        "meetings": [presenter.meeting(one) for one in meetings_of(store, _MOST_MEETINGS)],
        "labels": _labels(store, language),
    }
