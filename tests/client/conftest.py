"""A running server over the reference graph, and the client on it."""

from collections.abc import Iterator

import pytest

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import serving
from verbund_client import Verbund


@pytest.fixture(scope="session")
def address(reference: EmbeddedStore) -> Iterator[str]:
    settings = Settings(home=reference.home, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    with serving(create_app(settings, reference)) as found:
        yield found


@pytest.fixture
def verbund(address: str) -> Iterator[Verbund]:
    with Verbund(address) as client:
        yield client
