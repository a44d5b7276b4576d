"""Python, Turtle, SPARQL and the written model name the same terms."""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from graph.checks import run_checks
from graph.resources import ontology_texts, query_texts, shape_texts
from graph.validation import Severity, shapes_graph, validate
from graph.vocabulary import PREFIXES, SCHEME, VB

ROOT = Path(__file__).parent.parent.parent
ONTOLOGY = dict(ontology_texts())
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDFS.Datatype)
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
TEXTS = {
    **{f"shapes/{name}": text for name, text in shape_texts()},
    **{
        f"queries/{folder}/{name}": text
        for folder in ("catalogue", "checks", "reading", "rules")
        for name, text in query_texts(folder)
    },
    **{
        f"data/{path.name}": path.read_text(encoding="utf-8")
        for path in (ROOT / "data").glob("mapping/**/*.rq")
    },
    "docs/model.md": MODEL,
}


def declared(ontology: Graph) -> set[str]:
    terms = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    return {str(term).removeprefix(str(VB)) for term in terms if str(term).startswith(str(VB))}


def test_python_names_are_the_terms_of_the_ontology(ontology: Graph) -> None:
    names = {name for name in VB.__annotations__ if not name.startswith("_")}

    assert names == declared(ontology)


def test_unknown_term_is_refused() -> None:
    with pytest.raises(AttributeError, match="Compnay"):
        _ = VB.Compnay


@pytest.mark.parametrize("name", TEXTS)
def test_only_terms_that_the_ontology_has(name: str, ontology: Graph) -> None:
    used = set(re.findall(r"\bvb:([A-Za-z0-9]+)", TEXTS[name]))

    assert used - declared(ontology) == set()


@pytest.mark.parametrize("name", sorted({*TEXTS} - {"docs/model.md"}))
def test_prefixes_mean_the_same_everywhere(name: str) -> None:
    bound = dict(re.findall(r"(?i)^@?prefix (\S*): <(\S+)>", TEXTS[name], re.MULTILINE))

    assert {p: n for p, n in bound.items() if PREFIXES.get(p, n) != n} == {}


def test_every_term_is_used_somewhere(ontology: Graph) -> None:
    """A term that no shape, rule, query, mapping or page of the model uses is dead weight."""
    used = {term for text in TEXTS.values() for term in re.findall(r"\bvb:([A-Za-z0-9]+)", text)}

    assert declared(ontology) - used == set()


@pytest.mark.parametrize("name", ONTOLOGY)
def test_file_is_turtle_to_a_strict_parser(name: str) -> None:
    """rdflib reads ``0.00.1`` as a number; Oxigraph does not."""
    assert list(parse(ONTOLOGY[name], format=RdfFormat.TURTLE))


def test_ontology_keeps_the_shapes(ontology: Graph) -> None:
    findings = validate(ontology, shapes_graph())

    assert [f for f in findings if f.severity is Severity.VIOLATION] == []


def test_ontology_keeps_the_checks() -> None:
    store = Store()
    for text in ONTOLOGY.values():
        store.load(text, format=RdfFormat.TURTLE)

    assert run_checks(store) == []


def test_research_comes_before_everything_else(ontology: Graph) -> None:
    """The value chain is one whole with one beginning."""
    chain = f"{SCHEME}value-chain/"
    first = URIRef(f"{chain}forschung-entwicklung")
    steps = set(ontology.subjects(RDF.type, VB.ValueChainStep))
    followers = set(ontology.transitive_objects(first, VB.precedes))

    assert len(steps) == 21
    assert followers == steps
    assert {step for step in steps if (step, VB.precedes, None) not in ontology} == {
        URIRef(f"{chain}service")
    }
