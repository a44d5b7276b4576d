"""From what an organisation put into the form to statements, and what cannot be read as such."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import ORG
from rdflib.term import Identifier

from graph.profiles.fields import Field, FieldKind, Form, Section
from graph.records import Triple
from graph.vocabulary import ID, PREFIXES, SCHEME, VB

__all__ = ["SELF_DECLARED", "Described", "Entry", "Fault", "Profile", "describe"]

SELF_DECLARED: Final = Decimal("0.6")
"""How far a claim is trusted that only its organisation makes: as a weakly documented one."""

_SCHEMA: Final = PREFIXES["schema"]
_MOST_ENTRIES: Final = 200
_LONGEST: Final = 2000
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")

Entry = Mapping[str, Sequence[str]]
"""What was put into one section: values by the name of the field."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation put into the form.

    Attributes:
        organisation: IRI of the organisation where the graph knows it; empty for a new one.
        entries: What was put in, by the name of the section.
        language: Tag of texts.
    """

    organisation: str
    entries: Mapping[str, Sequence[Entry]]
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be taken, at its field.

    Attributes:
        section: Name of the section.
        number: Which entry of it, from 0 on.
        field: Name of the field; empty when it is the entry itself.
        code: Kind of fault, or the code of the shape that says so.
        message: What is wrong, where a shape says it; else empty.
        is_grave: It stands in the way of publication.
    """

    section: str
    number: int
    field: str
    code: str
    message: str = ""
    is_grave: bool = True


@dataclass(frozen=True, slots=True)
class Described:
    """A profile as statements.

    Attributes:
        organisation: IRI of the organisation.
        triples: What is said, in a fixed order.
        places: Section and number of each node.
        faults: What could not be read; its statements are left out.
    """

    organisation: URIRef
    triples: tuple[Triple, ...]
    places: Mapping[str, tuple[str, int]]
    faults: tuple[Fault, ...]


def describe(
    form: Form, profile: Profile, year: int, steps: Mapping[str, str] | None = None
) -> Described:
    """Turn what was put into a form into statements.

    Nodes are named after their content, so the same profile has the same statements.

    Args:
        form: What was asked.
        profile: What was answered.
        year: Year that a claim without one is documented for.
        steps: Usual step of each competence, for claims that name none.
    """
    organisation = URIRef(profile.organisation) if profile.organisation else _new(profile)
    reader = _Reader(form, profile, organisation, year, steps or {})
    triples = tuple(dict.fromkeys(reader.triples()))
    return Described(organisation, triples, reader.places, tuple(reader.faults))


def _new(profile: Profile) -> URIRef:
    """Return the IRI of an organisation that is not there yet, after its name."""
    names = [v for e in profile.entries.get("organisation", ()) for v in e.get("prefLabel", ())]
    return ID[f"org-{_digest(' '.join(names).casefold())}"]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


class _Reader:
    """Reads the entries of a profile one after the other."""

    def __init__(
        self,
        form: Form,
        profile: Profile,
        organisation: URIRef,
        year: int,
        steps: Mapping[str, str],
    ) -> None:
        self.form, self.profile, self.organisation = form, profile, organisation
        self.year, self.steps = year, steps
        self.places: dict[str, tuple[str, int]] = {}
        self.faults: list[Fault] = []

    def triples(self) -> Iterator[Triple]:
        """Yield everything that is said."""
        for name in self.profile.entries:
            if self.form.section(name) is None:
                self.faults.append(Fault(name, 0, "", "unknown-section"))
        for section in self.form.sections:
            entries = self.profile.entries.get(section.name, ())
            if section.is_required and not entries and not self.profile.organisation:
                self.faults.append(Fault(section.name, 0, "", "missing"))
            most = _MOST_ENTRIES if section.is_repeatable else 1
            if len(entries) > most:
                self.faults.append(Fault(section.name, most, "", "too-many"))
            for number, entry in enumerate(entries[:most]):
                yield from self._entry(section, number, entry)

    def _entry(self, section: Section, number: int, entry: Entry) -> Iterator[Triple]:
        node = self._node(section, entry)
        if str(node) in self.places:
            self.faults.append(Fault(section.name, number, "", "repeated"))
            return
        self.places[str(node)] = (section.name, number)
        known = {field.name: field for field in section.fields}
        for name in entry.keys() - known.keys():
            self.faults.append(Fault(section.name, number, name, "unknown-field"))
        said: set[str] = set()
        for name, field in known.items():
            values = [value.strip() for value in entry.get(name, ()) if value.strip()]
            if field.is_required and not values and not self._is_filled(section, field, entry):
                self.faults.append(Fault(section.name, number, name, "missing"))
            if len(values) > 1 and not field.is_repeatable:
                self.faults.append(Fault(section.name, number, name, "too-many"))
            for value in values:
                term = self._term(field, value)
                if term is None:
                    self.faults.append(Fault(section.name, number, name, f"no-{field.kind}"))
                    continue
                said.add(name)
                yield node, URIRef(field.path), term
        yield from self._added(section, node, entry, said)

    def _node(self, section: Section, entry: Entry) -> URIRef:
        """Return the node that an entry describes, named after what makes it what it is."""
        if section.name == "organisation":
            return self.organisation
        own = self.organisation.rpartition("/")[2]
        marks = {
            "claim": ("competence", "statedTerm"),
            "certificate": ("certificateType", "prefLabel"),
            "employees": ("evidenceYear",),
        }.get(section.name, ())
        said = [value.strip() for name in marks for value in entry.get(name, ())]
        kind = "observation" if section.name == "employees" else section.name
        return ID[f"{kind}-{_digest(own, section.name, *said)}"]

    def _is_filled(self, section: Section, field: Field, entry: Entry) -> bool:
        """Tell whether a field may be left open: the house fills it, or the graph says it."""
        if section.name == "organisation" and self.profile.organisation:
            return True
        return (
            section.name == "claim"
            and field.name == "valueChainStep"
            and self._usual_step(entry) is not None
        )

    def _usual_step(self, entry: Entry) -> str | None:
        section = self.form.section("claim")
        field = next(f for f in section.fields if f.name == "competence") if section else None
        named = [self._term(field, v.strip()) for v in entry.get("competence", ())] if field else []
        return self.steps.get(str(named[0])) if named else None

    def _term(self, field: Field, value: str) -> Identifier | None:
        """Return a value as a term, or ``None`` when it is not of its kind."""
        if len(value) > _LONGEST:
            return None
        if field.kind is FieldKind.CHOICE:
            return _chosen(field, value)
        if field.kind is FieldKind.ADDRESS:
            return URIRef(value) if _ADDRESS.fullmatch(value) else None
        if field.kind is FieldKind.TEXT:
            tag = self.profile.language
            spoken = tag if tag in field.languages else next(iter(field.languages), None)
            return Literal(value, lang=spoken)
        return _typed(field.kind, value)

    def _added(
        self, section: Section, node: URIRef, entry: Entry, said: set[str]
    ) -> Iterator[Triple]:
        """Yield what ties an entry to its organisation, and what the house says of it."""
        if section.name == "organisation":
            return
        yield node, RDF.type, URIRef(section.cls)
        if section.name == "site":
            yield node, ORG.siteOf, self.organisation
            yield self.organisation, ORG.hasPrimarySite, node
        if section.name == "certificate":
            yield node, VB.holder, self.organisation
        if section.name == "employees":
            yield node, URIRef(f"{_SCHEMA}observationAbout"), self.organisation
            measured = URIRef(f"{_SCHEMA}numberOfEmployees")
            yield node, URIRef(f"{_SCHEMA}measuredProperty"), measured
        if section.name == "claim":
            yield node, VB.claimedBy, self.organisation
            yield from self._judged(node, entry, said)

    def _judged(self, node: URIRef, entry: Entry, said: set[str]) -> Iterator[Triple]:
        yield node, VB.assertionStatus, SCHEME["assertion-status/self-declared"]
        yield node, VB.evidenceBasis, SCHEME["evidence-basis/stated"]
        yield node, VB.confidence, Literal(str(SELF_DECLARED), datatype=XSD.decimal)
        if "evidenceYear" not in said:
            yield node, VB.evidenceYear, Literal(str(self.year), datatype=XSD.gYear)
        if "valueChainStep" not in said and (step := self._usual_step(entry)):
            yield node, VB.valueChainStep, URIRef(step)


def _chosen(field: Field, value: str) -> URIRef | None:
    """Return the option with this IRI, last part of the IRI or label."""
    wanted = value.casefold()
    for option in field.options:
        if value == option.iri or wanted == re.split("[/#]", option.iri)[-1].casefold():
            return URIRef(option.iri)
    for option in field.options:
        if wanted in {label.casefold() for label in option.label.values()}:
            return URIRef(option.iri)
    return None


def _typed(kind: FieldKind, value: str) -> Literal | None:
    try:
        if kind is FieldKind.DATE:
            return Literal(date.fromisoformat(value).isoformat(), datatype=XSD.date)
        if kind is FieldKind.YEAR:
            return Literal(str(date(int(value), 1, 1).year), datatype=XSD.gYear)
        if kind is FieldKind.INTEGER:
            return Literal(int(value), datatype=XSD.integer)
        number = Decimal(value.replace(",", "."))
    except (InvalidOperation, ValueError):
        return None
    return Literal(f"{number:f}", datatype=XSD.decimal) if number.is_finite() else None
