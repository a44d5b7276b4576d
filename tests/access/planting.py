"""Plants marked records in every internal graph that the house's own functions write.

A function of ``PLANTERS`` writes real records of one graph; all their words hold ``MARK``. Graphs
without one get a plain marked record, so that a new graph is covered on the day it is made.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
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
from graph.harvest import Report, State, sources_folder
from graph.harvest.reports import source_folder, write_report, write_staging
from graph.model import Requirement
from graph.needs import NEEDS, NewInitiative, NewNeed, record_initiative, record_need
from graph.profiles import Profile, describe, form_of, submit
from graph.projects import (
    PROJECTS,
    CostCategory,
    Edit,
    MilestoneKind,
    Money,
    Plan,
    add_budget_line,
    add_milestone,
    add_partner,
    find_project,
    start,
)
from graph.reading import read_landscape
from graph.records import RecordGraph, change, mint
from graph.settings import Settings
from graph.store import Visibility
from graph.vocabulary import ID, SCHEME
from tests.desk.houses import NOW, Book, competence, enquiry, org

__all__ = ["MARK", "PLANTERS", "SOURCE", "plant", "plant_harvest", "record_graphs"]

MARK = "quastenflosser"
"""A word that no vocabulary, page or query has."""

SOURCE = "nachbarn"
"""Name of the source with a harvest that waits."""

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


def plant_projects(book: Book) -> None:
    """A supported project with partner, milestones and money."""
    plan = Plan(f"Projekt {MARK}", f"Project {MARK}", MARK)
    iri, begun = start(plan, NOW)
    book.do(begun)

    def edit() -> Edit:
        return Edit(book(), find_project(book(), iri), now=NOW)

    for day in (date(2026, 1, 31), date(2031, 1, 31)):  # one is overdue
        book.do(add_milestone(edit(), MilestoneKind.APPLICATION, day, MARK)[1])
    book.do(add_partner(edit(), org("dreherei"))[1])
    money = Money(Decimal("424242.42"), Decimal("424242.41"))
    book.do(add_budget_line(edit(), org("dreherei"), CostCategory.MATERIAL, money)[1])


def plant_submission(book: Book) -> None:
    """A profile that waits for its review, in a graph of its own."""
    said = {
        "prefLabel": [f"{MARK} GmbH"],
        "type": ["Company"],
        "productKeyword": [MARK],
        "homepage": [f"https://{MARK}.example"],
    }
    profile = Profile("", {"organisation": [said], "site": [{"town": [MARK]}]})
    book.do(submit(describe(form_of(book()), profile, NOW.year), NOW)[1])


def plant_harvest(home: Path) -> None:
    """A source with a harvest that waits, beside the store."""
    folder = sources_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    described = f"""
    kind = "dump"
    addresses = ["https://{MARK}.example/data.ttl"]
    title = {{de = "Quelle {MARK}", en = "Source {MARK}"}}
    licence = "http://dcat-ap.de/def/licenses/cc-by/4.0"
    visibility = "internal"
    """
    (folder / f"{SOURCE}.toml").write_text(described, encoding="utf-8")
    own = source_folder(home, SOURCE)
    line = f'<{ID["org-staged"]}> <{SKOS.prefLabel}> "{MARK}" <urn:staged> .\n'
    digest = write_staging(own, line)
    time = NOW.isoformat()
    told = Report(SOURCE, State.WAITING, time, time, digest=digest, added_shown=(line,), error=MARK)
    write_report(own, told)


PLANTERS: dict[RecordGraph, Callable[[Book], None]] = {
    DESK: plant_desk,
    NEEDS: plant_needs,
    PROJECTS: plant_projects,
}
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
    """Write marked records into every internal graph of records, and a submission beside them."""
    for one in record_graphs():
        if one in PLANTERS:
            PLANTERS[one](book)
        else:
            _plain(book, one)
    plant_submission(book)


def _plain(book: Book, into: RecordGraph) -> None:
    node = mint("milestone")
    label = Literal(f"{into.name} {MARK}", lang="de")
    triples = [(node, SKOS.prefLabel, label), (node, RDFS.comment, label)]
    book.do(change(into, add=[*triples, (node, RDF.type, SKOS.Concept)]))
