"""The benchmark of the pages measures pages that are there."""

import httpx2
import pytest
from fastapi.testclient import TestClient

from benchmarks.pages import PAGES, measure


@pytest.mark.parametrize("page", PAGES)
def test_page_of_the_benchmark_is_there(client: TestClient, page: str) -> None:
    assert client.get(f"/de/{page}").status_code == 200


def test_everything_that_a_page_loads_is_counted(base: str) -> None:
    with httpx2.Client(base_url=base, timeout=60) as opened:
        taken = measure(opened, "/de/problems", times=1)
        style = opened.get("/static/app.css", headers={"Accept-Encoding": "gzip"})

    assert min(taken.new_ms, taken.wall_ms, taken.cpu_ms, taken.page_bytes) > 0
    assert taken.all_bytes - taken.page_bytes > style.num_bytes_downloaded + 40_000  # and the font
