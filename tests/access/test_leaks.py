"""Nothing of any internal record leaves by any way out, to nobody and to no partner.

A house with marked records in every internal graph answers outside like one without them. That
the same ways show the marks inside proves that the test looks in the right places.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import parts
from graph.vocabulary import BASE
from tests.desk.houses import Book, build
from tests.publishing.test_policy import PAGES, QUERIES, TRIPLES, shown, unpacked

from .planting import MARK, PLANTERS, plant, record_graphs

VALUES = {
    "today": "2026-11-25",
    "before": "2030-01-01",
    "competence": "Drehen",
    "organisation": f"{BASE}id/org-dreherei",
    "enquiry": f"{BASE}id/enquiry-2026-0001",
    "consortium": f"{BASE}id/enquiry-2026-0001",
    "programme": "zim",
    "town": "Nordstadt",
    "last": f"{BASE}scheme/value-chain/montage",
    "type": f"{BASE}scheme/certificate-type/iso-9001",
}
WAYS_WITH_MARKS = {
    *("SELECT", "GSP desk", "GSP needs", "/api/v1/enquiries", "/api/v1/desk/enquiries"),
    *("/api/v1/needs", "/api/v1/needs/initiatives"),
    *(
        "/api/v1/queries/vocabulary-gaps-by-frequency",
        "/api/v1/queries/enquiries-with-requirements",
    ),
    *("/feed?after=0", "dump"),
}


def published(folder: Path, *, is_planted: bool) -> Path:
    """A house that grew: what is fed and patched is there too."""
    home = build(folder / "home")
    book = Book(list(EmbeddedStore(home, Visibility.INTERNAL).engine))
    if is_planted:
        plant(book)
    publish(home, parts(book.named(), "ref-2"), "ref-2")
    return home


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("planted"), is_planted=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("plain"), is_planted=False)


@pytest.fixture(scope="module")
def hidden(planted: Path) -> tuple[str, ...]:
    """IRIs of everything that is described inside only, below the base."""
    inside = EmbeddedStore(planted, Visibility.INTERNAL)
    outside = EmbeddedStore(planted, Visibility.PARTNERS)
    query = "SELECT DISTINCT ?s { ?s a ?class FILTER(isIRI(?s)) } ORDER BY ?s"
    known = {str(row["s"]) for row in outside.select(query)}
    found = (str(row["s"]) for row in inside.select(query))
    return tuple(iri.removeprefix(BASE) for iri in found if iri not in known)


class Door:
    """A client of a house, with the key of a role or without one."""

    def __init__(self, home: Path, role: Role | None) -> None:
        token = KeyStore(home).make(role, "test")[1] if role else ""
        self._key = {"Authorization": f"Bearer {token}"} if token else {}
        settings = Settings(home=home, ad_hoc_workers=1, page_workers=1, rate_burst=100_000)
        app = create_app(settings, EmbeddedStore(home))
        self._client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)

    def __enter__(self) -> "Door":
        self._client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._client.__exit__(*error)

    def get(self, path: str, **params: str) -> httpx2.Response:
        return self._client.get(path, params=params or None, headers=self._key | TRIPLES)

    def paths(self, hidden: tuple[str, ...]) -> Iterator[str]:
        """Every address below which something is read, with what is hidden for its name."""
        described = self._client.get("/openapi.json").json()["paths"]
        for path, operations in described.items():
            if "get" not in operations or path.startswith(("/dumps/", "/api/v1/jobs")):
                continue
            if "{" not in path:
                asked = [p["name"] for p in operations["get"].get("parameters", ())]
                query = "&".join(f"{n}={VALUES[n]}" for n in asked if n in VALUES)
                yield f"{path}?{query}" if query and "/queries/" in path else path
            elif path.count("{") == 1:
                kinds = {iri.partition("-")[0]: iri for iri in hidden}
                names = {iri.rpartition("/")[2].partition("-")[2] for iri in kinds.values()}
                head, _, tail = path.partition("{")
                for name in sorted({*kinds.values(), *names} - {""}):
                    yield head + name + tail.partition("}")[2]

    def asked(self, hidden: tuple[str, ...]) -> Iterator[tuple[str, httpx2.Response]]:
        """Every way out."""
        for query in QUERIES:
            yield f"SELECT {query}", self.get("/sparql", query=query)
        for name in [one.name for one in record_graphs()]:
            yield f"GSP {name}", self.get("/graphs", graph=f"{BASE}graph/{name}")
        for iri in hidden:
            about = f"DESCRIBE <{BASE}{iri}>"
            yield about, self.get("/sparql", query=about)
        for word in (MARK, "2026-0001"):
            yield f"search {word}", self.get("/de/organisations", word=word)
            yield f"suggest {word}", self.get("/api/v1/consortia", enquiry=word)
            yield f"find {word}", self.get("/api/v1/enquiries", q=word)
            yield f"page {word}", self.get("/de/consortia", enquiry=word)
        for path in [*PAGES, *self.paths(hidden), "/feed?after=0", "/patches/ref-1/ref-2"]:
            yield path, self.get(path)
        for file in self.get("/dumps").json()["files"]:
            yield f"dump {file['href']}", self.get(file["href"])


def text_of(name: str, answer: httpx2.Response) -> str:
    """What an answer says, less what was asked for."""
    said = unpacked(name, answer.content).decode("utf-8", "replace") + str(answer.headers)
    return said.lower()


Answers = dict[str, httpx2.Response]


@pytest.fixture(scope="module", params=[None, Role.PARTNER], ids=["nobody", "partner"])
def role(request: pytest.FixtureRequest) -> Role | None:
    """Who asks from outside."""
    chosen: Role | None = request.param
    return chosen


@pytest.fixture(scope="module")
def answers(role: Role | None, planted: Path, hidden: tuple[str, ...]) -> Answers:
    """What a stranger gets from the house with the marks."""
    with Door(planted, role) as door:
        return dict(door.asked(hidden))


def test_no_answer_holds_a_mark(answers: Answers, hidden: tuple[str, ...]) -> None:
    secrets = [iri.lower() for iri in hidden if iri.startswith("id/")]  # names of graphs are told
    for name, answer in answers.items():
        said = text_of(name, answer)
        asked = str(answer.request.url).lower()
        assert MARK not in said or MARK in asked, name
        assert f"gesucht: {MARK}" not in said, name
        assert "424242" not in said, name
        told = [s for s in secrets if s in said and s not in f"{name} {asked}".lower()]
        assert told == [], name


def test_outside_is_as_if_there_were_no_inside(
    role: Role | None, answers: Answers, plain: Path, hidden: tuple[str, ...]
) -> None:
    with Door(plain, role) as without:
        expected = dict(without.asked(hidden))

    assert answers.keys() == expected.keys()
    for name, answer in answers.items():
        if "dump" not in name and "catalog" not in name:  # hold names and sums of files
            assert shown(name, answer) == shown(name, expected[name]), name


def test_inside_shows_the_marks(planted: Path, hidden: tuple[str, ...]) -> None:
    """Otherwise the tests above could not fail."""
    with Door(planted, Role.COORDINATOR) as door:
        marked = {name for name, a in door.asked(hidden) if MARK in text_of(name, a)}

    for way in WAYS_WITH_MARKS:
        assert any(name.startswith(way) for name in marked), way
    assert {f"GSP {one.name}" for one in record_graphs()} <= marked
    assert {f"DESCRIBE <{BASE}{iri}>" for iri in hidden if "enquiry-2026" in iri} <= marked


def test_records_of_the_desk_are_planted() -> None:
    names = {one.name for one in record_graphs()}

    assert {"desk", "needs"} <= names
    assert {one.name for one in PLANTERS} <= names
