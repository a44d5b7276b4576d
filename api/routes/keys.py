"""API keys over HTTP, for admins. The first key is made on the command line."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.caller import Caller
from api.access.gate import Gate
from api.access.roles import Role
from api.dependencies import caller_of

__all__ = ["router"]

router = APIRouter(prefix="/keys", tags=["keys"])


class KeyIn(BaseModel):
    """The key to make."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["partner", "coordinator", "admin"]
    label: Annotated[str, Field(min_length=1, max_length=100)]
    days: Annotated[float | None, Field(gt=0, le=3650, description="How long it is valid")] = None


class KeyOut(BaseModel):
    """What is known of a key; its secret is not."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    role: Role
    label: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class MadeOut(BaseModel):
    """A key that was made, with its token: this is the only time that it is shown."""

    key: KeyOut
    token: str


async def admin_of(request: Request) -> Caller:
    """Return the caller.

    Raises:
        UnauthorizedError: It has no key.
        ForbiddenError: It is no admin.
    """
    caller = await caller_of(request)
    caller.require(Role.ADMIN)
    return caller


async def gate_of(request: Request) -> Gate:
    """Return what holds the keys."""
    return cast(Gate, request.app.state.gate)


Admin = Annotated[Caller, Depends(admin_of)]
GateDep = Annotated[Gate, Depends(gate_of)]


@router.get("")
def list_keys(admin: Admin, gate: GateDep) -> list[KeyOut]:
    """List all keys, the oldest first."""
    return [KeyOut.model_validate(key) for key in gate.keys.all()]


@router.post("", status_code=201)
def make_key(wanted: KeyIn, admin: Admin, gate: GateDep, response: Response) -> MadeOut:
    """Make a key; its token is shown now and never again."""
    valid = None if wanted.days is None else timedelta(days=wanted.days)
    key, token = gate.keys.make(Role(wanted.role), wanted.label, valid)
    gate.audit.note("key-made", key=key.id, role=key.role, by=admin.key, address=admin.address)
    response.headers["Cache-Control"] = "no-store"
    return MadeOut(key=KeyOut.model_validate(key), token=token)


@router.delete("/{name}")
def revoke_key(name: str, admin: Admin, gate: GateDep) -> KeyOut:
    """Revoke a key, now and for ever."""
    key = gate.keys.revoke(name)
    gate.audit.note("key-revoked", key=key.id, by=admin.key, address=admin.address)
    return KeyOut.model_validate(key)
