"""The list of organisations: filters with counts, and the map of how many there are where."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from api.pages.geography import District, districts
from api.pages.reading import OrganisationLine, local

__all__ = ["DistrictCount", "Filters", "Listing", "draw_districts", "select"]

_CLASSES = (1, 5, 10, 20, 40)
"""Lower bounds of the shades of the map."""

_LONGEST = 300
_PER_PAGE = 60


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
    def parse(cls, parameters: Mapping[str, str]) -> "Filters":
        """Read the filters of an address; what is too long to be a name is cut."""
        return cls(**{f.name: parameters.get(f.name, "").strip()[:_LONGEST] for f in fields(cls)})

    def path(self, language: str, page: int = 1) -> str:
        """Return the path of one page of the list with these filters."""
        pairs = [(f.name, getattr(self, f.name)) for f in fields(self)]
        pairs.append(("page", str(page) if page > 1 else ""))
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
        lines: Those of one page, ordered by name.
        found: How many pass on all pages.
        total: How many there are without filters.
        page: Number of the page, from 1.
        pages: How many pages there are, at least 1.
        kinds: Count for each kind, with the other filters as they are.
        steps: Count for each step by the end of its IRI, likewise.
        districts: Count for each district by its key, likewise.
    """

    lines: tuple[OrganisationLine, ...]
    found: int
    total: int
    page: int
    pages: int
    kinds: Counter[str]
    steps: Counter[str]
    districts: Counter[str]


def select(lines: Sequence[OrganisationLine], filters: Filters, page: str = "") -> Listing:
    """Narrow the list, take one page, and count what each further filter would leave.

    Args:
        lines: Every organisation, ordered.
        filters: What to narrow to.
        page: Number of the page as an address gives it; the nearest there is when it is not one.
    """
    passing = [line for line in lines if filters.test()(line)]
    pages = max(1, -(-len(passing) // _PER_PAGE))
    number = min(int(page[:6]), pages) if page.isascii() and page.isdecimal() else 1
    first = (max(number, 1) - 1) * _PER_PAGE
    by_kind, by_step = filters.test(but="kind"), filters.test(but="step")
    by_district = filters.test(but="district")
    return Listing(
        lines=tuple(passing[first : first + _PER_PAGE]),
        found=len(passing),
        total=len(lines),
        page=max(number, 1),
        pages=pages,
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
