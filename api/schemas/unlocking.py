"""What clients get when they ask what would unlock the open enquiries."""

from pydantic import BaseModel, ConfigDict

from api.schemas.consortium import NamedOut

__all__ = ["UnlockingOut", "UnlockingStepOut"]


class UnlockingStepOut(BaseModel):
    """One competence more, on top of those before it."""

    model_config = ConfigDict(frozen=True)

    competence: NamedOut
    unlocked: list[NamedOut]
    closed: list[str]
    near: list[NamedOut]


class UnlockingOut(BaseModel):
    """Which new competences would unlock most of the open enquiries, step by step."""

    model_config = ConfigDict(frozen=True)

    graph_version: str
    enquiries: int
    open: list[NamedOut]
    steps: list[UnlockingStepOut]
