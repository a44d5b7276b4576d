"""DCAT, VoID, the service description and the dumps say the same of the same graphs."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from graph.publishing.facts import read_facts
from graph.resources import shape_texts
from graph.store import EmbeddedStore, Visibility, publish
from graph.validation import validate
from graph.vocabulary import BASE
from tests.publishing.conftest import VERSION, application, quads

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
CATALOGUE, VOID_PATH, SERVICE = "/catalog", "/.well-known/void", "/sparql"
WHOLE = URIRef("http://testserver/catalog#all")


def read(client: TestClient, path: str) -> Graph:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


def graphs_in_service(graph: Graph) -> dict[str, tuple[int, str]]:
    found = {}
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        content = graph.value(named, SD.graph)
        licence = str(graph.value(content, DCTERMS.license) or "")
        size = int(str(graph.value(content, VOID.triples)))
        found[str(graph.value(named, SD.name))] = (size, licence)
    return found


def graphs_in_void(graph: Graph) -> dict[str, tuple[int, str]]:
    return {
        str(one): (
            int(str(graph.value(one, VOID.triples))),
            str(graph.value(one, DCTERMS.license) or ""),
        )
        for one in graph.objects(WHOLE, VOID.subset)
    }


def test_all_descriptions_name_the_same_graphs_sizes_and_licences(
    client: TestClient, store: EmbeddedStore
) -> None:
    catalogue, void, service = (read(client, p) for p in (CATALOGUE, VOID_PATH, SERVICE))
    expected = {g.iri: (g.triples, g.licence or "") for g in read_facts(store).graphs}

    assert set(expected) == set(store.graphs())
    assert graphs_in_void(void) == graphs_in_service(service) == expected
    listed = set(catalogue.objects(URIRef("http://testserver/catalog"), DCAT.dataset))
    assert {str(one) for one in listed - {WHOLE}} == set(expected)
    for iri, (_, licence) in expected.items():
        assert str(catalogue.value(URIRef(iri), DCTERMS.license) or "") == licence


def test_counts_are_those_of_the_store(client: TestClient, store: EmbeddedStore) -> None:
    void = read(client, VOID_PATH)
    quads = list(store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    assert int(str(void.value(WHOLE, VOID.triples))) == len(quads)
    assert int(str(void.value(WHOLE, VOID.distinctSubjects))) == len({q.subject for q in quads})
    parts = {
        str(void.value(part, VOID.property)): int(str(void.value(part, VOID.triples)))
        for part in void.objects(WHOLE, VOID.propertyPartition)
    }
    assert sum(parts.values()) == len(quads)
    classes = {
        str(void.value(part, VOID["class"])): int(str(void.value(part, VOID.entities)))
        for part in void.objects(WHOLE, VOID.classPartition)
    }
    assert classes["http://www.w3.org/ns/org#Organization"] == 2
    default = read(client, SERVICE)
    [merged] = default.objects(None, SD.defaultGraph)
    assert int(str(default.value(merged, VOID.triples))) == len(quads)


def test_files_in_the_catalogue_are_those_to_download(client: TestClient) -> None:
    files = {f"http://testserver{f['href']}": f for f in client.get("/dumps").json()["files"]}
    catalogue, void = read(client, CATALOGUE), read(client, VOID_PATH)

    told = {str(one): one for one in catalogue.objects(None, DCAT.downloadURL)}
    assert set(told) == set(files)
    for address, file in files.items():
        node = told[address]
        assert int(str(catalogue.value(node, DCAT.byteSize))) == file["bytes"]
        checksum = catalogue.value(node, SPDX.checksum)
        assert str(catalogue.value(checksum, SPDX.checksumValue)) == file["sha256"]
        assert sorted(map(str, catalogue.objects(node, DCTERMS.license))) == file["licences"]
    dumps = {str(one) for one in void.objects(None, VOID.dataDump)}
    assert dumps == {address for address, file in files.items() if file["compression"]}


@pytest.mark.parametrize("path", [CATALOGUE, "/catalog.ttl", VOID_PATH])
def test_files_written_after_a_first_reader_came_are_told_to_the_next(
    tmp_path: Path, path: str
) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads("landscape")}, VERSION)
    with TestClient(application(EmbeddedStore(tmp_path))) as client:
        before = client.get(path)
        files = client.get("/dumps").json()["files"]
        after = client.get(path)

    assert before.headers["etag"] != after.headers["etag"]
    assert files[0]["href"] not in before.text
    assert files[0]["href"] in after.text


def findings(graph: Graph) -> set[str]:
    shapes = Graph().parse(data=dict(shape_texts())["catalogue"], format="turtle")
    return {finding.shape.rpartition("/")[2] for finding in validate(graph, shapes)}


def test_catalogue_conforms_to_what_it_claims(client: TestClient) -> None:
    catalogue = read(client, CATALOGUE)
    # A graph without a licence may be listed, but not in the name of DCAT-AP.de.
    derived = URIRef(f"{BASE}graph/derived")
    unlicensed = set(catalogue.objects(derived, DCAT.distribution))

    assert findings(catalogue) == {"distribution-licence"}
    for one in unlicensed:
        catalogue.add((one, DCTERMS.license, URIRef("http://licence.example/")))
    assert findings(catalogue) == set()


@pytest.mark.parametrize(
    ("predicate", "shape"),
    [
        (DCTERMS.publisher, "dataset-publisher"),
        (DCAT.contactPoint, "dataset-contact"),
        (DCAT.theme, "dataset-theme"),
        (DCAT.accessURL, "distribution-access"),
        (DCAT.endpointURL, "service-endpoint"),
    ],
)
def test_catalogue_that_lacks_something_does_not_conform(
    client: TestClient, predicate: URIRef, shape: str
) -> None:
    catalogue = read(client, CATALOGUE)

    catalogue.remove((None, predicate, None))

    assert shape in findings(catalogue)


@pytest.mark.parametrize("path", [CATALOGUE, VOID_PATH])
def test_description_says_the_same_in_every_form(client: TestClient, path: str) -> None:
    expected = read(client, path)
    triples = client.get(path, headers={"Accept": "application/n-triples"})
    xml = client.get(path, headers={"Accept": "application/rdf+xml"})
    linked = client.get(path, headers={"Accept": "application/json"})

    assert isomorphic(Graph().parse(data=triples.text, format="nt"), expected)
    assert isomorphic(Graph().parse(data=xml.text, format="xml"), expected)
    assert linked.headers["content-type"] == "application/ld+json"
    assert len(list(ox.parse(linked.content, ox.RdfFormat.JSON_LD))) == len(expected)


def test_suffix_chooses_the_form(client: TestClient) -> None:
    answer = client.get("/catalog.nt", headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/n-triples"
    assert client.get("/catalog.pdf").status_code == 404
    assert client.get(CATALOGUE, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", [CATALOGUE, VOID_PATH, "/sitemap.xml"])
def test_copy_of_the_client_is_confirmed(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_contact_is_a_body_and_no_person(client: TestClient) -> None:
    catalogue = read(client, CATALOGUE)
    card = Namespace("http://www.w3.org/2006/vcard/ns#")

    contacts = set(catalogue.objects(None, DCAT.contactPoint))
    assert contacts
    for contact in contacts:
        assert (contact, RDF.type, card.Organization) in catalogue
        assert (contact, RDF.type, card.Individual) not in catalogue
    assert Literal("Verbund") in set(catalogue.objects(None, card.fn))
