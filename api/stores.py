"""Which store answers: the one on this machine, or a server."""

from api.settings import Settings
from graph.store import EmbeddedStore, Store, Visibility
from graph.store.pool import WorkerPool
from graph.store.remote import RemoteRunner, RemoteStore
from graph.store.runner import QueryRunner, RunLimits

__all__ = ["open_store", "runner_of"]


def open_store(
    settings: Settings, visibility: Visibility = Visibility.PUBLIC
) -> EmbeddedStore | RemoteStore:
    """Open the store that the settings name, as seen with a visibility.

    Raises:
        StoreUnavailableError: Nothing has been loaded yet, or the server does not answer.
        StoreError: It cannot be read.
    """
    if settings.store_url:
        return RemoteStore(settings.endpoint(), visibility, settings.store_refresh_s)
    return EmbeddedStore(settings.home, visibility)


def runner_of(store: Store, limits: RunLimits) -> QueryRunner:
    """Return what runs queries of strangers on a store.

    Raises:
        TypeError: Nothing does on this kind of store.
    """
    if isinstance(store, EmbeddedStore):
        return WorkerPool(store, limits)
    if isinstance(store, RemoteStore):
        return RemoteRunner(store, limits)
    raise TypeError(f"nobody else's queries run on {type(store).__name__}")
