"""Who asks."""

from dataclasses import dataclass, field

from api.access.roles import Role
from api.errors import ForbiddenError, UnauthorizedError
from graph.store import Visibility

__all__ = ["Caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        client: What its requests are counted by: its key, or else its address.
        visibility: What it may see.
        role: What it may do.
        key: Id of its key; empty without one.
        address: Where the request comes from.
        session: Cookie of its session; empty when it sent a key, or nothing.
    """

    client: str
    visibility: Visibility
    role: Role = Role.ANONYMOUS
    key: str = ""
    address: str = ""
    session: str = field(default="", repr=False)

    def require(self, role: Role) -> None:
        """Check that the caller may do what a role may.

        Raises:
            UnauthorizedError: It has no key.
            ForbiddenError: Its key is one of a lesser role.
        """
        if self.role.includes(role):
            return
        if self.role is Role.ANONYMOUS:
            raise UnauthorizedError(f"this needs a key of the role {role}, sent as Bearer")
        raise ForbiddenError(
            "this needs the role {role}; your key has the role {own}", role=role, own=self.role
        )
