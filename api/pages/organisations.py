"""What the page of one organisation shows, read from the store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Literal

from api.asking import landscape_of
from api.pages.addresses import is_web_link
from api.pages.reading import label_of, local, page_rows, text_of
from graph.store import Row, Store
from graph.vocabulary import ID

__all__ = [
    "CertificateLine",
    "ClaimLine",
    "IdentityLine",
    "MemberLine",
    "MembershipLine",
    "ObservationLine",
    "OrganisationPage",
    "RelationLine",
    "SiteLine",
    "read_organisation",
]


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site: town, district and whether the point on the map is only the town's centre."""

    town: str
    district: str
    district_key: str
    postcode: str
    accuracy: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A capability claim with its evidence; ``confidence`` is a share 0.0-1.0."""

    iri: str
    competence: str
    competence_label: str
    term: str
    detail: str
    steps: tuple[str, ...]
    materials: tuple[str, ...]
    basis: str
    confidence: float | None
    year: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A documented relation with another organisation."""

    other: str
    name: str
    kind: str
    label: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """A membership in a cluster (``is_organisation``) or a part in a project."""

    context: str
    label: str
    role: str
    years: str
    source: str
    is_organisation: bool
    partners: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of the cluster or association that the page shows."""

    iri: str
    name: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate as the source words it."""

    label: str
    type: str
    through: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """A value that changes, with the year it was seen."""

    property: str
    value: str
    qualifier: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """A decision whether another entry is the same organisation."""

    other: str
    name: str
    decision: str
    rationale: str
    source: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything that the page of one organisation shows.

    Attributes:
        iri: Identifier.
        name: Name.
        facts: Values of each property by its local name; concepts as labels, sorted.
        status: Local name of its operating status; empty when nothing contrary is known.
        sites: Its sites.
        identifiers: Register and identifier.
        claims: Its claims, ordered by value-chain step and competence.
        relations: Documented relations.
        memberships: Clusters and projects.
        members: For a cluster or association, who belongs to it.
        certificates: Certificates it is known to hold.
        observations: Values that change.
        identities: Decisions about possible doubles.
        sources: Every page that says something about it, each once, sorted.
    """

    iri: str
    name: str
    facts: dict[str, tuple[str, ...]]
    status: str
    sites: tuple[SiteLine, ...]
    identifiers: tuple[tuple[str, str], ...]
    claims: tuple[ClaimLine, ...]
    relations: tuple[RelationLine, ...]
    memberships: tuple[MembershipLine, ...]
    members: tuple[MemberLine, ...]
    certificates: tuple[CertificateLine, ...]
    observations: tuple[ObservationLine, ...]
    identities: tuple[IdentityLine, ...]
    sources: tuple[str, ...]


class _Reader:
    def __init__(self, store: Store, language: str, iri: str) -> None:
        self.store = store
        self.language = language
        self.iri = iri

    def rows(self, name: str) -> list[Row]:
        return page_rows(self.store, f"organisation-{name}", organisation=self.iri)

    def label(self, row: Row, name: str) -> str:
        return label_of(self.store, self.language, str(row[name])) if name in row else ""

    def facts(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        labels = landscape_of(self.store, self.language).labels
        for row in page_rows(self.store, "organisation", organisation=self.iri):
            value = str(row["value"])
            found[local(str(row["property"]))].add(labels.get(value, value))
        return {name: tuple(sorted(values)) for name, values in found.items()}

    def status(self) -> str:
        for row in page_rows(self.store, "organisation", organisation=self.iri):
            if local(str(row["property"])) == "operatingStatus":
                return local(str(row["value"]))
        return ""

    def sites(self) -> tuple[SiteLine, ...]:
        return tuple(
            SiteLine(
                town=text_of(row, "town"),
                district=self.label(row, "district"),
                district_key=local(text_of(row, "district")),
                postcode=text_of(row, "postcode"),
                accuracy=local(text_of(row, "accuracy")),
            )
            for row in self.rows("sites")
        )

    def claims(self) -> tuple[ClaimLine, ...]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("claims"):
            groups[str(row["claim"])].append(row)
        lines = (self.claim(iri, group) for iri, group in groups.items())
        return tuple(sorted(lines, key=lambda c: (c.steps, c.competence_label, c.iri)))

    def claim(self, iri: str, group: Sequence[Row]) -> ClaimLine:
        row = group[0]
        confidence = row.get("confidence")
        return ClaimLine(
            iri=iri,
            competence=text_of(row, "competence"),
            competence_label=self.label(row, "competence"),
            term=text_of(row, "term"),
            detail=text_of(row, "detail"),
            steps=_each(self.label(r, "step") for r in group),
            materials=_each(self.label(r, "material") for r in group),
            basis=local(text_of(row, "basis")),
            confidence=float(str(confidence)) if isinstance(confidence, Literal) else None,
            year=text_of(row, "year"),
            source=text_of(row, "source"),
            note=text_of(row, "note"),
        )

    def relations(self) -> tuple[RelationLine, ...]:
        return tuple(
            RelationLine(
                other=str(row["other"]),
                name=text_of(row, "name"),
                kind=self.label(row, "kind"),
                label=text_of(row, "label"),
                year=text_of(row, "year"),
                source=text_of(row, "source"),
            )
            for row in _first_of_each(self.rows("relations"), "relation")
        )

    def memberships(self) -> tuple[MembershipLine, ...]:
        found = self.rows("memberships")
        preferred = sorted(found, key=lambda r: _language_rank(r, "label", self.language))
        lines = (self.membership(row) for row in _first_of_each(preferred, "context"))
        return tuple(sorted(lines, key=lambda m: (not m.is_organisation, m.label)))

    def membership(self, row: Row) -> MembershipLine:
        is_organisation = not text_of(row, "class").endswith("Project")
        partners = (
            ()
            if is_organisation
            else tuple(
                (str(r["member"]), text_of(r, "name"))
                for r in page_rows(
                    self.store, "organisation-members", organisation=str(row["context"])
                )
                if str(r["member"]) != self.iri
            )
        )
        return MembershipLine(
            context=str(row["context"]),
            label=text_of(row, "label"),
            role=self.label(row, "role"),
            years=_years(row),
            source=text_of(row, "source"),
            is_organisation=is_organisation,
            partners=tuple(dict(partners).items()),
        )

    def members(self) -> tuple[MemberLine, ...]:
        return tuple(
            MemberLine(
                str(row["member"]),
                text_of(row, "name"),
                text_of(row, "year"),
                text_of(row, "source"),
            )
            for row in _first_of_each(self.rows("members"), "member")
        )

    def certificates(self) -> tuple[CertificateLine, ...]:
        return tuple(
            CertificateLine(
                label=text_of(row, "label"),
                type=self.label(row, "type"),
                through=text_of(row, "through"),
                year=text_of(row, "year"),
                source=text_of(row, "source"),
            )
            for row in _first_of_each(self.rows("certificates"), "certificate")
        )

    def observations(self) -> tuple[ObservationLine, ...]:
        return tuple(
            ObservationLine(
                property=local(str(row["property"])),
                value=text_of(row, "value"),
                qualifier=text_of(row, "qualifier"),
                year=text_of(row, "year"),
                source=text_of(row, "source"),
            )
            for row in _first_of_each(self.rows("observations"), "observation")
        )

    def identities(self) -> tuple[IdentityLine, ...]:
        found = self.rows("identities")
        preferred = sorted(found, key=lambda r: _language_rank(r, "rationale", self.language))
        return tuple(
            IdentityLine(
                other=str(row["other"]),
                name=text_of(row, "name") or local(str(row["other"])),
                decision=self.label(row, "decision"),
                rationale=text_of(row, "rationale"),
                source=text_of(row, "source"),
            )
            for row in _first_of_each(preferred, "identity")
        )


def read_organisation(store: Store, language: str, slug: str) -> OrganisationPage | None:
    """Read one organisation by the end of its IRI; ``None`` when there is none."""
    iri = f"{ID}org-{slug}"
    reader = _Reader(store, language, iri)
    facts = reader.facts()
    if "prefLabel" not in facts:
        return None
    parts = (reader.claims(), reader.relations(), reader.memberships(), reader.members())
    claims, relations, memberships, members = parts
    more = (reader.certificates(), reader.observations(), reader.identities())
    certificates, observations, identities = more
    pages = set(facts.get("source", ()))
    pages |= {line.source for line in claims} | {line.source for line in relations}
    pages |= {line.source for line in memberships} | {line.source for line in members}
    pages |= {line.source for line in certificates} | {line.source for line in observations}
    pages |= {line.source for line in identities}
    return OrganisationPage(
        iri=iri,
        name=facts["prefLabel"][0],
        facts=facts,
        status=reader.status(),
        sites=reader.sites(),
        identifiers=tuple(
            (reader.label(row, "system"), text_of(row, "identifier"))
            for row in reader.rows("identifiers")
        ),
        claims=claims,
        relations=relations,
        memberships=memberships,
        members=members,
        certificates=certificates,
        observations=observations,
        identities=identities,
        sources=tuple(sorted(page for page in pages if is_web_link(page))),
    )


def _first_of_each(rows: Sequence[Row], name: str) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(str(row[name]), row)
    return list(found.values())


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _language_rank(row: Row, name: str, language: str) -> int:
    term = row.get(name)
    tag = term.language if isinstance(term, Literal) else None
    return 0 if tag == language else 1 if tag == "de" else 2


def _years(row: Row) -> str:
    start, end = text_of(row, "start")[:4], text_of(row, "end")[:4]
    if start and end and start != end:
        return f"{start}\u2013{end}"
    return start or end or text_of(row, "year")
