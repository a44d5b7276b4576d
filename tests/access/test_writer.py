"""The process that writes: what it says, and what ends it."""

from pathlib import Path

import pytest

from graph import writer
from graph.errors import (
    NonConformingError,
    StoreLimitError,
    StoreTimeoutError,
    VersionConflictError,
)
from graph.store import Visibility, current_version
from graph.writing import Kind, Write

from .written import OFFICE, PREFIXES, company, described, state

GIB = 1024**3
PUT = Write(Kind.PUT, company("new"), OFFICE, description=described(Visibility.INTERNAL))
ENDLESS = """INSERT { GRAPH graph:office { id:org-new vb:productKeyword ?n } }
WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u
  FILTER(STR(?a) = CONCAT(STR(?d), STR(?g), STR(?j), STR(?m), STR(?p), STR(?s))) }"""
GREEDY = """INSERT { GRAPH graph:office { id:org-new vb:productKeyword ?n } }
WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
  BIND(CONCAT(STR(?a), STR(?b), STR(?d), STR(?e), STR(?g), STR(?h), STR(?j), STR(?k)) AS ?n) }"""


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
