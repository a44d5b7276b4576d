"""Each rule derives from ``<rule>.given.ttl`` exactly what ``<rule>.derived.ttl`` says."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import RDF

from graph.resources import query_texts
from graph.rules import DERIVED, apply, derive
from graph.vocabulary import GRAPH, ID, PREFIXES, VB

HERE = Path(__file__).parent
RULES = dict(query_texts("rules"))
CASES = sorted(HERE.glob("*.given.ttl"))
MEMBER_OF = NamedNode(f"{PREFIXES['org']}memberOf")
DAY = date(2026, 11, 25)


def triples(path: Path) -> set[Triple]:
    quads = parse(path=path, format=RdfFormat.TURTLE)
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}


def store(*quads: Quad, **files: Path) -> Store:
    """Fill a store with quads and with one named graph per file."""
    filled = Store()
    filled.extend(quads)
    for name, path in files.items():
        filled.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH[name]))
    return filled


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.removesuffix(".given.ttl"))
def test_rule_derives_this_and_nothing_else(case: Path) -> None:
    given = Store()
    given.load(path=case, format=RdfFormat.TURTLE, to_graph=DefaultGraph())

    constructed = apply(RULES[case.name.split(".")[0]], given)

    expected = triples(case.with_name(case.name.replace(".given.", ".derived.")))
    assert expected, "a rule that derives nothing is none"
    assert constructed - triples(case) == expected


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {path.name.split(".")[0] for path in CASES} == set(RULES)


def test_rules_see_what_rules_before_them_derived() -> None:
    """The closure of the tree is needed for what the claim covers."""
    facts = store(facts=HERE / "20-broader-transitive.given.ttl")
    turning, top = (NamedNode(f"{PREFIXES['scheme']}competence/{c}") for c in ("drehen", "trennen"))
    claim, graph = NamedNode(ID["claim-a"]), NamedNode(GRAPH["facts"])
    facts.add(Quad(claim, NamedNode(RDF.type), NamedNode(VB.CapabilityClaim), graph))
    facts.add(Quad(claim, NamedNode(VB.competence), turning, graph))

    assert Quad(claim, NamedNode(VB.coversCompetence), top, DERIVED) in derive(facts)


def test_second_run_gives_the_same() -> None:
    facts = store(facts=HERE / "50-identity.given.ttl")

    first = derive(facts, today=DAY)
    facts.extend(first)

    assert derive(facts, today=DAY) == first
    assert {quad.graph_name for quad in first} == {DERIVED}


def test_derivation_leaves_the_store_alone() -> None:
    facts = store(facts=HERE / "50-identity.given.ttl")
    before = set(facts)

    derive(facts)

    assert set(facts) == before


def test_what_a_graph_says_is_not_derived_again() -> None:
    facts = store(
        facts=HERE / "20-broader-transitive.given.ttl",
        more=HERE / "20-broader-transitive.derived.ttl",
    )

    assert derive(facts) == []


def test_only_the_given_graphs_are_read() -> None:
    """A tie that rests on a hidden project must not show in the public graph."""
    facts = store(
        public=HERE / "60-member-of.given.ttl", internal=HERE / "70-collaborated-with.given.ttl"
    )

    public = derive(facts, [GRAPH["public"]], today=DAY)
    both = derive(facts, [GRAPH["public"], GRAPH["internal"]], today=DAY)

    assert {quad.predicate for quad in public} == {MEMBER_OF}
    assert NamedNode(VB.collaboratedWith) in {quad.predicate for quad in both}


def members(day: date) -> set[str]:
    facts = store()
    for triple in triples(HERE / "60-member-of.given.ttl"):
        if triple.subject != DERIVED:
            facts.add(Quad(triple.subject, triple.predicate, triple.object, NamedNode(GRAPH["a"])))
    derived = [quad for quad in derive(facts, today=day) if quad.predicate == MEMBER_OF]
    return {str(quad.subject).removeprefix(f"<{ID}").removesuffix(">") for quad in derived}


def test_membership_is_judged_on_the_day() -> None:
    assert members(date(2026, 11, 24)) == {"org-a", "org-c"}
    assert members(date(2026, 11, 25)) == {"org-a", "org-b"}
    assert members(date(2026, 11, 26)) == {"org-a", "org-d"}


def test_day_is_no_derived_statement() -> None:
    assert derive(store(), today=DAY) == []


def test_rule_that_constructs_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match="CONSTRUCT"):
        apply("ASK {}", Store())


def test_result_is_sorted() -> None:
    derived = derive(store(facts=HERE / "30-precedes-transitively.given.ttl"))

    assert [str(quad) for quad in derived] == sorted(str(quad) for quad in derived)
    assert all(isinstance(quad.object, NamedNode | Literal) for quad in derived)
