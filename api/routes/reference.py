"""The API reference in a browser, from files of our own: no other host is asked for anything."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def reference() -> HTMLResponse:
    """Show the OpenAPI description."""
    page = files("api").joinpath("templates/reference.html").read_text(encoding="utf-8")
    return HTMLResponse(page)
