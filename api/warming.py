"""Making the main pages of a graph version before anybody asks for them.

What a page shows is read from the graph once for each version (:mod:`api.keeping`). Whoever came
first after a new version would wait seconds for it; here the server is that first visitor.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping

from starlette.types import ASGIApp, Message, Receive, Scope

from api.asking import words_of
from api.i18n import LANGUAGES
from graph.errors import StoreError
from graph.store import EmbeddedStore, Store, Visibility

__all__ = ["MAIN_PAGES", "Warmer", "keep_read"]

logger = logging.getLogger(__name__)

MAIN_PAGES = (
    *("", "enquiry?text=Drehen", "consortia?competence=Drehen", "dashboards", "organisations"),
    *("competences", "clusters", "queries", "workbench", "profiles/new", "about"),
)
"""Below the language; those first whose readers wait longest."""

_LOOK_EVERY_S = 0.5


class Warmer:
    """Asks an application for its main pages, once for each version of the graph."""

    def __init__(
        self,
        app: ASGIApp,
        version: Callable[[], str],
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Stand beside an application.

        Args:
            app: What is asked, as an anonymous visitor asks.
            version: Returns the graph version that answers now; must be quick.
            then: What else to do for a version once its pages are warm.
        """
        self._app = app
        self._version = version
        self._then = then

    async def run(self) -> None:
        """Warm each version as it comes, until cancelled."""
        warm = ""
        while True:
            try:
                version = self._version()
            except StoreError as error:  # visitors are told; there is nothing to make ahead
                logger.warning("pages are not made ahead: %s", error)
                version = warm
            if version != warm:
                await self.warm()
                if self._then is not None:
                    await self._then()
                warm = version
            await asyncio.sleep(_LOOK_EVERY_S)

    async def warm(self) -> None:
        """Ask for each main page in each language, one after the other."""
        for page in MAIN_PAGES:
            for language in LANGUAGES:
                await self._ask(f"/{language}/{page}")

    async def _ask(self, address: str) -> None:
        try:
            await self._app(_scope(address), _patient(), _drop)
        except Exception:  # the outermost layer: a page that fails must not keep the others cold
            logger.exception("%s could not be made ahead", address)


async def keep_read(narrower: MutableMapping[Visibility, EmbeddedStore]) -> None:
    """Read ahead what pages of signed-in people need of each new version, until cancelled.

    Args:
        narrower: The newest store for each visibility that somebody has asked for; a newer one
            is put in its place, so that requests find what was read of it.
    """
    known: dict[Visibility, str] = {}
    while True:
        for visibility in list(narrower):
            try:
                narrower[visibility] = narrower[visibility].latest()
                # never held on to: a store keeps its generation on the disk
                if known.get(visibility) != narrower[visibility].version:
                    known[visibility] = narrower[visibility].version
                    await asyncio.to_thread(_read, narrower[visibility])
            except StoreError as error:
                logger.warning("nothing is read ahead: %s", error)
        await asyncio.sleep(_LOOK_EVERY_S)


def _read(store: Store) -> None:
    for language in LANGUAGES:
        words_of(store, language)


def _scope(address: str) -> Scope:
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("localhost", 0),
        "server": ("localhost", 80),
    }


def _patient() -> Receive:
    """Return what a client sends that asks without a body and stays until it is answered."""
    is_asked = False

    async def receive() -> Message:
        nonlocal is_asked
        if is_asked:
            await asyncio.Event().wait()  # it never leaves
        is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


async def _drop(message: Message) -> None:
    """Forget the answer: that it was made is all that counts."""
