"""Signing in with a browser: the cookie, what it opens, and what other sites cannot do with it."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.keys import KeyStore
from api.access.roles import Role
from api.access.sessions import COOKIE
from api.pages.signing import safe_path
from graph.store import Visibility

from .written import OFFICE, company, put

Opened = Callable[..., AbstractContextManager[TestClient]]
HERE = "https://testserver"
SECRET = "Streng Geheim"  # noqa: S105 - a label that must not be seen
ASK = {"query": f'ASK {{ ?s ?p "{SECRET}"@de }}', "format": "json"}


@pytest.fixture(scope="module")
def home(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landscape with a graph that is internal."""
    folder = tmp_path_factory.mktemp("signing") / "home"
    shutil.copytree(pristine, folder)
    put(folder, company("hidden", SECRET), OFFICE, Visibility.INTERNAL)
    return folder


@pytest.fixture
def client(home: Path, opened: Opened) -> Iterator[TestClient]:
    """A browser over HTTPS, as the cookie needs, that does not follow redirects."""
    with opened(home) as found:
        found.base_url = HERE
        found.follow_redirects = False
        yield found


def a_key(home: Path, role: Role = Role.COORDINATOR) -> str:
    return KeyStore(home).make(role, "a browser in a test")[1]


def hidden(page: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def sign_in(client: TestClient, token: str, **more: str) -> Response:
    page = client.get("/en/sign-in")
    fields = {"form": hidden(page, "form"), "key": token, **more}
    return client.post("/en/sign-in", data=fields)


def sees_the_secret(client: TestClient, **more: Any) -> bool:
    answer = client.post("/sparql", data=ASK, **more)
    assert answer.status_code == 200, answer.text
    found: bool = answer.json()["boolean"]
    return found


def test_session_opens_what_its_key_opens(home: Path, client: TestClient) -> None:
    assert not client.get("/sparql", params=ASK).json()["boolean"]

    answer = sign_in(client, a_key(home), next="/en/organisations?q=a")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/organisations?q=a"
    assert client.get("/sparql", params=ASK).json()["boolean"]


def test_cookie_is_closed_to_scripts_other_sites_and_plain_http(
    home: Path, client: TestClient
) -> None:
    answer = sign_in(client, a_key(home))

    [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{COOKIE}=")]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/", "max-age=43200"} == parts


def test_answers_to_a_session_are_private(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home))

    answer = client.get("/en/organisations")

    assert answer.headers["cache-control"] == "private, no-cache"
    assert "cookie" in answer.headers["vary"].lower()


@pytest.mark.parametrize("token", ["x", f"vb_aaaaaaaa_{'A' * 43}", ""])
def test_wrong_key_is_said_and_begins_nothing(client: TestClient, token: str) -> None:
    answer = sign_in(client, token)

    assert answer.status_code == 422
    assert "unknown, revoked or expired" in answer.text
    assert COOKIE not in client.cookies


def test_form_of_another_browser_signs_nobody_in(home: Path, client: TestClient) -> None:
    stolen = hidden(client.get("/en/sign-in"), "form")
    client.cookies.clear()

    answer = client.post("/en/sign-in", data={"form": stolen, "key": a_key(home)})

    assert answer.status_code == 422
    assert "did not send the cookie" in answer.text
    assert COOKIE not in client.cookies


def test_tries_are_limited(home: Path, opened: Opened) -> None:
    with opened(home, key_tries_per_minute=2) as client:
        client.base_url = HERE
        answers = [sign_in(client, f"vb_aaaaaaaa_{'A' * 43}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_revoked_key_ends_its_sessions_at_once(home: Path, client: TestClient) -> None:
    token = a_key(home)
    sign_in(client, token)
    assert "Sign out" in client.get("/en/").text

    KeyStore(home).revoke(token.split("_")[1])

    assert not client.get("/sparql", params=ASK).json()["boolean"]
    assert "Sign out" not in client.get("/en/").text


def test_session_speaks_only_for_pages_of_this_house(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home))

    assert sees_the_secret(client, headers={"Origin": HERE})
    assert sees_the_secret(client, headers={"Sec-Fetch-Site": "same-origin"})
    for foreign in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ):
        assert not sees_the_secret(client, headers=foreign), foreign


def test_writes_of_other_sites_are_writes_of_nobody(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home))

    answer = client.post(
        "/sparql/update",
        data={"update": "CLEAR GRAPH <https://w3id.org/verbund/graph/office>"},
        headers={"Origin": "https://elsewhere.example"},
    )

    assert answer.status_code == 401


def test_sign_out_needs_the_token_of_the_session(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home))
    token = hidden(client.get("/en/"), "form_token")
    own = {"Origin": HERE}

    refused = client.post("/en/sign-out", data={"form_token": "0" * 64}, headers=own)
    assert refused.status_code == 403
    assert "not open to you" in refused.text
    assert client.get("/sparql", params=ASK).json()["boolean"]

    cookie = client.cookies[COOKIE]
    done = client.post("/en/sign-out", data={"form_token": token}, headers=own)
    assert done.headers["location"] == "/en/"
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, cookie, domain="testserver")
    assert not client.get("/sparql", params=ASK).json()["boolean"]


def test_bearer_key_needs_no_form_and_wins_over_a_cookie(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home))
    partner = {"Authorization": f"Bearer {a_key(home, Role.PARTNER)}"}

    assert not client.get("/sparql", params=ASK, headers=partner).json()["boolean"]
    assert client.post("/en/sign-out", headers=partner).status_code == 303


def test_wrong_cookie_is_nobody_and_no_error(client: TestClient) -> None:
    client.cookies.set(COOKIE, "A" * 43, domain="testserver")

    page = client.get("/en/")

    assert page.status_code == 200
    assert "Sign out" not in page.text


def test_audit_says_who_signed_in_without_any_secret(home: Path, client: TestClient) -> None:
    token = a_key(home)
    sign_in(client, token)
    cookie = client.cookies[COOKIE]

    lines = (home / "access" / "audit.jsonl").read_text(encoding="utf-8").splitlines()

    assert json.loads(lines[-1])["event"] == "session-begun"
    assert json.loads(lines[-1])["key"] == token.split("_")[1]
    assert not any(cookie in line or token in line for line in lines)


def test_page_names_the_role_of_the_session(home: Path, client: TestClient) -> None:
    sign_in(client, a_key(home, Role.ADMIN))

    assert "Sie sind angemeldet (Verwaltung)." in client.get("/de/sign-in").text


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/de/about", "/de/about"),
        ("/de/organisations?q=a%20b#x", "/de/organisations?q=a%20b#x"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("/de/\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("de/about", "/"),
    ],
)
def test_nobody_is_sent_to_another_host(wanted: str, path: str) -> None:
    assert safe_path(wanted, "/") == path
