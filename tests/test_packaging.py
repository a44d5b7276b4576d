"""Our top-level names are plain words; nothing else installed may use them."""

import tomllib
from importlib.metadata import distribution, packages_distributions, version
from pathlib import Path

import pytest
from rdflib import OWL, Graph, URIRef

from graph import model
from graph.resources import completeness_text, ontology_texts, query_texts, shape_texts
from graph.vocabulary import BASE

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "name", ["graph", "api", "ontology", "shapes", "queries", "data", "verbund_client"]
)
def test_name_is_ours_alone(name: str) -> None:
    assert set(packages_distributions().get(name, ["verbund"])) == {"verbund"}


def test_installed_package_holds_every_file_of_the_checkout() -> None:
    for folder, found in (
        ("ontology", dict(ontology_texts())),
        ("shapes", dict(shape_texts()) | {"completeness/profiles": completeness_text()}),
        ("queries/rules", dict(query_texts("rules"))),
        ("queries/reading", dict(query_texts("reading"))),
    ):
        ending = ".rq" if folder.startswith("queries") else ".ttl"
        names = {
            str(p.relative_to(ROOT / folder).with_suffix(""))
            for p in (ROOT / folder).rglob(f"*{ending}")
            if "alignments" not in p.parts
        }
        assert names
        assert set(found) == names


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = Graph().parse(data=dict(ontology_texts())["core"], format="turtle")
    ontology = URIRef(f"{BASE}def")

    assert version("verbund") == project["version"]
    assert str(core.value(ontology, OWL.versionInfo)) == project["version"]
    assert str(core.value(ontology, OWL.versionIRI)) == f"{BASE}def/{project['version']}"


def test_packages_come_from_where_they_are_installed() -> None:
    """The checkout at the end of the path must not hide a file that the wheel lacks."""
    files = distribution("verbund").files or []
    is_editable = not any(str(file) == "graph/model.py" for file in files)

    assert is_editable or not Path(model.__file__).is_relative_to(ROOT / "graph")
