"""``verbund mcp``: the tools on standard input and output."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.errors import UnauthorizedError
from api.mcp.http import has_tools
from api.settings import Settings

__all__ = ["mcp"]


def mcp(
    home: Annotated[Path | None, typer.Option(help="Directory of the store")] = None,
) -> None:
    """Offer tools for language models on standard input and output (MCP).

    What they see is public, or what the key in VERBUND_KEY allows.
    """
    if not has_tools():
        typer.echo("this needs the extra: pip install 'verbund[mcp]'", err=True)
        raise typer.Exit(2)
    try:
        asyncio.run(_serve(Settings(home=home) if home else Settings()))
    except UnauthorizedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


async def _serve(settings: Settings) -> None:
    from api.mcp.access import local_access
    from api.mcp.server import make_server

    async with local_access(settings) as access_of:
        await make_server(access_of).run_stdio_async()
