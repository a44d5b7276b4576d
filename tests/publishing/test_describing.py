import pyoxigraph as ox
import pytest
from rdflib.namespace import DCTERMS

from graph.checks import checks
from graph.publishing.describing import LINKS_IN, PARTS_IN, PARTS_OUT, Standing, describe, standing
from graph.publishing.documents import SUFFIXES, document_triples, prefixes_of, write_triples
from graph.publishing.shapes import shapes_engine
from graph.resources import ontology_texts, shape_texts
from graph.store import EmbeddedStore
from graph.vocabulary import BASE, SHAPE

ALPHA = f"{BASE}id/org-alpha"


def terms(triples: object) -> str:
    return "\n".join(map(str, triples))  # type: ignore[call-overload]


def test_description_holds_the_thing_its_claims_their_limits_and_labels(
    store: EmbeddedStore,
) -> None:
    found = describe(store.engine, ALPHA)

    assert found is not None
    assert {triple.subject.value for triple in found.own} == {ALPHA}  # type: ignore[union-attr]
    names = {iri.removeprefix(f"{BASE}id/") for iri in found.parts}
    assert names == {"site-alpha", "address-alpha", "claim-alpha-milling", "membership-1"}
    assert "bis 2,5 m" in terms(found.triples())  # behind a nameless node
    assert "Fräsen" in terms(found.labels)
    assert found.graphs == tuple(f"{BASE}graph/{n}" for n in ("derived", "reference-facts"))


def test_description_says_each_statement_once_and_only_what_the_store_holds(
    store: EmbeddedStore,
) -> None:
    found = describe(store.engine, ALPHA)

    assert found is not None
    triples = found.triples()
    assert len(triples) == len(set(triples))
    assert all(ox.Quad(t.subject, t.predicate, t.object) in store.engine for t in triples)


def test_concept_is_told_with_what_is_narrower_and_who_offers_it(store: EmbeddedStore) -> None:
    found = describe(store.engine, f"{BASE}scheme/competence/milling")
    above = describe(store.engine, f"{BASE}scheme/competence/machining")

    assert found is not None
    assert above is not None
    assert "claim-alpha-milling" in terms(found.links)
    assert "scheme/competence/milling" in terms(above.links)
    assert found.parts == {}


def test_vocabulary_is_told_with_all_its_terms(store: EmbeddedStore) -> None:
    found = describe(store.engine, f"{BASE}def")

    assert found is not None
    assert list(found.parts) == [f"{BASE}def#Company"]


@pytest.mark.parametrize("iri", [f"{BASE}id/nothing", "not an iri", "", f"{BASE}id/a b"])
def test_nothing_is_said_of_what_is_not_there(store: EmbeddedStore, iri: str) -> None:
    assert describe(store.engine, iri) is None
    assert standing(store.engine, iri) is Standing.UNKNOWN


@pytest.mark.parametrize("name", ["id/org-gone", "scheme/competence/chipping"])
def test_withdrawn_thing_is_known_as_such(store: EmbeddedStore, name: str) -> None:
    found = describe(store.engine, BASE + name)

    assert found is not None
    assert found.standing is standing(store.engine, BASE + name) is Standing.WITHDRAWN
    expected = (f"{BASE}scheme/competence/milling",) if "chipping" in name else ()
    assert found.replacements == expected


def test_ring_of_nameless_nodes_ends() -> None:
    engine, next_ = ox.Store(), ox.NamedNode("http://example.org/next")
    thing, one, two = ox.NamedNode(ALPHA), ox.BlankNode("one"), ox.BlankNode("two")
    for subject, value in ((thing, one), (one, two), (two, one)):
        engine.add(ox.Quad(subject, next_, value))

    found = describe(engine, ALPHA)

    assert found is not None
    assert len(found.own) == 3


def test_every_property_that_is_followed_is_one_the_house_knows() -> None:
    """A misspelt one would silently leave something out."""
    known = {str(DCTERMS.isReplacedBy), "http://www.w3.org/ns/locn#address"}  # mapping only
    for _, text in (*shape_texts(), *ontology_texts()):
        for triple in ox.parse(text, ox.RdfFormat.TURTLE):
            known |= {term.value for term in triple if isinstance(term, ox.NamedNode)}

    assert {str(one) for one in (*PARTS_OUT, *PARTS_IN, *LINKS_IN)} - known == set()


@pytest.mark.parametrize("media_type", SUFFIXES.values())
def test_document_says_the_same_in_every_form(store: EmbeddedStore, media_type: str) -> None:
    found = describe(store.engine, f"{BASE}id/org-beta")
    assert found is not None
    triples = document_triples(found, "http://here/data/id/org-beta", ["http://licence.example/"])

    written = write_triples(triples, media_type)

    form = ox.RdfFormat.from_media_type(media_type)
    assert form is not None
    read = {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(written, form)}
    assert read == set(triples)


def test_document_names_thing_licence_and_graphs(store: EmbeddedStore) -> None:
    found = describe(store.engine, ALPHA)
    assert found is not None

    text = terms(document_triples(found, "http://here/doc", ["http://licence.example/"]))

    assert f"<http://here/doc> <http://xmlns.com/foaf/0.1/primaryTopic> <{ALPHA}>" in text
    assert "<http://purl.org/dc/terms/license> <http://licence.example/>" in text
    assert f"<http://www.w3.org/ns/prov#wasDerivedFrom> <{BASE}graph/reference-facts>" in text


def test_only_prefixes_in_use_are_written() -> None:
    node = ox.NamedNode(ALPHA)

    assert list(prefixes_of([ox.Triple(node, node, node)])) == ["id"]


def test_form_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a form of RDF"):
        write_triples([], "image/png")


def test_every_shape_and_check_is_described() -> None:
    for check in checks():
        found = describe(shapes_engine(), str(SHAPE[check.name]))
        assert found is not None
        assert check.messages["de"] in terms(found.own)
    assert standing(shapes_engine(), str(SHAPE["claim-source"])) is Standing.PRESENT
