"""What the pages of R&D needs and initiatives show."""

from collections.abc import Mapping
from typing import Any

from rdflib import URIRef

from api.keeping import kept
from api.needs.presenting import meetings_of, presenter_of, research_for
from api.pages.desk import labels
from graph import needs
from graph.needs import NEEDS, NeedStatus
from graph.records import tag_of
from graph.store import Store
from graph.vocabulary import SCHEME

__all__ = ["initiative_page", "need_page", "needs_page"]

_MOST_MEETINGS = 20

_meetings = kept(meetings_of)


def needs_page(store: Store, language: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return needs, initiatives, who should meet whom, and what the forms may name.

    Args:
        store: What the office sees.
        language: Language of the page.
        given: Fields of a form that could not be taken, to be filled in again.
    """
    presenter = presenter_of(store, language)
    shown = [presenter.need(one) for one in needs.read_needs(store)]
    return {
        "needs": shown,
        "open_needs": [(one.iri, one.name) for one in shown if one.status is NeedStatus.OPEN],
        "initiatives": [presenter.initiative(one) for one in needs.read_initiatives(store)],
        "meetings": [presenter.meeting(one) for one in _meetings(store, _MOST_MEETINGS)],
        "labels": labels(store, language),
        "topics": _topics(store, language),
        "topic_choice": {"": ""} | dict(_topics(store, language)),
        "given": given,
    }


def _topics(store: Store, language: str) -> list[tuple[str, str]]:
    """Return IRI and label of the fields of the innovation strategy."""
    codes = labels(store, language)["ris-field"]
    return [(str(SCHEME[f"ris-field/{code}"]), label) for code, label in codes.items()]


def need_page(store: Store, language: str, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one need, who of research answers it, and what the form of its status may name.

    Raises:
        UnknownRecordError: There is no such need.
    """
    presenter = presenter_of(store, language)
    need = needs.find_need(store, name)
    return {
        "need": presenter.need(need),
        "research": [presenter.research(one) for one in research_for(store, need)],
        "tag": tag_of(store, URIRef(need.iri), NEEDS),
        "labels": labels(store, language),
        "given": given,
    }


def initiative_page(
    store: Store, language: str, name: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return one initiative, and the needs that it does not bundle yet.

    Raises:
        UnknownRecordError: There is no such initiative.
    """
    presenter = presenter_of(store, language)
    initiative = needs.find_initiative(store, name)
    said = initiative.said
    shown = presenter.initiative(initiative)
    others = [n for n in needs.read_needs(store) if n.iri not in said.bundles]
    return {
        "initiative": shown,
        "bundled": [(one.iri, one.name) for one in shown.bundles],
        "needs": [(one.iri, presenter.need(one).name) for one in others],
        "topics": [one for one in _topics(store, language) if one[0] not in said.topics],
        "tag": tag_of(store, URIRef(initiative.iri), NEEDS),
        "given": given,
    }
