"""The client as it is used: the generated methods, and what takes several of them."""

from __future__ import annotations

from typing import Any

from verbund_client import generated

__all__ = ["JobError", "Verbund"]


class JobError(Exception):
    """A job has ended without a result.

    Attributes:
        job: How it stands; ``job.error`` says why.
    """

    def __init__(self, job: generated.Job) -> None:
        super().__init__(f"the job is {job.state}: {job.error or 'no reason is given'}")
        self.job = job


class Verbund(generated.Verbund):
    """Every operation of the API as a method, and long work as one call."""

    def run_job(
        self,
        body: generated.ConsortiaIn
        | generated.UnlockingIn
        | generated.DumpsIn
        | generated.HarvestIn,
    ) -> dict[str, Any]:
        """Start a job, follow it until it ends, and return its result.

        To show how far it is, use ``start_job``, ``follow_job`` and ``get_job_result``.

        Raises:
            JobError: It has failed, or somebody has cancelled it.
            ProblemError: The server does not take it.
        """
        *_, job = self.follow_job(self.start_job(body).data.id)
        if job.state != "done":
            raise JobError(job)
        return self.get_job_result(job.id).data
