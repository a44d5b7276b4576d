"""Kill the writer at any moment: what was confirmed stays, what was not is whole or absent."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.store import Visibility, current_version
from graph.store.generations import open_engine, read_origin, versions
from graph.written import statements

from .written import company, keywords, put

KILLS = 52
PATIENCE_S = 0.4
"""As long as some writes take."""

# Imports once, then writes in forked children: each death costs a write, not an interpreter.
# Each write replaces all keywords by two that belong together, so that a half write shows.
FORGE = """
import os, sys
from pathlib import Path
from graph.inspecting import prepare
from graph.writing import Editor
from tests.access.written import keyword
prepare()
home = Path(sys.argv[1])
def say(*words):  # in one piece, whoever else writes
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())
for turn, line in enumerate(sys.stdin):
    first = int(line)
    child = os.fork()
    if child == 0:
        # every third derives and writes everything anew, as loading and the calendar do
        editor = Editor(home, is_thorough=turn % 3 == 2)
        for number in range(first, first + 10**6):
            say("begun", number)
            editor.write(keyword(f"Ware {number}", f"Los {number}"))
            say("done", number)
    say("child", child)
    os.waitpid(child, 0)
    say("dead", 0)
"""


@pytest.fixture
def forge(fresh: Path) -> Iterator["subprocess.Popen[str]"]:
    """What starts writers for a home."""
    root = str(Path(__file__).parent.parent.parent)
    process = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", FORGE, str(fresh)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


KEYWORD = ox.NamedNode("https://w3id.org/verbund/def#productKeyword")


class Victim:
    """One writer, from its beginning to its death, and what it said."""

    def __init__(self, forge: "subprocess.Popen[str]", first: int) -> None:
        assert forge.stdin
        assert forge.stdout
        self._forge = forge
        self.begun, self.done = first - 1, first - 1
        self.is_half_way = False
        print(first, file=forge.stdin, flush=True)
        while self._listen() != "child":
            pass

    def _listen(self) -> str:
        assert self._forge.stdout
        word, number = self._forge.stdout.readline().split()
        if word == "begun":
            self.begun, self.is_half_way = int(number), True
        elif word == "done":
            self.done, self.is_half_way = int(number), False
        elif word == "child":
            self.process_id = int(number)
        return word

    def finish_one(self) -> None:
        """Wait until a write is confirmed."""
        while self._listen() != "done":
            pass

    def kill(self) -> None:
        os.kill(self.process_id, signal.SIGKILL)
        while self._listen() != "dead":
            pass


def merged(engine: ox.Store) -> set[ox.Triple]:
    return {quad.triple for quad in engine if quad.graph_name != ox.DefaultGraph()}


def test_kill_at_any_moment_keeps_what_was_confirmed(
    fresh: Path, forge: "subprocess.Popen[str]"
) -> None:
    put(fresh, company("new", "Ware 0", "Los 0"), visibility=Visibility.INTERNAL)
    chance = random.Random(11)  # noqa: S311
    confirmed, half_way = 0, 0
    for turn in range(KILLS):
        victim = Victim(forge, confirmed + 1)
        if turn % 4 == 0:  # its next one changes copies that are open already
            victim.finish_one()
        time.sleep(chance.random() * PATIENCE_S)
        victim.kill()
        half_way += victim.is_half_way

        found = keywords(fresh)
        numbers = {int(word.split()[1]) for word in found}
        assert len(numbers) == 1, found  # never half of one write and half of another
        assert found == {f"Ware {min(numbers)}", f"Los {min(numbers)}"}
        assert max(confirmed, victim.done) <= min(numbers) <= max(confirmed, victim.begun)
        confirmed = min(numbers)
        version = current_version(fresh)
        record = statements(read_origin(fresh, version).written)
        kept = {str(getattr(q.object, "value", "")) for q in record if q.predicate == KEYWORD}
        assert kept == found
        for visibility in (Visibility.PUBLIC, Visibility.INTERNAL):
            engine = open_engine(fresh, version, visibility)
            default = engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
            assert {quad.triple for quad in default} == merged(engine)

    assert half_way >= KILLS // 2  # the kills did meet writes in their middle
    assert confirmed > 0
    put(fresh, company("new", "Ende"))
    assert keywords(fresh) == {"Ende"}
    assert list((fresh / "generations").glob(".*")) == []
    assert len(versions(fresh)) <= 3
