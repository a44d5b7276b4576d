"""A follower of the feed, and a reader of patches, end with the graph that the dumps hold."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from graph.errors import StoreBusyError, StoreCorruptError
from graph.publishing import feed
from graph.publishing.changes import digests, read_changes, was_there
from graph.publishing.patches import remove_old_patches
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import BASE

from .conftest import application

LDES, TREE = "https://w3id.org/ldes#", "https://w3id.org/tree#"
DELETE = ox.NamedNode("https://www.w3.org/ns/activitystreams#Delete")
NOTE = ox.NamedNode(f"{BASE}def#note")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPHS = [ox.NamedNode(f"{BASE}graph/{name}") for name in ("one", "two")]


def thing(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/thing-{number}")


def statement(number: int, text: str, graph: int = 0) -> ox.Quad:
    return ox.Quad(thing(number), NOTE, ox.Literal(text), GRAPHS[graph])


def first() -> list[ox.Quad]:
    return [*(statement(n, f"first {n}") for n in range(12)), statement(3, "also", 1)]


def second() -> list[ox.Quad]:
    """One thing more, one changed, one that lost a statement, one gone."""
    changed = {5: "second 5", 12: "first 12"}
    return [statement(n, changed.get(n, f"first {n}")) for n in range(13) if n != 7]


@dataclass
class Follower:
    """What a client of the stream keeps: one state for each thing, and where to go on."""

    client: TestClient
    things: dict[str, frozenset[ox.Triple]] = field(default_factory=dict)
    pages: int = 0
    members: list[str] = field(default_factory=list)
    at: str = "/feed?after=0"

    def follow(self) -> None:
        address: str | None = self.at
        while address:
            self.at, self.pages = address, self.pages + 1
            address = self.read(address)

    def read(self, address: str) -> str | None:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        page = ox.Store()
        page.load(answer.content, ox.RdfFormat.TRIG)
        stream = ox.NamedNode("http://testserver/feed")
        found = page.quads_for_pattern(stream, ox.NamedNode(f"{TREE}member"), None)
        for member in sorted(
            (q.object for q in found if isinstance(q.object, ox.NamedNode)),
            key=lambda node: int(node.value.rpartition("#")[2]),
        ):
            self.apply(page, member)
        following = page.quads_for_pattern(None, ox.NamedNode(f"{TREE}node"), None)
        links = [q.object.value for q in following if isinstance(q.object, ox.NamedNode)]
        return links[0] if links else None

    def apply(self, page: ox.Store, member: ox.NamedNode) -> None:
        path = ox.NamedNode("http://purl.org/dc/terms/isVersionOf")
        [of] = [q.object for q in page.quads_for_pattern(member, path, None, ox.DefaultGraph())]
        assert isinstance(of, ox.NamedNode)
        self.members.append(of.value)
        if ox.Quad(member, TYPE, DELETE) in page:
            self.things.pop(of.value, None)
        else:
            quads = page.quads_for_pattern(None, None, None, member)
            self.things[of.value] = frozenset(quad.triple for quad in quads)

    @property
    def graph(self) -> set[ox.Triple]:
        return {triple for one in self.things.values() for triple in one}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path / "home", {Visibility.PUBLIC: first()}, "one")
    return tmp_path / "home"


@pytest.fixture
def client(home: Path) -> TestClient:
    """A client without the lifespan of the application: no query workers are needed here."""
    return TestClient(application(EmbeddedStore(home)), raise_server_exceptions=False)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE_SIZE", 5)


def dumped(client: TestClient) -> set[ox.Triple]:
    [href] = [
        file["href"]
        for file in client.get("/dumps").json()["files"]
        if file["href"].endswith("all.ttl.gz")
    ]
    content = gzip.decompress(client.get(href).content)
    return {quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE)}


def test_follower_from_empty_ends_with_the_dump(client: TestClient) -> None:
    follower = Follower(client)

    follower.follow()

    assert follower.graph == dumped(client)
    assert len(follower.members) == len(set(follower.members)) == 12
    assert follower.pages == 3  # though everything changed at the same time


def test_follower_goes_on_with_the_next_version(client: TestClient, home: Path) -> None:
    follower, late = Follower(client), Follower(client)
    follower.follow()
    before = len(follower.members)

    publish(home, {Visibility.PUBLIC: second()}, "two")
    follower.follow()
    late.follow()

    assert follower.graph == late.graph == dumped(client)
    names = {iri.rpartition("-")[2] for iri in follower.members[before:]}
    assert {"3", "5", "7", "12"} <= names
    assert thing(7).value not in late.things
    assert len(late.members) == 13


def test_nothing_that_was_erased_remains(client: TestClient, home: Path) -> None:
    Follower(client).follow()
    publish(home, {Visibility.PUBLIC: second()}, "two")

    pages = [client.get(f"/feed?after={n}").text for n in range(20)]

    assert all("first 7" not in page and "first 5" not in page for page in pages)
    assert any("thing-7" in page for page in pages)  # the tombstone
    log = (home / "changes" / "public.sqlite3").read_bytes()
    assert b"first" not in log


def test_version_that_comes_back_is_told_as_a_change(client: TestClient, home: Path) -> None:
    follower = Follower(client)
    for version, quads in (("one", first()), ("two", second()), ("one", first())):
        publish(home, {Visibility.PUBLIC: quads}, version)
        follower.follow()

    assert follower.graph == {quad.triple for quad in first()}


def test_full_page_is_immutable_and_the_last_is_not(client: TestClient) -> None:
    middle, last = client.get("/feed"), client.get("/feed?after=10")
    known = client.get(middle.url, headers={"If-None-Match": middle.headers["etag"]})

    assert [answer.status_code for answer in middle.history] == [303]
    assert middle.headers["cache-control"] == "public, max-age=86400, immutable"
    assert middle.headers["link"] == '</feed?after=5>; rel="next"'
    assert last.headers["cache-control"] == "no-cache"
    assert "link" not in last.headers
    assert known.status_code == 304
    assert f"{LDES}LatestVersionSubset" in middle.text or "ldes:LatestVersionSubset" in middle.text


def full_pages(client: TestClient) -> dict[str, str]:
    """Return every immutable page by its address."""
    found: dict[str, str] = {}
    address: str | None = "/feed"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        if "immutable" in answer.headers["cache-control"]:
            found[answer.url.path] = answer.text
        address = answer.links["next"]["url"] if "next" in answer.links else None
    return found


def test_what_stands_under_an_immutable_address_never_changes(
    client: TestClient, home: Path
) -> None:
    seen: dict[str, str] = {}
    states = [first(), second(), first(), [*second(), *(statement(n, "x") for n in range(20, 60))]]
    for number, quads in enumerate(states):
        publish(home, {Visibility.PUBLIC: quads}, f"v{number}")
        now = full_pages(client)

        assert now
        for address in seen.keys() & now.keys():
            assert now[address] == seen[address]
        seen |= now

    assert len(seen) > len(now)  # some pages have had to go
    assert seen.keys() & full_pages(client).keys()  # and some have stayed as they were


def test_page_that_nothing_happened_to_keeps_its_address(client: TestClient, home: Path) -> None:
    before = full_pages(client)

    publish(home, {Visibility.PUBLIC: [*first(), statement(99, "new")]}, "two")

    assert before.items() <= full_pages(client).items()


def test_page_with_something_erased_is_gone_and_leads_on(client: TestClient, home: Path) -> None:
    before = full_pages(client)
    publish(home, {Visibility.PUBLIC: second()}, "two")
    erased = [path for path, text in before.items() if "first 7" in text or "first 5" in text]

    answers = [client.get(path, follow_redirects=False) for path in erased]
    at_last = [client.get(path) for path in erased]

    assert erased
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-cache"}
    assert all(answer.status_code == 200 for answer in at_last)
    assert not any("first 7" in answer.text or "first 5" in answer.text for answer in at_last)


def test_page_of_which_nothing_is_left_is_passed_over(client: TestClient, home: Path) -> None:
    renewed = [statement(n, f"renewed {n}") for n in range(12)]
    publish(home, {Visibility.PUBLIC: first()}, "one")
    client.get("/feed")
    publish(home, {Visibility.PUBLIC: renewed}, "two")
    follower = Follower(client)

    follower.follow()

    assert follower.graph == dumped(client)
    assert "renewed" in client.get("/feed").text


def test_another_log_has_other_addresses(client: TestClient, home: Path) -> None:
    before = full_pages(client)

    (home / "changes" / "public.sqlite3").unlink()
    publish(home, {Visibility.PUBLIC: second()}, "two")

    assert not before.keys() & full_pages(client).keys()
    assert {client.get(path).status_code for path in before} == {200}


def test_log_without_a_name_gets_one(client: TestClient, home: Path) -> None:
    client.get("/feed")
    with closing(sqlite3.connect(home / "changes" / "public.sqlite3")) as log, log:
        log.execute("DROP TABLE log")  # as a house of an earlier version left it
    follower = Follower(client)

    follower.follow()

    assert follower.graph == dumped(client)


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30])
def test_sequence_is_a_number(client: TestClient, after: str) -> None:
    assert client.get("/feed", params={"after": after}).status_code == 422


def test_nothing_follows_the_end(client: TestClient) -> None:
    answer = client.get("/feed?after=999")

    assert answer.status_code == 200
    assert "tree:member" not in answer.text.replace("@prefix", "")


def test_order_of_statements_does_not_change_a_digest() -> None:
    quads = [ox.Quad(thing(1), NOTE, ox.Literal(text)) for text in "abc"]
    one, other = ox.Store(), ox.Store()
    one.extend(quads)
    other.extend(reversed(quads))

    assert digests(one) == digests(other)
    other.add(ox.Quad(thing(1), NOTE, ox.Literal("d")))
    assert digests(one) != digests(other)


def test_nameless_node_counts_with_its_thing() -> None:
    node, inner, ring = ox.BlankNode("a"), ox.BlankNode("b"), ox.BlankNode("c")
    quads = [ox.Quad(thing(1), NOTE, node), ox.Quad(node, NOTE, inner), ox.Quad(ring, NOTE, ring)]
    one = ox.Store()
    one.extend(quads)
    before = digests(one)

    one.add(ox.Quad(inner, NOTE, ox.Literal("deep")))

    assert set(before) == {thing(1).value}
    assert digests(one) != before


def test_writer_of_the_log_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.publishing.changes._WAIT_S", 0.01)
    store = EmbeddedStore(home)
    (home / "changes").mkdir()
    other = sqlite3.connect(home / "changes" / "public.sqlite3")
    other.execute("BEGIN EXCLUSIVE")

    try:
        with pytest.raises(StoreBusyError):
            read_changes(store, 0, 5)
    finally:
        other.close()


def test_old_generation_does_not_turn_the_log_back(home: Path) -> None:
    old = EmbeddedStore(home)
    publish(home, {Visibility.PUBLIC: second()}, "two")
    read_changes(EmbeddedStore(home), 0, 5)

    with pytest.raises(StoreBusyError, match="newer version"):
        read_changes(old, 0, 5)


def test_foreign_file_is_no_log(home: Path) -> None:
    (home / "changes").mkdir()
    (home / "changes" / "public.sqlite3").write_bytes(b"not a database" * 100)

    with pytest.raises(StoreCorruptError):
        read_changes(EmbeddedStore(home), 0, 5)


# --- patches ------------------------------------------------------------------------------------


def patched(engine: ox.Store, patch: str) -> None:
    for line in patch.splitlines():
        mark, _, text = line.partition(" ")
        if mark in ("A", "D"):
            [quad] = ox.parse(text, ox.RdfFormat.N_QUADS)
            if mark == "A":
                engine.add(quad)
            else:
                assert quad in engine
                engine.remove(quad)


@pytest.mark.parametrize(("before", "after"), [("one", "two"), ("two", "one"), ("one", "one")])
def test_patch_leads_from_one_version_to_the_other(
    client: TestClient, home: Path, before: str, after: str
) -> None:
    publish(home, {Visibility.PUBLIC: second()}, "two")
    contents = {"one": first(), "two": second()}
    engine = ox.Store()
    engine.extend(contents[before])

    answer = client.get(f"/patches/{before}/{after}")

    assert answer.headers["content-type"] == "application/rdf-patch"
    lines = answer.text.splitlines()
    assert (lines[2], lines[-1]) == ("TX .", "TC .")
    patched(engine, answer.text)
    assert set(engine) == set(contents[after])
    assert (len(lines) == 4) == (before == after)
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"/patches/{before}/{after}", headers=known).status_code == 304
    other = client.get(f"/patches/{after}/{before}", headers=known).status_code
    assert other == (304 if before == after else 200)


@pytest.mark.parametrize(
    "path", ["one/none", "none/one", "..%2Fone/one", ".draft/one", "one/current"]
)
def test_version_that_is_not_there_has_no_patch(client: TestClient, path: str) -> None:
    assert client.get(f"/patches/{path}").status_code == 404
    known = {"If-None-Match": "*"}
    assert client.get(f"/patches/{path}", headers=known).status_code == 404


def kept(home: Path) -> set[str]:
    return {path.stem for path in (home / "patches" / "public").iterdir()}


def test_patch_is_made_once_and_goes_with_its_versions(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home, {Visibility.PUBLIC: second()}, "two")
    made = client.get("/patches/one/two").text
    with monkeypatch.context() as patch:
        patch.setattr("graph.publishing.patches.write_patch", None)  # nobody may call it
        assert client.get("/patches/one/two").text == made
    assert kept(home) == {"one~two"}
    publish(home, {Visibility.PUBLIC: first()}, "three")
    client.get("/patches/two/three")
    assert kept(home) == {"one~two", "two~three"}

    shutil.rmtree(home / "generations" / "one")
    remove_old_patches(home)

    assert kept(home) == {"two~three"}
    assert client.get("/patches/one/two").status_code == 404


def test_only_the_latest_patches_are_kept(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home, {Visibility.PUBLIC: second()}, "two")
    monkeypatch.setattr("graph.publishing.patches._KEPT", 2)
    for number, pair in enumerate(("one/two", "two/one", "one/one")):
        client.get(f"/patches/{pair}")
        for path in (home / "patches" / "public").iterdir():
            if path.stem == pair.replace("/", "~"):
                os.utime(path, (number, number))

    assert kept(home) == {"two~one", "one~one"}


def test_disk_that_cannot_be_written_is_said(client: TestClient, home: Path) -> None:
    (home / "patches").write_text("a file in its place")

    answer = client.get("/patches/one/one")

    assert answer.status_code == 503
    assert "cannot write patches" in answer.json()["detail"]


def test_what_an_earlier_version_had_is_gone_and_not_unknown(
    client: TestClient, home: Path
) -> None:
    assert client.get("/id/thing-7", follow_redirects=False).status_code == 303
    Follower(client).follow()
    publish(home, {Visibility.PUBLIC: second()}, "two")

    for path in ("/id/thing-7", "/data/id/thing-7.ttl", "/data/id/thing-7.html"):
        gone = client.get(path, follow_redirects=False)
        assert gone.status_code == 410
        assert gone.json()["type"] == f"{BASE}problem/gone-term"
    assert client.get("/id/thing-99", follow_redirects=False).status_code == 404


def test_what_a_reader_could_never_see_is_unknown_to_it(tmp_path: Path) -> None:
    home = tmp_path / "house"
    parts = {Visibility.PUBLIC: second(), Visibility.INTERNAL: first()}
    publish(home, parts, "one")
    inside, outside = (EmbeddedStore(home, v) for v in (Visibility.INTERNAL, Visibility.PUBLIC))
    for store in (inside, outside):
        read_changes(store, 0, 100)

    assert was_there(inside, thing(7).value)
    assert not was_there(outside, thing(7).value)


def test_nothing_was_there_without_a_log(home: Path) -> None:
    assert not was_there(EmbeddedStore(home), thing(7).value)
    assert not (home / "changes").exists()
