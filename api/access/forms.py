"""Forms of signed-in pages: read only when they were given out to the session that sends them."""

from fastapi import Request
from starlette.datastructures import FormData

from api.access.sessions import form_token, is_form_token
from api.dependencies import caller_of
from api.errors import ForbiddenError

__all__ = ["TOKEN", "read_form", "text_of", "token_of"]

TOKEN = "form_token"  # noqa: S105 - name of the field
"""Name of the hidden field that every form of a signed-in page has."""


async def token_of(request: Request) -> str:
    """Return what the hidden field of a form must hold; empty for who is not signed in."""
    caller = await caller_of(request)
    return form_token(caller.session) if caller.session else ""


async def read_form(request: Request) -> FormData:
    """Return the fields of a form.

    A browser sends its cookie along whoever made the form; the token shows that this house did.
    A caller that sends a key with its request, as programs do, needs no token. Whether the caller
    may do what the form asks for is for the page to ask (:meth:`api.access.caller.Caller.require`).

    Raises:
        ForbiddenError: The caller is signed in, and the form is not one made for its session.
    """
    caller = await caller_of(request)
    fields = await request.form()
    if caller.session and not is_form_token(caller.session, text_of(fields, TOKEN)):
        raise ForbiddenError("this form was not made for your session; load the page again")
    return fields


def text_of(fields: FormData, name: str) -> str:
    """Return the last value of a field without spaces around it; empty when it is not there."""
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""
