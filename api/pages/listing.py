"""The list of organisations: filters with counts, and the map of how many there are where."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from api.pages.geography import District, districts
from api.pages.reading import OrganisationLine, local

__all__ = ["DistrictCount", "Filters", "Listing", "draw_districts", "select"]

_CLASSES = (1, 5, 10, 20, 40)
"""Lower bounds of the shades of the map."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means everything.

    Attributes:
        q: Part of a name or town.
        step: End of the IRI of a value-chain step.
        district: Key of a district.
        kind: Label of a kind of organisation.
    """

    q: str = ""
    step: str = ""
    district: str = ""
    kind: str = ""

    @classmethod
    def parse(
        cls,
        q: Annotated[str, Query(max_length=300)] = "",
        step: Annotated[str, Query(max_length=300)] = "",
        district: Annotated[str, Query(max_length=300)] = "",
        kind: Annotated[str, Query(max_length=300)] = "",
    ) -> "Filters":
        """Read the filters of an address."""
        return cls(q.strip(), step.strip(), district.strip(), kind.strip())

    def path(self, language: str, **changes: str) -> str:
        """Return the path of the list with some filters changed."""
        changed = replace(self, **changes)
        pairs = [(f.name, getattr(changed, f.name)) for f in fields(changed)]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"/{language}/organisations" + (f"?{query}" if query else "")

    def test(self, *, but: str = "") -> Callable[[OrganisationLine], bool]:
        """Return whether an organisation passes all filters, or all but the one named."""
        word = self.q.casefold()

        def passes(line: OrganisationLine) -> bool:
            return (
                (word in line.name.casefold() or word in line.town.casefold())
                and (but == "step" or not self.step or self.step in map(local, line.steps))
                and (but == "district" or self.district in ("", local(line.district)))
                and (but == "kind" or self.kind in ("", line.kind))
            )

        return passes


@dataclass(frozen=True, slots=True)
class Listing:
    """Organisations that pass, and how many would for each value of each filter.

    Attributes:
        lines: The organisations, ordered by name.
        total: How many there are without filters.
        kinds: Count for each kind, with the other filters as they are.
        steps: Count for each step by the end of its IRI, likewise.
        districts: Count for each district by its key, likewise.
    """

    lines: tuple[OrganisationLine, ...]
    total: int
    kinds: Counter[str]
    steps: Counter[str]
    districts: Counter[str]


def select(lines: Sequence[OrganisationLine], filters: Filters) -> Listing:
    """Narrow the list and count what each further filter would leave."""
    every, by_kind = filters.test(), filters.test(but="kind")
    by_step, by_district = filters.test(but="step"), filters.test(but="district")
    return Listing(
        lines=tuple(line for line in lines if every(line)),
        total=len(lines),
        kinds=Counter(line.kind for line in lines if by_kind(line)),
        steps=Counter(local(step) for line in lines if by_step(line) for step in line.steps),
        districts=Counter(local(x.district) for x in lines if x.district and by_district(x)),
    )


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """A district with how many organisations have their main site there.

    Attributes:
        district: The district.
        organisations: How many.
        shade: 0 for none, up to 5.
    """

    district: District
    organisations: int
    shade: int


def draw_districts(lines: Sequence[OrganisationLine]) -> tuple[DistrictCount, ...]:
    """Count the organisations of each district; a district without any has zero."""
    counts = Counter(local(line.district) for line in lines if line.district)
    return tuple(
        DistrictCount(
            district=district,
            organisations=counts[district.key],
            shade=sum(counts[district.key] >= bound for bound in _CLASSES),
        )
        for district in districts()
    )
