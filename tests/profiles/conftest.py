"""A small store with a few competences to choose from, to submit profiles to."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from graph.profiles import Described, Form, Profile, describe, form_of
from graph.store import EmbeddedStore, Visibility
from tests.projects.conftest import Office, landscape

HERE = Path(__file__).parent
SOURCE = "https://example.org/profil"
Entries = Mapping[str, Sequence[Mapping[str, Sequence[str]]]]

NEW: Entries = {
    "organisation": [
        {
            "type": ["Company"],
            "prefLabel": ["Neu & Söhne GmbH"],
            "classification": ["company"],
            "source": [SOURCE],
            "homepage": ["https://example.org"],
            "productKeyword": ["Wellen", "Zahnräder"],
        }
    ],
    "site": [{"town": ["Jena"]}],
    "employees": [{"value": ["42"], "evidenceYear": ["2026"], "source": [SOURCE]}],
    "claim": [
        {
            "competence": ["Fräsen"],
            "statedTerm": ["5-Achs-Fräsen"],
            "material": ["metall"],
            "source": [SOURCE],
            "validThrough": ["2028-12-31"],
        },
        {
            "competence": ["turning"],
            "statedTerm": ["Drehen"],
            "valueChainStep": ["zerspanen"],
            "evidenceYear": ["2025"],
            "source": [SOURCE],
        },
    ],
    "certificate": [
        {
            "certificateType": ["iso-9001"],
            "prefLabel": ["ISO 9001:2015"],
            "validThrough": ["2027-06-30"],
            "source": [SOURCE],
        }
    ],
}
"""A whole profile of a company that is not there yet."""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profiles") / "home"
    return landscape(folder, HERE / "competences.trig")


@pytest.fixture
def office(pristine: Path, tmp_path: Path) -> Office:
    folder = tmp_path / "home"
    shutil.copytree(pristine, folder)
    return Office(folder)


@pytest.fixture(scope="session")
def store(pristine: Path) -> EmbeddedStore:
    return EmbeddedStore(pristine, Visibility.INTERNAL)


@pytest.fixture(scope="session")
def form(store: EmbeddedStore) -> Form:
    return form_of(store)


STEPS = {
    "https://w3id.org/verbund/scheme/competence/milling": (
        "https://w3id.org/verbund/scheme/value-chain/zerspanen"
    )
}


def described(form: Form, entries: Entries = NEW, organisation: str = "") -> Described:
    return describe(form, Profile(organisation, entries), 2026, STEPS)
