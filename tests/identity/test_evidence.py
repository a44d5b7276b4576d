"""What tells whether two entries mean one organisation."""

import random
from dataclasses import replace

import pytest

from graph.identity import LIKELY, Decision, Entry, Reason, make_entry, propose, sentence
from graph.identity.entries import domain_of, identifier_key, town_key
from graph.identity.evidence import Evidence
from graph.identity.names import parse_name
from graph.identity.wording import SENTENCES, rationale
from graph.vocabulary import SCHEME

COMPANY = str(SCHEME["organisation-kind/company"])
LEI = ("lei", "529900t8bm49aursdo55")


def entry(name: str, number: int = 1, town: str = "Jena", **facts: object) -> Entry:
    iri = f"https://example.org/{number}"
    return make_entry(iri, COMPANY, [name], towns=[town] if town else [], **facts)  # type: ignore[arg-type]


def others() -> list[Entry]:
    words = ("Optik", "Guss", "Laser", "Härterei", "Werkzeugbau", "Kunststoff", "Sensorik")
    return [entry(f"{w} {n} Kontor GmbH", 100 + n, "Suhl") for n, w in enumerate(words)]


def found(first: Entry, second: Entry) -> list[tuple[Decision, float]]:
    return [(p.suggested, p.score) for p in propose([first, second, *others()])]


@pytest.mark.parametrize(
    "name",
    [
        "Müller Präzision Gesellschaft mit beschränkter Haftung",
        "MUELLER PRAEZISION GMBH",
        "Müller Präzsion GmbH",
        "Müller-Präzision GmbH",
        "Müller Präz. GmbH",
        "Präzision Müller GmbH",
        "Müller Präzision GbmH",
        "Müller Präzision Jena GmbH",
    ],
)
def test_spellings_of_one_name(name: str) -> None:
    [(suggested, score)] = found(entry("Müller Präzision GmbH"), entry(name, 2))

    assert suggested is Decision.SAME
    assert score >= LIKELY


@pytest.mark.parametrize(
    "name",
    [
        "Müller Hydrogen GmbH",
        "Müller Präzision Holding AG",
        "Präzision Gera GmbH",
        "Müller Optik Institut",
    ],
)
def test_names_alike_of_others(name: str) -> None:
    assert found(entry("Müller Präzision GmbH"), entry(name, 2)) == []


def test_branches_are_parts_and_not_the_same() -> None:
    whole = entry("Müller Präzision GmbH", pages=["https://mueller.example"])
    for name in ("Müller Präzision GmbH, Werk Suhl", "Müller Präzision GmbH Suhl"):
        branch = entry(name, 2, "Suhl", pages=["https://www.mueller.example/suhl"])
        assert [suggested for suggested, _ in found(whole, branch)] == [Decision.PART_OF]


def test_a_namesake_in_another_town_is_another() -> None:
    one = entry("Müller Präzision GmbH", pages=["https://mueller-jena.example"])
    other = entry("Müller Präzision GmbH", 2, "Gera", pages=["https://mueller-gera.example"])

    assert found(one, other) == []
    moved = replace(other, domains=one.domains)
    assert [suggested for suggested, _ in found(one, moved)] == [Decision.SAME]


def test_an_identifier_outweighs_every_name() -> None:
    one = entry("Müller Präzision GmbH", identifiers=[LEI])
    other = entry("Nova Drive SE", 2, "Gera", identifiers=[LEI])

    assert [suggested for suggested, _ in found(one, other)] == [Decision.SAME]
    unlike = replace(one, iri=other.iri, identifiers=frozenset({("lei", "x" * 20)}))
    assert found(one, unlike) == []


def test_initials_stand_for_a_name() -> None:
    long = entry("Institut Mikroelektronik Mechatronik Systeme", pages=["https://imms.example"])
    [(suggested, _)] = found(long, entry("IMMS", 2, pages=["https://imms.example"]))

    assert suggested is Decision.SAME


def test_a_pair_of_two_is_decided_once() -> None:
    one, other = entry("Müller Präzision GmbH"), entry("Mueller Präzision", 2)

    assert propose([one, other, *others()], {(one.iri, other.iri)}) == []


def test_the_order_of_entries_does_not_matter() -> None:
    entries = [entry("Müller Präzision GmbH"), entry("Mueller Präzision", 2), *others()]
    expected = propose(entries)
    for seed in range(5):
        random.Random(seed).shuffle(entries)  # noqa: S311
        assert propose(entries) == expected
    assert len(expected) == 1


@pytest.mark.parametrize(
    ("text", "words", "forms"),
    [
        ("Günther & Söhne GmbH & Co. KG", ("guenther", "soehne"), ("gmbh", "kg")),
        ("e.V.", ("e", "v"), ("ev",)),
        ("TETRA Gesellschaft für Sensorik mbH", ("tetra", "gesellschaft", "sensorik"), ("gmbh",)),
        ("Werkz.bau Élan", ("werkz.bau", "elan"), ()),
    ],
)
def test_names_are_read(text: str, words: tuple[str, ...], forms: tuple[str, ...]) -> None:
    name = parse_name(text)

    assert (name.words, name.forms) == (words, forms)


def test_spellings_of_facts() -> None:
    assert domain_of("https://www.a.muster.de/x") == domain_of("http://muster.de") == "muster.de"
    assert domain_of("https://www.facebook.com/muster") == domain_of("https://[bad") == ""
    assert town_key("Jena-Göschwitz") == town_key("Jena (Thür.)") == "jena"
    one = identifier_key(str(SCHEME["identifier-system/ror"]), "https://ror.org/01weqhp73")
    assert one == ("ror", "01weqhp73")


def test_every_reason_has_words() -> None:
    assert set(SENTENCES) == set(Reason)
    for reason in Reason:
        one = Evidence(reason, 1.0, "A", "B")
        german, english = sentence(one, "de"), sentence(one, "en")
        assert german != english
        assert "A" in german
        assert "A" in english
        assert sentence(one, "fr") == english
    assert rationale([Evidence(Reason.SAME_TOWN, 1.0, "A", "A")] * 2, "en") == (
        "Same town: A. Same town: A."
    )
