"""The application factory; nothing happens when this module is imported."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api.access.audit import AuditLog
from api.access.gate import Gate, GateMiddleware
from api.access.keys import KeyStore
from api.access.limiter import Limiter
from api.access.roles import Role
from api.access.sessions import SessionStore
from api.access.tokens import Issuer
from api.access.writes import Writer
from api.direct import Direct, Handler, Plain
from api.dumping import write_downloads
from api.errors import add_handlers
from api.fast_path import Continuing, FastPath
from api.harvest.starting import Harvester
from api.idempotency import IdempotentRequests, Ledger
from api.jobs.keeper import JobKeeper
from api.mcp.http import running_tools
from api.middleware import BodyLimit, HeadAsGet, SecurityHeaders
from api.openapi import describing
from api.renewing import keep_renewed
from api.repeated import RepeatedAnswers
from api.rest.deprecation import DeprecationHeaders
from api.routes import (
    consortium,
    dashboards,
    dumps,
    enquiry,
    feed,
    health,
    pages,
    partners,
    problems,
    questions,
    reference,
    resources,
    signing,
    sparql,
    update,
    wellknown,
    workbench,
)
from api.routes import desk as desk_pages
from api.routes import graphs as graph_store
from api.routes import needs as needs_pages
from api.routes import profiles as profile_pages
from api.routes import projects as project_pages
from api.routes.v1 import (
    claims,
    competences,
    consortia,
    context,
    desk,
    enquiries,
    funding,
    graphs,
    harvest,
    identity,
    jobs,
    keys,
    matches,
    needs,
    organisations,
    profiles,
    project_changes,
    projects,
    queries,
    root,
    saved_queries,
    sources,
    vocabulary,
)
from api.saving import SavedQueries
from api.settings import Settings
from api.stores import open_store, runner_of
from api.versions import VersionHeaders
from api.warming import Warmer, keep_read
from graph.errors import StoreError
from graph.store import EmbeddedStore, Store

__all__ = ["create_app", "described_application"]

logger = logging.getLogger(__name__)

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    sparql.router,
    update.router,
    graph_store.router,
    resources.router,
    dumps.router,
    feed.router,
    wellknown.router,
    problems.router,
    questions.router,
    signing.router,
    desk_pages.router,
    needs_pages.router,
    partners.router,
    workbench.router,
    dashboards.router,
    reference.router,
    enquiry.router,
    consortium.router,
    project_pages.router,
    profile_pages.router,
    pages.router,
    # below /api/v1
    root.router,
    organisations.router,
    competences.router,
    claims.router,
    enquiries.router,
    matches.router,
    consortia.router,
    funding.router,
    desk.router,
    needs.router,
    queries.router,
    saved_queries.router,
    graphs.router,
    keys.router,
    jobs.router,
    context.router,
    vocabulary.router,
    projects.router,
    project_changes.router,
    profiles.router,
    harvest.router,
    sources.router,
    identity.router,
)
"""Everything that is served; a new router is added here."""

_PLAIN: dict[tuple[str, str], Handler] = {("GET", "/sparql"): sparql.query_by_get}
_DIRECT: dict[tuple[str, str], Handler] = {
    **_PLAIN,
    ("POST", "/sparql"): sparql.query_by_post,
}

_FEDERATED_AT_ONCE = 4
"""Queries with SERVICE that wait for others at the same time."""

_EXPOSED = [
    *("Deprecation", "ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset"),
    *("Verbund-Limit", "Verbund-Software", "Verbund-Truncated", "Verbund-Version"),
]


def create_app(settings: Settings | None = None, store: Store | None = None) -> FastAPI:
    """Build the application.

    Args:
        settings: How to run; read from the environment when omitted.
        store: Where to read; opened from the settings when omitted.

    Raises:
        StoreUnavailableError: Nothing has been loaded yet, or the server does not answer.
        StoreCorruptError: The files of the store cannot be read.
    """
    settings = settings or Settings()
    store = store or open_store(settings)
    gate = _gate(settings)
    app: FastAPI = FastAPI(
        title="Verbund",
        version=version("verbund"),
        summary="From an enquiry to a proven consortium: Thuringian engineering as linked data",
        docs_url=None,  # FastAPI's own page loads its files from another host
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing leaves unasked
        lifespan=_lifespan,
        middleware=_layers(settings, gate, lambda: app.state.store.latest().version),
    )
    app.state.settings = settings
    app.state.store = store
    app.state.narrower = {}
    app.state.gate = gate
    app.state.saved = SavedQueries(settings.home, settings.query_max_bytes)
    app.state.writer = Writer(settings, gate.audit)
    app.state.jobs = JobKeeper(settings.home, settings.job_limits())
    app.state.federation = settings.federation()
    app.state.federating = asyncio.Semaphore(_FEDERATED_AT_ONCE)
    app.state.harvester = Harvester(settings, app.state.jobs, app.state.writer, gate.audit)
    app.state.runner = runner_of(store, settings.run_limits())
    app.state.fast_path = FastPath(app.state.runner, gate, settings.guard_limits())
    _serve(app)
    return app


def _layers(settings: Settings, gate: Gate, version_now: Callable[[], str]) -> list[Middleware]:
    """Return what every request passes on its way to a route, the outermost first."""
    return [
        # Outside, so that what it adds to an answer does not make the answer repeatable.
        Middleware(VersionHeaders),
        Middleware(Continuing, gate=gate, result_max_bytes=settings.result_max_bytes),
        Middleware(
            RepeatedAnswers,
            version=version_now,
            max_bytes=settings.cache_mib * 1024**2,
            admit=gate.admit,
        ),
        Middleware(Plain, handlers=_PLAIN, gate=gate),
        Middleware(SecurityHeaders),
        # Anonymous reading from any page, never with a visitor's credentials.
        Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Accept", "Content-Type", "Idempotency-Key", "If-None-Match"],
            expose_headers=_EXPOSED,
            max_age=86_400,
        ),
        Middleware(GateMiddleware, gate=gate),
        Middleware(HeadAsGet),
        Middleware(BodyLimit, max_bytes=settings.request_max_bytes),
        Middleware(IdempotentRequests, ledger=Ledger(settings.home / "access")),
        Middleware(DeprecationHeaders),
        Middleware(Direct, handlers=_DIRECT),
    ]


def _serve(app: FastAPI) -> None:
    """Give an application its routes, its errors and its description."""
    for router in ROUTERS:
        app.include_router(router)
    add_handlers(app)
    app.openapi = describing(app)  # type: ignore[method-assign]


def described_application() -> dict[str, Any]:
    """Return the OpenAPI document; needs no store."""
    app = FastAPI(title="Verbund", version=version("verbund"))
    _serve(app)
    return app.openapi()


def _gate(settings: Settings) -> Gate:
    """Return what every request passes first."""
    tries = settings.key_tries_per_minute
    return Gate(
        keys=KeyStore(settings.home),
        sessions=SessionStore(settings.home, timedelta(hours=settings.session_hours)),
        requests=Limiter(settings.rate_per_s, settings.rate_burst),
        tries=Limiter(tries / 60, tries),
        audit=AuditLog(settings.home, settings.audit_max_mib * 1024**2),
        issuer=Issuer(settings.oidc_issuer, settings.oidc_audience, settings.oidc_role_claim)
        if settings.oidc_issuer
        else None,
    )


def _is_written_to(app: FastAPI) -> bool:
    """Tell whether somebody can write, so that what writes should be ready."""
    if not isinstance(app.state.store, EmbeddedStore):
        return False
    try:
        keys = app.state.gate.keys.all()
    except StoreError as error:  # requests with a key will be told; others need none
        logger.warning("the keys cannot be read: %s", error)
        return False
    return any(key.role.includes(Role.COORDINATOR) for key in keys)


async def _keep_warm(app: FastAPI) -> None:
    """Have the main pages of each version made before anybody asks, when that is wanted."""
    if app.state.settings.warm_pages:
        is_own = isinstance(app.state.store, EmbeddedStore)
        then = partial(write_downloads, app.state.store.home) if is_own else None
        # asked of the application each time: a store held on to keeps its generation on the disk
        await Warmer(app, lambda: app.state.store.latest().version, then).run()


async def _keep_read(app: FastAPI) -> None:
    """Have what signed-in people's pages need read ahead, too."""
    if app.state.settings.warm_pages:
        await keep_read(app.state.narrower)


async def _keep_renewed(app: FastAPI) -> None:
    """Have what is derived follow the calendar, where it is derived here."""
    if isinstance(app.state.store, EmbeddedStore):
        await keep_renewed(app.state.settings.home, app.state.writer.renew)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Keep the query workers running while the application does."""
    await app.state.runner.start()
    if _is_written_to(app):
        app.state.writer.start()
    beside = [asyncio.create_task(task(app)) for task in (_keep_warm, _keep_read, _keep_renewed)]
    try:
        async with running_tools(app):
            yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        await app.state.jobs.close()
        await app.state.writer.close()
        await app.state.runner.close()
