"""A profile as a form of a page: fields by name, filled in without scripts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from api.schemas.profiles import FaultOut, ProfileIn
from graph.profiles import Field, FieldKind, Form, Section

__all__ = ["Blank", "Filled", "blanks", "filled_from"]

_MOST = 50
_MOST_OPTIONS = 40
"""Options up to which a list to choose from is shorter than typing."""
_NAME = re.compile(r"([a-z]+)-([0-9]{1,3})-([A-Za-z]+)")

Entries = dict[str, list[dict[str, list[str]]]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put into the page.

    Attributes:
        organisation: Word for a known organisation; empty for a new one.
        entries: Values as :class:`api.schemas.profiles.ProfileIn` has them, blanks left out.
        counts: How many entries of each section the page shows.
    """

    organisation: str = ""
    entries: Entries = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def profile(self, language: str) -> ProfileIn:
        """Return the same as the API takes it."""
        return ProfileIn(
            organisation=self.organisation or None,
            entries=self.entries,
            language="en" if language == "en" else "de",
        )


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of the page.

    Attributes:
        field: What is asked.
        id: Name and id of its input.
        values: What is in it; one empty text more where there may be several values.
        is_listed: Its options are shown as a list to choose from.
        faults: What is wrong with it.
    """

    field: Field
    id: str
    values: tuple[str, ...]
    is_listed: bool
    faults: tuple[str, ...]


def filled_from(form: Form, fields: FormData) -> Filled:
    """Return what a page sends; what is no field of the form is left out."""
    known = {(s.name, f.name) for s in form.sections for f in s.fields}
    found: dict[tuple[str, int], dict[str, list[str]]] = {}
    for name, value in fields.multi_items():
        match = _NAME.fullmatch(name)
        if match is None or not isinstance(value, str) or (match[1], match[3]) not in known:
            continue
        if value.strip() and int(match[2]) < _MOST:
            entry = found.setdefault((match[1], int(match[2])), {})
            entry.setdefault(match[3], []).append(value.strip()[:2000])
    entries: Entries = {}
    for (section, _), entry in sorted(found.items()):
        entries.setdefault(section, []).append(entry)
    more = fields.get("more")
    counts = {
        s.name: max(len(entries.get(s.name, ())) + (more == s.name), 1)
        for s in form.sections
        if s.is_repeatable
    }
    organisation = fields.get("organisation")
    word = organisation.strip()[:500] if isinstance(organisation, str) else ""
    return Filled(word, entries, counts)


def blanks(
    section: Section, number: int, filled: Filled, faults: Iterable[FaultOut]
) -> list[Blank]:
    """Return the fields of one entry as the page shows them."""
    given = filled.entries.get(section.name, [])
    entry = given[number] if number < len(given) else {}
    here = [f for f in faults if (f.section, f.number) == (section.name, number)]
    return [
        Blank(
            field=asked,
            id=f"{section.name}-{number}-{asked.name}",
            values=_values(asked, entry.get(asked.name, [])),
            is_listed=asked.kind is FieldKind.CHOICE and len(asked.options) <= _MOST_OPTIONS,
            faults=tuple(f.message for f in here if f.field == asked.name),
        )
        for asked in section.fields
    ]


def _values(asked: Field, given: list[str]) -> tuple[str, ...]:
    return (*given, "") if asked.is_repeatable or not given else tuple(given)
