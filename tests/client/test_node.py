"""A client in another language, without a package of ours: Node's own ``fetch``."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from graph.reading import read_landscape
from graph.store import EmbeddedStore

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("client.mjs")


@pytest.mark.skipif(not NODE and not os.environ.get("CI"), reason="node is not installed")
def test_client_in_javascript(address: str, reference: EmbeddedStore) -> None:
    assert NODE, "CI installs nodejs"

    done = subprocess.run(  # noqa: S603
        [NODE, str(SCRIPT), address], capture_output=True, text=True, timeout=180, check=False
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    organisations = found.pop("organisations")
    assert len(organisations) == len(set(organisations))
    assert set(organisations) == set(read_landscape(reference).organisations)
    states = found.pop("states")
    assert states[-1] == "done"
    assert found == {
        "unknown": "https://w3id.org/verbund/problem/unknown-term",
        "replayed": "true",
        "same": True,
        "other": 422,
        "unchanged": 304,
    }


def test_lock_of_foreign_clients_names_what_comes_and_no_registry() -> None:
    folder = SCRIPT.parent
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]

    root, *others = lock["packages"].items()

    assert root[1]["dependencies"] == asked
    assert others
    assert [path for path, said in others if "integrity" not in said] == []
    assert [path for path, said in others if "resolved" in said] == []
