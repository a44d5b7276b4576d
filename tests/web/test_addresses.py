"""Addresses of pages."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.pages.addresses import (
    BAD_DISTANCE,
    BAD_DISTRICT,
    BAD_MEMBERS,
    BAD_REQUIREMENT,
    BOTH_ASKED,
    NO_CENTRE,
    NOTHING_ASKED,
    TOO_MANY_WORDS,
    WORD_TOO_LONG,
    AddressError,
    ConsortiumAddress,
    host_of,
    is_web_link,
    organisation_path,
    slug_of,
)
from api.pages.wanted import Wanted, WantedLimit


def _distinct(limits: list[WantedLimit]) -> tuple[WantedLimit, ...]:
    return tuple(dict.fromkeys(limits))


ANN = "https://w3id.org/verbund/id/org-ann"


def parse(query: str) -> ConsortiumAddress:
    return ConsortiumAddress.parse(QueryParams(query).multi_items())


def test_one_field_may_hold_several_competences() -> None:
    assert parse("competence=Fräsen, Härten;%0AKleben").competences == (
        "Fräsen",
        "Härten",
        "Kleben",
    )


def test_words_count_once() -> None:
    assert parse("competence=A,B&competence=A").competences == ("A", "B")


def test_empty_fields_of_a_form_count_as_not_given() -> None:
    assert parse("enquiry=E05&competence=&max_members=&pin=") == ConsortiumAddress(enquiry="E05")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", NOTHING_ASKED),
        ("competence=,", NOTHING_ASKED),
        ("enquiry=E05&competence=A", BOTH_ASKED),
        ("enquiry=E05&max_members=0", BAD_MEMBERS),
        ("enquiry=E05&max_members=25", BAD_MEMBERS),
        ("enquiry=E05&max_members=two", BAD_MEMBERS),
        ("enquiry=E05&max_members=²", BAD_MEMBERS),
        ("enquiry=E05&max_members=" + "9" * 5000, BAD_MEMBERS),
        ("competence=" + ",".join(map(str, range(25))), TOO_MANY_WORDS),
        ("competence=" + "x" * 301, WORD_TOO_LONG),
        ("enquiry=E05&requirement=drehen", BOTH_ASKED),
        ("requirement=", NOTHING_ASKED),
        ("requirement=a b", BAD_REQUIREMENT),
        ("requirement=drehen;colour=red", BAD_REQUIREMENT),
        ("requirement=drehen;limit=length", BAD_REQUIREMENT),
        ("requirement=drehen;limit=length:..", BAD_REQUIREMENT),
        ("requirement=drehen;limit=length:1", BAD_REQUIREMENT),
        ("requirement=drehen;limit=length:x..2", BAD_REQUIREMENT),
        ("requirement=drehen;limit=length:3..2", BAD_REQUIREMENT),
        ("requirement=drehen;" + ";".join(f"material=m{n}" for n in range(21)), BAD_REQUIREMENT),
        ("&".join(f"requirement=r{n}" for n in range(25)), TOO_MANY_WORDS),
        ("competence=A&within=0&near=Jena", BAD_DISTANCE),
        ("competence=A&within=2001&near=Jena", BAD_DISTANCE),
        ("competence=A&within=80", NO_CENTRE),
        ("competence=A&district=Jena", BAD_DISTRICT),
    ],
)
def test_what_cannot_be_asked_is_said(query: str, message: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse(query)

    assert caught.value.message == message


WORD = st.text(st.characters(exclude_characters=",;\n\r", exclude_categories=["Cs"]), min_size=1)
WORDS = st.lists(WORD.map(str.strip).filter(bool), max_size=5, unique=True).map(tuple)


@given(WORDS.filter(bool), WORDS, WORDS, st.none() | st.integers(1, 24))
def test_an_address_says_all_that_was_asked(
    competences: tuple[str, ...],
    pinned: tuple[str, ...],
    excluded: tuple[str, ...],
    most: int | None,
) -> None:
    address = ConsortiumAddress("", competences, pinned, excluded, most)

    assert parse(address.query) == address


SLUG = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
SLUGS = st.lists(SLUG, max_size=3, unique=True).map(tuple)
LIMIT = st.tuples(SLUG, st.integers(-99, 0), st.decimals(0, 99, places=3)).map(
    lambda parts: WantedLimit(parts[0], str(parts[1]), str(parts[2]))
)
WANTED = st.builds(
    Wanted, SLUG, SLUG | st.just(""), SLUGS, st.lists(LIMIT, max_size=2).map(_distinct), SLUGS
)


@given(WANTED, st.booleans())
def test_a_requirement_is_read_as_it_is_written(wanted: Wanted, mandatory: bool) -> None:
    wanted = replace(wanted, is_mandatory=mandatory)

    assert Wanted.parse(wanted.text) == wanted
    assert parse(urlencode({"requirement": wanted.text})).requirements == (wanted,)


def test_an_address_says_every_condition() -> None:
    query = (
        "requirement=drehen;step=zerspanen;material=stahl;limit=length:..3;wished"
        "&district=16053&near=Jena&within=80&pin=ann&exclude=bob&max_members=3"
        "&programme=zim&demand=yes"
    )

    assert parse(query).query == query


def test_rules_are_demanded_of_a_programme_only() -> None:
    assert not parse("competence=A&demand=yes").is_demanded
    assert not parse("competence=A&programme=zim&demand=yes").funded("").is_demanded


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("competence=A", "/api/v1/consortia?competence=A&lang=de&format=csv"),
        ("requirement=drehen", "/de/consortia/document?requirement=drehen&format=csv"),
        (
            "enquiry=E05&programme=zim",
            "/de/consortia/document?enquiry=E05&programme=zim&format=csv",
        ),
    ],
)
def test_document_says_what_the_page_says(query: str, path: str) -> None:
    assert parse(query).document("de", "csv") == path


def test_keeping_and_leaving_out_undo_each_other() -> None:
    asked = ConsortiumAddress(enquiry="E05")

    kept, left_out = asked.pinning(ANN), asked.excluding(ANN)

    assert kept.pinned == ("ann",)
    assert kept.excluding(ANN) == left_out
    assert left_out.pinning(ANN) == kept
    assert kept.freeing(ANN) == left_out.freeing(ANN) == asked


def test_another_word_takes_the_place_of_the_unknown_one() -> None:
    assert parse("competence=Fräßen,B").saying("Fräßen", "Fräsen").competences == ("Fräsen", "B")


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("requirement=drehen;wished&near=Jena", "requirement=fraesen;wished&near=Jena"),
        ("competence=Turning&competence=B", "competence=B&requirement=fraesen"),
        ("competence=B", "competence=B"),
        ("requirement=drehen&requirement=fraesen", "requirement=fraesen"),
    ],
)
def test_another_competence_takes_the_place_of_one(query: str, changed: str) -> None:
    scheme = "https://w3id.org/verbund/scheme/competence"

    found = parse(query).instead("Turning", f"{scheme}/drehen", f"{scheme}/fraesen")

    assert found.query == changed


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT://example.org/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address: str, is_link: bool) -> None:
    assert is_web_link(address) is is_link


def test_host_stands_for_a_long_address() -> None:
    assert host_of("https://www.example.org/a/b?c=d") == "example.org"


def test_path_of_an_organisation_is_the_end_of_its_iri() -> None:
    assert slug_of(ANN) == "ann"
    assert organisation_path("de", ANN) == "/de/organisations/ann"
