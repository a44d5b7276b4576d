"""What a partner asks for its data beside the licence is kept, shown, and honoured."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import SourceFormatError
from graph.harvest import State, harvest, read_source, sources_folder
from graph.store import EmbeddedStore, Visibility
from graph.visibility import META, POLICY
from graph.vocabulary import GRAPH, SCHEME

from .conftest import Describe
from .servers import Site
from .test_harvest import GOOD, published, serve

GRAPH_NAME = ox.NamedNode(GRAPH["source-partner"])


def policies(home: Path, visibility: Visibility) -> set[str]:
    engine = EmbeddedStore(home, visibility).engine
    found = engine.quads_for_pattern(GRAPH_NAME, POLICY, None, META)
    slugs = (str(getattr(quad.object, "value", "")) for quad in found)
    return {slug.removeprefix(f"{SCHEME}use-condition/") for slug in slugs}


def is_seen(home: Path, visibility: Visibility) -> bool:
    engine = EmbeddedStore(home, visibility).engine
    return any(engine.quads_for_pattern(None, None, None, GRAPH_NAME))


def test_conditions_are_published_with_the_graph(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe('conditions = ["attribution", "share-alike"]')
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))

    assert policies(office, Visibility.PUBLIC) == {"attribution", "share-alike"}
    assert is_seen(office, Visibility.PUBLIC)


def test_other_conditions_are_a_change_that_waits(
    office: Path, partner: Site, describe: Describe
) -> None:
    """The statements are the same, but nobody outside may see them any more."""
    describe('conditions = ["attribution"]')
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))
    assert harvest(office, "partner").state is State.UNCHANGED
    describe('conditions = ["no-distribution"]\nvisibility = "internal"')
    report = harvest(office, "partner")

    assert (report.state, report.added, report.removed) == (State.WAITING, 0, 0)
    published(office, report)
    assert policies(office, Visibility.INTERNAL) == {"no-distribution"}
    assert is_seen(office, Visibility.INTERNAL)
    assert not is_seen(office, Visibility.PARTNERS)
    assert policies(office, Visibility.PARTNERS) == set()


def test_conditions_that_are_withdrawn_are_gone(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe('conditions = ["non-commercial"]')
    serve(partner, GOOD)
    published(office, harvest(office, "partner"))
    describe()
    published(office, harvest(office, "partner"))

    assert policies(office, Visibility.INTERNAL) == set()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('conditions = ["no-lunch"]', "no-lunch: known are attribution"),
        ('conditions = ["no-distribution"]', "no-distribution can only be internal"),
        ('conditions = ["no-distribution"]\nvisibility = "partners"', "can only be internal"),
    ],
)
def test_conditions_that_nobody_can_honour_are_refused(
    office: Path, describe: Describe, line: str, reason: str
) -> None:
    describe(line)

    with pytest.raises(SourceFormatError, match=reason):
        read_source(sources_folder(office), "partner")
