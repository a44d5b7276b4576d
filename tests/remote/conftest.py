"""Remote stores on real servers; each server is started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import EmbeddedStore
from graph.store.remote import Endpoint, RemoteStore, push

from ..catalogue.conftest import office, office_quads, office_store
from . import servers

__all__ = ["office", "office_quads", "office_store"]


@pytest.fixture(scope="session")
def found_on_oxigraph(home: Path, reference: EmbeddedStore) -> Iterator[RemoteStore]:
    """The reference graph on a server that was filled without ``push``."""
    with servers.oxigraph_on(reference.path, home) as endpoint:
        yield RemoteStore(endpoint)


@pytest.fixture(scope="session")
def pushed_to_virtuoso(
    reference: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteStore]:
    """The reference graph on a Virtuoso, sent by ``push``."""
    servers.require_virtuoso()
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as endpoint:
        push(reference, endpoint)
        yield RemoteStore(endpoint)


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def remote(request: pytest.FixtureRequest) -> RemoteStore:
    """The reference graph on each of the servers."""
    names = {"oxigraph": "found_on_oxigraph", "virtuoso": "pushed_to_virtuoso"}
    store: RemoteStore = request.getfixturevalue(names[request.param])
    return store


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Endpoint]:
    """An empty Oxigraph server that may be written to."""
    with servers.oxigraph(tmp_path) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def office_on_oxigraph(
    office_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteStore]:
    """The invented landscape on a server, sent by ``push``."""
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as endpoint:
        push(office_store, endpoint)
        yield RemoteStore(endpoint)


@pytest.fixture(scope="session")
def office_on_virtuoso(pushed_to_virtuoso: RemoteStore, office_store: EmbeddedStore) -> RemoteStore:
    """The invented landscape in place of the reference graph, whose default graph stays."""
    push(office_store, pushed_to_virtuoso.endpoint)
    return RemoteStore(pushed_to_virtuoso.endpoint)


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def office_remote(request: pytest.FixtureRequest) -> RemoteStore:
    """The invented landscape on each of the servers."""
    store: RemoteStore = request.getfixturevalue(f"office_on_{request.param}")
    return store
