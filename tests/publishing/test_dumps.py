import asyncio
import csv
import gzip
import hashlib
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import zstandard
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.dumping import write_downloads
from graph.errors import StoreBusyError, StoreCorruptError, StoreUnavailableError
from graph.publishing.dumps import (
    DumpSet,
    _writing,
    dump_folder,
    prepare_dumps,
    read_dumps,
    write_dumps,
)
from graph.publishing.serialising import RdfForm, write_graphs
from graph.publishing.tables import network_files, safe_cell, table_files
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import BASE

FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
TRIPLES_ONLY = {"ttl", "rdf"}
each_form = pytest.mark.parametrize("form", RdfForm)


@pytest.fixture(scope="module")
def made(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> DumpSet:
    return write_dumps(store, tmp_path_factory.mktemp("dumps") / "new")


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(content)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return content


def in_store(store: EmbeddedStore, graph: str | None, form: str) -> set[str]:
    """What the dump of a graph, or of all, has to hold; nameless nodes are all called alike."""
    if form in TRIPLES_ONLY or (graph is not None and form == "none"):
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        found = store.engine.quads_for_pattern(None, None, None, name)
        return {alike(str(quad.triple)) for quad in found}
    graphs = [graph] if graph else store.graphs()
    return {
        alike(str(quad))
        for one in graphs
        for quad in store.engine.quads_for_pattern(None, None, None, ox.NamedNode(one))
    }


def alike(text: str) -> str:
    return " ".join("_:b" if part.startswith("_:") else part for part in text.split(" "))


def in_file(content: bytes, form: str) -> list[str]:
    quads = ox.parse(content, FORMATS[form])
    return [alike(str(quad.triple if form in TRIPLES_ONLY else quad)) for quad in quads]


def test_every_rdf_file_holds_exactly_its_graph(made: DumpSet, store: EmbeddedStore) -> None:
    checked = 0
    for file in made.files:
        if file.compression:
            statements = in_file(unpacked(made.folder / file.name), file.form)
            assert len(statements) == len(set(statements)), file.name
            assert set(statements) == in_store(store, file.graph, file.form), file.name
            checked += 1

    assert checked == 2 * len(RdfForm) * (len(store.graphs()) + 1)


def test_sums_lengths_and_index_are_those_of_the_files(made: DumpSet) -> None:
    sums = (made.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()

    assert {line.partition("  ")[2] for line in sums} == {file.name for file in made.files}
    for file in made.files:
        content = (made.folder / file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert f"{file.sha256}  {file.name}" in sums
        assert len(content) == file.bytes
    on_disk = {path.name for path in made.folder.iterdir()}
    assert on_disk == {f.name for f in made.files} | {"SHA256SUMS", "LICENCE.txt", "index.json"}


def test_licence_of_each_graph_goes_with_it(made: DumpSet) -> None:
    zero = "https://creativecommons.org/publicdomain/zero/1.0/"
    facts = {f.licences for f in made.files if f.graph == f"{BASE}graph/reference-facts"}
    whole = {f.licences for f in made.files if f.graph is None}

    assert facts == {(zero,)}
    assert whole == {("https://creativecommons.org/licenses/by/4.0/", zero)}
    text = (made.folder / "LICENCE.txt").read_text(encoding="utf-8")
    assert zero in text
    assert "none stated" in text  # the derived graph is not described here


def test_same_graph_has_the_same_files(store: EmbeddedStore, made: DumpSet, tmp_path: Path) -> None:
    again = write_dumps(store, tmp_path / "again")

    changing = {"rdf"}  # the engine writes the name spaces in another order each time
    sums = [
        {f.name: f.sha256 for f in one.files if f.form not in changing} for one in (made, again)
    ]
    assert sums[0] == sums[1]


def test_folder_that_is_there_is_left_alone(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="File exists"):
        write_dumps(store, tmp_path)


def test_dumps_are_written_once_and_go_with_their_version(tmp_path: Path) -> None:
    home = tmp_path / "home"
    quad = ox.Quad(*(ox.NamedNode(f"{BASE}id/{n}") for n in "spog"))
    folders = []
    for version in ("one", "two", "three"):
        publish(home, {Visibility.PUBLIC: [quad]}, version, keep=1)
        store = EmbeddedStore(home)
        first = prepare_dumps(store)
        stamp = (first.folder / "index.json").stat().st_mtime_ns
        assert prepare_dumps(store) == first
        assert (first.folder / "index.json").stat().st_mtime_ns == stamp
        folders.append(dump_folder(store))
        del store

    assert not folders[0].exists()
    assert folders[2].exists()
    assert not list((home / "dumps").glob("*/.draft-*"))


def test_dumps_of_earlier_software_are_written_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    publish(home, {Visibility.PUBLIC: []}, "one")
    store = EmbeddedStore(home)
    made = prepare_dumps(store)
    index = made.folder / "index.json"
    index.write_text('{"format": 1, "version": "one", "files": []}')

    assert prepare_dumps(store) == made


def test_downloads_are_written_ahead(tmp_path: Path) -> None:
    home = tmp_path / "home"
    publish(home, {Visibility.PUBLIC: []}, "one")
    asyncio.run(write_downloads(home))

    assert read_dumps(dump_folder(EmbeddedStore(home))).files


def test_downloads_that_cannot_be_written_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(write_downloads(tmp_path / "nothing"))

    assert "could not be written ahead: exit status 1" in caplog.text


def test_process_that_writes_ahead_ends_with_the_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    publish(home, {Visibility.PUBLIC: []}, "one")

    async def stopped() -> None:
        task = asyncio.create_task(write_downloads(home))
        await asyncio.sleep(0.1)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert not dump_folder(EmbeddedStore(home)).exists()


def test_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    home = tmp_path / "home"
    publish(home, {Visibility.PUBLIC: []}, "one")

    with _writing(home / "dumps"), pytest.raises(StoreBusyError) as raised:
        prepare_dumps(EmbeddedStore(home))
    assert raised.value.retry_after_s == 10


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99, "version": "x", "files": []}'])
def test_foreign_index_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "index.json").write_text(content, encoding="utf-8")

    with pytest.raises(StoreCorruptError):
        read_dumps(tmp_path)


def test_missing_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        read_dumps(tmp_path)


class Blocks:
    """An output that remembers only how much and how large."""

    def __init__(self) -> None:
        self.total = 0
        self.largest = 0

    def write(self, data: bytes) -> None:
        self.total += len(data)
        self.largest = max(self.largest, len(data))


@each_form
def test_memory_does_not_grow_with_the_graph(form: RdfForm) -> None:
    engine = ox.Store()
    graph, value = ox.NamedNode(f"{BASE}graph/big"), ox.NamedNode(f"{BASE}def#note")
    things = (ox.NamedNode(f"{BASE}id/thing-{n}") for n in range(20_000))
    engine.bulk_extend(ox.Quad(thing, value, ox.Literal("x" * 100), graph) for thing in things)
    blocks = Blocks()

    tracemalloc.start()
    write_graphs(engine, [graph.value], form, blocks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert blocks.total > 2_000_000
    assert blocks.largest < 300_000
    assert peak < 1_000_000


nasty = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n\t .@{}<>"))


@settings(deadline=None, max_examples=50)
@given(texts=st.lists(nasty, max_size=5))
def test_no_value_confuses_the_names_of_graphs(texts: list[str]) -> None:
    engine = ox.Store()
    names = [ox.NamedNode(f"http://example.org/{n}") for n in "abp"]
    for position, text in enumerate([*texts, "a .\n@prefix b: <c> .\n}"]):
        thing = ox.NamedNode(f"http://example.org/{position}")
        engine.add(ox.Quad(thing, names[2], ox.Literal(text), names[position % 2]))
    expected = set(engine)

    for form in (RdfForm.N_QUADS, RdfForm.TRIG, RdfForm.JSON_LD):
        written = io.BytesIO()
        write_graphs(engine, [name.value for name in names[:2]], form, written)
        assert set(ox.parse(written.getvalue(), FORMATS[form])) == expected


@each_form
def test_empty_graph_is_a_valid_document(form: RdfForm) -> None:
    written = io.BytesIO()

    write_graphs(ox.Store(), [f"{BASE}graph/empty"], form, written)

    assert list(ox.parse(written.getvalue(), FORMATS[form])) == []


def test_output_that_fails_is_not_taken_for_a_dump(store: EmbeddedStore) -> None:
    class Full:
        def write(self, data: bytes) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_graphs(store.engine, store.graphs(), RdfForm.N_QUADS, Full())


# --- tables and network -------------------------------------------------------------------------


def test_tables_have_a_row_for_each_thing(store: EmbeddedStore) -> None:
    tables = {
        name: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        for name, content in table_files(store.engine)
    }

    assert {name: len(rows) for name, rows in tables.items()} == {
        "claims": 1,
        "memberships": 2,
        "organisations": 2,
        "projects": 1,
    }
    [alpha] = [r for r in tables["organisations"] if r["organisation"].endswith("org-alpha")]
    assert (alpha["town"], alpha["postcode"], alpha["claims"]) == ("Musterstadt", "00000", "1")
    assert tables["claims"][0]["competenceLabel"] == "Fräsen"
    assert tables["projects"][0]["partnersKnown"] == "2"
    assert tables["memberships"][0]["contextName"] == "Laserfügen"


def test_table_begins_with_its_mark_and_defuses_formulas(store: EmbeddedStore) -> None:
    content = dict(table_files(store.engine))["organisations"]

    assert content.startswith(b"\xef\xbb\xbforganisation,name,")
    assert b",'=Beta(1)," in content


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        *(("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+49 3641", "'+49 3641")),
        *(("-5.25", "-5.25"), ("+3", "+3"), ("-5-5", "'-5-5"), ("-1e5", "-1e5")),
        *(("\t=1", "'\t=1"), ("Fräsen", "Fräsen"), ("", ""), ("a=1", "a=1"), ("\r=1", "'\r=1")),
    ],
)
def test_cell_is_safe(cell: str, safe: str) -> None:
    assert safe_cell(cell) == safe


def test_network_can_be_read_back(store: EmbeddedStore) -> None:
    files = dict(network_files(store, date(2026, 1, 3)))
    alpha, beta = f"{BASE}id/org-alpha", f"{BASE}id/org-beta"

    for network in (
        nx.parse_graphml(files["graphml"].decode("utf-8")),
        nx.read_gexf(io.BytesIO(files["gexf"])),
    ):
        assert set(network.nodes) == {alpha, beta}
        assert network.edges[alpha, beta]["ties"] == 1
        assert network.edges[alpha, beta]["latest"] == 2023
    assert b'lastmodifieddate="2026-01-03"' in files["gexf"]


# --- over HTTP ----------------------------------------------------------------------------------


def test_index_leads_to_every_file(client: TestClient) -> None:
    index = client.get("/dumps").json()

    assert index["files"]
    for file in index["files"]:
        answer = client.get(file["href"])
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert "immutable" in answer.headers["cache-control"]
        assert "content-encoding" not in answer.headers
    sums = client.get(index["checksums"]).text
    assert all(file["sha256"] in sums for file in index["files"])


def test_part_of_a_file_can_be_asked_for(client: TestClient) -> None:
    href = client.get("/dumps").json()["files"][0]["href"]
    whole = client.get(href)
    part = client.get(href, headers={"Range": "bytes=5-9"})
    known = client.get(href, headers={"If-None-Match": whole.headers["etag"]})

    assert (part.status_code, part.content) == (206, whole.content[5:10])
    assert known.status_code == 304


def test_browser_gets_the_page_of_downloads(client: TestClient) -> None:
    answer = client.get("/dumps", headers={"Accept": "text/html"})
    page = client.get(answer.headers["location"])

    assert answer.status_code == 303
    for file in client.get("/dumps").json()["files"]:
        assert f'href="{file["href"]}"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        *("/dumps/other/index.json", "/dumps/landscape-1/nothing.nq.gz"),
        *("/dumps/landscape-1/..%2F..%2F..%2Fcurrent", "/dumps/..%2Fdumps/x"),
        *("/dumps/.draft/x", "/dumps/landscape-1/%2E%2E"),
    ],
)
def test_no_other_file_is_given(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_index_on_disk_is_json_for_others(made: DumpSet) -> None:
    index = json.loads((made.folder / "index.json").read_text(encoding="utf-8"))

    assert index["version"] == "landscape-1"
    assert len(index["files"]) == len(made.files)
