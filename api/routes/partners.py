"""Pages of the coordinators: what partners sent, and which entries may be one organisation."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.access.forms import read_form, text_of
from api.access.recording import CoordinatorDep
from api.access.writes import WriterDep
from api.dependencies import SettingsDep, StoreDep
from api.errors import TooManyJobsError
from api.i18n import noop as _noop
from api.pages.entering import message_of
from api.pages.rendering import language_of, render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.pages.waiting import OPEN_PAIRS
from api.routes.v1.harvest import listed
from api.routes.v1.jobs import HarvesterDep
from api.settings import Settings
from graph import harvest, identity
from graph.errors import (
    NonConformingError,
    NothingStagedError,
    ParameterError,
    SourceBusyError,
    UnknownSourceError,
    UnknownTermError,
    VersionConflictError,
)
from graph.identity import Decision
from graph.store import Store

__all__ = ["router"]

_SHOWN = 25
_REFUSALS: dict[type[Exception], int] = {
    NonConformingError: 422,
    NothingStagedError: 409,
    ParameterError: 422,
    SourceBusyError: 409,
    TooManyJobsError: 429,
    UnknownTermError: 422,
    VersionConflictError: 409,
}


CHOOSE_BUTTON = _noop("choose one of the buttons")
CHOOSE_DECISION = _noop("choose one of the decisions")

_pages = page_router()


@_pages.get("/desk/identity")
def show_proposals(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage
) -> Response:
    """Show pairs of entries that may mean one organisation."""
    return _proposals(request, store, language)


@_pages.post("/desk/identity")
async def decide(
    request: Request,
    caller: CoordinatorDep,
    store: StoreDep,
    writer: WriterDep,
    language: PageLanguage,
) -> Response:
    """Decide about a pair, and go on with the next."""
    fields = await read_form(request)
    try:
        made = await asyncio.to_thread(
            identity.decide,
            store,
            text_of(fields, "first"),
            text_of(fields, "second"),
            _decision(text_of(fields, "decision")),
            _reasons(text_of(fields, "rationale")),
        )
        await writer.apply(caller, made.write)
    except tuple(_REFUSALS) as error:
        return await asyncio.to_thread(_proposals, request, store, language, error)
    return RedirectResponse(f"/{language}/desk/identity?done=1", status_code=303)


def _decision(text: str) -> Decision:
    """Read a decision.

    Raises:
        ParameterError: It is none.
    """
    try:
        return Decision(text)
    except ValueError:
        raise ParameterError("identity", "decision", CHOOSE_DECISION) from None


def _reasons(text: str) -> dict[str, str]:
    """Return what was given as the reason; German is the language that decisions need."""
    return {"de": text} if text else {}


def _proposals(
    request: Request, store: Store, language: str, error: Exception | None = None
) -> Response:
    found = OPEN_PAIRS.whole(store)
    context: dict[str, Any] = {
        "proposals": [_shown(one, language) for one in found[:_SHOWN]],
        "total": len(found),
        "decided": len(identity.decisions(store)),
    }
    return _private(request, "desk-identity.html", context, error)


def _shown(proposal: identity.Proposal, language: str) -> dict[str, Any]:
    return {
        "first": proposal.first,
        "second": proposal.second,
        "score": proposal.score,
        "suggested": proposal.suggested.value,
        "evidence": [
            {"text": identity.sentence(one, language), "speaks_for": one.weight > 0}
            for one in proposal.evidence
        ],
    }


@_pages.get("/desk/harvest")
def show_sources(
    request: Request, caller: CoordinatorDep, settings: SettingsDep, harvester: HarvesterDep
) -> Response:
    """Show the sources that are described, each with its last harvest."""
    found = [
        {
            "source": source,
            "report": report,
            "at": datetime.fromisoformat(report.run_at) if report else None,
            "is_running": harvester.is_busy(source.name),
        }
        for source, report in listed(settings.home)
    ]
    return _private(request, "desk-harvest.html", {"sources": found})


@_pages.get("/desk/harvest/{name}")
def show_source(
    request: Request, caller: CoordinatorDep, settings: SettingsDep, name: str
) -> Response:
    """Show what came of the last harvest of a source."""
    return _source(request, settings, name)


@_pages.post("/desk/harvest/{name}")
async def act(
    request: Request,
    caller: CoordinatorDep,
    settings: SettingsDep,
    writer: WriterDep,
    harvester: HarvesterDep,
    name: str,
    language: PageLanguage,
) -> Response:
    """Harvest, cancel, accept or reject, as the button says."""
    fields = await read_form(request)
    action, digest = text_of(fields, "action"), text_of(fields, "digest")
    try:
        if action == "run":
            harvester.start(caller, name)
        elif action == "cancel":
            await harvester.cancel(caller, name)
        elif action == "accept":
            change = await asyncio.to_thread(harvest.accept, settings.home, name, digest)
            await writer.apply(caller, change)
            await asyncio.to_thread(harvest.settled, settings.home, name, digest)
        elif action == "reject":
            await asyncio.to_thread(harvest.reject, settings.home, name, digest)
        else:
            raise ParameterError("harvest", "action", CHOOSE_BUTTON)
    except UnknownSourceError:
        return not_found(request)
    except tuple(_REFUSALS) as error:
        return await asyncio.to_thread(_source, request, settings, name, error)
    said = "" if action == "run" else "?done=1"  # a harvest that runs says so itself
    return RedirectResponse(f"/{language}/desk/harvest/{name}{said}", status_code=303)


def _source(
    request: Request, settings: Settings, name: str, error: Exception | None = None
) -> Response:
    try:
        source = harvest.read_source(harvest.sources_folder(settings.home), name)
    except UnknownSourceError:
        return not_found(request)
    context: dict[str, Any] = {
        "source": source,
        "report": harvest.read_report(settings.home, name),
        "is_running": request.app.state.harvester.is_busy(name),
        "progress": harvest.progress_of(settings.home, name),
    }
    return _private(request, "desk-harvest-source.html", context, error)


def _private(
    request: Request, template: str, context: dict[str, Any], error: Exception | None = None
) -> Response:
    """Answer with a page that nobody but the reader keeps."""
    status = 200 if error is None else _REFUSALS[type(error)]
    answer = render(request, template, context | message_of(error, language_of(request)), status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


router = in_every_language(_pages)
