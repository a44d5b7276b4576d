"""Every answer says which graph and which software it was made with, whoever gives it."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from api.versions import software_version
from graph.store import EmbeddedStore, Visibility, publish
from graph.store.generations import Origin
from graph.store.publication import loaded, replace, writing

ANSWERS: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("GET", "/api/v1/organisations", {}, 200),
    ("GET", "/api/v1/organisations", {"headers": {"If-None-Match": "*"}}, 304),
    ("GET", "/api/v1/organisations/nobody", {}, 404),
    ("GET", "/api/v1/nowhere", {}, 404),
    ("DELETE", "/api/v1/organisations", {}, 405),
    ("GET", "/api/v1/claims?limit=0", {}, 422),
    ("GET", "/api/v1/keys", {}, 401),
    ("GET", "/api/v1/context", {}, 200),
    ("GET", "/api/v1/vocabulary", {}, 200),
    ("GET", "/api/v1/queries/brokers", {}, 200),
    ("GET", "/api/v1/queries/weak-claims?threshold=x", {}, 400),
    ("HEAD", "/api/v1/claims", {}, 200),
    ("GET", "/sparql?query=nonsense", {}, 400),
    ("GET", "/id/nothing", {}, 404),
    ("GET", "/openapi.json", {}, 200),
    ("GET", "/en/problems", {}, 200),
    ("POST", "/api/v1/consortia", {"content": b"x", "headers": {"Content-Length": "9" * 12}}, 413),
    ("GET", "/api/v1/claims", {"headers": {"Authorization": "Bearer vb_no_no"}}, 401),
    ("POST", "/api/v1/consortia", {"json": {}, "headers": {"Idempotency-Key": "a b"}}, 422),
)


@pytest.mark.parametrize(("method", "path", "sent", "status"), ANSWERS)
def test_answer_names_graph_and_software(
    client: TestClient, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    answer = client.request(method, path, **sent, follow_redirects=False)

    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["verbund-version"] == "small-1"
    assert answer.headers["verbund-software"] == software_version()


def test_refusal_of_the_limiter_names_them(small_store: EmbeddedStore) -> None:
    settings = Settings(home=small_store.home, rate_per_s=0.001, rate_burst=1)
    client = TestClient(create_app(settings, small_store))
    client.get("/health")

    refused = client.get("/health")

    assert refused.status_code == 429
    assert refused.headers["verbund-version"] == "small-1"


def test_unexpected_failure_names_them(settings: Settings, small_store: EmbeddedStore) -> None:
    app = create_app(settings, small_store)

    @app.get("/fails")
    def fail() -> None:
        raise ZeroDivisionError

    answer = TestClient(app, raise_server_exceptions=False).get("/fails")

    assert answer.status_code == 500
    assert answer.headers["verbund-version"] == "small-1"
    assert answer.headers["verbund-software"] == software_version()


def test_version_is_the_one_that_the_request_has_read(
    small_quads: list[Any], tmp_path: Path
) -> None:
    """Also of an error: a partner reads another part of the generation than the public."""
    parts = {visibility: loaded(small_quads) for visibility in Visibility}
    names = {Visibility.PARTNERS: "v1-partners"}
    with writing(tmp_path):
        replace(tmp_path, parts, Origin("v1"), names=names)
    _, token = KeyStore(tmp_path).make(Role.PARTNER, "test", None)
    client = TestClient(create_app(Settings(home=tmp_path), EmbeddedStore(tmp_path)))
    path = "/api/v1/organisations/nobody"

    public = client.get(path)
    partner = client.get(path, headers={"Authorization": f"Bearer {token}"})
    publish(tmp_path, {Visibility.PUBLIC: small_quads}, "v2")
    later = client.get(path)

    found = [answer.headers["verbund-version"] for answer in (public, partner, later)]
    assert found == ["v1", "v1-partners", "v2"]
