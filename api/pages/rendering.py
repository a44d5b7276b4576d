"""From a template and values to an HTML answer in one language."""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from api.access.caller import Caller
from api.access.gate import CALLER
from api.access.sessions import form_token
from api.i18n import LANGUAGES, Texts, texts
from api.pages import addresses

__all__ = ["HEADERS", "environment", "language_of", "render", "twin_path"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every page. Nothing is loaded from elsewhere and no script or style stands inline."""


@cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes whenever the file does."""
    content = files("api").joinpath("static", *name.split("/")).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


@cache
def environment(language: str) -> Environment:
    """Return the templates of one language: everything escaped, unknown names are errors."""
    found = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = texts(language)
    found.globals |= {
        "_": words,
        "_rich": _rich(words),
        "ngettext": words.count,
        "asset": asset,
        "language": language,
        "organisation_path": lambda iri: addresses.organisation_path(language, iri),
        "competence_path": lambda iri: addresses.competence_path(language, iri),
    }
    found.filters |= {
        "number": words.number,
        "percent": words.percent,
        "day": words.day,
        "moment": words.moment,
        "list": words.join,
        "items": list,
        "slug": addresses.slug_of,
        "host": addresses.host_of,
    }
    found.tests |= {"web_link": addresses.is_web_link}
    return found


def _rich(words: Texts) -> Callable[..., Markup]:
    """Return the message as HTML: its own text is escaped, values may be links already made."""

    def message(text: str, /, **values: object) -> Markup:
        return escape(words.translations.gettext(text)).format(**values)

    return message


def language_of(request: Request) -> str:
    """Return the language that the address of a page begins with."""
    first = request.url.path.split("/")[1]
    return first if first in LANGUAGES else LANGUAGES[0]


def twin_path(request: Request, language: str) -> str:
    """Return the address of the same page in another language."""
    path = "/".join(["", language, *request.url.path.split("/")[2:]])
    return f"{path}?{request.url.query}" if request.url.query else path


def _signed_in(request: Request) -> dict[str, Any]:
    """Return the role of a session, ``None`` without one, and what its forms must send."""
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None or not caller.session:
        return {"signed_in": None, "form_token": ""}
    return {"signed_in": caller.role, "form_token": form_token(caller.session)}


def render(
    request: Request, template: str, context: dict[str, Any], status_code: int = 200
) -> HTMLResponse:
    """Fill a template in the language of the request."""
    language = language_of(request)
    other = next(name for name in LANGUAGES if name != language)
    page = environment(language).get_template(template)
    html = page.render(
        path=request.url.path,
        is_done=request.query_params.get("done") == "1",
        other_language=other,
        other_path=twin_path(request, other),
        **_signed_in(request),
        **context,
    )
    headers = HEADERS | {"Content-Language": language, "Vary": "Accept-Encoding"}
    content = html.encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, compresslevel=5, mtime=0)
    return HTMLResponse(content, status_code, headers)
