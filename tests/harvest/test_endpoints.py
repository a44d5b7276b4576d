"""Paging of real endpoints: nothing lost, nothing twice, and continued where it broke off."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import SourceRefusedError, SourceUnavailableError
from graph.harvest import endpoints
from graph.harvest.connection import Policy
from graph.harvest.endpoints import EndpointReader
from graph.harvest.fetching import Fetcher
from graph.harvest.sources import Kind, Limits, Source
from graph.store import Visibility
from graph.store.protocol import Row
from graph.store.remote import Endpoint
from graph.store.remote.results import parse

from ..remote import servers

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CLASS, OTHER = "https://partner.example/Organisation", "https://partner.example/Person"
NAMES = ("a", "B", "b", "ä", "Z", "zz", "_", "~", "10", "9", "c'd", "%C3%A4")
"""Endings that servers may order in more than one way."""
COUNT = 400
GRAPH = "https://partner.example/graph"


def statements() -> Iterator[str]:
    endings = [*NAMES, *(f"n{number}" for number in range(COUNT - len(NAMES)))]
    for number, ending in enumerate(endings):
        thing = f"<https://partner.example/{ending}>"
        yield f"{thing} a <{CLASS}> ; <https://partner.example/name> 'Name {number}'@de ;"
        yield f" <https://partner.example/size> {number} ;"
        yield f" <https://partner.example/at> [ <https://partner.example/town> 'Ort {number}' ] ."
    yield f"<https://partner.example/person> a <{OTHER}> ; <https://partner.example/name> 'X' ."


def fill(endpoint: Endpoint) -> None:
    lines = list(statements())
    for start in range(0, len(lines), 300):
        text = " ".join(lines[start : start + 300])
        # Virtuoso takes blank nodes in templates, not in data
        endpoint.update(f"INSERT {{ GRAPH <{GRAPH}> {{ {text} }} }} WHERE {{}}")


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Endpoint]:
    """Each of the servers, filled; the one of Virtuoso cuts answers after 10,000 rows."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "oxigraph":
        with servers.oxigraph(folder) as found:
            fill(found)
            yield found
        return
    if servers.VIRTUOSO is None or servers.ISQL is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Virtuoso: apt-get install virtuoso-opensource")
        pytest.skip("no Virtuoso here: apt-get install virtuoso-opensource")
    with servers.virtuoso(folder) as found:
        fill(found)
        yield found


def source(endpoint: Endpoint, page_size: int = 37) -> Source:
    return Source(
        name="partner",
        kind=Kind.ENDPOINT,
        addresses=(endpoint.url,),
        title={"de": "Partner"},
        licence="https://creativecommons.org/licenses/by/4.0/",
        visibility=Visibility.PUBLIC,
        attributed_to="https://partner.example/",
        allows_private_addresses=True,
        classes=(CLASS,),
        graphs=(GRAPH,),
        page_size=page_size,
    )


def reader(described: Source, folder: Path) -> EndpointReader:
    fetcher = Fetcher(Policy.of(described), Limits(), folder / "documents")
    return EndpointReader(described, folder / "pages", fetcher, lambda *a: None)


def expected() -> set[str]:
    quads = ox.parse(" ".join(statements()), ox.RdfFormat.TURTLE)
    return {plain(quad) for quad in quads if "/person>" not in str(quad.subject)}


def plain(quad: ox.Quad) -> str:
    """Show a statement without the label of its blank node."""
    ends = ("_" if isinstance(t, ox.BlankNode) else str(t) for t in (quad.subject, quad.object))
    return f"{quad.predicate} {' '.join(ends)}"


@pytest.mark.parametrize("page_size", [37, COUNT, 10_000])
def test_every_statement_comes_once(endpoint: Endpoint, tmp_path: Path, page_size: int) -> None:
    found = list(reader(source(endpoint, page_size), tmp_path).read())

    assert {plain(quad) for quad in found} == expected()
    assert len(found) == len({str(quad) for quad in found}) == 5 * COUNT
    things = [q.subject for q in found if q.predicate.value == TYPE]
    assert len(things) == len(set(things)) == COUNT


def test_blank_nodes_stay_with_their_things(endpoint: Endpoint, tmp_path: Path) -> None:
    found = list(reader(source(endpoint), tmp_path).read())

    def said(name: str) -> dict[str, str]:
        pairs = [q for q in found if q.predicate.value.endswith(f"/{name}")]
        return {str(q.subject): str(getattr(q.object, "value", "")) for q in pairs}

    places = [(str(q.subject), str(q.object)) for q in found if q.predicate.value.endswith("/at")]
    assert len(places) == COUNT
    assert all(said("town")[at] == f"Ort {said('size')[thing]}" for thing, at in places[::20])


def test_reading_goes_on_where_it_broke_off(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = source(endpoint)
    asked: list[str] = []
    query = Endpoint.query

    def failing(self: Endpoint, text: str, *more: object) -> object:
        asked.append(text)
        if len(asked) == 12:
            raise SourceUnavailableError("x", "the wire is cut")
        return query(self, text, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Endpoint, "query", failing)
    with pytest.raises(SourceUnavailableError, match="wire"):
        list(reader(described, tmp_path).read())
    pages = len(list((tmp_path / "pages").glob("page-*.nt")))
    assert pages > 0
    before = len(asked)
    found = list(reader(described, tmp_path).read())

    assert {plain(quad) for quad in found} == expected()
    rest = len(asked) - before
    list(reader(described, tmp_path).read())
    assert rest < len(asked) - before - rest


def test_what_a_server_leaves_out_is_noticed(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that cuts answers without a word: requests are halved until they are whole."""
    lengths: list[int] = []

    class Cut:
        def __init__(self, rows: list[Row]) -> None:
            self._rows = rows

        def rows(self) -> list[Row]:
            lengths.append(len(self._rows))
            return self._rows[:50]

    monkeypatch.setattr(endpoints, "parse", lambda reply: Cut(parse(reply).rows()))
    found = list(reader(source(endpoint), tmp_path).read())
    assert {plain(quad) for quad in found} == expected()
    assert max(lengths) > 50

    monkeypatch.setattr(
        endpoints,
        "parse",
        lambda reply: type("C", (), {"rows": lambda s: parse(reply).rows()[:1]})(),
    )
    with pytest.raises(SourceRefusedError, match="leaves statements of it out"):
        list(reader(source(endpoint), tmp_path).read())


def test_a_server_that_changes_all_the_time(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EndpointReader, "_count", lambda self: time.monotonic_ns())
    with pytest.raises(SourceUnavailableError, match="counts"):
        list(reader(source(endpoint, 400), tmp_path).read())


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    nowhere = Endpoint(f"http://127.0.0.1:{servers.free_port()}/sparql")
    with pytest.raises(SourceUnavailableError):
        list(reader(source(nowhere), tmp_path).read())


def test_addresses_are_checked(tmp_path: Path) -> None:
    private = replace(source(Endpoint("http://127.0.0.1:1/x")), allows_private_addresses=False)
    with pytest.raises(SourceRefusedError, match="no public address"):
        list(reader(private, tmp_path).read())
