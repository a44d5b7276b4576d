"""``verbund keys`` on the command line."""

import json
from pathlib import Path

from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.cli import app
from graph.store import Visibility, publish


def test_key_is_made_listed_and_revoked_before_the_first_load(tmp_path: Path) -> None:
    run = CliRunner()
    home = ["--home", str(tmp_path)]

    made = run.invoke(app, ["keys", "create", "--role", "admin", "--label", "Büro", *home])
    assert made.exit_code == 0, made.output
    token = made.stdout.strip()
    key = KeyStore(tmp_path).verify(token)
    assert key is not None
    listed = run.invoke(app, ["keys", "list", "--format", "json", *home])
    [row] = json.loads(listed.stdout)
    assert (row["id"], row["role"], row["label"]) == (key.id, "admin", "Büro")
    assert token not in listed.output
    assert run.invoke(app, ["keys", "revoke", key.id, *home]).exit_code == 0
    assert KeyStore(tmp_path).verify(token) is None

    publish(tmp_path, {Visibility.PUBLIC: []}, "v1")  # the folder of keys is no stranger


def test_role_nobody_has_is_refused(tmp_path: Path) -> None:
    run = CliRunner()
    asked = ["keys", "create", "--role", "anonymous", "--label", "x", "--home", str(tmp_path)]

    assert run.invoke(app, asked).exit_code == 2
    assert KeyStore(tmp_path).all() == []
