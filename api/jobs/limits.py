"""How much long work there may be."""

from dataclasses import dataclass

__all__ = ["JobLimits"]


@dataclass(frozen=True, slots=True)
class JobLimits:
    """How much work there may be.

    Attributes:
        running: Jobs that run at the same time.
        waiting: Jobs that may wait.
        per_client: Jobs of one client that wait or run.
        time_s: Time that one job may run.
        memory_bytes: Address space of one job.
    """

    running: int = 1
    waiting: int = 32
    per_client: int = 4
    time_s: float = 600.0
    memory_bytes: int = 4 * 1024**3
