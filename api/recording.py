"""Changes from the command line, applied to the store of this machine: the one way to write."""

from collections.abc import Callable
from pathlib import Path

import typer

from api.access.audit import AuditLog
from api.settings import Settings
from graph import writer
from graph.errors import VersionConflictError
from graph.records import Entry
from graph.store import EmbeddedStore, Store, Visibility
from graph.writing import Receipt, Write

__all__ = ["apply", "own_store", "record"]


def own_store(home: Path | None) -> EmbeddedStore:
    """Return everything that the office sees of the store of this machine.

    Raises:
        StoreUnavailableError: Nothing has been loaded yet.
    """
    settings = Settings() if home is None else Settings(home=home)
    return EmbeddedStore(settings.home, Visibility.INTERNAL)


def apply(store: EmbeddedStore, change: Write, record: str) -> Receipt:
    """Apply a change, note it, and say on standard error what it made.

    Args:
        store: Where the change was made from.
        change: What to do.
        record: IRI or identifier of what it concerns.

    Raises:
        GraphError: See :func:`graph.writer.run`.
    """
    settings = Settings(home=store.home)
    audit = AuditLog(settings.home, settings.audit_max_mib * 1024**2)
    audit.note("write-begun", by="command line", kind=change.kind.value, record=record)
    receipt = writer.run(
        settings.home,
        change,
        timeout_s=settings.write_timeout_s,
        memory_bytes=settings.write_memory_mib * 1024**2,
    )
    audit.note("write-done", by="command line", version=receipt.version, before=receipt.before)
    typer.echo(f"{record}: graph {receipt.version[:12]}", err=True)
    return receipt


def record(
    home: Path | None, make: Callable[[Store], Entry], tries: int = 1
) -> tuple[str, EmbeddedStore]:
    """Apply the entry of a record; return the record's IRI and the store that has it.

    Args:
        home: Directory of the store, or ``None`` for the one of the settings.
        make: Makes the entry from what the office sees.
        tries: How often to make it again when somebody else was quicker, as for numbers.

    Raises:
        VersionConflictError: Somebody else was quicker, each time.
        GraphError: See :func:`apply`.
    """
    for left in reversed(range(tries)):
        store = own_store(home)
        entry = make(store)
        try:
            apply(store, entry.write, entry.record)
        except VersionConflictError:
            if not left:
                raise
            continue
        return entry.record, own_store(home)
    raise AssertionError("the last try returns or raises")
