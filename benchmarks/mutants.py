"""Can the tests of the engine fail? Each place broken on purpose, one at a time.

    python -m benchmarks.mutants
    python -m benchmarks.mutants --only capacity

``mutants.toml`` says what is replaced by what in which file, and which tests are asked first; if
they pass, all tests of matching and of the engine are. Works on a copy. Exits 1 when a mutant
survives, or when what it replaces is not there (any more) exactly once.

A mutant that only costs time (a filter that a later check repeats) needs a test that counts
nodes, or the filter is not worth having.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

__all__ = ["Mutant", "main", "mutants"]

ROOT = Path(__file__).parent.parent
EVERY_TEST = ("tests/consortium", "tests/graph")
LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "dist", "build")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place to break.

    Attributes:
        name: What is wrong then.
        file: Where, from the root of the repository.
        old: What stands there, exactly once.
        new: What is put there.
        tests: File of tests that should notice.
    """

    name: str
    file: str
    old: str
    new: str
    tests: str


def mutants() -> tuple[Mutant, ...]:
    """Return all mutants in the order of the file."""
    text = (ROOT / "benchmarks" / "mutants.toml").read_text(encoding="utf-8")
    return tuple(Mutant(**entry) for entry in tomllib.loads(text)["mutant"])


def fails(tree: Path, *tests: str) -> str | None:
    """Return the first test that fails in a copy of the repository, ``None`` when all pass."""
    options = ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "benchmarks.unshrunk")
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if not run.returncode:
        return None
    lines = run.stdout.splitlines()
    found = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return found[0].split(" - ")[0] if found else run.stdout[-200:]


def verdict(mutant: Mutant, tree: Path) -> tuple[str, str]:
    """Break one place of a copy, ask the tests, and put it back."""
    path = tree / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        return "stale", f"{mutant.file} has that {text.count(mutant.old)} times"
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        noticed = fails(tree, mutant.tests) or fails(tree, *EVERY_TEST)
    finally:
        path.write_text(text, encoding="utf-8")
    return ("survived", "") if noticed is None else ("killed", noticed)


def main(arguments: list[str] | None = None) -> int:
    """Try every mutant and print what noticed it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="text that the name or the file contains")
    given = parser.parse_args(arguments)
    chosen = [m for m in mutants() if given.only in m.name or given.only in m.file]
    counts = {"killed": 0, "survived": 0, "stale": 0}
    with TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_BEHIND)
        for mutant in chosen:
            started = perf_counter()
            kind, reason = verdict(mutant, tree)
            counts[kind] += 1
            print(
                f"{kind:8} {perf_counter() - started:5.0f} s  {mutant.name}  {reason}", flush=True
            )
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if counts["survived"] or counts["stale"] else 0


if __name__ == "__main__":
    sys.exit(main())
