"""What the public pages take of the server and of the line, for a first view of each.

``python -m benchmarks.pages``: a real server on this machine, with nothing given again from a
cache of answers. ``new`` is the processor time of the first view of a page by anybody, once the
server has made the main pages of its version ahead (``--cold``: before it has); enquiries that
nobody has asked are among them. ``wall`` and ``cpu`` are the median of the following views in
milliseconds, processor times of all threads of server and client. ``page`` is what comes over the
line for the page, ``all`` with every file that it loads, in kB, packed as browsers ask for it. The
bounds are 200 ms for each of ``new``, ``wall`` and ``cpu``, and 100 kB.
"""

import argparse
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import serving

__all__ = ["PAGES", "Taken", "main", "measure"]

PAGES = (
    *("", "enquiry", "enquiry?text=Drehen+und+Schleifen+um+Jena", "consortia?enquiry=E05"),
    *("consortia?enquiry=E13", "consortia?enquiry=E01&programme=all"),
    *("consortia/comparison?enquiry=E13&other=rr-beth", "organisations", "organisations?q=jena"),
    *("organisations/asphericon", "organisations/optonet", "clusters", "competences"),
    *("competences?q=zerspan", "competences/optikfertigung", "queries", "queries/weak-claims"),
    *("dashboards", "about", "dumps", "problems", "profiles/new", "sign-in"),
)
_LIMIT_MS, _LIMIT_KB = 200, 100
_QUIET_ROUNDS, _IDLE_SHARE = 4, 0.05
_FONT = "/static/fonts/inter-latin.woff2"
_LOADED = re.compile(r'<(?:script[^>]* src|link rel="(?:stylesheet|icon)" href)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page took.

    Attributes:
        new_ms: Processor time of the first view.
        wall_ms: Median wall time of the others.
        cpu_ms: Median processor time of the others.
        page_bytes: Of the page on the line.
        all_bytes: With everything that it loads.
    """

    new_ms: float
    wall_ms: float
    cpu_ms: float
    page_bytes: int
    all_bytes: int


def _timed(client: httpx2.Client, path: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    client.get(path).raise_for_status()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _on_the_line(client: httpx2.Client, path: str) -> tuple[int, str]:
    """Return how many bytes an answer is, packed, and its text."""
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        answer.read()
        return answer.num_bytes_downloaded, answer.text if "html" in _kind(answer) else ""


def _kind(answer: httpx2.Response) -> str:
    return str(answer.headers.get("content-type", ""))


def measure(client: httpx2.Client, path: str, times: int) -> Taken:
    """Ask for a page, then for it so many times again, then for what it loads."""
    _, new = _timed(client, path)
    again = [_timed(client, path) for _ in range(times)]
    size, html = _on_the_line(client, path)
    files = {*_LOADED.findall(html), _FONT}
    return Taken(
        new,
        statistics.median(wall for wall, _ in again),
        statistics.median(cpu for _, cpu in again),
        size,
        size + sum(_on_the_line(client, file)[0] for file in files),
    )


def _wait_until_idle() -> None:
    """Wait until the server, which is a thread of this process, has nothing to do."""
    quiet = 0
    while quiet < _QUIET_ROUNDS:
        before = time.process_time()
        time.sleep(1)
        quiet = quiet + 1 if time.process_time() - before < _IDLE_SHARE else 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Settings().home)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--language", default="de")
    parser.add_argument("--cold", action="store_true")
    chosen = parser.parse_args()
    settings = Settings(home=chosen.home, rate_per_s=0, cache_mib=0, warm_pages=not chosen.cold)
    print(f"{'':50}{'new':>8}{'wall':>8}{'cpu':>8}{'page':>7}{'all':>7}")
    with (
        serving(create_app(settings, EmbeddedStore(chosen.home))) as address,
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        if not chosen.cold:
            _wait_until_idle()
        while client.get("/dumps").status_code == 503:  # they are being written
            time.sleep(1)
        for page in PAGES:
            path = f"/{chosen.language}/{page}"
            taken = measure(client, path, chosen.times)
            kept = max(taken.new_ms, taken.wall_ms) < _LIMIT_MS
            kept = kept and taken.all_bytes < _LIMIT_KB * 1000
            sizes = f"{taken.page_bytes / 1000:7.1f}{taken.all_bytes / 1000:7.1f}"
            times = f"{taken.new_ms:8.0f}{taken.wall_ms:8.1f}{taken.cpu_ms:8.1f}"
            print(f"{path:50}{times}{sizes}{'' if kept else '  over'}")


if __name__ == "__main__":
    main()
