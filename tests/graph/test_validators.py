"""Both engines find the same."""

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph, URIRef

from graph.errors import SourceFormatError
from graph.extraction import extract, surroundings
from graph.resources import shape_texts
from graph.store import EmbeddedStore
from graph.store.terms import from_engine
from graph.validation import data_graph
from graph.validators import (
    FastValidator,
    ReferenceValidator,
    Validator,
    has_fast_engine,
    validator,
)
from graph.vocabulary import ID, VB

CASES = sorted((Path(__file__).parents[1] / "shapes").glob("*/*.ttl"))
ENGINES: list[type[ReferenceValidator | FastValidator]] = [ReferenceValidator, FastValidator]
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


@pytest.fixture(scope="module")
def fast() -> dict[str, FastValidator]:
    graphs = {name: Graph().parse(data=text, format="turtle") for name, text in shape_texts()}
    return {name: FastValidator(graph) for name, graph in graphs.items()}


@pytest.fixture(scope="module")
def slow() -> dict[str, ReferenceValidator]:
    graphs = {name: Graph().parse(data=text, format="turtle") for name, text in shape_texts()}
    return {name: ReferenceValidator(graph) for name, graph in graphs.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_case_of_every_shape(
    case: Path, fast: dict[str, FastValidator], slow: dict[str, ReferenceValidator]
) -> None:
    data = Graph().parse(case, format="turtle")

    ours = fast[case.parent.name].validate(data, language="en")

    assert ours == slow[case.parent.name].validate(data, language="en")
    assert bool(ours) == (not case.name.startswith("valid"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_case_seen_from_each_of_its_nodes(
    case: Path, fast: dict[str, FastValidator], slow: dict[str, ReferenceValidator]
) -> None:
    data = Graph().parse(case, format="turtle")
    everything = slow[case.parent.name].validate(data)

    for node in {str(subject) for subject in data.subjects() if isinstance(subject, URIRef)}:
        ours = fast[case.parent.name].validate(data, focus=[node])

        assert ours == [finding for finding in everything if finding.focus == node]


NESTED = """
@prefix : <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:message "neither" ;
  sh:property :part ;
  sh:or ( [ sh:property [ sh:path :p ; sh:class :Other ] ]
    [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ) .
:part a sh:PropertyShape ; sh:path :part ; sh:message "no good part" ;
  sh:node [ sh:property [ sh:path :name ; sh:minCount 1 ] ] ;
  sh:qualifiedValueShape [ sh:property [ sh:path :good ; sh:minCount 1 ] ] ;
  sh:qualifiedMinCount 1 .
"""


def test_focus_reaches_into_nested_shapes() -> None:
    shapes = Graph().parse(data=NESTED, format="turtle")
    data = Graph().parse(
        data="@prefix : <http://example.org/> . :a a :Thing ; :part :b ; :p :b . :b a :Thing .",
        format="turtle",
    )
    focus = ["http://example.org/a"]

    ours = FastValidator(shapes).validate(data, focus=focus)

    assert {finding.constraint for finding in ours} == {"Node", "Or", "QualifiedMinCount"}
    assert ours == ReferenceValidator(shapes).validate(data, focus=focus)
    assert FastValidator(shapes).validate(data, focus=[]) == []


def test_reference_graph(reference: EmbeddedStore) -> None:
    data = data_graph(reference.engine)

    ours = FastValidator().validate(data)

    assert ours == ReferenceValidator().validate(data)
    assert ours, "two empty lists prove nothing"


def test_a_single_submission(reference: EmbeddedStore) -> None:
    """A company that has just lost its name, cut out of the loaded graph."""
    company = str(ID["org-asphericon"])
    focus = [company]
    data = extract(reference.engine, focus)
    data.remove((URIRef(company), None, None))
    data.add((URIRef(company), URIRef("http://www.w3.org/ns/org#hasPrimarySite"), ID["nowhere"]))
    data.add((URIRef(company), VB.confidence, URIRef(company)))
    data.add(
        (URIRef(company), URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), VB.Company)
    )

    ours = FastValidator().validate(data, focus=focus)

    assert ours == ReferenceValidator().validate(data, focus=focus)
    assert ours
    assert {finding.focus for finding in ours} == {company}


@each_engine
def test_neighbours_are_left_out(engine: type[Validator], reference: EmbeddedStore) -> None:
    focus = [str(ID["org-asphericon"])]
    data = extract(reference.engine, focus)

    everything = engine().validate(data)
    chosen = engine().validate(data, focus=focus)

    assert set(chosen) < set(everything)


@each_engine
def test_validation_leaves_the_data_alone(engine: type[Validator]) -> None:
    data = Graph().parse(CASES[0], format="turtle")
    before = set(data)

    engine().validate(data)

    assert set(data) == before


@each_engine
def test_shapes_that_cannot_run_are_refused(
    engine: type[ReferenceValidator | FastValidator],
) -> None:
    shapes = Graph()
    lost = URIRef("http://example.org/lost")
    shapes.add((lost, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), SH.PropertyShape))
    shapes.add((lost, SH.targetNode, URIRef("http://example.org/a")))

    with pytest.raises(SourceFormatError, match="not SHACL"):
        engine(shapes).validate(Graph())


def test_reference_is_taken_where_the_fast_one_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(validator(), FastValidator)

    monkeypatch.setitem(sys.modules, "pyshacl_turbo", None)

    assert not has_fast_engine()
    assert isinstance(validator(), ReferenceValidator)


@each_engine
def test_statements_of_the_engine_are_checked_like_a_graph(
    engine: type[FastValidator] | type[ReferenceValidator],
) -> None:
    """Literals of each kind, a nested shape and a blank node, each found once in both forms."""
    shapes = Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        e:Shape a sh:NodeShape ; sh:targetClass e:Thing ;
          sh:property [ sh:path e:plain ; sh:hasValue "plain" ] ,
            [ sh:path e:plain ; sh:datatype xsd:string ; sh:maxLength 3 ] ,
            [ sh:path e:said ; sh:languageIn ("de") ] ,
            [ sh:path e:number ; sh:maxInclusive 3 ] ,
            [ sh:path e:part ; sh:node [ sh:property [ sh:path e:number ; sh:minCount 1 ] ] ] .""",
        format="turtle",
    )
    text = """PREFIX e: <http://example.org/>
    e:good a e:Thing ; e:plain "plain" .
    e:bad a e:Thing ; e:plain "other" ; e:said "yes"@en, "ja"@de ; e:number 007, 2 ; e:part _:b .
    _:b e:said "nothing" ."""
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    data = Graph()
    for one in triples:
        data.add((from_engine(one.subject), from_engine(one.predicate), from_engine(one.object)))

    found = engine(shapes).validate(triples)

    blank = "_:"
    assert [f for f in found if not f.value.startswith(blank)] == [
        f for f in engine(shapes).validate(data) if not f.value.startswith(blank)
    ]
    constraints = sorted((f.focus[-4:], f.constraint) for f in found)
    assert constraints == [
        *(("/bad", name) for name in ("HasValue", "LanguageIn", "MaxInclusive")),
        *(("/bad", name) for name in ("MaxLength", "Node")),
        ("good", "MaxLength"),
    ]
    assert engine(shapes).validate(triples, focus=["http://example.org/good"]) == [
        f for f in found if f.focus == "http://example.org/good"
    ]


def test_surroundings_are_checked_like_an_extract(reference: EmbeddedStore) -> None:
    names = {quad.subject for quad in reference.engine.quads_for_pattern(None, None, None, None)}
    focus = sorted(name.value for name in names if isinstance(name, ox.NamedNode))[::20]

    ours = FastValidator().validate(surroundings(reference.engine, focus), focus=focus)

    assert ours == FastValidator().validate(extract(reference.engine, focus), focus=focus)
    assert ours, "two empty lists prove nothing"
