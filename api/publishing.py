"""What the routes of linked data share: addresses, choice of form, facts kept per generation."""

from collections.abc import Iterable
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import SettingsDep, StoreDep
from api.i18n import LANGUAGES
from api.keeping import kept
from api.negotiation import choose, is_fresh, preferred_language
from graph.publishing.documents import SUFFIXES
from graph.publishing.facts import DatasetFacts, read_facts
from graph.store import EmbeddedStore, Store

__all__ = [
    "HTML",
    "BaseDep",
    "EmbeddedDep",
    "LanguageDep",
    "alternates",
    "choose_form",
    "described_by",
    "facts_of",
    "header_iri",
    "licences_of",
    "respond",
    "see_other",
]

HTML = "text/html"

_JSON = "application/json"


async def _base(request: Request, settings: SettingsDep) -> str:
    """Return the address of this server as others reach it, without a slash at the end."""
    return settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


async def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", ""), LANGUAGES)


async def _embedded(store: StoreDep) -> EmbeddedStore:
    """Return the store with its engine: descriptions and dumps are read from it directly."""
    return cast(EmbeddedStore, store)


BaseDep = Annotated[str, Depends(_base)]
LanguageDep = Annotated[str, Depends(_language)]
EmbeddedDep = Annotated[EmbeddedStore, Depends(_embedded)]


@kept
def facts_of(store: Store, /) -> DatasetFacts:
    """Return what a generation says of itself; counted once."""
    return read_facts(store)


def licences_of(facts: DatasetFacts, graphs: Iterable[str]) -> tuple[str, ...]:
    """Return the licences of some graphs, sorted."""
    wanted = set(graphs)
    return tuple(sorted({g.licence for g in facts.graphs if g.iri in wanted and g.licence}))


def choose_form(request: Request, *, html: bool = True) -> str:
    """Return the media type that the client gets: Turtle when it does not care.

    Raises:
        NotAcceptableError: It accepts none.
    """
    offered = [*SUFFIXES.values(), *([HTML] if html else []), _JSON]
    found = choose(request.headers.get("accept"), offered)
    return SUFFIXES["jsonld"] if found == _JSON else found


def header_iri(iri: str) -> str:
    """Return an IRI or path as a header may hold it: ASCII, no quotes, no line breaks."""
    return quote(iri, safe="/#:?&=%@!$'()*+,;~[]")


def alternates(path: str) -> str:
    """Return the ``Link`` header that names every form of a document."""
    stem = header_iri(f"/data/{path}")
    return ", ".join(
        f'<{stem}.{suffix}>; rel="alternate"; type="{form}"' for suffix, form in SUFFIXES.items()
    )


def described_by(path: str) -> str:
    """Return the ``Link`` header of something that a document describes."""
    stem = header_iri(f"/data/{path}")
    return f'{alternates(path)}, <{stem}>; rel="describedby"'


def see_other(location: str, link: str) -> Response:
    """Send the client on to a document about the thing it asked for (303)."""
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache", "Link": link}
    return RedirectResponse(header_iri(location), status_code=303, headers=headers)


def respond(
    request: Request, content: bytes, media_type: str, headers: dict[str, str], tag: str
) -> Response:
    """Answer with a document, or that the client has it already.

    Args:
        request: The request.
        content: The document.
        media_type: Its media type.
        headers: Further headers.
        tag: Its weak entity tag without quotes: the writer of RDF may order prefixes anew.
    """
    weak = f'W/"{tag}"'
    sent = {"Cache-Control": "no-cache", "ETag": weak, **headers}
    if is_fresh(request.headers.get("if-none-match"), weak):
        return Response(status_code=304, headers=sent)
    if media_type.startswith("text/") and "charset" not in media_type:
        media_type += "; charset=utf-8"
    return Response(content, headers=sent | {"Content-Type": media_type})
