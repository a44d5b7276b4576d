"""A store to work on: loaded first where it has to be."""

from pathlib import Path

from api import output
from api.settings import Settings
from api.stores import open_store
from graph.backup import is_restored
from graph.building import is_current
from graph.store import EmbeddedStore, Store

__all__ = ["own_store", "prepare", "ready_store", "settings_at"]


def settings_at(home: Path | None) -> Settings:
    """Return the settings, with another directory of the store where one is given."""
    return Settings() if home is None else Settings(home=home)


def prepare(settings: Settings) -> None:
    """Load the reference graph the first time and when it has changed.

    A remote store is filled by ``push`` only; a restored generation stays until the next ``load``.
    """
    home = settings.home
    if not (settings.store_url or is_current(home) or is_restored(home)):
        output.load(home)


def ready_store(home: Path | None) -> Store:
    """Open the store that the settings name; load it first where it has to be.

    Raises:
        GraphError: As :func:`api.stores.open_store` and :func:`graph.building.build`.
    """
    settings = settings_at(home)
    prepare(settings)
    return open_store(settings)


def own_store(home: Path | None) -> EmbeddedStore:
    """Open the store of this machine, whatever remote store is set.

    Raises:
        GraphError: As :func:`ready_store`.
    """
    settings = settings_at(home).model_copy(update={"store_url": ""})
    prepare(settings)
    return EmbeddedStore(settings.home)
