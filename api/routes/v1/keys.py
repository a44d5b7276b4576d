"""API keys over HTTP, for admins. The first key is made on the command line."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.caller import Caller
from api.access.gate import Gate
from api.access.keys import Key
from api.access.roles import Role
from api.dependencies import caller_of
from api.rest.documents import DocumentOut, Reading, ReadingDep

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/keys", tags=["keys"])


_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key was sent"},
    403: {"description": "The key is not one of an admin"},
}


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


@router.get(
    "", responses=_REFUSED, response_model=DocumentOut[list[KeyOut]], operation_id="list_keys"
)
def list_keys(admin: Admin, gate: GateDep, reading: ReadingDep) -> Response:
    """List all keys, the oldest first."""
    return _answer(reading, [_shown(key) for key in gate.keys.all()])


@router.post(
    "",
    status_code=201,
    responses=_REFUSED,
    response_model=DocumentOut[MadeOut],
    operation_id="make_key",
)
def make_key(wanted: KeyIn, admin: Admin, gate: GateDep, reading: ReadingDep) -> Response:
    """Make a key; its token is shown now and never again."""
    valid = None if wanted.days is None else timedelta(days=wanted.days)
    key, token = gate.keys.make(Role(wanted.role), wanted.label, valid)
    gate.audit.note("key-made", key=key.id, role=key.role, by=admin.key, address=admin.address)
    return _answer(reading, {"key": _shown(key), "token": token}, 201)


@router.delete(
    "/{name}",
    responses=_REFUSED | {404: {"description": "There is no such key"}},
    response_model=DocumentOut[KeyOut],
    operation_id="revoke_key",
)
def revoke_key(name: str, admin: Admin, gate: GateDep, reading: ReadingDep) -> Response:
    """Revoke a key, now and for ever."""
    key = gate.keys.revoke(name)
    gate.audit.note("key-revoked", key=key.id, by=admin.key, address=admin.address)
    return _answer(reading, _shown(key))


def _shown(key: Key) -> dict[str, Any]:
    return KeyOut.model_validate(key).model_dump(mode="json")


def _answer(reading: Reading, data: Any, status: int = 200) -> Response:
    """Answer with what nobody may keep a copy of."""
    answer = reading.send({"data": data}, {"Cache-Control": "no-store"})
    answer.status_code = status
    return answer
