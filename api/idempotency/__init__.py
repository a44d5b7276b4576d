"""Requests that are safe to repeat: ``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key)."""

from api.idempotency.ledger import Kept, Ledger
from api.idempotency.middleware import IdempotentRequests

__all__ = ["IdempotentRequests", "Kept", "Ledger"]
