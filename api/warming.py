"""Making the main pages of a graph version before anybody asks for them.

What a page shows is read from the graph once for each version (:mod:`api.keeping`). Whoever came
first after a new version would wait seconds for it; here the server is that first visitor.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Scope

from api.i18n import LANGUAGES
from graph.errors import StoreError

__all__ = ["MAIN_PAGES", "Warmer"]

logger = logging.getLogger(__name__)

MAIN_PAGES = (
    *("", "enquiry?text=Drehen", "consortia?competence=Drehen", "dashboards", "organisations"),
    *("competences", "clusters", "queries", "workbench", "profiles/new", "about"),
)
"""Below the language; those first whose readers wait longest."""

_LOOK_EVERY_S = 2.0


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
            await self._app(_scope(address), _nothing, _drop)
        except Exception:  # the outermost layer: a page that fails must not keep the others cold
            logger.exception("%s could not be made ahead", address)


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


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _drop(message: Message) -> None:
    """Forget the answer: that it was made is all that counts."""
