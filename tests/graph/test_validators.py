"""Both engines find the same."""

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph, URIRef

from graph.errors import SourceFormatError
from graph.extraction import extract
from graph.resources import shape_texts
from graph.store import EmbeddedStore
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


def test_store_of_the_engine_is_no_graph() -> None:
    """pySHACL over an Oxigraph store reports false violations, so nothing takes one."""
    store = ox.Store()

    with pytest.raises((TypeError, AttributeError, RuntimeError, NotImplementedError)):
        FastValidator().validate(store)  # type: ignore[arg-type]
