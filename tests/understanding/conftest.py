"""A small lexicon of invented labels, and the one of the shipped graph."""

from collections.abc import Callable
from datetime import date

import pytest

from graph.lexicon import read_lexicon
from graph.model import Competence, CompetenceScheme, Dimension, FitRule, Place
from graph.reading import read_landscape
from graph.store import EmbeddedStore
from graph.understanding import (
    LabelKind,
    Lexicon,
    Proposal,
    WordLabel,
    build_lexicon,
    understand,
)

TODAY = date(2026, 11, 25)

Read = Callable[[str], Proposal]


@pytest.fixture(scope="session")
def lexicon(reference: EmbeddedStore) -> Lexicon:
    return read_lexicon(reference, read_landscape(reference))


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Read:
    """What reads a text against the words of the shipped graph."""
    return lambda text: understand(text, lexicon, today=TODAY)


def label(slug: str, text: str, language: str = "de", kind: str = "preferred") -> WordLabel:
    return WordLabel(f"x/{slug}", text, language, LabelKind(kind))


@pytest.fixture(scope="session")
def small() -> Lexicon:
    """Six competences, two materials, one type of certificate, one town."""
    competences = {
        "fraesen": "zerspanen",
        "drehen": "zerspanen",
        "zerspanen": None,
        "schweissen": None,
        "drucken": None,
        "pumpenbau": None,
    }
    scheme = CompetenceScheme(
        competences={
            f"x/{slug}": Competence(f"x/{slug}", slug, f"x/{above}" if above else None)
            for slug, above in competences.items()
        },
        dimensions={"d/lot-size": Dimension("d/lot-size", FitRule.RANGE)},
        materials={"x/stahl": "x/metall"},
    )
    labels = {
        "competence": [
            label("fraesen", "Fräsen"),
            label("fraesen", "Milling", "en"),
            label("drehen", "Drehen"),
            label("drehen", "Drehteile", kind="hidden"),
            label("zerspanen", "Zerspanen"),
            label("schweissen", "Schweißen"),
            label("schweissen", "Welding", "en"),
            label("drucken", "Drucken"),
            label("pumpenbau", "Pumpenbau"),
            label("pumpenbau", "Kreiselpumpen", kind="hidden"),
        ],
        "material": _materials(),
        "certificate-type": [label("iso-9001", "ISO 9001")],
    }
    return build_lexicon(labels, scheme, {"Musterstadt": Place(51.0, 11.0, "Musterstadt")}, {})


def _materials() -> list[WordLabel]:
    """Each material that a designation names, and two that are above each other."""
    from graph.understanding.words import word_lists

    slugs = {slug for slug, _ in word_lists().designations}
    named = [label("stahl", "Stahl"), label("metall", "Metall")]
    return named + [label(slug, f"Werkstoff {slug}") for slug in sorted(slugs)]


@pytest.fixture(scope="session")
def read_small(small: Lexicon) -> Read:
    """What reads a text against the invented labels."""
    return lambda text: understand(text, small, today=TODAY)
