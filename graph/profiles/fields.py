"""The parts of a form, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Field", "FieldKind", "Form", "Option", "Section", "Text"]

Text = Mapping[str, str]
"""A text by language tag, ``de`` and ``en``."""


class FieldKind(StrEnum):
    """What is put into a field."""

    ADDRESS = "address"
    CHOICE = "choice"
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    TEXT = "text"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed value.

    Attributes:
        iri: What is said when it is chosen.
        label: Its name.
    """

    iri: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to ask for.

    Attributes:
        name: Local name of the property, unique in its section.
        path: IRI of the property.
        label: Its name.
        hint: What it means; empty where the vocabulary is not ours.
        kind: What is put in.
        is_required: At least one value is needed.
        is_recommended: At least one value should be there, as a warning or hint says.
        is_repeatable: More than one value may be given.
        languages: Tags that a text may have, the default first; empty for a text without one.
        pattern: XPath regular expression that values match; empty for none.
        min_length: Fewest characters.
        minimum: Smallest number; ``None`` for none.
        maximum: Largest number; ``None`` for none.
        scheme: Name of the scheme or class whose members are allowed; empty where there is none.
        options: The allowed values; empty unless ``kind`` is ``CHOICE``.
        messages: What the shapes say when it is wrong, by the code of the shape.
    """

    name: str
    path: str
    label: Text
    hint: Text
    kind: FieldKind
    is_required: bool = False
    is_recommended: bool = False
    is_repeatable: bool = True
    languages: tuple[str, ...] = ()
    pattern: str = ""
    min_length: int = 0
    minimum: str | None = None
    maximum: str | None = None
    scheme: str = ""
    options: tuple[Option, ...] = ()
    messages: Mapping[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing to describe.

    Attributes:
        name: Such as ``claim``.
        cls: IRI of its class.
        label: Name of the class.
        is_repeatable: There may be several; otherwise at most one.
        is_required: There must be one.
        fields: What to ask for, required fields first.
    """

    name: str
    cls: str
    label: Text
    is_repeatable: bool
    is_required: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Everything to ask for."""

    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """Return the section of this name."""
        return next((s for s in self.sections if s.name == name), None)
