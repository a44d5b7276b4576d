"""A consortium that was stored is computed again to the same result, conditions included."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rdflib import RDF, Graph, Literal

from graph.consortium import Suggestion, suggest
from graph.enquiries import find_enquiry
from graph.errors import SourceFormatError
from graph.exporting import consortium_graph
from graph.model import Enquiry, GroupRule, GroupTrait, Landscape
from graph.reading import read_landscape
from graph.recomputing import recompute
from graph.settings import Settings
from graph.store import EmbeddedStore
from graph.vocabulary import VB

WHEN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SETTINGS = Settings(reference_year=2026, alternatives=1, time_budget_s=60)


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


@pytest.fixture(scope="module")
def plain(reference: EmbeddedStore) -> Enquiry:
    return find_enquiry(reference, "E05")


def stored(suggestion: Suggestion) -> Graph:
    """Return the graph as it comes back from a file."""
    text = consortium_graph(suggestion, WHEN).serialize(format="turtle")
    return Graph().parse(data=text, format="turtle")


def consortium_in(graph: Graph) -> str:
    (consortium,) = graph.subjects(RDF.type, VB.Consortium)
    return str(consortium)


def conditions(enquiry: Enquiry, chosen: Suggestion) -> Enquiry:
    """Return the enquiry with conditions that change the answer."""
    taken = [m.organisation for m in chosen.members]
    research = GroupRule(
        "research", GroupTrait.KIND, frozenset({"ResearchInstitution"}), at_least=1
    )
    return replace(enquiry, excluded=frozenset(taken[:2]), groups=(research,))


@pytest.mark.parametrize("has_conditions", [False, True])
def test_stored_consortium_is_computed_again(
    landscape: Landscape, plain: Enquiry, has_conditions: bool
) -> None:
    first = suggest(plain, landscape, SETTINGS)
    enquiry = conditions(plain, first) if has_conditions else plain
    suggestion = suggest(enquiry, landscape, SETTINGS)
    graph = stored(suggestion)

    again = recompute(graph, consortium_in(graph), landscape)

    assert set(stored(again)) == set(graph)
    assert again.cost == suggestion.cost
    assert (suggestion.cost == first.cost) is not has_conditions


def test_other_conditions_are_another_consortium(landscape: Landscape, plain: Enquiry) -> None:
    first = suggest(plain, landscape, SETTINGS)
    second = suggest(conditions(plain, first), landscape, SETTINGS)

    assert consortium_in(stored(first)) != consortium_in(stored(second))


def test_another_version_of_the_graph_has_another_consortium(
    landscape: Landscape, plain: Enquiry
) -> None:
    first = stored(suggest(plain, landscape, SETTINGS))
    second = stored(suggest(plain, replace(landscape, version="later"), SETTINGS))

    assert consortium_in(first) != consortium_in(second)


def test_run_of_another_version_is_refused(landscape: Landscape, plain: Enquiry) -> None:
    graph = stored(suggest(plain, landscape, SETTINGS))

    with pytest.raises(SourceFormatError, match="this is another"):
        recompute(graph, consortium_in(graph), replace(landscape, version="another"))


def test_run_without_its_enquiry_is_refused(landscape: Landscape, plain: Enquiry) -> None:
    graph = stored(suggest(plain, landscape, SETTINGS))
    consortium = consortium_in(graph)
    (run,) = graph.subjects(VB.parameters)
    graph.set((run, VB.parameters, Literal("{}")))

    with pytest.raises(SourceFormatError, match="enquiry"):
        recompute(graph, consortium, landscape)
    with pytest.raises(SourceFormatError, match="no run"):
        recompute(Graph(), consortium, landscape)
