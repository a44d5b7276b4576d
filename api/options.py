"""Options that many commands of the command line have."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AnyForm", "Form", "Format", "Home", "Lang", "Language", "Shown"]


class Language(StrEnum):
    """Language of what is shown."""

    DE = "de"
    EN = "en"


class Format(StrEnum):
    """Form of the result; ``auto`` draws on a terminal and writes JSON into a pipe."""

    AUTO = "auto"
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TURTLE = "turtle"


class Form(StrEnum):
    """The same, of what is never RDF."""

    AUTO = "auto"
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Home = Annotated[
    Path | None,
    typer.Option("--home", help="Directory of the store (default: VERBUND_HOME).", show_default=""),
]
Lang = Annotated[Language, typer.Option("--lang", "-l", help="Language of names and texts.")]
Shown = Annotated[Form, typer.Option("--format", "-f", help="Form of the result.")]
AnyForm = Annotated[Format, typer.Option("--format", "-f", help="Form of the result.")]
