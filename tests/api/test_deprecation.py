"""Operations that will go say so in the description and in each answer."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import Response
from fastapi.testclient import TestClient
from starlette.middleware import Middleware

from api.app import described_application
from api.rest.deprecation import DeprecationHeaders, deprecated, headers_of

SINCE = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
UNTIL = datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
OLD = deprecated(since=SINCE, until=UNTIL, instead="/api/v1/new")
EXPECTED = {
    "deprecation": "@1767265200",
    "sunset": "Fri, 01 Jan 2027 00:00:00 GMT",
    "link": '</api/v1/new>; rel="successor-version"',
}


@pytest.fixture
def client() -> TestClient:
    app = FastAPI(middleware=[Middleware(DeprecationHeaders)])

    @app.get("/old/{name}", openapi_extra=OLD)
    def old(name: str) -> Response:
        if name == "none":
            raise HTTPException(404)
        return Response("old", headers={"Link": '<x>; rel="next"'} if name == "paged" else {})

    @app.get("/new")
    def new() -> Response:
        return Response("new")

    return TestClient(app)


@pytest.mark.parametrize("name", ["some", "none"])
def test_every_answer_says_when_the_operation_goes(client: TestClient, name: str) -> None:
    headers = client.get(f"/old/{name}").headers

    assert {key: headers.get(key) for key in EXPECTED} == EXPECTED


def test_other_links_of_the_answer_stay(client: TestClient) -> None:
    assert client.get("/old/paged").headers["link"] == f'<x>; rel="next", {EXPECTED["link"]}'


def test_other_operations_say_nothing(client: TestClient) -> None:
    assert not set(EXPECTED) & set(client.get("/new").headers)
    assert not set(EXPECTED) & set(client.get("/nowhere").headers)


def test_description_says_it_too(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/old/{name}"]["get"]

    assert operation["deprecated"] is True
    assert operation["x-sunset"] == UNTIL.isoformat()


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (UNTIL, SINCE),
        (SINCE, SINCE + timedelta(days=181)),
        (SINCE.replace(tzinfo=None), UNTIL.replace(tzinfo=None)),
    ],
)
def test_dates_that_cannot_be_are_refused(since: datetime, until: datetime) -> None:
    with pytest.raises(ValueError, match=r"time zone|182 days"):
        deprecated(since=since, until=until, instead="/new")


def undated(document: dict[str, Any]) -> list[str]:
    """Return operations that are marked and have no dates to send."""
    return [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and operation.get("deprecated") and not headers_of(operation)
    ]


def test_marked_operations_have_their_dates() -> None:
    assert undated(described_application()) == []


def test_an_operation_without_dates_is_found() -> None:
    bare = {"paths": {"/old": {"get": {"deprecated": True}, "post": OLD, "put": {}}}}

    assert undated(bare) == ["get /old"]
    assert datetime.fromisoformat(OLD["x-deprecated-since"]).astimezone(UTC).hour == 11
