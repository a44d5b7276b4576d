"""Kill the writer at any moment: what was confirmed stays, what was not is whole or absent."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox

from graph.store import EmbeddedStore, Visibility, current_version
from graph.store.generations import read_origin, versions
from graph.written import statements

from .written import OFFICE, PREFIXES, company, put

KILLS = 50 if os.environ.get("VERBUND_TORTURE") else 6

# Each write replaces all keywords by two that belong together, so that a half write shows.
WRITING = f"""
import sys
from pathlib import Path
from graph.writing import Kind, Write, write
for number in range(int(sys.argv[2]), 10**6):
    text = {PREFIXES!r} + '''
      DELETE {{ GRAPH graph:office {{ id:org-new vb:productKeyword ?old }} }}
      INSERT {{ GRAPH graph:office {{ id:org-new vb:productKeyword "Ware %d"@de , "Los %d"@de }} }}
      WHERE {{ GRAPH graph:office {{ id:org-new vb:productKeyword ?old }} }}''' % (number, number)
    print("begun", number, flush=True)
    receipt = write(Path(sys.argv[1]), Write(Kind.UPDATE, text))
    print("done", number, receipt.version, flush=True)
"""
KEYWORD = ox.NamedNode("https://w3id.org/verbund/def#productKeyword")
KEYWORDS = f"""SELECT ?k {{ GRAPH <{OFFICE}> {{
  ?s <https://w3id.org/verbund/def#productKeyword> ?k }} }}"""


def keywords(home: Path) -> set[str]:
    rows = EmbeddedStore(home, Visibility.INTERNAL).select(KEYWORDS)
    return {str(row["k"]) for row in rows}


def test_kill_at_any_moment_keeps_what_was_confirmed(fresh: Path) -> None:
    put(fresh, company("new", "Ware 0", "Los 0"), visibility=Visibility.INTERNAL)
    chance = random.Random(11)  # noqa: S311
    confirmed, half_way = 0, 0
    for _ in range(KILLS):
        writer = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WRITING, str(fresh), str(confirmed + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout
        lines = [writer.stdout.readline()]
        time.sleep(chance.random() * 1.5)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().splitlines()
        writer.wait()
        writer.stdout.close()
        done = [int(line.split()[1]) for line in lines if line.startswith("done")]
        begun = [int(line.split()[1]) for line in lines if line.startswith("begun")]
        half_way += len(begun) > len(done)

        found = keywords(fresh)
        numbers = {int(word.split()[1]) for word in found}
        assert len(numbers) == 1, found  # never half of one write and half of another
        assert found == {f"Ware {min(numbers)}", f"Los {min(numbers)}"}
        assert max([confirmed, *done]) <= min(numbers) <= max([confirmed, *begun])
        confirmed = min(numbers)
        version = current_version(fresh)
        record = statements(read_origin(fresh, version).written)
        kept = {str(getattr(q.object, "value", "")) for q in record if q.predicate == KEYWORD}
        assert kept == found
        manifest = fresh / "generations" / version / "manifest.json"
        assert set(json.loads(manifest.read_bytes())["quads"]) == {"public", "internal"}

    assert half_way >= KILLS // 2  # the kills did meet writes in their middle
    put(fresh, company("new", "Ende"))
    assert keywords(fresh) == {"Ende"}
    assert list((fresh / "generations").glob(".*")) == []
    assert len(versions(fresh)) <= 3
