"""What follows from a change is the same whether little or everything is derived and checked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from graph import inspecting, rederiving
from graph.amending import amend
from graph.checks import Check, checks, run_check
from graph.communities import NETWORK, network_quads
from graph.dependence import State, read
from graph.inspecting import all_findings, findings_of
from graph.rederiving import Delta, rederive
from graph.rules import DERIVED, derive
from graph.store.bindings import with_values
from graph.validation import Finding
from graph.validators import looked_at_from_objects, validator

LANDSCAPE = Path(__file__).parent.parent / "data" / "small-landscape.trig"
OFFICE = ox.NamedNode("https://w3id.org/verbund/graph/office")
TODAY = date(2025, 1, 1)
VALIDATOR = validator()
DEFAULT = ox.DefaultGraph()


def part(sources: Iterable[ox.Quad], name: str, today: date = TODAY) -> ox.Store:
    """Return everything that one visibility sees, the merge as default graph."""
    store = ox.Store()
    store.extend(sources)
    derived = [*store, *derive(store, today=today)]
    store.extend([*derived, *network_quads(derived, name, today=today)])
    store.extend([ox.Quad(q.subject, q.predicate, q.object, DEFAULT) for q in store])
    return store


PREFIXES = {
    "a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dct": "http://purl.org/dc/terms/",
    "id": "https://w3id.org/verbund/id/",
    "org": "http://www.w3.org/ns/org#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "s": "https://w3id.org/verbund/scheme/",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vb": "https://w3id.org/verbund/def#",
}
# A world so small that statements meet: subjects, property, objects.
WORLD = """
id:a id:b id:c | a:type | vb:Company org:Organization
id:p id:q | a:type | vb:Project org:OrganizationalCollaboration vb:Cluster
vb:Company vb:Project | rdfs:subClassOf | org:Organization org:OrganizationalCollaboration
org:Organization | rdfs:subClassOf | vb:Cluster
id:m id:n id:o | org:member | id:a id:b id:c
id:m id:n id:o | org:organization | id:p id:q
id:m id:n | org:role | s:role/supporter s:role/member
id:m id:n | schema:validThrough | 2025-06-30 2027-01-01
id:p | vb:projectKind | s:project-kind/membership
id:r | vb:relates | id:a id:b id:c
id:i id:j | vb:concerns | id:a id:b id:c
id:i id:j | vb:decision | s:identity-decision/same
id:a id:b | vb:sameOrganisationAs | id:b id:c
id:a id:b | org:memberOf | id:p
id:a id:b | vb:collaboratedWith | id:b id:c
id:k id:l | a:type | vb:CapabilityClaim vb:Milestone
id:k id:l | vb:competence | s:competence/x s:competence/y
s:competence/x s:competence/y s:competence/z | skos:broader | s:competence/y s:competence/z
s:competence/x | skos:broaderTransitive | s:competence/z
id:k | vb:coversCompetence | s:competence/z
id:e id:f | schema:observationAbout | id:a id:b
id:e id:f | schema:measuredProperty | schema:numberOfEmployees schema:foundingDate
id:e id:f | schema:value | 12 2025
id:e id:f | vb:evidenceYear | 2020 2021
id:e | vb:qualifier | geplant
id:a | schema:numberOfEmployees | 12
id:a id:b id:c | skos:prefLabel | Eins Zwei
id:a id:b | org:classification | s:organisation-kind/company
s:competence/x s:competence/y | skos:inScheme | s:competence
s:competence/x s:competence/y | skos:prefLabel | Drehen
s:competence/x | skos:topConceptOf | s:competence
s:competence/x | skos:related | s:competence/z
s:step/x s:step/y s:step/z | vb:precedes | s:step/x s:step/y s:step/z
id:p | vb:partnersStated | 1
id:p | vb:partnerListComplete | true
id:g | a:type | vb:Gap
id:g id:h | vb:inConsortium | id:t
id:g id:h | vb:forRequirement | id:u
id:h | a:type | vb:Assignment
id:h | vb:usesClaim | id:k
id:k id:l | vb:claimedBy | id:a id:b
id:t | vb:answers | id:v
id:v | vb:hasRequirement | id:u
id:w id:x | a:type | vb:EnquiryEvent
id:w id:x | vb:ofEnquiry | id:v id:y
id:w id:x | vb:statusAfter | s:enquiry-status/new s:enquiry-status/closed
id:w id:x | vb:position | 1 2
"""
GRAPHS = [ox.NamedNode(f"https://w3id.org/verbund/graph/{name}") for name in ("facts", "office")]
META = ox.NamedNode("https://w3id.org/verbund/graph/meta")
XSD = "http://www.w3.org/2001/XMLSchema#"


def term(text: str) -> ox.NamedNode | ox.Literal:
    prefix, colon, local = text.partition(":")
    if colon:
        return ox.NamedNode(PREFIXES[prefix] + local)
    kind = {4: "gYear", 10: "date"}.get(len(text), "integer") if text[0].isdigit() else "string"
    return ox.Literal(text, datatype=ox.NamedNode(XSD + ("boolean" if text == "true" else kind)))


def world() -> list[ox.Quad]:
    """Every statement that can be made, in each graph."""
    found = []
    for line in WORLD.strip().splitlines():
        subjects, predicates, values = (map(term, part.split()) for part in line.split(" | "))
        [predicate] = predicates
        assert isinstance(predicate, ox.NamedNode)
        for subject, value in product(subjects, list(values)):
            assert isinstance(subject, ox.NamedNode)
            found += [ox.Quad(subject, predicate, value, graph) for graph in GRAPHS]
    return sorted(found, key=str)


some = st.sets(st.sampled_from(world()))


@settings(max_examples=150)
@given(st.sets(st.sampled_from(world()), min_size=25), some, some, st.booleans(), st.booleans())
def test_little_gives_what_everything_gives(
    old: set[ox.Quad], gone: set[ox.Quad], come: set[ox.Quad], is_next_day: bool, is_large: bool
) -> None:
    removed, added = gone & old, come - old
    today = date(2026, 7, 1) if is_next_day else TODAY
    before = part(old, "one")
    expected = part((old - removed) | added, "two", today)
    after = ox.Store()
    after.bulk_extend(before)
    delta = Delta(removed, added)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rederiving, "_MANY", 0 if is_large else rederiving._MANY)
        amend(delta, State(before, after), "two", today=today, day_before=TODAY.isoformat())

    assert set(after) == set(expected)
    named = {quad for quad in after if quad.graph_name != DEFAULT}
    was = {quad for quad in before if quad.graph_name != DEFAULT}
    assert (delta.removed, delta.added) == (was - named, named - was)


RIGHTS = ox.NamedNode("http://purl.org/dc/terms/accessRights")
LEVELS = [
    ox.NamedNode(f"http://publications.europa.eu/resource/authority/access-right/{name}")
    for name in ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
]
described = [ox.Quad(graph, RIGHTS, level, META) for graph in GRAPHS for level in LEVELS]
anything = st.sets(st.sampled_from(world() + described))


@settings(max_examples=50)
@given(
    st.sets(st.sampled_from(world() + described), min_size=25), anything, anything, st.booleans()
)
def test_few_checks_find_what_all_find(
    old: set[ox.Quad], gone: set[ox.Quad], come: set[ox.Quad], is_large: bool
) -> None:
    removed, added = gone & old, come - old
    before, after = part(old, "one"), part((old - removed) | added, "two")
    named = [{q for q in store if q.graph_name != DEFAULT} for store in (before, after)]
    state = State(before, after)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspecting, "_SMALL", -1 if is_large else inspecting._SMALL)
        found = findings_of(removed | added, named[0] ^ named[1], state)

    assert found == all_findings(removed | added, state)


def shape_findings(store: ox.Store) -> set[Finding]:
    triples = [q.triple for q in store.quads_for_pattern(None, None, None, DEFAULT)]
    return set(VALIDATOR.validate(triples, language="en"))


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(world()), min_size=25), some, some, st.booleans())
def test_shapes_are_asked_about_every_node_that_a_change_can_break(
    old: set[ox.Quad], gone: set[ox.Quad], come: set[ox.Quad], is_whole: bool
) -> None:
    """Where shapes do not look backwards, objects are left out; nothing is missed."""
    removed, added = gone & old, come - old
    before, after = part(old, "one"), part((old - removed) | added, "two")
    changed = set(before) ^ set(after)
    stated = {q for q in changed if q.graph_name != DEFAULT}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspecting, "_AT_ONCE", 3)
        patch.setattr(inspecting, "_WHOLE", 10**6 if is_whole else 0)
        found = findings_of(stated, [], State(before, after))

    assert {f for f in found if f.constraint} == shape_findings(after) - shape_findings(before)


def test_shapes_that_may_look_anywhere_are_asked_about_every_neighbour() -> None:
    plain = Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .
        e:one sh:targetObjectsOf e:p ; sh:property [ sh:path ( [ sh:inversePath e:q ] e:r ) ] ."""
    )
    deep = "<urn:s> <http://www.w3.org/ns/shacl#inversePath> [ <urn:x> <urn:y> ] ."
    asking = '<urn:s> <http://www.w3.org/ns/shacl#sparql> [ <urn:x> "SELECT" ] .'

    assert set(looked_at_from_objects(plain) or ()) == {"urn:e:p", "urn:e:q"}
    for text in (deep, asking):
        assert looked_at_from_objects(plain + Graph().parse(data=text)) is None


@cache
def known() -> ox.Store:
    store = ox.Store()
    store.load(path=str(LANDSCAPE))
    return part(store, "one")


def test_what_somebody_states_is_not_derived_until_it_is_withdrawn() -> None:
    """One statement of each derived property is stated, then no longer."""
    sources = [q for q in known() if q.graph_name not in (DEFAULT, DERIVED, NETWORK)]
    derived = {q.predicate: q for q in known() if q.graph_name == DERIVED}
    stated = {ox.Quad(q.subject, q.predicate, q.object, OFFICE) for q in derived.values()}
    expected = part([*sources, *stated], "one")
    after = ox.Store()
    after.bulk_extend(known())

    amend(
        Delta((), stated), State(known(), after), "one", today=TODAY, day_before=TODAY.isoformat()
    )
    assert set(after) == set(expected)
    amend(Delta(stated), State(expected, after), "one", today=TODAY, day_before=TODAY.isoformat())

    assert len(derived) > 4
    assert set(after) == set(known())


def test_no_rule_needs_everything_to_be_derived() -> None:
    """A rule that could derive anything would make each write as slow as a load."""
    delta = Delta()

    rederive(delta, State(known(), known()), NETWORK, today=TODAY, day_before=TODAY.isoformat())

    assert not delta


def test_day_that_is_not_known_counts_as_another_day() -> None:
    """A membership that has ended since must not stay."""
    member, group, through = (
        ox.NamedNode(PREFIXES[prefix] + name)
        for prefix, name in (
            ("org", "member"),
            ("org", "organization"),
            ("schema", "validThrough"),
        )
    )
    node, one, other = map(ox.NamedNode, ("http://x/m", "http://x/a", "http://x/b"))
    said = [
        ox.Quad(node, member, one, OFFICE),
        ox.Quad(node, group, other, OFFICE),
        ox.Quad(node, through, term("2025-06-30"), OFFICE),
    ]
    before, after = part(said, "one"), part(said, "one")
    delta = Delta()

    amend(delta, State(before, after), "two", today=date(2026, 1, 1), day_before="")

    assert [q for q in delta.removed if q.graph_name == DERIVED] == [
        ox.Quad(one, ox.NamedNode(PREFIXES["org"] + "memberOf"), other, DERIVED)
    ]


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_check_can_be_asked_about_few(check: Check) -> None:
    """The engine takes each check with values for each of its roots."""
    reading = read(check.query, check.roots)
    roots = {watch.route.root for watch in reading.watches if watch.route}

    for root in roots:
        query = with_values(check.query, root, [ox.NamedNode("http://example.org/x")])
        assert run_check(replace(check, query=query), known()) == []

    assert roots
