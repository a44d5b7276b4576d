"""Rules and validation of the reference graph, and of one submission, with each engine.

Run ``python benchmarks/validation.py``. The submission is the organisation with the most
capability claims, with its claims, cut out of the loaded graph; its time is the median of many
runs with shapes compiled once, which is how a server works. Beside the wall clock stands the
processor time of this process: on a busy machine only that says something about the engine.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from graph.building import build
from graph.checks import run_checks
from graph.extraction import extract
from graph.rules import derive
from graph.store import EmbeddedStore
from graph.validation import data_graph
from graph.validators import FastValidator, ReferenceValidator, Validator, has_fast_engine
from graph.vocabulary import VB

__all__: list[str] = []

Result = TypeVar("Result")


def timed(name: str, work: Callable[[], Result], rounds: int = 1) -> Result:
    """Run some work and print the medians of its times."""
    wall, processor = [], []
    result = None
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    milliseconds = [statistics.median(times) * 1e3 for times in (wall, processor)]
    print(f"{name:44}{milliseconds[0]:>10.1f} ms {milliseconds[1]:>10.1f} ms cpu", flush=True)
    if result is None:
        raise ValueError("rounds must be at least 1")
    return result


def submission(engine: ox.Store) -> list[str]:
    """Return the IRIs of the organisation with the most claims and of its claims."""
    claims: dict[str, list[str]] = {}
    predicate = ox.NamedNode(str(VB.claimedBy))
    for quad in engine.quads_for_pattern(None, predicate, None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            claims.setdefault(quad.object.value, []).append(quad.subject.value)
    ((name, _),) = Counter({name: len(own) for name, own in claims.items()}).most_common(1)
    return [name, *sorted(claims[name])]


def main() -> None:
    """Load the reference graph into a folder of its own and validate it in every way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="runs on one submission")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        measure(EmbeddedStore(Path(folder)).engine, rounds)


def measure(engine: ox.Store, rounds: int) -> None:
    """Print the times; stop when the engines differ."""
    validators: list[Validator] = [ReferenceValidator()]
    if has_fast_engine():
        validators.append(timed("pyshacl-turbo: compile the shapes", FastValidator))
    else:
        print("pyshacl-turbo is not installed: pip install verbund[fast]")
    timed("all rules on the whole graph", lambda: derive(engine), 3)
    timed("set queries on the whole graph", lambda: run_checks(engine), 3)
    data = timed("copy the graph for the engines", lambda: data_graph(engine))
    focus = submission(engine)
    print(f"{len(data)} statements; a submission of {len(focus)} nodes")
    timed("extract of the submission", lambda: extract(engine, focus), rounds)
    part = extract(engine, focus)
    found = []
    for one in validators:
        whole = timed(f"{one.name}: whole graph", lambda one=one: one.validate(data))  # type: ignore[misc]
        own = timed(
            f"{one.name}: submission",
            lambda one=one: one.validate(part, focus=focus),  # type: ignore[misc]
            rounds,
        )
        found.append((whole, own))
    if any(other != found[0] for other in found):
        raise SystemExit("the engines find different things")


if __name__ == "__main__":
    main()
