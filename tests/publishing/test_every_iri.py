"""Every IRI of the house that the reference graph or the shapes name leads to what is known of it.

Nothing is chosen by hand: whatever a new file of data, ontology, shapes or queries names is asked.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import httpx2
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from graph.publishing.describing import Standing, standing
from graph.publishing.documents import SUFFIXES
from graph.publishing.shapes import shapes_engine
from graph.store import EmbeddedStore
from graph.vocabulary import BASE, SHAPE

from .conftest import application

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TERMS = f"{BASE}def#"


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    app = application(reference)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


def engine_of(store: EmbeddedStore, iri: str) -> ox.Store:
    return shapes_engine() if iri.startswith(SHAPE) else store.engine


@cache
def named(store: EmbeddedStore) -> frozenset[str]:
    """Return every IRI of the house, wherever it stands in a statement."""
    return frozenset(
        term.value
        for engine in (store.engine, shapes_engine())
        for quad in engine
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
    )


@cache
def sample(store: EmbeddedStore) -> tuple[str, ...]:
    """Return the first and last thing of each class in each graph, and of each scheme."""
    found: defaultdict[object, list[str]] = defaultdict(list)
    for engine in (store.engine, shapes_engine()):
        for quad in engine.quads_for_pattern(None, TYPE, None, None):
            subject = getattr(quad.subject, "value", "")
            if subject.startswith(BASE) and not subject.startswith(f"{BASE}def"):
                kind = subject.rpartition("/")[0] if "/scheme/" in subject else ""
                found[quad.object, quad.graph_name, kind].append(subject)
    chosen = {iri for group in found.values() for iri in (min(group), max(group))}
    graphs = {iri for iri in named(store) if iri.startswith(f"{BASE}graph/")}
    return tuple(sorted(chosen | graphs))


def get(client: TestClient, path: str, accept: str) -> httpx2.Response:
    answer: httpx2.Response = client.get(path, headers={"Accept": accept})
    return answer


def subjects(answer: httpx2.Response) -> set[str]:
    form = ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    assert form is not None
    return {str(getattr(q.subject, "value", "")) for q in ox.parse(answer.content, form)}


def test_something_is_said_of_every_iri(reference: EmbeddedStore) -> None:
    versions = {iri for iri in named(reference) if iri.startswith(f"{BASE}def/")}

    unknown = {
        iri
        for iri in named(reference) - versions
        if standing(engine_of(reference, iri), iri) is Standing.UNKNOWN
    }

    assert unknown == set()
    assert len(named(reference)) > 4_000


def test_every_kind_of_iri_is_served(client: TestClient, reference: EmbeddedStore) -> None:
    first: dict[str, str] = {}
    for iri in sorted(named(reference)):
        first.setdefault(iri.removeprefix(BASE).partition("#")[0].partition("/")[0], iri)

    answers = {
        kind: get(client, f"/{iri.removeprefix(BASE).partition('#')[0]}", "text/turtle")
        for kind, iri in first.items()
    }

    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: 200 if kind == "def" else 303 for kind in first
    }


def test_every_term_is_in_the_vocabulary(client: TestClient, reference: EmbeddedStore) -> None:
    terms = {iri for iri in named(reference) if iri.startswith(TERMS)}
    page = get(client, "/en/resources/def", "text/html").text

    for suffix in SUFFIXES:
        assert terms <= subjects(get(client, f"/def.{suffix}", "*/*")), suffix
    assert [t for t in terms if f'id="{t.removeprefix(TERMS)}"' not in page] == []
    assert len(terms) > 150


def test_every_shape_leads_to_a_document_about_it(client: TestClient) -> None:
    shapes = {
        quad.subject.value
        for quad in shapes_engine()
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SHAPE)
    }

    for iri in sorted(shapes):
        path = f"/{iri.removeprefix(BASE)}"
        answer = get(client, path, "text/turtle")
        assert (path, answer.status_code) == (path, 303)
        assert iri in subjects(get(client, answer.headers["location"], "*/*"))
    assert len(shapes) > 200


def test_every_kind_of_thing_is_told_in_every_form(
    client: TestClient, reference: EmbeddedStore
) -> None:
    forms = list(SUFFIXES.items())
    for number, iri in enumerate(sample(reference)):
        path, (suffix, media_type) = f"/{iri.removeprefix(BASE)}", forms[number % len(forms)]
        by_negotiation = get(client, path, media_type)
        by_suffix = get(client, f"{path}.{suffix}", "*/*")
        document = get(client, by_negotiation.headers["location"], "*/*")

        assert (iri, by_negotiation.status_code) == (iri, 303)
        assert document.status_code == by_suffix.status_code == 200
        assert iri in subjects(document) & subjects(by_suffix)
        assert document.headers["etag"]
        assert document.headers["link"].count('rel="alternate"') == len(forms) + 1
    assert len(sample(reference)) > 150


def test_every_kind_of_thing_has_a_page(client: TestClient, reference: EmbeddedStore) -> None:
    for iri in sample(reference)[::2]:  # a class has two
        path = f"/{iri.removeprefix(BASE)}"
        answer = get(client, path, "text/html")
        assert (iri, answer.status_code) == (iri, 303)
        page = get(client, answer.headers["location"].partition("#")[0], "text/html")
        assert (iri, page.status_code) == (iri, 200)
