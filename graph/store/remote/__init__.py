"""Graphs on other SPARQL 1.1 servers: reading them as a store, and filling them."""

from graph.store.remote.client import Endpoint
from graph.store.remote.push import Push, push, push_all
from graph.store.remote.runner import RemoteRunner
from graph.store.remote.store import RemoteStore

__all__ = ["Endpoint", "Push", "RemoteRunner", "RemoteStore", "push", "push_all"]
