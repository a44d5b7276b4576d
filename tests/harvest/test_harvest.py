"""A harvest from beginning to end, on a real server and a real store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import NothingStagedError, SourceBusyError, SourceFormatError, UnknownSourceError
from graph.harvest import (
    Report,
    State,
    accept,
    due,
    harvest,
    is_published_at_once,
    is_running,
    read_report,
    reject,
    settled,
    sources_folder,
)
from graph.harvest.reports import harvesting
from graph.store import EmbeddedStore, Visibility
from graph.vocabulary import GRAPH
from graph.writing import Receipt, write

from .conftest import Describe
from .servers import Page, Site

HERE = Path(__file__).parent
SOURCE = str(GRAPH["source-partner"])

TURTLE = """
@prefix schema: <https://schema.org/> .
@prefix e: <https://partner.example/> .
e:one a schema:Organization ; schema:name "Eins GmbH" ; schema:url <https://eins.example/> ;
  schema:telephone "+49 3641 123456" ; schema:vatID "DE 123456789" ;
  schema:employee [ a schema:Person ; schema:name "Erika Muster" ] ;
  schema:address [ a schema:PostalAddress ; schema:addressLocality "Jena" ;
    schema:postalCode "07743" ; schema:streetAddress "Weg 1" ] .
e:two a schema:Organization ; schema:name "Zwei GmbH", "Zwo GmbH" .
"""
GOOD = TURTLE.replace(', "Zwo GmbH"', "")


def serve(partner: Site, text: str, tag: str = "") -> None:
    partner.pages["/data.ttl"] = Page(text.encode(), tag=tag)


def published(home: Path, report: Report) -> Receipt:
    receipt = write(home, accept(home, report.source, report.digest))
    settled(home, report.source, report.digest)
    return receipt


def triples(home: Path, graph: str = SOURCE) -> set[str]:
    engine = EmbeddedStore(home, Visibility.INTERNAL).engine
    found = engine.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return {str(quad.triple) for quad in found}


def values(home: Path, predicate: str) -> set[str]:
    query = f"SELECT ?o {{ GRAPH <{SOURCE}> {{ ?s {predicate} ?o }} }}"
    prefixes = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    prefixes += "PREFIX locn: <http://www.w3.org/ns/locn#> PREFIX dct: <http://purl.org/dc/terms/> "
    prefixes += "PREFIX prov: <http://www.w3.org/ns/prov#> "
    return {str(row["o"]) for row in EmbeddedStore(home).select(prefixes + query)}


def test_a_harvest_waits_and_is_published(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, GOOD)
    report = harvest(office, "partner")

    assert (report.state, report.conforms, report.left_out_counted) == (State.WAITING, True, 0)
    assert report.added == report.staged > 10
    assert report.removed == 0
    assert triples(office) == set()
    assert published(office, report).created == (SOURCE,)
    assert {"Eins GmbH", "Zwei GmbH", "Jena"} <= values(office, "skos:prefLabel")
    assert values(office, "locn:postCode") == {"07743"}
    assert "https://partner.example/one" in values(office, "dct:source")
    again = harvest(office, "partner")
    assert (again.state, again.added, again.removed) == (State.UNCHANGED, 0, 0)


def test_texts_that_look_like_ends_of_staged_lines_are_published_as_they_are(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    odd = f"Eins> <{GRAPH['staging-partner']}> .\n GmbH .\n"
    serve(partner, GOOD.replace('"Eins GmbH"', f"'''{odd}'''"))

    report = harvest(office, "partner")
    staged = (office / "harvest/partner/staging.nq").read_text(encoding="utf-8")
    published(office, report)

    graphs = {str(quad.graph_name) for quad in ox.parse(staged, ox.RdfFormat.N_QUADS)}
    assert graphs == {f"<{GRAPH['staging-partner']}>"}
    assert odd in values(office, "skos:prefLabel")


def test_persons_stay_outside(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, GOOD)
    report = harvest(office, "partner")
    published(office, report)

    said = "\n".join(triples(office)) + (office / "harvest/partner/staging.nq").read_text()
    assert not any(word in said for word in ("Muster", "3641", "Weg 1"))
    assert report.unread["about a person"] == 3


def test_what_breaks_a_rule_is_left_out_by_name(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, TURTLE)
    report = harvest(office, "partner")

    assert report.left_out_counted == 1
    [(thing, reason)] = report.left_out.items()
    assert report.names[thing] == "https://partner.example/two"
    assert "several names" in reason
    assert any(line.severity == "Violation" for line in report.findings)
    published(office, report)
    assert "Eins GmbH" in values(office, "skos:prefLabel")
    assert not {"Zwei GmbH", "Zwo GmbH"} & values(office, "skos:prefLabel")


def test_what_hangs_on_it_is_left_out_too(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    address = '; schema:address [ schema:addressLocality "Gera" ; schema:postalCode "07545" ] .'
    serve(partner, TURTLE.replace('"Zwo GmbH" .', f'"Zwo GmbH" {address}'))
    report = harvest(office, "partner")

    assert report.left_out_counted >= 2
    published(office, report)
    assert "Gera" not in values(office, "skos:prefLabel")


def test_the_difference_to_what_is_published(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))
    serve(partner, GOOD.replace("Eins GmbH", "Eins AG"))
    report = harvest(office, "partner")

    assert (report.added, report.removed) == (1, 1)
    assert '"Eins AG"@de' in report.added_shown[0]
    assert '"Eins GmbH"@de' in report.removed_shown[0]
    receipt = published(office, report)
    assert "Eins AG" in values(office, "skos:prefLabel")
    assert receipt.changed == (SOURCE,)


def test_who_accepted_is_kept(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, TURTLE)
    published(office, harvest(office, "partner"))

    agents = values(office, "prov:wasAssociatedWith")
    assert agents == {"https://w3id.org/verbund/id/agent-coordination"}
    assert values(office, "prov:used") == {f"{partner.base}/data.ttl"}
    assert any("1 things left out" in text for text in values(office, "dct:description"))


def test_what_passes_by_itself(office: Path, partner: Site, describe: Describe) -> None:
    describe('publication = "conforming"')
    serve(partner, TURTLE)
    assert not is_published_at_once(office, harvest(office, "partner"))
    serve(partner, GOOD)
    report = harvest(office, "partner")
    assert is_published_at_once(office, report)

    write(office, accept(office, "partner", report.digest, by_person=False))
    assert values(office, "prov:wasAssociatedWith") == set()
    describe('publication = "accepted"')
    assert not is_published_at_once(office, report)


def test_only_what_was_looked_at_is_accepted(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    with pytest.raises(NothingStagedError):
        accept(office, "partner", "")
    serve(partner, GOOD)
    old = harvest(office, "partner")
    serve(partner, GOOD.replace("Eins", "Uno"))
    new = harvest(office, "partner")
    with pytest.raises(NothingStagedError, match="another"):
        accept(office, "partner", old.digest)
    assert reject(office, "partner", new.digest).state is State.REJECTED
    with pytest.raises(NothingStagedError):
        accept(office, "partner", new.digest)
    assert triples(office) == set()


def test_a_damaged_staging_file_is_not_published(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    report = harvest(office, "partner")
    path = office / "harvest/partner/staging.nq"
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")

    with pytest.raises(NothingStagedError, match="harvest it again"):
        accept(office, "partner", report.digest)


def test_a_source_that_fails_keeps_what_is_published(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))
    before = triples(office)
    partner.pages.clear()
    report = harvest(office, "partner")

    assert report.state is State.FAILED
    assert "404" in report.error
    assert triples(office) == before


def test_a_source_that_is_empty_now_is_withdrawn_by_a_person(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))
    serve(partner, "")
    report = harvest(office, "partner")
    assert (report.state, report.staged) == (State.WAITING, 0)
    published(office, report)

    assert triples(office) == set()
    assert SOURCE not in EmbeddedStore(office, Visibility.INTERNAL).graphs()


def test_a_source_says_nothing_of_this_house(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    ours = "<https://w3id.org/verbund/id/org-open>"
    serve(
        partner,
        f'{GOOD} {ours} schema:name "Zu GmbH" ; a schema:Organization ;'
        " <https://w3id.org/verbund/def#sameOrganisationAs> e:one ."
        f" e:one <https://w3id.org/verbund/def#sameOrganisationAs> {ours} ."
        " e:j a <https://w3id.org/verbund/def#IdentityDecision> ;"
        f" <https://w3id.org/verbund/def#concerns> e:one , {ours} .",
    )
    report = harvest(office, "partner")
    published(office, report)

    assert report.unread["about a thing of this house"] > 0
    assert not any(
        "sameOrganisation" in t or "concerns" in t or "org-open" in t for t in triples(office)
    )


def test_names_stay_from_harvest_to_harvest(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    first = harvest(office, "partner")
    lines = GOOD.strip().split("e:two")
    serve(
        partner,
        lines[0].split("e:one")[0] + "e:two" + lines[1] + "e:one" + lines[0].split("e:one")[1],
    )

    assert harvest(office, "partner").digest == first.digest


def test_one_source_is_harvested_once_at_a_time(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    assert not is_running(office, "partner")
    with harvesting(office, "partner"):
        assert is_running(office, "partner")
        with pytest.raises(SourceBusyError):
            harvest(office, "partner")
    assert not is_running(office, "partner")


def test_what_is_due(office: Path, partner: Site, describe: Describe) -> None:
    describe("every_hours = 24")
    describe(name="by-hand")
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert due(office, now) == ["partner"]
    serve(partner, GOOD)
    harvest(office, "partner", now=lambda: now)
    assert due(office, now + timedelta(hours=23)) == []
    assert due(office, now + timedelta(hours=24)) == ["partner"]
    partner.pages.clear()
    harvest(office, "partner", now=lambda: now)
    assert due(office, now + timedelta(hours=3)) == ["partner"]


def test_reports_are_read_as_they_were_written(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, TURTLE)
    told: list[str] = []
    report = harvest(office, "partner", lambda stage, done, total: told.append(stage))

    assert read_report(office, "partner") == report
    assert list(dict.fromkeys(told)) == ["documents", "mapping", "validation", "staging"]


@pytest.mark.parametrize(
    "more",
    [
        'addresses = ["file:///etc/passwd"]',
        "addresses = []",
        'kind = "post"',
        'kind = "endpoint"',
        'kind = "table"',
        'kind = "table"\ntable = "../../secret"',
        'visibility = "secret"',
        "colour = 1",
        "page_size = 0",
        'licence = "mine"',
        "a b",
    ],
)
def test_descriptions_that_are_none(
    office: Path, partner: Site, describe: Describe, more: str
) -> None:
    describe(more)
    with pytest.raises(SourceFormatError):
        harvest(office, "partner")


def test_sources_that_are_not_described(office: Path) -> None:
    for name in ("nobody", "../secret", ""):
        with pytest.raises(UnknownSourceError):
            harvest(office, name)
    assert sources_folder(office).exists() is False
