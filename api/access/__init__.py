"""Who may do what: roles, keys, rate limits, and the record of writes."""

from api.access.roles import Role

__all__ = ["Role"]
