"""Real servers and a real browser, for tests of what only they show."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from api.connection import Connection
from tests.web.visiting import ARGUMENTS, chromium_path

__all__ = ["chromium", "serving"]

_PATIENCE_S = 60


@contextmanager
def serving(app: FastAPI, timeout_keep_alive: float = 5) -> Iterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="error",
        access_log=False,
        http=Connection,
    )
    config.timeout_keep_alive = cast(int, timeout_keep_alive)  # any number of seconds will do
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        limit = time.monotonic() + _PATIENCE_S
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < limit, "the server did not start in time"
            time.sleep(0.01)
        [listening] = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's Chromium; without it the test is skipped, in CI it fails."""
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()
