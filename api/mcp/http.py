"""The tools at ``/mcp`` of a server, by streamable HTTP, behind the gate like everything else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.errors import problem

__all__ = ["has_tools", "running_tools"]

PATH = "/mcp"


def has_tools() -> bool:
    """Tell whether the extra ``mcp`` is installed."""
    return find_spec("mcp") is not None


@asynccontextmanager
async def running_tools(app: FastAPI) -> AsyncIterator[None]:
    """Serve the tools while an application runs; without the extra, serve none.

    Each request stands alone and sees what its key may see. Hosts are not checked: no tool
    writes, and a page of another site gets what anybody gets.
    """
    if not has_tools():
        yield
        return
    from mcp.server.transport_security import TransportSecuritySettings

    from api.mcp.access import remote_access
    from api.mcp.server import make_server

    server = make_server(remote_access)
    tools = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    own = [Route(PATH, _PostsOnly(route)) for route in tools.routes if isinstance(route, Route)]
    app.router.routes.extend(own)
    try:
        async with server.session_manager.run():
            yield
    finally:
        for route in own:
            app.router.routes.remove(route)


class _PostsOnly:
    """Answers 405 to all but POST: without sessions there is nothing to listen to or to end."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a POST on."""
        if scope["type"] == "http" and scope["method"] != "POST":
            detail = "tools are called by POST"
            answer = problem(405, "Method Not Allowed", detail, {"Allow": "POST"})
            await answer(scope, receive, send)
            return
        await self._route.app(scope, receive, send)
