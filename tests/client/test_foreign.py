"""Clients that others keep: Comunica over SPARQL and pages, and one typed by the description.

``npm ci --omit=optional`` in this folder installs them; ``.ci/run`` does.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, URIRef

from api.app import described_application
from graph.reading import read_landscape
from graph.store import EmbeddedStore
from graph.vocabulary import ID, VB

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
NODE = shutil.which("node")
NAME = "org-asphericon"

pytestmark = pytest.mark.skipif(
    not (NODE and MODULES.is_dir()) and not os.environ.get("CI"),
    reason="node or its packages are not installed: npm ci in tests/client",
)


def node(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program of Node to its end."""
    assert NODE, "CI installs nodejs"
    assert MODULES.is_dir(), "CI runs npm ci in tests/client"
    command = [NODE, *map(str, words)]
    return subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=180, check=False
    )


def said(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def values(store: EmbeddedStore, pattern: str) -> list[str]:
    rows = store.select(f"SELECT DISTINCT ?found {{ {pattern} }}")
    return sorted(str(row["found"]) for row in rows)


def test_comunica_asks_the_endpoint_and_the_pages(address: str, reference: EmbeddedStore) -> None:
    found = said(node(HERE / "comunica.mjs", address, NAME))

    thing: URIRef = ID[NAME]
    labels = values(reference, f"<{thing}> <{SKOS.prefLabel}> ?found")
    assert labels
    companies = values(reference, f"?found <{RDF.type}> <{VB.Company}>")
    assert companies
    assert found == {
        "companies": companies,
        "asked": labels,
        "dereferenced": labels,
        "joined": labels,
        "is_known": True,
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the typed client and the types made from the description."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "node_modules").symlink_to(MODULES, target_is_directory=True)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    shutil.copy(HERE / "typed.mts", folder)
    document = folder / "openapi.json"
    document.write_text(json.dumps(described_application()), encoding="utf-8")
    maker = MODULES / "openapi-typescript" / "bin" / "cli.js"
    made = node(maker, document, "--output", folder / "schema.d.ts")
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def compiled(folder: Path) -> subprocess.CompletedProcess[str]:
    options = ["--strict", "--target", "es2022", "--module", "nodenext"]
    options += ["--lib", "es2022,dom,dom.iterable", "--skipLibCheck"]
    compiler = MODULES / "typescript" / "bin" / "tsc"
    return node(compiler, *options, "--outDir", folder, folder / "typed.mts")


def test_client_typed_by_the_description(
    address: str, reference: EmbeddedStore, project: Path
) -> None:
    done = compiled(project)
    assert done.returncode == 0, done.stdout

    found = said(node(project / "typed.mjs", address))

    organisations = found.pop("organisations")
    assert len(organisations) == len(set(organisations))
    assert set(organisations) == set(read_landscape(reference).organisations)
    assert found == {"kind": "consortia", "started": 202, "unknown": 404, "unchecked": 3}


def test_types_find_a_mistake(project: Path) -> None:
    text = (project / "typed.mts").read_text(encoding="utf-8")
    folder = project / "mistaken"
    folder.mkdir()
    shutil.copy(project / "schema.d.ts", folder)
    wrong = text.replace('kind: "consortia"', 'kind: "coffee"')
    (folder / "typed.mts").write_text(wrong, encoding="utf-8")

    done = compiled(folder)

    assert done.returncode != 0
    assert "coffee" in done.stdout
