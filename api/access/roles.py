"""Roles, and what each of them sees."""

from enum import StrEnum

from graph.store import Visibility

__all__ = ["Role"]


class Role(StrEnum):
    """What somebody is to this house; each role may do all that the ones before it may."""

    ANONYMOUS = "anonymous"
    """Reads what is public."""

    PARTNER = "partner"
    """Reads what partners may see."""

    COORDINATOR = "coordinator"
    """Reads everything and writes."""

    ADMIN = "admin"
    """Also makes and revokes keys."""

    @property
    def visibility(self) -> Visibility:
        """What the role may see."""
        return _SEES[self]

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do all that another may."""
        order = tuple(Role)
        return order.index(self) >= order.index(other)


_SEES = {
    Role.ANONYMOUS: Visibility.PUBLIC,
    Role.PARTNER: Visibility.PARTNERS,
    Role.COORDINATOR: Visibility.INTERNAL,
    Role.ADMIN: Visibility.INTERNAL,
}
