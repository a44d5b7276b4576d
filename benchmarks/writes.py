"""A small write into an internal graph: everything anew, one process each, and the warm writer.

Run ``python -m benchmarks.writes`` with a loaded ``VERBUND_HOME``; it works on a copy.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from api.settings import Settings
from benchmarks.servers import processor_s
from graph.store import Visibility
from graph.vocabulary import GRAPH, ID
from graph.writer import WriterProcess, run
from graph.writing import Description, Editor, Kind, Write

__all__: list[str] = []

DESK = str(GRAPH["bench-desk"])
TERMS = "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX id: <https://w3id.org/verbund/id/>"
MEMORY = 4 * 1024**3
NUMBERS = count(1)


def first() -> Write:
    """Return the change that makes the graph."""
    said = Description(
        {"de": "Bank"}, Visibility.INTERNAL, "http://example.org/l", ID["agent-verbund"]
    )
    return Write(Kind.PUT, f"{TERMS} id:event-0 a prov:Activity .", DESK, description=said)


def event() -> Write:
    """Return the change that adds one event."""
    return Write(Kind.POST, f"{TERMS} id:event-{next(NUMBERS)} a prov:Activity .", DESK)


def measure(
    name: str, apply: Callable[[Write], object], times: int, used_s: Callable[[], float]
) -> None:
    """Print how long writes take, and the processor time of each."""
    took = []
    apply(event())
    before_s = used_s()
    for _ in range(times):
        started = time.perf_counter()
        apply(event())
        took.append((time.perf_counter() - started) * 1000)
    processor_ms = (used_s() - before_s) / times * 1000
    print(
        f"{name:30} median {statistics.median(took):6.0f} ms  max {max(took):6.0f} ms  "
        f"{processor_ms:6.0f} ms of processor each"
    )


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(Settings().home, home)
        with closing(Editor(home, is_thorough=True)) as editor:
            editor.write(first())
            measure("everything anew", editor.write, 3, time.process_time)
        with closing(Editor(home)) as editor:
            measure(
                "what changes, in this process", editor.write, arguments.times, time.process_time
            )
        with closing(WriterProcess(home, memory_bytes=MEMORY)) as process:
            process.run(event(), timeout_s=120)
            number = process.process_id or 0
            measure(
                "the warm writer",
                lambda change: process.run(change, timeout_s=120),
                arguments.times,
                lambda: processor_s(number),
            )
        started = time.perf_counter()
        run(home, event(), timeout_s=120, memory_bytes=MEMORY)
        print(
            f"a process for one write            {(time.perf_counter() - started) * 1000:6.0f} ms"
        )


if __name__ == "__main__":
    main()
