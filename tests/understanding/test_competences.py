"""Words that lead to competences, and those that must not."""

import pytest

from graph.understanding import Proposal
from graph.understanding.values import Silence, Way
from tests.understanding.conftest import Read


def slugs(proposal: Proposal) -> set[str]:
    return {r.competence.rpartition("/")[2] for r in proposal.requirements}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Wir suchen jemanden zum Fräsen.", {"fraesen"}),
        ("Die Teile werden gefräst und gedreht.", {"fraesen", "drehen"}),
        ("Gesucht: Fraesen von Platten.", {"fraesen"}),
        ("Gesucht sind Präzisionsfräsarbeiten.", {"fraesen"}),
        ("Dreh- und Fräsarbeiten gesucht.", {"drehen", "fraesen"}),
        ("Bitte Angebot für Schwei-\nßen von Rahmen.", {"schweissen"}),
        ("Welding and milling are needed.", {"schweissen", "fraesen"}),
        ("Wir brauchen Drehteile.", {"drehen"}),
    ],
)
def test_inflection_compounds_ellipsis_and_hyphenation(
    read_small: Read, text: str, wanted: set[str]
) -> None:
    assert slugs(read_small(text)) == wanted


def test_words_are_given_with_their_place_in_the_original_text(read_small: Read) -> None:
    text = "Guten Tag,\nwir suchen Schwei-\nßen\u00a0bitte."

    [requirement] = read_small(text).requirements

    span = requirement.mentions[0].span
    assert text[span.start : span.end] == span.words == "Schwei-\nßen"


def test_typo_is_read_and_scores_less(read_small: Read) -> None:
    [typo] = read_small("Gesucht: Schweisssen").requirements
    [right] = read_small("Gesucht: Schweißen").requirements

    assert typo.mentions[0].way is Way.TYPO
    assert typo.score < right.score


@pytest.mark.parametrize(
    "text",
    [
        "Der Druck beträgt 5 bar.",  # the noun is not the verb drucken
        "Bitte senden Sie uns Ihr Angebot bis Freitag.",
        "Das Wetter ist schön.",
    ],
)
def test_ordinary_text_asks_for_nothing(read_small: Read, text: str) -> None:
    assert slugs(read_small(text)) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Drehen, aber kein Fräsen.", {"drehen"}),
        ("Drehen ohne Fräsen und Schweißen.", {"drehen"}),
        ("Weder Drehen noch Fräsen, dafür Schweißen.", {"schweissen"}),
        ("Drehen; Fräsen ist nicht erforderlich.", {"drehen"}),
        ("Drehen suchen wir, das Fräsen machen wir selbst.", {"drehen"}),
        ("Milling, no welding.", {"fraesen"}),
        ("Welding is required, milling is done by us.", {"schweissen"}),
        ("Nicht nur Drehen, sondern auch Fräsen.", {"drehen", "fraesen"}),
    ],
)
def test_what_is_refused_is_no_requirement(read_small: Read, text: str, wanted: set[str]) -> None:
    assert slugs(read_small(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Wir sind ein Hersteller von Kreiselpumpen und suchen Drehen.", {"drehen"}),
        ("Als Hersteller von Kreiselpumpen benötigen wir Schweißen.", {"schweissen"}),
        ("Ein Hersteller von Kreiselpumpen sucht Fräsen.", {"fraesen"}),
        ("We make welding robots. We need milling.", {"fraesen"}),
    ],
)
def test_what_the_requester_does_is_no_requirement(
    read_small: Read, text: str, wanted: set[str]
) -> None:
    assert slugs(read_small(text)) == wanted


def test_rejected_words_are_shown_with_their_reason(read_small: Read) -> None:
    proposal = read_small("Drehen, aber kein Fräsen.")

    assert [(r.mention.span.words, r.reason) for r in proposal.rejected] == [
        ("Fräsen", Silence.NEGATED)
    ]


def test_broader_word_beside_a_narrower_one_adds_nothing(read_small: Read) -> None:
    proposal = read_small("Zerspanen: Fräsen gesucht. Auch Drehen.")

    assert slugs(proposal) == {"fraesen", "drehen"}
    assert [r.reason for r in proposal.rejected] == [Silence.BROADER]


def test_broader_word_alone_counts(read_small: Read) -> None:
    assert slugs(read_small("Zerspanen gesucht.")) == {"zerspanen"}


def test_unexplained_trade_words_are_kept_with_their_frequency(read_small: Read) -> None:
    proposal = read_small("Wir brauchen Kryoplasmaätzen. Kryoplasmaätzen ist wichtig. Drehen auch.")

    assert [(g.word, g.count) for g in proposal.gaps] == [("Kryoplasmaätzen", 2)]


def test_alternatives_name_the_broader_competence(read_small: Read) -> None:
    [requirement] = read_small("Fräsen gesucht").requirements

    assert [iri for iri, _ in requirement.alternatives] == ["x/zerspanen"]


def test_same_text_gives_equal_proposals(read: Read) -> None:
    text = "CNC-Fräsen und Eloxieren von Gehäusen aus EN AW-6082, 200 Stück."

    assert read(text) == read(text)


def test_empty_and_odd_texts_do_not_fail(read: Read) -> None:
    for text in ("", " \n", "-", "\x00\x01", "ﬁ", "9" * 500, "(" * 200, "a-\n", "x" * 20_000):
        assert read(text).requirements == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Die Lagersitze sind rundzuschleifen.", {"rundschleifen"}),
        ("Die Sitze sind induktiv zu härten.", {"induktionshaerten"}),
        ("Rohre biegen. Wir drehen die Flansche selbst.", {"rohr-und-profilbiegen"}),
        ("We need milling. We turn the flanges ourselves.", {"fraesen"}),
        ("We need milling. We don't need assembly.", {"fraesen"}),
        ("Wir haben Kabelbäume zu vergeben.", {"kabelbaumfertigung"}),
        ("Wir schreiben das Fräsen aus.", {"fraesen"}),
        ("Fräsen von Formeinsätzen.", {"fraesen"}),
        (
            "Beschaffung eines Roboterzelle für Palettieren.",
            {"roboterzellenbau", "palettiertechnik"},
        ),
        ("Supply of compressors and control cabinets.", {"verdichterbau", "schaltschrankbau"}),
    ],
)
def test_general_causes_of_misses(read: Read, text: str, wanted: set[str]) -> None:
    found = {r.competence.rpartition("/")[2] for r in read(text).requirements}

    assert found == wanted
