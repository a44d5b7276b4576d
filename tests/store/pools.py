"""A pool of workers for as long as a test needs it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from graph.store import EmbeddedStore
from graph.store.pool import WorkerPool
from graph.store.runner import RunLimits

__all__ = ["Scenario", "in_pool"]

Scenario = Callable[[WorkerPool], Awaitable[None]]


async def in_pool(home: Path, scenario: Scenario, limits: RunLimits) -> None:
    """Do something with a pool, and close it however that ends."""
    pool = WorkerPool(EmbeddedStore(home), limits)
    await pool.start()
    try:
        await scenario(pool)
    finally:
        await pool.close()
