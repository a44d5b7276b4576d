"""The API reference asks nothing of another host, and its files are those that were vendored."""

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

VENDOR = files("api").joinpath("static/vendor/swagger-ui")


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(home=reference.home), reference)) as running:
        yield running


def test_page_and_all_its_files_come_from_here(client: TestClient) -> None:
    page = client.get("/docs")

    addresses = re.findall(r'(?:src|href|data-description)="([^"]+)"', page.text)
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert all(address.startswith("/") for address in addresses)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_vendored_files_are_unchanged() -> None:
    for line in VENDOR.joinpath("SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256(VENDOR.joinpath(name).read_bytes()).hexdigest() == digest


def test_no_page_of_the_framework_is_left(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404
