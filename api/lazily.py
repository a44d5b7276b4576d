"""Sub-commands that are imported when they are asked for, so that the others start at once."""

from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

__all__ = ["lazily"]


def lazily(module: str, help_text: str) -> typer.Typer:
    """Return a group of commands that the ``app`` of a module holds.

    Args:
        module: Name of the module.
        help_text: What the group is for.
    """

    class Lazy(TyperGroup):
        def list_commands(self, ctx: object) -> list[str]:
            return list(_commands(module))

        def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:
            return _commands(module).get(cmd_name)

    return typer.Typer(cls=Lazy, help=help_text, no_args_is_help=True)


def _commands(module: str) -> dict[str, TyperCommand]:
    loaded: dict[str, TyperCommand] = get_group(import_module(module).app).commands  # type: ignore[assignment]
    return loaded
