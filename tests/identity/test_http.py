"""Identity over HTTP and on the command line."""

import json
from pathlib import Path

from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.cli import app as cli
from api.settings import Settings
from graph.store import EmbeddedStore

PROPOSALS, DECISIONS = "/api/v1/identity/proposals", "/api/v1/identity/decisions"


def bearer(home: Path, role: Role = Role.COORDINATOR) -> dict[str, str]:
    _, token = KeyStore(home).make(role, "a test")
    return {"Authorization": f"Bearer {token}"}


def test_identity_over_http(fresh: Path) -> None:
    key = bearer(fresh)
    settings = Settings(home=fresh, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(fresh))) as client:
        assert client.get(PROPOSALS).status_code == 401
        assert client.get(DECISIONS, headers=bearer(fresh, Role.PARTNER)).status_code == 403
        found = client.get(f"{PROPOSALS}?lang=en", headers=key).json()["data"]
        assert len(found) == 3
        assert "Same town: jena." in {line["text"] for line in found[0]["evidence"]}
        pair = {"first": found[0]["first"], "second": found[0]["second"]}

        made = client.post(DECISIONS, headers=key, json=pair | {"decision": "different"})
        assert made.status_code == 201, made.text
        again = client.post(DECISIONS, headers=key, json=pair | {"decision": "same"})
        assert again.status_code == 412
        assert len(client.get(PROPOSALS, headers=key).json()["data"]) == 2

        place, tag = made.headers["location"], made.headers["etag"]
        wanted = {"decision": "part-of", "rationale_de": "Werk."}
        assert client.put(place, headers=key, json=wanted).status_code == 428
        changed = client.put(place, headers=key | {"If-Match": tag}, json=wanted)
        assert changed.json()["data"]["rationale"] == {"de": "Werk."}
        assert client.put(place, headers=key | {"If-Match": tag}, json=wanted).status_code == 412
        assert client.delete(place, headers=key | {"If-Match": tag}).status_code == 412
        tag = changed.headers["etag"]
        assert client.delete(place, headers=key | {"If-Match": tag}).status_code == 204
        assert client.get(DECISIONS, headers=key).json()["data"] == []


def test_identity_on_the_command_line(fresh: Path) -> None:
    runner = CliRunner()

    def said(*words: str) -> object:
        done = runner.invoke(cli, ["identity", *words, "--home", str(fresh)])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout or "null")

    proposals = said("proposals")
    assert isinstance(proposals, list)
    assert proposals[0]["suggested"] == "same"
    made = said("decide", "spindel", "org-spindel-2", "--decision", "same")
    assert isinstance(made, dict)
    assert made["visible_to"] == "public"
    name = made["iri"].rpartition("/")[2]
    revised = said("revise", name, "--decision", "different", "--reason-de", "Zwei Werke.")
    assert isinstance(revised, dict)
    assert revised["rationale"] == {"de": "Zwei Werke."}
    assert len(said("decisions")) == 1  # type: ignore[arg-type]
    said("withdraw", name)
    assert said("decisions") == []
