"""Addresses of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.pages.addresses import (
    BAD_MEMBERS,
    BOTH_ASKED,
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
