"""The MCP server: what language models may ask, each tool read-only and within the same limits."""

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from threading import Event
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from api.mcp import work
from api.mcp.access import Access, AccessOf, RefusedError
from api.mcp.work import Language
from graph.errors import GraphError

__all__ = ["make_server"]

P = ParamSpec("P")
T = TypeVar("T")

_INSTRUCTIONS = (
    "Verbund is a knowledge graph of the engineering value chain in Thuringia. Every statement has "
    "a source: cite it. What the graph does not state is unknown, never no. Competences and "
    "organisations are named in German or English; an unknown word is answered with what is alike."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Words = Annotated[list[str], Field(max_length=24)]
Ctx = Context[Any, Any]


def make_server(access_of: AccessOf) -> MCPServer[Any]:
    """Return a server with the tools.

    Args:
        access_of: On whose behalf a call works.
    """
    server: MCPServer[Any] = MCPServer(
        "verbund",
        title="Verbund",
        instructions=_INSTRUCTIONS,
        version=version("verbund"),
        log_level="WARNING",
    )
    for add in (_add_lookups, _add_suggestions, _add_queries):
        add(server, access_of)
    return server


async def _access(access_of: AccessOf, context: Ctx) -> Access:
    """Return on whose behalf a call works.

    Raises:
        ToolError: The call is refused; the model reads why.
    """
    try:
        return await access_of(context.request_context.request)
    except RefusedError as error:
        raise ToolError(str(error)) from error


async def _told(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a thread; what the house says is wrong becomes an answer.

    Raises:
        ToolError: A word is unknown, or the like; the model reads why.
    """
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except GraphError as error:
        raise ToolError(str(error)) from error


async def _searched(function: Callable[..., T], *args: object) -> T:
    """As :func:`_told`, for a search, which ends when nobody waits for it any longer.

    Raises:
        ToolError: A word is unknown, or the like; the model reads why.
    """
    gone = Event()
    try:
        return await _told(partial(function, is_cancelled=gone.is_set), *args)
    finally:
        gone.set()


def _add_lookups(server: MCPServer[Any], access_of: AccessOf) -> None:
    @server.tool(annotations=_READ_ONLY)
    async def search_organisations(
        context: Ctx,
        text: Annotated[str, Field(description="Words in name or town")] = "",
        competences: Annotated[Words, Field(description="Each must be claimed")] = [],  # noqa: B006
        district: Annotated[str, Field(description="Name or official key")] = "",
        language: Language = "de",
        limit: Annotated[int, Field(ge=1, le=100)] = 25,
    ) -> dict[str, Any]:
        """Find organisations by words, by competences they claim, and by district."""
        store = (await _access(access_of, context)).store
        found = work.search_organisations
        return await _told(found, store, language, text, competences, district, limit)

    @server.tool(annotations=_READ_ONLY)
    async def explain_competence(
        context: Ctx, competence: str, language: Language = "de"
    ) -> dict[str, Any]:
        """Say what a competence is called, what is broader and narrower, and who claims it."""
        store = (await _access(access_of, context)).store
        return await _told(work.explain_competence, store, language, competence)


def _add_suggestions(server: MCPServer[Any], access_of: AccessOf) -> None:
    @server.tool(annotations=_READ_ONLY)
    async def suggest_consortium(
        context: Ctx,
        enquiry: Annotated[str, Field(description="Number or title of an enquiry")] = "",
        competences: Annotated[Words, Field(description="What is needed")] = [],  # noqa: B006
        exclude: Annotated[Words, Field(description="Who must not take part")] = [],  # noqa: B006
        language: Language = "de",
    ) -> dict[str, Any]:
        """Suggest the best provable consortium for an enquiry, or for competences."""
        store = (await _access(access_of, context)).store
        found = work.suggest_consortium
        return await _searched(found, store, language, enquiry, competences, exclude)

    @server.tool(annotations=_READ_ONLY)
    async def explain_assignment(
        context: Ctx,
        requirement: Annotated[str, Field(description="Its label in the suggestion")],
        enquiry: str = "",
        competences: Words = [],  # noqa: B006
        language: Language = "de",
    ) -> dict[str, Any]:
        """Say why a member serves a requirement: checks, evidence, cost, and who else could."""
        store = (await _access(access_of, context)).store
        found = work.explain_assignment
        return await _searched(found, store, language, requirement, enquiry, competences)

    @server.tool(annotations=_READ_ONLY)
    async def check_funding(
        context: Ctx,
        enquiry: Annotated[str, Field(description="Check its suggested consortium")] = "",
        organisations: Annotated[Words, Field(description="Or these partners")] = [],  # noqa: B006
        programme: Annotated[str, Field(description="One programme; else all")] = "",
        language: Language = "de",
    ) -> dict[str, Any]:
        """Hold partners against the rules of funding programmes: yes, no, or whom to ask."""
        store = (await _access(access_of, context)).store
        found = work.check_programmes
        return await _told(found, store, language, enquiry, organisations, programme)


def _add_queries(server: MCPServer[Any], access_of: AccessOf) -> None:
    @server.tool(annotations=_READ_ONLY)
    async def list_queries(context: Ctx, language: Language = "en") -> dict[str, Any]:
        """List the questions of the catalogue with their parameters."""
        await _access(access_of, context)
        return work.list_queries(language)

    @server.tool(annotations=_READ_ONLY)
    async def run_query(
        context: Ctx,
        name: Annotated[str, Field(description="Name in the catalogue")],
        parameters: dict[str, str] = {},  # noqa: B006
    ) -> dict[str, Any]:
        """Answer one question of the catalogue; at most 200 rows."""
        try:
            return await work.run_query(await _access(access_of, context), name, parameters)
        except GraphError as error:
            raise ToolError(str(error)) from error
