"""Running houses to open every page in: the shipped graph for everybody, an office for its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from fastapi import FastAPI
from playwright.sync_api import Browser

from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import serving

from .every_page import Address
from .office import at_work, session_cookie
from .visiting import Visit

__all__ = ["Houses", "houses_of"]


@dataclass(frozen=True, slots=True)
class Houses:
    """Two servers, and what the office has.

    Attributes:
        public: Address of the shipped graph.
        office: Address of an office at work.
        home: Directory of the office.
        records: For each kind of record of the office the end of its address.
    """

    public: str
    office: str
    home: Path
    records: Mapping[str, str]

    def path(self, address: Address, language: str) -> str:
        """Return an address in a language, with what the office has put in."""
        path = address.path
        for kind, name in self.records.items():
            path = path.replace(f"{{{kind}}}", name)
        return f"/{language}/{path}"

    def visit(self, browser: Browser, visitor: str = "", **settings: object) -> Visit:
        """Open a window: nobody known goes to the shipped graph, others to the office."""
        base = self.office if visitor else self.public
        opened = Visit(browser, base, **({"viewport": {"width": 1280, "height": 900}} | settings))
        if visitor:
            cookie = session_cookie(self.home, base, Role(visitor))
            opened.context.add_cookies([cookie])  # type: ignore[list-item]
        return opened

    def read(self, address: Address, language: str) -> str:
        """Return a page as it is sent."""
        base = self.office if address.visitor else self.public
        headers = {}
        if address.visitor:
            cookie = session_cookie(self.home, base, Role(address.visitor))
            headers["Cookie"] = f"{cookie['name']}={cookie['value']}"
        answer = httpx2.get(base + self.path(address, language), headers=headers, timeout=60)
        return answer.text


def _application(home: Path) -> FastAPI:
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1, rate_per_s=0)
    return create_app(settings, EmbeddedStore(home))


@contextmanager
def houses_of(home: Path, valley: Path, office: Path) -> Iterator[Houses]:
    """Serve the shipped graph and an office, which is made in an empty place.

    Args:
        home: Directory of the shipped graph.
        valley: Directory of the invented landscape that the office is made from.
        office: Where to make it.
    """
    records = at_work(valley, office)
    public, inside = _application(home), _application(office)
    with serving(public) as address, serving(inside) as at_office:
        yield Houses(address, at_office, office, records)
