"""Pages to sign in with a key and to sign out."""

from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from api.access.forms import read_form, text_of
from api.access.limiter import Verdict
from api.dependencies import CallerDep, SettingsDep
from api.i18n import noop as _noop
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, page_router
from api.pages.signing import FormCookie, begin, end, form_cookie, safe_path
from api.routes.v1.keys import GateDep

__all__ = ["router"]

_pages = page_router()


COOKIE_LOST = _noop(
    "Your browser did not send the cookie of this form back. "
    "Allow cookies for this site; they are kept over HTTPS only."
)
KEY_REFUSED = _noop("This key is unknown, revoked or expired.")
TOO_MANY_TRIES = _noop("Too many keys have been tried from your address. Try again in {n} s.")


@_pages.get("/sign-in")
async def sign_in_form(request: Request) -> Response:
    """Ask for a key."""
    return _form(request, form_cookie(request), request.query_params.get("next", ""))


@_pages.post("/sign-in")
async def sign_in(
    request: Request,
    gate: GateDep,
    settings: SettingsDep,
    caller: CallerDep,
    language: PageLanguage,
) -> Response:
    """Begin a session for a valid key and go where the reader wanted to go."""
    fields, cookie = await request.form(), form_cookie(request)
    wanted = text_of(fields, "next")
    if not cookie.fits(text_of(fields, "form")):
        return _form(request, cookie, wanted, 422, COOKIE_LOST)
    key = await gate.try_key(text_of(fields, "key"), caller.address)
    if isinstance(key, Verdict):
        answer = _form(request, cookie, wanted, 429, TOO_MANY_TRIES, key.wait_s)
        answer.headers["Retry-After"] = str(key.wait_s)
        return answer
    if key is None:
        return _form(request, cookie, wanted, 422, KEY_REFUSED)
    if caller.session:
        gate.sessions.end(caller.session)
    session = gate.sessions.begin(key)
    gate.audit.note("session-begun", key=key.id, role=key.role, address=caller.address)
    lasting = timedelta(hours=settings.session_hours)
    return begin(session, lasting, safe_path(wanted, f"/{language}/workbench"))


@_pages.post("/sign-out")
async def sign_out(
    request: Request, gate: GateDep, caller: CallerDep, language: PageLanguage
) -> Response:
    """End the session."""
    await read_form(request)
    if caller.session:
        gate.sessions.end(caller.session)
        gate.audit.note("session-ended", key=caller.key, address=caller.address)
    return end(f"/{language}/")


def _form(
    request: Request,
    cookie: FormCookie,
    wanted: str,
    status_code: int = 200,
    message: str = "",
    wait_s: int = 0,
) -> Response:
    """Show the form, with what was wrong with the last try."""
    context = {"token": cookie.token, "next": wanted, "message": message, "wait_s": wait_s}
    answer = cookie.keep(render(request, "sign-in.html", context, status_code))
    answer.headers["Cache-Control"] = "no-store"
    return answer


router = in_every_language(_pages)
