"""Plants marked records in every internal graph that the house's own functions write.

A function of ``PLANTERS`` writes real records of one graph; all their words hold ``MARK``. Graphs
without one get a plain marked record, so that a new graph is covered on the day it is made.
"""

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pkgutil import walk_packages

from rdflib import RDF, Literal
from rdflib.namespace import RDFS, SKOS

import graph
from graph.desk import (
    DESK,
    Choice,
    NewOffer,
    NewReferral,
    OfferKind,
    Requester,
    assign,
    change_shortlist,
    confirm_requirements,
    note_offer,
    propose_consortium,
    receive,
    refer,
)
from graph.model import Requirement
from graph.needs import NEEDS, NewInitiative, NewNeed, record_initiative, record_need
from graph.reading import read_landscape
from graph.records import RecordGraph, change, mint
from graph.settings import Settings
from graph.store import Visibility
from graph.vocabulary import ID, SCHEME
from tests.desk.houses import NOW, Book, competence, enquiry, org

__all__ = ["MARK", "PLANTERS", "plant", "record_graphs"]

MARK = "quastenflosser"
"""A word that no vocabulary, page or query has."""

_TOPIC = str(SCHEME["ris-field/industrial-production-systems"])


def plant_desk(book: Book) -> None:
    """An enquiry with everything that can happen to one."""
    number = "2026-0001"
    given = enquiry(
        title={"de": f"Gesucht: {MARK}", "en": f"Wanted: {MARK}"},
        requester=Requester(name=f"{MARK} AG", function=f"Einkauf {MARK}"),
        text=f"Drehen und {MARK}",
        town=MARK,
        due=date(2026, 1, 1),
        reply_by=date(2026, 1, 1),
        gaps=((MARK, 3),),
    )
    book.do(receive(book(), given, now=NOW).write)
    wanted = [Requirement("x", competence(c), f"{MARK} {c}") for c in ("drehen", "beschichten")]
    scheme = read_landscape(book()).scheme
    book.do(confirm_requirements(book(), number, wanted, scheme, now=NOW, note=MARK).write)
    said = {"de": MARK, "en": MARK}
    book.do(assign(book(), number, org("netz"), now=NOW, rationale=said).write)
    referral = NewReferral(org("netz"), date(2026, 1, 1), MARK)
    book.do(refer(book(), number, referral, now=NOW).write)
    offer = NewOffer(org("dreherei"), 1, OfferKind.BINDING, 424242.42, note=MARK)
    book.do(note_offer(book(), number, offer, now=NOW).write)
    choice = Choice([org("dreherei")], lead=org("dreherei"), note=MARK)
    book.do(change_shortlist(book(), number, choice, now=NOW).write)
    landscape, settings = read_landscape(book()), Settings(reference_year=2026)
    book.do(propose_consortium(book(), number, landscape, settings, now=NOW, note=MARK).write)


def plant_needs(book: Book) -> None:
    """A need and an initiative that bundles it."""
    title = {"de": f"Bedarf {MARK}"}
    need = NewNeed(title, (org("dreherei"),), (competence("hartdrehen"),), _TOPIC, MARK)
    entry = record_need(need, today=NOW.date())
    book.do(entry.write)
    bundled = (entry.record, str(ID["project-hart"]))
    initiative = NewInitiative({"de": f"Initiative {MARK}"}, (_TOPIC,), bundled, MARK)
    book.do(record_initiative(initiative).write)


PLANTERS: dict[RecordGraph, Callable[[Book], None]] = {DESK: plant_desk, NEEDS: plant_needs}
"""What plants real records, by graph; add yours."""


def record_graphs() -> list[RecordGraph]:
    """Every internal graph of records that some module of ``graph`` names."""
    found: dict[str, RecordGraph] = {}
    for module in walk_packages(graph.__path__, "graph."):
        for value in vars(import_module(module.name)).values():
            for one in _within(value):
                if one.visibility is Visibility.INTERNAL:
                    found[one.name] = one
    return [found[name] for name in sorted(found)]


def _within(value: object) -> Iterator[RecordGraph]:
    if isinstance(value, RecordGraph):
        yield value
    elif isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, RecordGraph))


def plant(book: Book) -> None:
    """Write marked records into every internal graph of records."""
    for one in record_graphs():
        if one in PLANTERS:
            PLANTERS[one](book)
        else:
            _plain(book, one)


def _plain(book: Book, into: RecordGraph) -> None:
    node = mint("milestone")
    label = Literal(f"{into.name} {MARK}", lang="de")
    triples = [(node, SKOS.prefLabel, label), (node, RDFS.comment, label)]
    book.do(change(into, add=[*triples, (node, RDF.type, SKOS.Concept)]))
