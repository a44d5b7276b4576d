"""Every kind of problem has an IRI that says what it means, and answers name it."""

import pytest
from fastapi.testclient import TestClient

from api.errors import _OTHER_STATUS, _WEB_STATUS, STATUS, status_of
from api.i18n import texts
from api.problems import KINDS, slug_of, type_of
from graph.vocabulary import BASE


def test_every_error_that_clients_see_has_a_documented_kind() -> None:
    seen = {error.__name__ for error in (*STATUS, *_WEB_STATUS)} | _OTHER_STATUS.keys()

    assert {kind.title for kind in KINDS.values()} == seen


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_iri_of_a_kind_leads_to_what_it_means(client: TestClient, slug: str) -> None:
    kind = KINDS[slug]
    path = kind.iri.removeprefix(BASE)

    document = client.get(f"/{path}", headers={"Accept": "application/json"}).json()
    assert document["type"] == kind.iri
    assert document["status"] == status_of(kind.title)
    for language in ("de", "en"):
        accepted = {"Accept": "text/html", "Accept-Language": language}
        page = client.get(f"/{path}", headers=accepted)
        assert page.url.path == f"/{language}/problems/{slug}"
        assert page.status_code == 200
        assert str(texts(language)(kind.remedy)).partition("'")[0] in page.text


def test_list_names_every_kind(client: TestClient) -> None:
    page = client.get("/en/problems").text

    assert all(f"/en/problems/{slug}" in page for slug in KINDS)


def test_answer_names_its_kind(client: TestClient) -> None:
    answer = client.get("/api/v1/queries/no-such-query/about").json()

    assert answer["type"] == f"{BASE}problem/unknown-query"


def test_what_only_repeats_its_status_is_no_kind(client: TestClient) -> None:
    assert client.get("/nowhere").json()["type"] == "about:blank"
    assert type_of("Not Found") == "about:blank"
    assert type_of("unknown-query") == "about:blank"


def test_unknown_kind_is_not_found(client: TestClient) -> None:
    assert client.get("/problem/no-such").status_code == 404
    assert client.get("/en/problems/no-such").status_code == 404


@pytest.mark.parametrize(
    ("title", "slug"),
    [("UnknownTermError", "unknown-term"), ("QuerySyntaxError", "query-syntax")],
)
def test_slug_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug
