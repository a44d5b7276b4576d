"""The list of organisations: filters with counts, and the map of how many there are where."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.pages.addresses import slug_of
from api.pages.geography import District, districts
from api.pages.options import options
from api.pages.reading import OrganisationLine, local, organisation_lines
from graph.store import Store

__all__ = [
    "FACETS",
    "Choice",
    "DistrictCount",
    "Filters",
    "Listing",
    "choices",
    "draw_districts",
    "facet_labels",
    "select",
    "values_of",
]

_CLASSES = (1, 5, 10, 20, 40)
"""Lower bounds of the shades of the map."""

FACETS = ("step", "kind", "district", "cluster", "certificate", "competence")
"""The filters that are lists of values, in the order of the page."""

_LONGEST = 300
_PER_PAGE = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means everything.

    Attributes:
        q: Part of a name or town, or a word for a competence.
        step: End of the IRI of a value-chain step.
        district: Key of a district.
        kind: Label of a kind of organisation.
        cluster: End of the IRI of a cluster that they belong to.
        certificate: End of the IRI of a type of certificate that they are known to hold.
        competence: End of the IRI of a competence that they claim, or something narrower.
    """

    q: str = ""
    step: str = ""
    district: str = ""
    kind: str = ""
    cluster: str = ""
    certificate: str = ""
    competence: str = ""

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> "Filters":
        """Read the filters of an address; what is too long to be a name is cut."""
        return cls(**{n: parameters.get(n, "").strip()[:_LONGEST] for n in ("q", *FACETS)})

    def path(self, language: str, page: int = 1) -> str:
        """Return the path of one page of the list with these filters."""
        pairs = [(name, getattr(self, name)) for name in ("q", *FACETS)]
        pairs.append(("page", str(page) if page > 1 else ""))
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"/{language}/organisations" + (f"?{query}" if query else "")

    @property
    def is_narrow(self) -> bool:
        """Whether any facet is chosen."""
        return any(getattr(self, name) for name in FACETS)

    def test(
        self, *, but: str = "", meant: frozenset[str] = frozenset()
    ) -> Callable[[OrganisationLine], bool]:
        """Return whether an organisation passes all filters, or all but the one named.

        Args:
            but: A facet to leave out.
            meant: Ends of the IRIs of the competences that the word names.
        """
        word = self.q.casefold()
        wanted = {n: getattr(self, n) for n in FACETS if n != but and getattr(self, n)}

        def passes(line: OrganisationLine) -> bool:
            texts = (line.name.casefold(), line.town.casefold())
            if not any(word in text for text in texts) and not meant & line.competences:
                return False
            return all(value in values_of(line, name) for name, value in wanted.items())

        return passes


def values_of(line: OrganisationLine, facet: str) -> Collection[str]:
    """Return the values that an organisation has for a facet."""
    return {
        "step": [local(step) for step in line.steps],
        "kind": [line.kind],
        "district": [local(line.district)] if line.district else [],
        "cluster": [slug_of(cluster) for cluster in line.clusters],
        "certificate": line.certificates,
        "competence": line.competences,
    }[facet]


@dataclass(frozen=True, slots=True)
class Listing:
    """Organisations that pass, and how many would for each value of each filter.

    Attributes:
        lines: Those of one page, ordered by name.
        found: How many pass on all pages.
        total: How many there are without filters.
        page: Number of the page, from 1.
        pages: How many pages there are, at least 1.
        counts: For each facet the count of each value, with the other filters as they are.
    """

    lines: tuple[OrganisationLine, ...]
    found: int
    total: int
    page: int
    pages: int
    counts: Mapping[str, Counter[str]]


def select(
    lines: Sequence[OrganisationLine],
    filters: Filters,
    page: str = "",
    meant: frozenset[str] = frozenset(),
) -> Listing:
    """Narrow the list, take one page, and count what each further filter would leave.

    Args:
        lines: Every organisation, ordered.
        filters: What to narrow to.
        page: Number of the page as an address gives it; the nearest there is when it is not one.
        meant: Ends of the IRIs of the competences that the word of the filters names.
    """
    passing = [line for line in lines if filters.test(meant=meant)(line)]
    pages = max(1, -(-len(passing) // _PER_PAGE))
    number = min(int(page[:6]), pages) if page.isascii() and page.isdecimal() else 1
    first = (max(number, 1) - 1) * _PER_PAGE
    return Listing(
        lines=tuple(passing[first : first + _PER_PAGE]),
        found=len(passing),
        total=len(lines),
        page=max(number, 1),
        pages=pages,
        counts={
            facet: _count(lines, filters.test(but=facet, meant=meant), facet) for facet in FACETS
        },
    )


def _count(
    lines: Sequence[OrganisationLine], passes: Callable[[OrganisationLine], bool], facet: str
) -> Counter[str]:
    return Counter(value for line in lines if passes(line) for value in values_of(line, facet))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet.

    Attributes:
        label: What to call it.
        organisations: How many there would be with it.
        href: The list with it; without it when it is chosen.
        is_chosen: The list is narrowed to it.
    """

    label: str
    organisations: int
    href: str
    is_chosen: bool


def choices(
    listing: Listing, filters: Filters, language: str, facet: str, labels: Mapping[str, str]
) -> tuple[Choice, ...]:
    """Return the values of a facet that leave something, those of most organisations first.

    Args:
        listing: The list.
        filters: What it is narrowed to.
        language: Language of the page.
        facet: One of ``FACETS``.
        labels: Label of each value; a value without one is its own.
    """
    chosen = getattr(filters, facet)
    counts = dict(listing.counts[facet])
    counts |= {chosen: counts.get(chosen, 0)} if chosen else {}
    found = [
        Choice(
            label=labels.get(value, value),
            organisations=count,
            href=replace(filters, **{facet: "" if value == chosen else value}).path(language),
            is_chosen=value == chosen,
        )
        for value, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda c: (not c.is_chosen, -c.organisations, c.label)))


def facet_labels(store: Store, language: str) -> dict[str, Mapping[str, str]]:
    """Return the labels of the values of each facet that the page offers as a list."""
    names = {line.iri: line.name for line in organisation_lines(store, language)}
    return {
        "step": options(store, language, "value-chain"),
        "kind": {},
        "district": {district.key: district.name for district in districts()},
        "cluster": {slug_of(iri): name for iri, name in names.items()},
        "certificate": options(store, language, "certificate-type"),
    }


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
