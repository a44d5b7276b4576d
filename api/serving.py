"""Serving: take the port asked for or the next free one, and say which."""

import errno
import gc
import socket

import uvicorn
from rich.console import Console

from api.app import create_app
from api.connection import Connection
from api.settings import Settings
from graph.errors import StoreUnavailableError

__all__ = ["listen", "serve"]

_TRIES = 20


def listen(host: str, port: int, tries: int = _TRIES) -> socket.socket:
    """Return a listening socket on the first free port from ``port`` on.

    Raises:
        StoreUnavailableError: None of ``tries`` ports is free, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + tries, 65536)):
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, candidate))
            taken.listen(128)
        except OSError as error:
            taken.close()
            if error.errno != errno.EADDRINUSE:
                raise StoreUnavailableError(
                    f"cannot listen on {host}:{candidate}: {error}"
                ) from error
        else:
            return taken
    raise StoreUnavailableError(f"ports {port} to {port + tries - 1} on {host} are all taken")


def serve(settings: Settings) -> None:
    """Serve until stopped, on the port of the settings or the next free one."""
    listening = listen(settings.host, settings.port)
    port = listening.getsockname()[1]
    console = Console(stderr=True, highlight=False)
    if port != settings.port:
        console.print(f"port {settings.port} is taken; using {port}")
    base = f"http://{settings.host}:{port}"
    console.print(f"web page {base}/   API {base}/docs   SPARQL {base}/sparql   (Ctrl+C stops)")
    application = create_app(settings)
    gc.collect()
    gc.freeze()  # what is there now stays; looking for garbage in it took a tenth of a small query
    config = uvicorn.Config(application, log_level="warning", access_log=False, http=Connection)
    uvicorn.Server(config).run(sockets=[listening])
