"""Descriptions of sources: added, changed and removed over HTTP and on the command line."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.access.roles import Role
from api.cli import app as cli
from graph.errors import (
    SourceBusyError,
    SourceFormatError,
    UnknownSourceError,
    VersionConflictError,
)
from graph.harvest import (
    NEW,
    describe,
    description_of,
    description_tag,
    forget,
    harvest,
    read_report,
    read_source,
    sources_folder,
)
from graph.harvest.reports import harvesting

from .conftest import Describe
from .servers import Site
from .test_harvest import GOOD, serve
from .test_http import bearer, server

PATH = "/api/v1/harvest/partner/description"
SAID: dict[str, Any] = {
    "kind": "dump",
    "addresses": ["https://partner.example/data.ttl"],
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "visibility": "partners",
    "title": {"de": "Müllers „Netz“", "en": 'a "network"\\'},
    "limits": {"documents": 3},
}


def test_what_is_described_is_read_again(tmp_path: Path) -> None:
    made = describe(tmp_path, "partner", SAID, tag=NEW)

    assert made == read_source(sources_folder(tmp_path), "partner")
    assert description_of(tmp_path, "partner") == (SAID, description_tag(tmp_path, "partner"))
    assert made.limits.documents == 3


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("partner", {"kind": "rumour"}),
        ("partner", {"addresses": []}),
        ("partner", {"licence": "free"}),
        ("partner", {"colour": "blue"}),
        ("partner", {"table": ".."}),
        ("partner", {"kind": "endpoint"}),
        ("sources", {}),
        ("Partner", {}),
    ],
)
def test_what_describes_no_source_changes_nothing(
    tmp_path: Path, name: str, wrong: dict[str, Any]
) -> None:
    describe(tmp_path, "partner", SAID, tag=NEW)
    before = description_tag(tmp_path, "partner")

    with pytest.raises(SourceFormatError):
        describe(tmp_path, name, SAID | wrong, tag=None)

    assert description_tag(tmp_path, "partner") == before
    assert [path.name for path in sources_folder(tmp_path).iterdir()] == ["partner.toml"]


@pytest.mark.parametrize("name", ["../keys", "a/b", "", "."])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownSourceError):
        describe(tmp_path, name, SAID, tag=None)


def test_a_source_that_is_harvested_is_not_changed(tmp_path: Path) -> None:
    describe(tmp_path, "partner", SAID, tag=NEW)

    with harvesting(tmp_path, "partner"), pytest.raises(SourceBusyError):
        describe(tmp_path, "partner", SAID, tag=None)


def test_what_was_staged_goes_with_the_description(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    harvest(office, "partner")
    with pytest.raises(VersionConflictError):
        forget(office, "partner", tag="another")

    forget(office, "partner", tag=None)

    assert read_report(office, "partner") is None
    assert not (office / "harvest" / "partner" / "staging.nq").exists()
    with pytest.raises(UnknownSourceError):
        forget(office, "partner", tag=None)


def test_descriptions_over_http(office: Path) -> None:
    key = bearer(office)
    new = key | {"If-None-Match": "*"}
    with server(office) as client:
        for headers, status in (({}, 401), (bearer(office, Role.PARTNER), 403)):
            assert client.put(PATH, headers=headers, json=SAID).status_code == status
        assert client.get(PATH, headers=key).status_code == 404
        assert client.put(PATH, headers=key | {"If-Match": "*"}, json=SAID).status_code == 404

        made = client.put(PATH, headers=new, json=SAID)
        assert (made.status_code, made.json()["data"]) == (201, SAID)
        assert client.put(PATH, headers=new, json=SAID).status_code == 412
        found = client.get(PATH, headers=key)
        tag = found.headers["etag"]
        assert (found.json()["data"], tag) == (SAID, made.headers["etag"])

        assert client.delete(PATH, headers=key | {"If-Match": '"old"'}).status_code == 412
        changed = SAID | {"every_hours": 6.0}
        done = client.put(PATH, headers=key | {"If-Match": tag}, json=changed)
        assert (done.status_code, done.json()["data"]) == (200, changed)
        assert client.delete(PATH, headers=key | {"If-Match": tag}).status_code == 412
        [listed] = client.get("/api/v1/harvest", headers=key).json()["data"]
        assert listed["every_hours"] == 6
        gone = client.delete(PATH, headers=key | {"If-Match": done.headers["etag"]})
        assert gone.status_code == 204
        assert client.get(PATH, headers=key).status_code == 404


def test_private_networks_are_opened_on_the_command_line_only(
    office: Path, describe: Describe
) -> None:
    describe()
    key = bearer(office)
    with server(office) as client:
        said = client.get(PATH, headers=key).json()["data"]
        assert said["allows_private_addresses"] is True
        change = key | {"If-Match": "*"}
        assert client.put(PATH, headers=change, json=said).status_code == 422
        del said["allows_private_addresses"]
        assert client.put(PATH, headers=change, json=said).status_code == 200
    assert not read_source(sources_folder(office), "partner").allows_private_addresses


def test_descriptions_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    describe(tmp_path / "other", "one", SAID, tag=NEW)
    file.write_text((tmp_path / "other/harvest/sources/one.toml").read_text())
    home = tmp_path / "home"
    runner = CliRunner()

    done = runner.invoke(cli, ["harvest", "describe", "two", str(file), "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert tomllib.loads((home / "harvest/sources/two.toml").read_text("utf-8")) == SAID
    done = runner.invoke(cli, ["harvest", "forget", "two", "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert not list((home / "harvest/sources").iterdir())
