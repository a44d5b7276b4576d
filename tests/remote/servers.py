"""Real servers for the tests: each in a folder of its own, on a free port of the loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.remote import Endpoint

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt") or shutil.which("isql-v")

ROW_LIMIT = 30_000
"""Rows after which the Virtuoso of the tests cuts a result, as public ones do."""

_START_LIMIT_S = 40.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def _process(command: Sequence[str], folder: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    with (folder / "server-output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)  # noqa: S603
        try:
            limit = time.monotonic() + _START_LIMIT_S
            while not is_ready():
                said = (folder / "server-output.txt").read_text(errors="replace")[-2000:]
                assert process.poll() is None, f"{command[0]} ended: {said}"
                assert time.monotonic() < limit, f"{command[0]} did not start: {said}"
                time.sleep(0.1)
            yield
        finally:
            process.kill()
            process.wait()


def _answers(endpoint: Endpoint) -> bool:
    try:
        endpoint.query("ASK {}", QueryForm.ASK, Dataset())
    except StoreError:
        return False
    return True


@contextmanager
def oxigraph(folder: Path) -> Iterator[Endpoint]:
    """Run ``oxigraph serve``."""
    base = f"127.0.0.1:{free_port()}"
    endpoint = Endpoint(f"http://{base}/query", f"http://{base}/update", timeout_s=30.0)
    command = [str(OXIGRAPH), "serve", "--location", str(folder / "data"), "--bind", base]
    with _process(command, folder, lambda: _answers(endpoint)):
        yield endpoint


@contextmanager
def oxigraph_on(data: Path, folder: Path) -> Iterator[Endpoint]:
    """Run ``oxigraph serve-read-only`` on files of the embedded store."""
    base = f"127.0.0.1:{free_port()}"
    endpoint = Endpoint(f"http://{base}/query", timeout_s=30.0)
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(data), "--bind", base]
    with _process(command, folder, lambda: _answers(endpoint)):
        yield endpoint


def require_virtuoso() -> None:
    """Skip the test where there is no Virtuoso; in CI there must be one."""
    if VIRTUOSO is None or ISQL is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Virtuoso: apt-get install virtuoso-opensource")
        pytest.skip("no Virtuoso here: apt-get install virtuoso-opensource")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Endpoint]:
    """Run a Virtuoso whose anonymous user may write; it is reached from this machine only."""
    assert VIRTUOSO is not None
    sql_port, http_port = free_port(), free_port()
    settings = _VIRTUOSO_SETTINGS.format(
        folder=folder, sql_port=sql_port, http_port=http_port, rows=ROW_LIMIT
    )
    (folder / "virtuoso.ini").write_text(settings, encoding="ascii")
    url = f"http://127.0.0.1:{http_port}/sparql"
    endpoint = Endpoint(url, url, timeout_s=30.0)
    command = [VIRTUOSO, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with _process(command, folder, lambda: _answers(endpoint)):
        _run_sql(sql_port, 'GRANT SPARQL_UPDATE TO "SPARQL";')
        yield endpoint


def _run_sql(port: int, statement: str) -> None:
    assert ISQL is not None
    command = [ISQL, f"127.0.0.1:{port}", "dba", "dba", f"exec={statement}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr + done.stdout


_VIRTUOSO_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
LiteMode = 0
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = {folder}
CheckpointAuditTrail = 0
DefaultIsolation = 2

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
ServerThreads = 8

[SPARQL]
ResultSetMaxRows = {rows}
"""
