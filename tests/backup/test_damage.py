"""A store whose files are damaged: one clear line for each command, and nothing made of it.

Loading again is tested in ``tests/access/test_loading.py``; it heals what is damaged.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.backup import back_up, restore
from graph.errors import StoreCorruptError
from graph.store import EmbeddedStore, Visibility, current_version, publish
from graph.visibility import parts
from graph.writing import Kind, Write, write

from .test_command_line import verbund

BASE = "https://w3id.org/verbund/graph/"
LANDSCAPE = Path(__file__).parent.parent / "access" / "landscape.trig"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store in order, with enough in it for a block of its own to be damaged."""
    engine = ox.Store()
    engine.load(path=str(LANDSCAPE))
    thing, graph = ox.NamedNode("http://example.org/s"), ox.NamedNode(f"{BASE}reference-facts")
    value = ox.NamedNode("http://www.w3.org/2004/02/skos/core#note")
    engine.extend(
        ox.Quad(thing, value, ox.Literal(f"{n * 7919:x} {n}" * 9), graph) for n in range(400)
    )
    home = tmp_path_factory.mktemp("whole") / "home"
    publish(home, parts(engine, "ref-1"), "ref-1")
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(whole, tmp_path / "home"))


def generation(home: Path) -> Path:
    return home / "generations" / current_version(home)


def part(home: Path) -> Path:
    return generation(home) / Visibility.PUBLIC


def tables(home: Path) -> list[Path]:
    found = sorted(part(home).glob("*.sst"))
    assert found
    return found


def cut_tables(home: Path) -> None:
    for table in tables(home):
        table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])


def flip_bytes(home: Path) -> None:
    """Damage what is inside, so that it is found only when it is read."""
    for table in tables(home):
        content = bytearray(table.read_bytes())
        for position in range(len(content) // 8, len(content) // 2, 64):
            content[position] ^= 0xFF
        table.write_bytes(content)


def no_pointer_of_the_engine(home: Path) -> None:
    (part(home) / "CURRENT").unlink()


def no_list_of_files(home: Path) -> None:
    for path in part(home).glob("MANIFEST-*"):
        path.unlink()


def folder_that_cannot_be_read(home: Path) -> None:
    """Root may read any folder, so a file stands where it should be."""
    shutil.rmtree(part(home))
    part(home).write_bytes(b"")


def foreign_manifest(home: Path) -> None:
    (generation(home) / "manifest.json").write_bytes(b'{"format": [')


def pointer_to_nothing(home: Path) -> None:
    (home / "current").write_text("gone-1", encoding="ascii")


DAMAGES: tuple[Callable[[Path], None], ...] = (
    *(cut_tables, flip_bytes, no_pointer_of_the_engine, no_list_of_files),
    *(folder_that_cannot_be_read, foreign_manifest, pointer_to_nothing),
)


def content(folder: Path) -> dict[str, bytes]:
    """All files but the engine's logs and our locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("LOG") and path.suffix != ".lock"
    }


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__)
def damaged(request: pytest.FixtureRequest, home: Path) -> Path:
    request.param(home)
    return home


def test_commands_say_it_in_one_line_and_leave_nothing(
    damaged: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = content(damaged)
    monkeypatch.setattr("api.preparing.prepare", lambda settings: None)  # loading would heal it
    commands = (
        ("backup", str(tmp_path / "a.tar.gz")),
        ("dump", str(tmp_path / "dumps")),
        ("query", "single-points-of-failure"),
        ("push", "http://127.0.0.1:9/"),
    )

    for command in commands:
        code = verbund(monkeypatch, *command, "--home", str(damaged))

        said = capsys.readouterr().err.strip().splitlines()
        assert code == 1, (command, said)
        assert len([line for line in said if line.startswith("error: ")]) == 1, (command, said)
        assert "load the graph again" in said[-1], command
        assert {path.name for path in tmp_path.iterdir()} == {"home"}, command
    assert content(damaged) == before


def test_server_says_it_at_its_start(damaged: Path) -> None:
    with pytest.raises(StoreCorruptError, match="load the graph again") as said:
        create_app(Settings(home=damaged, ad_hoc_workers=1, page_workers=1))

    assert "\n" not in str(said.value)


@pytest.mark.parametrize("damage", [cut_tables, flip_bytes])
def test_server_that_runs_says_it_with_the_answer(
    home: Path, damage: Callable[[Path], None]
) -> None:
    """The disk goes bad after the start; a worker opens the files anew, or reads on in them."""
    query = "SELECT (COUNT(?o) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRLEN(STR(?o)) > 3) }"
    app = create_app(Settings(home=home, ad_hoc_workers=1, page_workers=1))
    with TestClient(app, raise_server_exceptions=False) as client:
        damage(home)

        answer = client.get("/sparql", params={"query": query})

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "StoreCorruptError", answer.text
    assert str(home) not in answer.text


def test_update_is_refused_and_keeps_everything(damaged: Path) -> None:
    before = content(damaged)

    with pytest.raises(StoreCorruptError, match=r"load the graph again|restore"):
        write(damaged, Write(Kind.UPDATE, f"DELETE WHERE {{ GRAPH <{BASE}x> {{ ?s ?p ?o }} }}"))

    assert content(damaged) == before


def test_restore_heals(damaged: Path, whole: Path, tmp_path: Path) -> None:
    back_up(whole, tmp_path / "graph.tar.gz")

    restore(damaged, tmp_path / "graph.tar.gz")

    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert EmbeddedStore(damaged).select(count) == EmbeddedStore(whole).select(count)
