import fcntl
import inspect
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import XSD, Literal, URIRef

from graph.errors import StoreCorruptError, StoreUnavailableError
from graph.store import (
    EmbeddedStore,
    Quad,
    Visibility,
    current_version,
    embedded,
    publication,
    publish,
)
from graph.store.generations import pointer_state, versions

EXAMPLE = "http://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def quads(count: int, graph: str = "facts") -> Iterator[Quad]:
    for number in range(count):
        yield (
            URIRef(f"{EXAMPLE}thing-{number % 50}"),
            URIRef(f"{EXAMPLE}value"),
            Literal(str(number), datatype=XSD.integer),
            URIRef(EXAMPLE + graph),
        )


def count(home: Path, visibility: Visibility = Visibility.PUBLIC) -> int:
    return int(EmbeddedStore(home, visibility).select(COUNT)[0]["n"])


def test_published_generation_answers(tmp_path: Path) -> None:
    manifest = publish(tmp_path, {Visibility.PUBLIC: quads(100)}, "v1")

    store = EmbeddedStore(tmp_path)

    assert manifest.quads == {Visibility.PUBLIC: 100}
    assert store.version == "v1"
    assert store.graphs() == (EXAMPLE + "facts",)
    assert count(tmp_path) == 100


def test_default_graph_holds_each_triple_once(tmp_path: Path) -> None:
    both = [*quads(10, "one"), *quads(10, "two")]

    publish(tmp_path, {Visibility.PUBLIC: both}, "v1")

    assert count(tmp_path) == 10
    in_graphs = EmbeddedStore(tmp_path).select(
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    )
    assert int(in_graphs[0]["n"]) == 20


def test_visibility_decides_what_is_there(tmp_path: Path) -> None:
    publish(
        tmp_path, {Visibility.PUBLIC: quads(10), Visibility.INTERNAL: [*quads(30, "secret")]}, "v1"
    )

    assert count(tmp_path, Visibility.PUBLIC) == 10
    assert count(tmp_path, Visibility.PARTNERS) == 10  # nothing of its own: what is public
    assert count(tmp_path, Visibility.INTERNAL) == 30
    assert EmbeddedStore(tmp_path).graphs() == (EXAMPLE + "facts",)


def test_store_keeps_its_version_until_latest(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    old = EmbeddedStore(tmp_path)
    assert old.latest() is old

    publish(tmp_path, {Visibility.PUBLIC: quads(20)}, "v2")

    assert int(old.select(COUNT)[0]["n"]) == 10
    assert old.latest().version == "v2"
    assert int(old.latest().select(COUNT)[0]["n"]) == 20


def test_who_is_told_of_a_version_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a reader that has looked a moment before and need not look again for long."""
    for module in (embedded, publication):
        monkeypatch.setattr(module, "UNSEEN_S", 0.1)
    publish(tmp_path, {Visibility.PUBLIC: quads(1)}, "v0")
    held = [EmbeddedStore(tmp_path)]
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            held[0] = held[0].latest()
            time.sleep(0.0001)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for number in range(1, 4):
            publish(tmp_path, {Visibility.PUBLIC: quads(1)}, f"v{number}")
            assert held[0].latest().version == f"v{number}"
    finally:
        is_over.set()
        looking.join()


def test_look_of_another_thread_counts_once_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(1)}, "v0")
    store = EmbeddedStore(tmp_path)
    publish(tmp_path, {Visibility.PUBLIC: quads(2)}, "v1")
    meanwhile: list[str] = []

    def look(home: Path) -> tuple[int, int] | None:
        if not meanwhile:  # what another thread is told while this one looks
            meanwhile.append("")
            meanwhile.append(store.latest().version)
        return pointer_state(home)

    monkeypatch.setattr(embedded, "pointer_state", look)

    assert store.latest().version == "v1"
    assert meanwhile == ["", "v1"]


def test_pointer_is_replaced_and_never_rewritten(tmp_path: Path) -> None:
    """A reader sees the old version or the new one, never half a name."""
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    with (tmp_path / "current").open(encoding="utf-8") as before:
        publish(tmp_path, {Visibility.PUBLIC: quads(20)}, "v2")

        assert before.read() == "v1\n"


def test_oldest_generations_are_removed(tmp_path: Path) -> None:
    for number in range(5):
        publish(tmp_path, {Visibility.PUBLIC: quads(number + 1)}, f"v{number}")

    assert versions(tmp_path) == ["v2", "v3", "v4"]


def test_generation_that_is_read_is_kept(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(7)}, "v0")
    reader = EmbeddedStore(tmp_path)

    for number in range(1, 5):
        publish(tmp_path, {Visibility.PUBLIC: quads(number)}, f"v{number}", keep=1)

    assert versions(tmp_path) == ["v0", "v4"]
    assert int(reader.select(COUNT)[0]["n"]) == 7


def test_same_version_is_not_written_again(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    publish(tmp_path, {Visibility.PUBLIC: quads(20)}, "v2")

    publish(tmp_path, {Visibility.PUBLIC: quads(99)}, "v1")

    assert current_version(tmp_path) == "v1"
    assert count(tmp_path) == 10


def test_broken_version_is_written_again(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    damage(tmp_path / "generations" / "v1" / "public")

    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")

    assert count(tmp_path) == 10


def damage(folder: Path) -> None:
    for path in folder.glob("*.sst"):
        os.truncate(path, 10)


def test_empty_home_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="no graph has been loaded"):
        EmbeddedStore(tmp_path)


def test_damaged_files_are_corrupt(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    damage(tmp_path / "generations" / "v1" / "public")

    with pytest.raises(StoreCorruptError, match="cannot be read; load the graph again"):
        EmbeddedStore(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b'{"format": 1, "quads": {"x": 1}}']
)
def test_foreign_generation_is_corrupt(tmp_path: Path, content: bytes) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    (tmp_path / "generations" / "v1" / "manifest.json").write_bytes(content)

    with pytest.raises(StoreCorruptError, match="load the graph again"):
        EmbeddedStore(tmp_path)


@pytest.mark.parametrize("pointer", [b"../../etc\n", b"\xff\xfe", b"", b"gone"])
def test_foreign_pointer_is_corrupt(tmp_path: Path, pointer: bytes) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    (tmp_path / "current").write_bytes(pointer)

    with pytest.raises(StoreCorruptError, match="load the graph again"):
        EmbeddedStore(tmp_path)


def test_newer_format_is_corrupt_with_reason(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    path = tmp_path / "generations" / "v1" / "manifest.json"
    path.write_text(json.dumps({"format": 99, "quads": {}}))

    with pytest.raises(StoreCorruptError, match="format 99"):
        EmbeddedStore(tmp_path)


def test_foreign_directory_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(StoreCorruptError, match="holds other files"):
        publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")

    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_second_writer_is_turned_away(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")

    with (tmp_path / "writer.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailableError, match=f"process {os.getpid()} is writing"):
            publish(tmp_path, {Visibility.PUBLIC: quads(20)}, "v2")

    assert current_version(tmp_path) == "v1"


@pytest.mark.parametrize("version", ["", "../x", ".hidden", "a/b", "x" * 101])
def test_version_must_be_a_name(tmp_path: Path, version: str) -> None:
    with pytest.raises(ValueError, match="not a version name"):
        publish(tmp_path, {Visibility.PUBLIC: quads(1)}, version)


def test_statement_with_literal_subject_publishes_nothing(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    wrong = (Literal("x"), URIRef(EXAMPLE), Literal("y"), URIRef(EXAMPLE))

    with pytest.raises(TypeError, match="not an RDF statement"):
        publish(tmp_path, {Visibility.PUBLIC: [*quads(20), wrong]}, "v2")

    assert current_version(tmp_path) == "v1"
    assert list((tmp_path / "generations").glob(".draft-*")) == []


_HEAD = """
import sys
from pathlib import Path
from rdflib import XSD, Literal, URIRef
from graph.store import Visibility, publish
EXAMPLE = "http://example.org/"
"""
_LOOP = """
for number in range(1000):
    size = 2000 + number
    publish(Path(sys.argv[1]), {Visibility.PUBLIC: quads(size)}, f"{sys.argv[2]}-{size}")
    print(size, flush=True)
"""
PUBLISHING = f"from __future__ import annotations\n{_HEAD}{inspect.getsource(quads)}{_LOOP}"


def test_kill_at_any_moment_leaves_a_whole_generation(tmp_path: Path) -> None:
    """What the pointer names is whole, and never older than what was reported as published."""
    publish(tmp_path, {Visibility.PUBLIC: quads(2000)}, "start-2000")
    chance = random.Random(7)  # noqa: S311
    in_the_middle = 0
    for run in range(20):
        writer = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", PUBLISHING, str(tmp_path), f"run{run}"],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout
        writer.stdout.readline()  # it is at work now
        time.sleep(chance.random() * 0.2)
        writer.send_signal(signal.SIGKILL)
        lines = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        in_the_middle += any((tmp_path / "generations").glob(".draft-*"))

        version = current_version(tmp_path)
        name, size = version.split("-")
        assert count(tmp_path) == int(size)
        if lines:
            assert name == f"run{run}"
            assert int(size) >= int(lines[-1])

    assert in_the_middle >= 5  # the kills did meet half-written generations
    publish(tmp_path, {Visibility.PUBLIC: quads(5)}, "end")
    assert list((tmp_path / "generations").glob(".*")) == []
    assert len(versions(tmp_path)) == 3


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))


def test_disk_full_is_said_and_keeps_the_old_generation(tmp_path: Path) -> None:
    """A limit on the size of files makes writing fail half-way, as a full disk does."""
    publish(tmp_path, {Visibility.PUBLIC: quads(10)}, "v1")
    script = PUBLISHING.replace("2000 +", "20000 +")

    writer = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, str(tmp_path), "big"],
        capture_output=True,
        text=True,
        preexec_fn=_small_files,
        check=False,
    )

    assert "StoreUnavailableError: cannot write to" in writer.stderr
    assert current_version(tmp_path) == "v1"
    assert count(tmp_path) == 10


def test_second_start_is_quick(tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: quads(20_000)}, "v1")

    started = time.perf_counter()
    EmbeddedStore(tmp_path)

    assert time.perf_counter() - started < 0.5
