"""The sub-command ``verbund keys``."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.access.audit import AuditLog
from api.access.keys import Key, KeyStore
from api.access.roles import Role
from api.options import Form, Home, Shown
from api.settings import Settings

__all__ = ["app"]

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)


class KeyRole(StrEnum):
    """Roles that a key can have."""

    PARTNER = "partner"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


def _opened(home: Path | None) -> tuple[KeyStore, AuditLog]:
    settings = Settings() if home is None else Settings(home=home)
    return KeyStore(settings.home), AuditLog(settings.home, settings.audit_max_mib * 1024**2)


@app.command()
def create(
    role: Annotated[KeyRole, typer.Option(help="What the bearer may do.")],
    label: Annotated[str, typer.Option(help="Whom or what it is for.")],
    days: Annotated[
        float | None, typer.Option(help="How long it is valid (default: no end).")
    ] = None,
    home: Home = None,
) -> None:
    """Make a key and show it, this once."""
    keys, audit = _opened(home)
    valid = None if days is None else timedelta(days=days)
    key, token = keys.make(Role(role.value), label, valid)
    audit.note("key-made", key=key.id, role=key.role, by="command line")
    typer.echo(token)
    typer.echo(f"key {key.id} of the role {key.role}; it is not shown again", err=True)


@app.command("list")
def list_keys(
    home: Home = None,
    form: Shown = Form.AUTO,
) -> None:
    """List all keys without their secrets."""
    columns = ("id", "role", "label", "made", "expires", "revoked", "used")
    output.rows((columns, [_row(key) for key in _opened(home)[0].all()]), form.value)


def _row(key: Key) -> dict[str, str]:
    times = {
        "made": key.made_at,
        "expires": key.expires_at,
        "revoked": key.revoked_at,
        "used": key.used_at,
    }
    row = {"id": key.id, "role": str(key.role), "label": key.label}
    return row | {name: at.isoformat(timespec="seconds") for name, at in times.items() if at}


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of the key.")], home: Home = None
) -> None:
    """End a key now and for ever."""
    keys, audit = _opened(home)
    key = keys.revoke(name)
    audit.note("key-revoked", key=key.id, by="command line")
    typer.echo(f"key {key.id} is revoked", err=True)
