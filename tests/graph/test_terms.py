"""Words lead to concepts."""

import pytest

from graph.errors import UnknownTermError
from graph.store import EmbeddedStore
from graph.terms import Terms, read_terms

SCHEME = "https://w3id.org/verbund/scheme/"


@pytest.fixture(scope="module")
def competences(reference: EmbeddedStore) -> Terms:
    return read_terms(reference, "competence")


@pytest.mark.parametrize(
    "word", ["Drehen", "drehen ", "CNC-Drehen", "Turning", f"{SCHEME}competence/drehen"]
)
def test_synonyms_case_language_and_iri(competences: Terms, word: str) -> None:
    assert competences.resolve(word) == f"{SCHEME}competence/drehen"


def test_unknown_word_comes_with_look_alikes(competences: Terms) -> None:
    with pytest.raises(UnknownTermError) as caught:
        competences.resolve("Laserschneidn")

    assert "Laserschneiden" in caught.value.suggestions


def test_other_schemes_have_their_own_words(reference: EmbeddedStore) -> None:
    assert (
        read_terms(reference, "value-chain").resolve("Zerspanen")
        == f"{SCHEME}value-chain/zerspanen"
    )
