"""Signing in with a key, and out again: the cookies, and where to go from there."""

import secrets
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.access.sessions import COOKIE, form_token, is_form_token

__all__ = ["FormCookie", "begin", "end", "form_cookie", "safe_path"]

_FORM_COOKIE = f"{COOKIE}-form"


class FormCookie:
    """What ties the form to sign in to the browser that it was given to.

    Without it another site could sign a reader in as somebody else. It shows also that the browser
    keeps our cookies, which browsers do over HTTPS and on ``localhost`` only.

    Attributes:
        value: The cookie.
        is_new: The browser has not sent it, so it must be set.
    """

    def __init__(self, sent: str | None) -> None:
        self.is_new = not sent
        self.value = sent or secrets.token_urlsafe(32)

    @property
    def token(self) -> str:
        """What the hidden field of the form must hold."""
        return form_token(self.value)

    def fits(self, token: str) -> bool:
        """Tell whether a form was given out with this cookie, to a browser that kept it."""
        return not self.is_new and is_form_token(self.value, token)

    def keep(self, response: Response) -> Response:
        """Set the cookie until the browser is closed, if it is new."""
        if self.is_new:
            _set(response, _FORM_COOKIE, self.value, same_site="strict")
        return response


def form_cookie(request: Request) -> FormCookie:
    """Return what the browser has sent, or a new one."""
    return FormCookie(request.cookies.get(_FORM_COOKIE))


def begin(cookie: str, lasting: timedelta, path: str) -> Response:
    """Hand out the cookie of a session and go to a page of this house."""
    response = RedirectResponse(path, status_code=303)
    _set(response, COOKIE, cookie, max_age_s=int(lasting.total_seconds()))
    return response


def end(path: str) -> Response:
    """Take the cookie of a session back and go to a page of this house."""
    response = RedirectResponse(path, status_code=303)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _set(
    response: Response,
    name: str,
    value: str,
    max_age_s: int | None = None,
    same_site: Literal["lax", "strict"] = "lax",
) -> None:
    # lax, not strict, for the session: who follows a link in a mail to a page is still signed in;
    # what changes something is no link but a form, and needs its token
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/",
        secure=True,
        httponly=True,
        samesite=same_site,
    )


def safe_path(wanted: str, otherwise: str) -> str:
    """Return where to go next: the path that is wanted if it is one of this house.

    Browsers read two slashes, or a slash and a backslash, as the address of another host.
    """
    is_plain = wanted.isprintable() and wanted.isascii() and "\\" not in wanted
    if is_plain and wanted.startswith("/") and not urlsplit(wanted).netloc and wanted[1:2] != "/":
        return wanted
    return otherwise
