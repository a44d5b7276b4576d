"""Findings say the right thing about the right node, whatever pySHACL makes of it."""

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple
from rdflib import RDF, Graph, URIRef
from rdflib import Literal as RdfLiteral

from graph.checks import audit, run_checks
from graph.errors import SourceFormatError
from graph.validation import Finding, Severity, data_graph, shapes_graph, summary, validate
from graph.vocabulary import ID, SHAPE, VB

PREFIXES = """
@prefix e: <urn:e:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAME = """
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:name .
e:name a sh:PropertyShape ; sh:path e:name ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "Name fehlt."@de , "Name is missing."@en .
"""


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def test_finding_says_what_where_and_how_grave() -> None:
    assert validate(graph("e:one a e:Thing ."), graph(NAME), language="en") == [
        Finding(
            severity=Severity.WARNING,
            focus="urn:e:one",
            path="urn:e:name",
            value="",
            shape="urn:e:name",
            message="Name is missing.",
            constraint="MinCount",
        )
    ]


@pytest.mark.parametrize(
    ("language", "message"),
    [("de", "Name fehlt."), ("en", "Name is missing."), ("fr", "Name fehlt.")],
)
def test_message_comes_in_the_language_asked_for(language: str, message: str) -> None:
    findings = validate(graph("e:one a e:Thing ."), graph(NAME), language=language)

    assert [finding.message for finding in findings] == [message]


def test_message_of_a_sparql_constraint_keeps_its_language() -> None:
    """pySHACL drops the language tags of these messages."""
    shapes = graph("""
        e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:severity sh:Info ; sh:sparql e:itself .
        e:itself a sh:SPARQLConstraint ; sh:message "Auf sich."@de , "To itself."@en ;
            sh:select "SELECT $this WHERE { $this <urn:e:to> $this }" .
    """)

    findings = validate(graph("e:one a e:Thing ; e:to e:one ."), shapes, language="en")

    assert [(f.severity, f.message) for f in findings] == [(Severity.INFO, "To itself.")]


def test_shape_without_a_message_is_explained_by_the_processor() -> None:
    shapes = graph(
        "e:Shape a sh:NodeShape ; sh:targetClass e:Thing ;"
        " sh:property [ sh:path e:name ; sh:minCount 1 ] ."
    )

    (finding,) = validate(graph("e:one a e:Thing ."), shapes)

    assert "Less than 1 values" in finding.message
    assert finding.shape.startswith("_:")


def test_nested_results_are_no_findings_of_their_own() -> None:
    """The detail of sh:node is a result, too, in the graph of the report."""
    shapes = graph(
        NAME.replace("sh:targetClass e:Thing ;", "")
        + "e:Outer a sh:NodeShape ; sh:targetClass e:Whole ; sh:property e:part ."
        + 'e:part a sh:PropertyShape ; sh:path e:part ; sh:node e:Shape ; sh:message "Teil."@de .'
    )

    findings = validate(graph("e:one a e:Whole ; e:part e:two ."), shapes)

    assert [(f.focus, f.constraint) for f in findings] == [("urn:e:one", "Node")]


def test_pair_of_properties_is_reported_once() -> None:
    shapes = graph("""
        e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:order .
        e:order a sh:PropertyShape ; sh:path e:from ; sh:lessThanOrEquals e:to .
    """)

    findings = validate(graph("e:one a e:Thing ; e:from 5 ; e:to 3 , 4 ."), shapes)

    assert [finding.value for finding in findings] == ["5"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("e:p", "urn:e:p"),
        ("( e:p e:q )", "urn:e:p/urn:e:q"),
        ("[ sh:inversePath e:p ]", "^urn:e:p"),
        ("( [ sh:inversePath e:p ] e:q )", "^urn:e:p/urn:e:q"),
        ("[ sh:alternativePath ( e:p e:q ) ]", "(urn:e:p|urn:e:q)"),
        ("( e:p [ sh:zeroOrMorePath e:q ] )", "urn:e:p/(urn:e:q)*"),
        ("( e:p [ sh:oneOrMorePath [ sh:inversePath e:q ] ] )", "urn:e:p/(^urn:e:q)+"),
    ],
)
def test_path_is_written_as_in_sparql(path: str, shown: str) -> None:
    shapes = graph(
        "e:Shape a sh:NodeShape ; sh:targetClass e:Thing ;"
        f" sh:property [ sh:path {path} ; sh:minCount 1 ] ."
    )

    assert [f.path for f in validate(graph("e:one a e:Thing ."), shapes)] == [shown]


def test_gravest_findings_come_first() -> None:
    shapes = graph("""
        e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:a , e:b , e:c .
        e:a a sh:PropertyShape ; sh:path e:a ; sh:minCount 1 ; sh:severity sh:Info .
        e:b a sh:PropertyShape ; sh:path e:b ; sh:minCount 1 ; sh:severity sh:Violation .
        e:c a sh:PropertyShape ; sh:path e:c ; sh:minCount 1 ; sh:severity sh:Warning .
    """)

    findings = validate(graph("e:two a e:Thing . e:one a e:Thing ."), shapes)

    assert [(f.severity.value, f.focus[-3:]) for f in findings] == [
        ("Violation", "one"),
        ("Violation", "two"),
        ("Warning", "one"),
        ("Warning", "two"),
        ("Info", "one"),
        ("Info", "two"),
    ]


def test_focus_reaches_into_nested_shapes() -> None:
    """pySHACL's own focus_nodes skip values that are not in focus themselves."""
    shapes = graph("""
        e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:part .
        e:part a sh:PropertyShape ; sh:path e:part ; sh:or ( [ sh:class e:A ] [ sh:class e:B ] ) .
    """)
    data = graph("e:one a e:Thing ; e:part e:two .")

    assert [f.value for f in validate(data, shapes, focus=["urn:e:one"])] == ["urn:e:two"]


def test_only_the_nodes_in_focus_are_checked() -> None:
    data = graph("e:one a e:Thing . e:two a e:Thing .")

    assert {f.focus for f in validate(data, graph(NAME), focus=["urn:e:two"])} == {"urn:e:two"}
    assert validate(data, graph(NAME), focus=[]) == []


@pytest.mark.parametrize(
    "target",
    [
        "sh:targetNode e:one , e:two",
        "sh:targetClass e:Above",
        "sh:targetSubjectsOf e:to",
        "sh:targetObjectsOf e:from",
    ],
)
def test_focus_works_with_every_kind_of_target(target: str) -> None:
    rdfs = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    data = graph(f"""
        e:one a e:Thing ; e:to e:x . e:two a e:Thing ; e:to e:x . e:x e:from e:one , e:two .
        e:Thing {rdfs} e:Middle . e:Middle {rdfs} e:Above .
    """)
    shapes = graph(f"e:Shape {target} ; sh:property [ sh:path e:name ; sh:minCount 1 ] .")

    assert len(validate(data, shapes)) == 2
    assert [f.focus for f in validate(data, shapes, focus=["urn:e:one"])] == ["urn:e:one"]
    assert validate(data, shapes, focus=["urn:e:other"]) == []


def test_validation_leaves_its_input_alone() -> None:
    data, shapes = graph("e:one a e:Thing ."), graph(NAME)
    before = set(data), set(shapes)

    validate(data, shapes)

    assert (set(data), set(shapes)) == before


@pytest.mark.parametrize(
    "broken",
    [
        "sh:property [ sh:minCount 1 ]",
        'sh:property [ sh:path e:name ; sh:minCount "one" ]',
        'sh:sparql [ sh:select "SELEC" ]',
    ],
)
def test_shapes_that_cannot_run_are_refused(broken: str) -> None:
    shapes = graph(f"e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; {broken} .")

    with pytest.raises(SourceFormatError, match="not SHACL"):
        validate(graph("e:one a e:Thing ."), shapes)


def test_summary_has_an_entry_for_each_severity() -> None:
    findings = validate(graph("e:one a e:Thing . e:two a e:Thing ."), graph(NAME))

    assert summary(findings) == {Severity.VIOLATION: 0, Severity.WARNING: 2, Severity.INFO: 0}
    assert set(summary([])) == set(Severity)


def stored(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def claim(name: str, target: NamedNode | DefaultGraph) -> Quad:
    """A claim that says nothing of itself."""
    return Quad(NamedNode(ID[name]), NamedNode(RDF.type), NamedNode(VB.CapabilityClaim), target)


def test_audit_joins_shapes_and_checks() -> None:
    store = stored(claim("claim-a", DefaultGraph()))

    codes = {finding.shape for finding in audit(store)}

    assert str(SHAPE["claim-source"]) in codes
    assert str(SHAPE["term-undeclared"]) in codes
    assert codes == {
        *(f.shape for f in validate(data_graph(store), shapes_graph())),
        *(f.shape for f in run_checks(store)),
    }


def test_finding_holds_plain_text() -> None:
    """An rdflib term equals no string of the same characters."""
    for finding in audit(stored(claim("claim-a", DefaultGraph()))):
        assert {type(part) for part in (finding.focus, finding.path, finding.shape)} == {str}


def test_audit_is_sorted() -> None:
    findings = audit(stored(claim("claim-a", DefaultGraph())))

    assert findings == sorted(findings, key=lambda finding: finding.order)


def test_data_graph_takes_the_default_graph_or_all() -> None:
    store = stored(claim("claim-a", DefaultGraph()), claim("claim-b", NamedNode("urn:e:graph")))

    assert set(data_graph(store).subjects()) == {URIRef(ID["claim-a"])}
    assert set(data_graph(store, union=True).subjects()) == {
        URIRef(ID["claim-a"]),
        URIRef(ID["claim-b"]),
    }


def test_data_graph_keeps_literals_as_they_are() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = [
        Literal("Jena", language="de"),
        Literal("0.9", datatype=NamedNode(f"{xsd}decimal")),
        Literal("2024", datatype=NamedNode(f"{xsd}gYear")),
    ]
    node = NamedNode("urn:e:one")

    copied = data_graph(stored(*(Quad(node, node, value) for value in values)))

    assert {o.n3() for o in copied.objects() if isinstance(o, RdfLiteral)} == {
        str(value) for value in values
    }


def test_triple_terms_are_refused() -> None:
    node = NamedNode("urn:e:one")
    store = stored(Quad(node, node, Triple(node, node, node)))

    with pytest.raises(TypeError, match=r"RDF 1\.1"):
        data_graph(store)
