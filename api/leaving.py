"""Suggestions for a client that may leave: who hangs up is not searched for any longer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, Request

from api.asking import Answered, Asked, ask
from api.errors import ClientGoneError
from api.results import gone
from graph.store import Store

__all__ = ["HasLeft", "HasLeftDep", "ask_while_there", "leaving"]

HasLeft = Callable[[], bool]
"""Tells in any thread whether the client of a request has gone."""


async def leaving(request: Request) -> AsyncIterator[HasLeft]:
    """Yield what tells whether the client has gone; it is watched until the request ends."""
    watching = asyncio.ensure_future(gone(request.receive))
    try:
        yield watching.done
    finally:
        watching.cancel()


HasLeftDep = Annotated[HasLeft, Depends(leaving)]


def ask_while_there(store: Store, asked: Asked, language: str, has_left: HasLeft) -> Answered:
    """Answer an enquiry as :func:`api.asking.ask`, as long as somebody waits for the answer.

    Raises:
        ClientGoneError: The client has gone; what was found by then is nobody's and is not kept.
    """
    found = ask(store, asked, language, is_cancelled=has_left)
    if has_left():
        raise ClientGoneError
    return found
