"""Bring data of an earlier version of the ontology up to date."""

import pyoxigraph as ox

from graph.resources import migration_texts

__all__ = ["migrate"]


def migrate(store: ox.Store) -> None:
    """Run every update of ``ontology/migrations/``, in the order of its name.

    The ontology graph of the store says which terms are deprecated and what replaces them. Data
    that is up to date stays as it is, so a second run changes nothing.

    Args:
        store: Store with the ontology in ``graph/ontology`` and the data in other named graphs.
    """
    for _, update in migration_texts():
        store.update(update)
