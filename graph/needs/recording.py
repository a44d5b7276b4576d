"""Writing needs and initiatives down, and changing what has been written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

from graph.desk import redacted, without_persons
from graph.errors import EnquiryError, RecordStateError
from graph.needs.reading import find_initiative, find_need
from graph.needs.values import Need, NeedStatus, NewInitiative, NewNeed
from graph.records import Entry, RecordGraph, Triple, change, mint, tag_of, unchanged_since
from graph.store import Store
from graph.vocabulary import SCHEME, VB

__all__ = ["NEEDS", "bundle", "change_need_status", "record_initiative", "record_need"]

NEEDS = RecordGraph("needs", (("de", "Bedarfe und Initiativen"), ("en", "Needs and initiatives")))
"""Everything that is written down of needs and initiatives; internal."""


def record_need(need: NewNeed, *, today: date) -> Entry:
    """Return the entry of a new need, which is open.

    Raises:
        EnquiryError: It names no organisation or no competence.
    """
    if not need.raised_by or not need.competences:
        raise EnquiryError("a need names at least one organisation and one competence")
    node = mint("need")
    triples = [
        (node, RDF.type, VB.ResearchNeed),
        *_texts(node, need.title, need.text, need.language),
        (node, VB.needStatus, SCHEME[f"need-status/{NeedStatus.OPEN}"]),
        (node, DCTERMS.created, Literal(today.isoformat(), datatype=XSD.date)),
        *((node, VB.raisedBy, URIRef(iri)) for iri in need.raised_by),
        *((node, VB.neededCompetence, URIRef(iri)) for iri in need.competences),
    ]
    if need.topic:
        triples.append((node, VB.topic, URIRef(need.topic)))
    return Entry(str(node), change(NEEDS, add=triples))


def _texts(node: URIRef, titles: Mapping[str, str], text: str, language: str) -> Iterator[Triple]:
    for tag, title in titles.items():
        yield node, SKOS.prefLabel, Literal(redacted(title), lang=tag)
    if text:
        yield node, DCTERMS.description, Literal(without_persons(text), lang=language)


def change_need_status(
    store: Store,
    need: str,
    status: NeedStatus,
    *,
    addressed_by: Sequence[str] = (),
    tag: str = "",
) -> Entry:
    """Return the entry that says how far a need has been dealt with.

    Args:
        store: Where the needs live.
        need: IRI, or the end of it.
        status: The new status.
        addressed_by: IRIs of organisations and projects that take care of it now; what was said
            before stays.
        tag: Tag that the need was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such need.
        RecordStateError: It is addressed by nobody.
        VersionConflictError: Somebody else has changed it.
    """
    known = find_need(store, need)
    helpers = {*known.addressed_by, *addressed_by}
    if status is NeedStatus.ADDRESSED and not helpers:
        raise RecordStateError("say who or which project takes care of the need")
    node = URIRef(known.iri)
    return Entry(
        known.iri,
        change(
            NEEDS,
            add=[
                (node, VB.needStatus, SCHEME[f"need-status/{status}"]),
                *((node, VB.addressedBy, URIRef(iri)) for iri in sorted(helpers)),
            ],
            remove=_status_of(known, status),
            condition=_condition(store, node, tag),
        ),
    )


def _status_of(need: Need, status: NeedStatus) -> list[Triple]:
    if need.status is status:
        return []
    return [(URIRef(need.iri), VB.needStatus, SCHEME[f"need-status/{need.status}"])]


def _condition(store: Store, node: URIRef, tag: str) -> str:
    return unchanged_since(store, node, NEEDS, tag or tag_of(store, node, NEEDS))


def record_initiative(initiative: NewInitiative) -> Entry:
    """Return the entry of a new initiative.

    Raises:
        EnquiryError: It names no topic.
    """
    if not initiative.topics:
        raise EnquiryError("an initiative names at least one topic of the innovation strategy")
    node = mint("initiative")
    triples = [
        (node, RDF.type, VB.InnovationInitiative),
        *_texts(node, initiative.title, initiative.text, initiative.language),
        *((node, VB.topic, URIRef(iri)) for iri in initiative.topics),
        *((node, VB.bundles, URIRef(iri)) for iri in initiative.bundles),
    ]
    return Entry(str(node), change(NEEDS, add=triples))


def bundle(
    store: Store,
    initiative: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    topics: Sequence[str] = (),
    tag: str = "",
) -> Entry:
    """Return the entry that changes what an initiative bundles.

    Args:
        store: Where the initiatives live.
        initiative: IRI, or the end of it.
        add: IRIs of needs and projects that come in.
        remove: IRIs of those that go out.
        topics: IRIs of topics that are added.
        tag: Tag that the initiative was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such initiative.
        VersionConflictError: Somebody else has changed it.
    """
    known = find_initiative(store, initiative)
    node = URIRef(known.iri)
    return Entry(
        known.iri,
        change(
            NEEDS,
            add=[
                *((node, VB.bundles, URIRef(iri)) for iri in add if iri not in remove),
                *((node, VB.topic, URIRef(iri)) for iri in topics),
            ],
            remove=[(node, VB.bundles, URIRef(iri)) for iri in remove],
            condition=_condition(store, node, tag),
        ),
    )
