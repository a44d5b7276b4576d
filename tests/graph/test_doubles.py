"""Entries with names alike within one district."""

import pyoxigraph as ox
import pytest

from graph.checks import run_likely_doubles
from graph.doubles import likely_doubles
from graph.validation import Severity

PREFIXES = """
@prefix vb: <https://w3id.org/verbund/def#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/> .
"""


def entry(name: str, label: str, district: str = "one") -> str:
    return f"""
    ex:{name} org:classification ex:company ; skos:prefLabel "{label}"@de ;
      org:hasPrimarySite ex:{name}-site .
    ex:{name}-site vb:district ex:{district} .
    """


def store(*parts: str) -> ox.Store:
    made = ox.Store()
    made.load(("\n".join((PREFIXES, *parts))).encode(), ox.RdfFormat.TURTLE)
    return made


@pytest.mark.parametrize(
    ("label", "is_found"),
    [
        ("Muster Werkzeugbau GmbH & Co. KG", True),
        ("Werkzeugbau Muster GmbH", True),
        ("MUSTER-WERKZEUGBAU GMBH", False),  # equal but for signs: another check finds it
        ("Beispiel Optik AG", False),
    ],
)
def test_names_alike(label: str, *, is_found: bool) -> None:
    found = likely_doubles(store(entry("a", "Muster Werkzeugbau GmbH"), entry("b", label)))

    assert [(d.first, d.second) for d in found] == (
        [("https://example.org/a", "https://example.org/b")] if is_found else []
    )


def test_another_district_is_another_organisation() -> None:
    found = likely_doubles(
        store(entry("a", "Muster Werkzeugbau GmbH"), entry("b", "Muster Werkzeugbau", "two"))
    )

    assert found == []


def test_what_is_decided_is_not_asked_again() -> None:
    parts = entry("a", "Muster Werkzeugbau GmbH"), entry("b", "Werkzeugbau Muster GmbH")
    decision = "ex:d vb:concerns ex:a , ex:b ."

    assert likely_doubles(store(*parts))
    assert likely_doubles(store(*parts, decision)) == []


def test_finding_is_a_hint_in_both_languages() -> None:
    made = store(entry("a", "Muster Werkzeugbau GmbH"), entry("b", "Werkzeugbau Muster GmbH"))

    [german] = run_likely_doubles(made)
    [english] = run_likely_doubles(made, language="en")

    assert german.severity is Severity.INFO
    assert (german.focus, german.value) == ("https://example.org/a", "https://example.org/b")
    assert german.message != english.message
