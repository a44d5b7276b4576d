"""The process that writes: what it says, and what ends it."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph import writer
from graph.errors import (
    NonConformingError,
    StoreLimitError,
    StoreTimeoutError,
    VersionConflictError,
)
from graph.store import EmbeddedStore, Visibility, current_version, publish
from graph.writer import WriterProcess
from graph.writing import Kind, Write

from .written import OFFICE, PREFIXES, company, described, keyword, keywords, state

GIB = 1024**3
PUT = Write(Kind.PUT, company("new"), OFFICE, description=described(Visibility.INTERNAL))
ENDLESS = """INSERT { GRAPH graph:office { id:org-new vb:productKeyword ?n } }
WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u
  FILTER(STR(?a) = CONCAT(STR(?d), STR(?g), STR(?j), STR(?m), STR(?p), STR(?s))) }"""
GREEDY = """INSERT { GRAPH graph:office { id:org-new vb:productKeyword ?n } }
WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
  BIND(CONCAT(STR(?a), STR(?b), STR(?d), STR(?e), STR(?g), STR(?h), STR(?j), STR(?k)) AS ?n) }"""


@pytest.fixture
def lasting(fresh: Path) -> Iterator[WriterProcess]:
    """A process that writes, and has written once."""
    with closing(WriterProcess(fresh, memory_bytes=4 * GIB)) as process:
        process.run(PUT, timeout_s=60)
        yield process


def process_id(process: WriterProcess) -> int:
    assert process.process_id is not None
    return process.process_id


def run(home: Path, change: Write, timeout_s: float = 60, memory: int = 4 * GIB) -> str:
    return writer.run(home, change, timeout_s=timeout_s, memory_bytes=memory).version


def test_receipt_and_errors_come_through_the_process(fresh: Path) -> None:
    receipt = writer.run(fresh, PUT, timeout_s=60, memory_bytes=4 * GIB)

    assert receipt.version == current_version(fresh)
    assert receipt.created == (OFFICE,)
    with pytest.raises(VersionConflictError) as late:
        run(fresh, Write(Kind.DELETE, graph=OFFICE, expected=("ref-1",)))
    assert late.value.version == receipt.version
    with pytest.raises(NonConformingError) as broken:
        run(fresh, Write(Kind.PUT, PREFIXES + "id:org-new a vb:Company .", OFFICE))
    assert broken.value.findings
    assert broken.value.report[0]["focus"].endswith("org-new")


def test_writes_work_while_very_many_files_are_open(fresh: Path) -> None:
    """A server with a thousand connections must still be able to write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2_000:
        pytest.skip("this system lets a process open fewer than 2000 files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_000), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]
    try:
        assert run(fresh, PUT) == current_version(fresh)
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_endless_update_is_ended(fresh: Path) -> None:
    before = state(fresh)

    with pytest.raises(StoreTimeoutError):
        run(fresh, Write(Kind.UPDATE, PREFIXES + ENDLESS), timeout_s=5)

    assert state(fresh) == before


def test_greedy_update_is_ended(fresh: Path) -> None:
    before = state(fresh)

    with pytest.raises(StoreLimitError):
        run(fresh, Write(Kind.UPDATE, PREFIXES + GREEDY), memory=GIB)

    assert state(fresh) == before


def test_one_process_writes_again_and_again(fresh: Path, lasting: WriterProcess) -> None:
    first = process_id(lasting)

    for number in range(5):
        lasting.run(keyword(f"Ware {number}"), timeout_s=60)

    assert process_id(lasting) == first
    assert keywords(fresh) == {"Ware 4"}
    assert len([path for path in (fresh / "generations").iterdir() if path.name[0] == "."]) == 1


def test_refused_write_leaves_the_next_one_as_it_was(fresh: Path, lasting: WriterProcess) -> None:
    before = current_version(fresh)

    with pytest.raises(NonConformingError):
        lasting.run(Write(Kind.POST, PREFIXES + "id:org-new a vb:Project .", OFFICE), timeout_s=60)
    assert current_version(fresh) == before
    lasting.run(keyword("after"), timeout_s=60)

    store = EmbeddedStore(fresh, Visibility.INTERNAL)
    assert store.select("SELECT * { ?s a <https://w3id.org/verbund/def#Project> }") == []
    assert keywords(fresh) == {"after"}


def test_process_that_was_killed_is_replaced(fresh: Path, lasting: WriterProcess) -> None:
    os.kill(process_id(lasting), signal.SIGKILL)

    with pytest.raises(StoreLimitError):  # as far as anybody can tell
        lasting.run(keyword("lost"), timeout_s=60)
    lasting.run(keyword("kept"), timeout_s=60)

    assert keywords(fresh) == {"kept"}


def test_process_follows_what_others_have_written(fresh: Path, lasting: WriterProcess) -> None:
    store = EmbeddedStore(fresh)
    publish(fresh, {Visibility.PUBLIC: store.engine}, "ref-2")

    receipt = lasting.run(PUT, timeout_s=60)

    assert receipt.before == "ref-2"
    assert receipt.created == (OFFICE,)


def test_process_has_neither_network_nor_programs(lasting: WriterProcess) -> None:
    status = Path(f"/proc/{process_id(lasting)}/status")
    if not status.exists():
        pytest.skip("the kernel does not tell here")

    assert "Seccomp:\t2" in status.read_text(encoding="ascii")
