"""The catalogue as RDF says what the files say, and what it holds can be run."""

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, RDFS, SDO, SH, SKOS, XSD, Graph, Literal, URIRef

from graph.catalogue import Query, catalogue, find
from graph.catalogue_rdf import PARAMETER, catalogue_quads, catalogue_turtle
from graph.store import EmbeddedStore
from graph.vocabulary import GRAPH, ID, VB


@pytest.fixture(scope="module")
def described() -> Graph:
    return Graph().parse(data=catalogue_turtle(), format="turtle")


def test_every_query_is_described(described: Graph) -> None:
    names = described.objects(None, DCTERMS.identifier)

    assert {str(name) for name in names} == catalogue().keys()


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
def test_description_says_what_the_file_says(query: Query, described: Graph) -> None:
    subject = ID[f"query-{query.name}"]

    texts = {(text.language, str(text)) for text in described.objects(subject, RDFS.comment)
             if isinstance(text, Literal)}  # fmt: skip
    keywords = {str(word) for word in described.objects(subject, SDO.keywords)}
    paths = {
        str(described.value(parameter, SH.path))
        for parameter in described.objects(subject, SH.parameter)
    }

    assert (subject, RDF.type, SH.SPARQLSelectExecutable) in described
    assert texts == set(query.question.items())
    assert keywords == set(query.tags)
    assert paths == {PARAMETER + name for name in query.parameters}


def test_parameter_says_its_type_and_whether_it_is_needed(described: Graph) -> None:
    competence = ID["query-organisations-by-competence-competence"]
    language = ID["query-organisations-by-competence-language"]

    assert described.value(competence, SH.nodeKind) == SH.IRI
    assert described.value(competence, SH.optional) is None
    assert described.value(language, SH.datatype) == XSD.string
    assert described.value(language, SH.optional) == Literal(True)
    assert described.value(language, SH.defaultValue) == Literal("de")
    assert described.value(language, SKOS.example) == Literal("de")


def test_published_query_runs_as_it_is(described: Graph, office_store: EmbeddedStore) -> None:
    for subject, select in described.subject_objects(SH.select):
        rows = office_store.select(str(select))

        name = str(described.value(URIRef(str(subject)), DCTERMS.identifier))
        assert all(row.keys() <= find(name).returns.keys() for row in rows)
        assert "#+" not in str(select)


def test_competency_questions_are_numbered(described: Graph) -> None:
    numbers = sorted(str(number) for number in described.objects(None, VB.competencyQuestion))

    assert numbers == [f"CQ{number:02}" for number in range(1, 26)]


def test_graph_holds_the_catalogue(reference: EmbeddedStore) -> None:
    graph = ox.NamedNode(GRAPH["catalogue"])

    loaded = set(reference.engine.quads_for_pattern(None, None, None, graph))

    assert loaded == set(catalogue_quads())
