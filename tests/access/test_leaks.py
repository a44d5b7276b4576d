"""Nothing of any internal record leaves by any way out, to nobody and to no partner.

A house with marked records in every internal graph answers outside like one without them. That
the same ways show the marks inside proves that the test looks in the right places.
"""

import json
import re
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from api import routes
from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.i18n import LANGUAGES
from api.settings import Settings
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import parts
from graph.vocabulary import BASE
from tests.desk.houses import Book, build
from tests.publishing.test_policy import PAGES, QUERIES, TRIPLES, shown, unpacked

from .planting import MARK, PLANTERS, SOURCE, plant, plant_harvest, record_graphs

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
DEMANDED = [{"competence": "Drehen"}, {"competence": "Beschichten"}]
WAYS_WITH_MARKS = {
    *("SELECT", "GSP desk", "GSP needs", "/api/v1/enquiries", "/api/v1/desk/enquiries"),
    *("/api/v1/needs", "/api/v1/needs/initiatives"),
    *("GSP projects", "/api/v1/projects", "/api/v1/projects/overdue"),
    *("/api/v1/projects/calendar.ics", "/api/v1/projects/milestones.csv"),
    *("/api/v1/projects/project-", "/api/v1/profiles/submissions/submission-"),
    *("GSP submission-", "/api/v1/harvest", f"/api/v1/harvest/{SOURCE}/staging"),
    *("/en/desk", "/en/desk/needs", "/en/desk/projects", "/en/desk/projects/project-"),
    *("/en/desk/submissions/submission-", "/en/desk/harvest", f"/en/desk/harvest/{SOURCE}"),
    "/en/desk/enquiries/2026-0001",
    *("tool run_query", "tool suggest_consortium", "job consortia"),
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
    if is_planted:
        plant_harvest(home)
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


def names_of(hidden: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Names of hidden things, one of each kind: as addresses have them, and those of pages."""
    kinds = {iri.rpartition("/")[2].partition("-")[0]: iri for iri in hidden}
    short = {kind: iri.rpartition("/")[2].partition("-")[2] for kind, iri in kinds.items()}
    whole = [kinds[kind].rpartition("/")[2] for kind in ("project", "submission")]
    paged = [*whole, *(short[kind] for kind in ("enquiry", "need", "initiative")), SOURCE]
    return sorted({*kinds.values(), *short.values(), *paged} - {""}), paged


def filled(path: str, names: list[str]) -> Iterator[str]:
    """Addresses of a template, with each name for its first part; the rest gets the first name."""
    for name in names if "{" in path else ():
        yield re.sub(r"\{[^}]*\}", names[0], re.sub(r"\{[^}]*\}", name, path, count=1))


def page_paths() -> Iterator[str]:
    """Every page that is read: in every language, those of one thing in one of them."""
    for module in iter_modules(routes.__path__, f"{routes.__name__}."):
        pages = vars(import_module(module.name)).get("_pages")
        if not isinstance(pages, APIRouter):
            continue
        for language, route in product(LANGUAGES, pages.routes):
            path = f"/{language}{getattr(route, 'path', '')}"
            if "GET" in getattr(route, "methods", ()) and ("{" not in path or language == "en"):
                yield path


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

    def form(self, path: str, query: str) -> httpx2.Response:
        return self._client.post(path, data={"query": query}, headers=self._key | TRIPLES)

    def post(self, path: str, said: Any) -> httpx2.Response:
        headers = self._key | {"Accept": "application/json, text/event-stream"}
        return self._client.post(path, json=said, headers=headers)

    def paths(self, hidden: tuple[str, ...]) -> Iterator[str]:
        """Every address below which something is read, with what is hidden for its name."""
        described = self._client.get("/openapi.json").json()["paths"]
        names, paged = names_of(hidden)
        for path, operations in described.items():
            if "get" not in operations or path.startswith(("/dumps/", "/api/v1/jobs")):
                continue
            if "{" not in path:
                asked = [p["name"] for p in operations["get"].get("parameters", ())]
                query = "&".join(f"{n}={VALUES[n]}" for n in asked if n in VALUES)
                yield f"{path}?{query}" if query and "/queries/" in path else path
            yield from filled(path, names)
        for path in page_paths():
            yield from filled(path, paged) if "{" in path else [path]

    def tools(self) -> Iterator[tuple[str, httpx2.Response]]:
        """Every tool for language models, with what is hidden for its arguments."""
        enquiry = {"enquiry": "2026-0001"}
        calls: list[tuple[str, dict[str, Any]]] = [
            ("search_organisations", {"text": MARK}),
            ("search_organisations", {"competences": ["Drehen"]}),
            ("explain_competence", {"competence": "Drehen"}),
            ("list_queries", {}),
        ]
        calls += [(tool, enquiry) for tool in ("suggest_consortium", "check_funding")]
        calls.append(("explain_assignment", enquiry | {"requirement": f"{MARK} drehen"}))
        for query in self._client.get("/api/v1/queries").json()["data"]:
            asked = {
                p["name"]: VALUES[p["name"]] for p in query["parameters"] if p["name"] in VALUES
            }
            calls.append(("run_query", {"name": query["name"], "parameters": asked}))
        for tool, arguments in calls:
            params = {"name": tool, "arguments": arguments}
            said = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
            yield f"tool {tool} {json.dumps(arguments)}", self.post("/mcp", said)

    def jobs(self) -> Iterator[tuple[str, httpx2.Response]]:
        """What long work gives back."""
        for work in ({"kind": "consortia", "enquiries": ["2026-0001"]}, {"kind": "unlocking"}):
            started = self.post("/api/v1/jobs", work)
            if started.status_code != 202:
                yield f"job {work['kind']}", started
                continue
            href = started.json()["data"]["href"]
            until = time.monotonic() + 60
            while self.get(href).json()["data"]["state"] in {"waiting", "running"}:
                assert time.monotonic() < until, work
                time.sleep(0.1)
            yield f"job {work['kind']}", self.get(f"{href}/result")
            yield f"events of {work['kind']}", self.get(f"{href}/events")

    def feed(self) -> Iterator[tuple[str, httpx2.Response]]:
        """Every page of the feed, from the first to the last."""
        following = ["0"]
        while following:
            path = f"/feed?after={following[0]}"
            page = self._client.get(path, headers=self._key | TRIPLES, follow_redirects=True)
            yield path, page
            following = re.findall(r"tree#node> <[^>]*/feed\?after=(\d+)>", page.text)

    def asked(self, hidden: tuple[str, ...]) -> Iterator[tuple[str, httpx2.Response]]:
        """Every way out."""
        for query in QUERIES:
            yield f"SELECT {query}", self.get("/sparql", query=query)
        graphs = [iri.removeprefix("graph/") for iri in hidden if iri.startswith("graph/")]
        for name in sorted({*graphs, *(one.name for one in record_graphs())}):
            yield f"GSP {name}", self.get("/graphs", graph=f"{BASE}graph/{name}")
        for iri in hidden:
            about = f"DESCRIBE <{BASE}{iri}>"
            yield about, self.get("/sparql", query=about)
        for word in (MARK, "2026-0001"):
            yield f"search {word}", self.get("/de/organisations", word=word)
            yield f"suggest {word}", self.get("/api/v1/consortia", enquiry=word)
            yield f"find {word}", self.get("/api/v1/enquiries", q=word)
            yield f"page {word}", self.get("/de/consortia", enquiry=word)
        for path in [*PAGES, *self.paths(hidden), "/patches/ref-1/ref-2"]:
            yield path, self.get(path)
        yield from self.feed()
        for query in QUERIES:
            yield f"POST {query}", self.form("/sparql", query)
            yield f"/en/workbench?query={query}", self.get("/en/workbench", query=query)
        yield "POST consortia", self.post("/api/v1/consortia", {"requirements": DEMANDED})
        yield (
            "POST text",
            self.post("/api/v1/enquiries/understanding", {"text": "Wir brauchen Drehen."}),
        )
        yield from self.tools()
        yield from self.jobs()
        for file in self.get("/dumps").json()["files"]:
            yield f"dump {file['href']}", self.get(file["href"])


def text_of(name: str, answer: httpx2.Response) -> str:
    """What an answer says, less what was asked for."""
    said = unpacked(name, answer.content).decode("utf-8", "replace") + str(answer.headers)
    return said.lower()


def same(name: str, answer: httpx2.Response) -> str:
    """What an answer shows, less random words of pages and of the feed, and times of searches."""
    timeless = re.sub(r"(elapsed_ms\W+)[0-9.]+", r"\1", shown(name, answer))
    of_any_log = re.sub(r"/feed/[0-9a-f]{16}/", "/feed/log/", timeless)
    return re.sub(r"nonce[-=\"]+[\w-]+", "nonce", of_any_log)


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
        assert answer.status_code < 500, name
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
        # these hold names and sums of files, times, or a token of their own for each reader
        if not any(word in name for word in ("dump", "catalog", "sign-in", "events of")):
            assert same(name, answer) == same(name, expected[name]), name


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

    assert {"desk", "needs", "projects"} <= names
    assert {one.name for one in PLANTERS} <= names
