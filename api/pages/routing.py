"""What all pages share: their language, and pages for what they cannot show."""

import logging
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from api.access.roles import Role
from api.errors import STATUS, ForbiddenError, UnauthorizedError
from api.i18n import LANGUAGES, Texts, texts
from api.i18n import noop as _noop
from api.pages.rendering import language_of, render
from graph.errors import StoreError

__all__ = ["PageLanguage", "in_every_language", "not_found", "page_router"]

logger = logging.getLogger(__name__)

_ROLE_NAMES = {
    Role.PARTNER: _noop("partner"),
    Role.COORDINATOR: _noop("coordinator"),
    Role.ADMIN: _noop("administrator"),
}
"""What readers call the roles."""

PageLanguage = Annotated[str, Depends(language_of)]


class _PageRoute(APIRoute):
    """A route that says to a reader, as a page, what stands in the way."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_page(request: Request) -> Response:
            try:
                return await handle(request)
            except StoreError as error:
                logger.error("%s: %s", request.url.path, error)  # noqa: TRY400 (no trace needed)
                return render(request, "unavailable.html", {}, STATUS[type(error)])
            except UnauthorizedError:
                return _sign_in_first(request)
            except ForbiddenError as error:
                reason = _forbidden(error, texts(language_of(request)))
                return render(request, "forbidden.html", {"reason": reason}, 403)

        return handle_page


def _forbidden(error: ForbiddenError, say: Texts) -> str:
    """Return why something is not open, with roles by the names that readers know."""
    said = error.sentence
    known = {str(role): say(name) for role, name in _ROLE_NAMES.items()}
    return say(said.template, **{k: known.get(str(v), v) for k, v in said.values.items()})


def _sign_in_first(request: Request) -> Response:
    """Send a reader to sign in, and from there back to the page."""
    path = f"/{language_of(request)}/sign-in"
    if request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        path += f"?{urlencode({'next': asked})}"
    return RedirectResponse(path, status_code=303)


def page_router() -> APIRouter:
    """Return a router for pages, whose paths begin behind the language."""
    return APIRouter(
        default_response_class=HTMLResponse, include_in_schema=False, route_class=_PageRoute
    )


def in_every_language(pages: APIRouter) -> APIRouter:
    """Return a router that serves pages below ``/de`` and ``/en``."""
    router = APIRouter(include_in_schema=False)
    for language in LANGUAGES:
        router.include_router(pages, prefix=f"/{language}")
    return router


def not_found(request: Request) -> Response:
    """Answer that there is no such page, in the language of the address."""
    return render(request, "not-found.html", {}, 404)
