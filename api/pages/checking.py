"""What is wrong with a filled-in enquiry, field by field: the SHACL shapes say it.

A requirement is written as RDF as ``docs/model.md`` describes it, and the shapes of
``shapes/demand.ttl`` and ``shapes/capability.ttl`` look at it. Their messages, in the language of
the page, stand at the field that they are about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SKOS

from api.i18n import texts
from api.pages.addresses import (
    BAD_DISTANCE,
    BAD_DISTRICT,
    BAD_MEMBERS,
    NO_CENTRE,
    WORD_TOO_LONG,
    AddressError,
    ConsortiumAddress,
)
from api.pages.enquiring import Conditions, EnquiryForm, Row
from api.pages.fields import Field, Kind, enquiry_shapes, requirement_fields
from api.pages.options import alike, options, towns, units
from api.pages.posing import UNKNOWN_TOWN
from graph.store import Store
from graph.validation import Finding
from graph.validators import Validator, validator
from graph.vocabulary import SCHEME, VB

__all__ = ["Fault", "check_form"]

_FORM = Namespace("urn:verbund:form:")
_QUDT = Namespace("http://qudt.org/schema/qudt/")
_MOST_LOOKED_UP = 12
_CLASSES = {
    "competence": VB.Competence,
    "certificate-type": VB.CertificateType,
    "dimension": VB.Dimension,
    "material": VB.Material,
    "value-chain": VB.ValueChainStep,
}

_CONDITIONS = {
    BAD_DISTANCE: "within",
    NO_CENTRE: "near",
    BAD_MEMBERS: "max_members",
    BAD_DISTRICT: "district",
    WORD_TOO_LONG: "near",
}
"""The field that a message of an address is about."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a field.

    Attributes:
        field: Identifier of the field in the form.
        message: What is wrong and what would be right.
        alike: Names that look like what was given, for a field of concepts.
    """

    field: str
    message: str
    alike: tuple[str, ...] = ()


@cache
def _validator() -> Validator:
    return validator(enquiry_shapes())


def check_form(store: Store, language: str, form: EnquiryForm) -> tuple[Fault, ...]:
    """Return what is wrong, in the order of the form; nothing when it can be asked."""
    written = _Written(store, language, form)
    findings = _validator().validate(written.graph, focus=written.fields, language=language)
    at_fields = {f.focus for f in findings if (f.focus, f.path) in written.paths}
    faults = [
        written.fault(finding)
        for finding in findings
        # what is said of a node as a whole follows from what is wrong with its fields
        if (finding.focus, finding.path) in written.paths or finding.focus not in at_fields
    ]
    faults += _conditions(store, language, form.conditions)
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: written.order.get(f.field, 9999)))


class _Written:
    """The form as RDF, and which field each node and property came from."""

    def __init__(self, store: Store, language: str, form: EnquiryForm) -> None:
        self.store = store
        self.language = language
        self.graph = Graph()
        self.fields: dict[str, str] = {}
        self.paths: dict[tuple[str, str], str] = {}
        self.words: dict[str, tuple[str, str]] = {}
        self.order: dict[str, int] = {}
        self.looked_up = 0
        for number, row in enumerate(form.rows, 1):
            self._requirement(number, row)

    def fault(self, finding: Finding) -> Fault:
        where = (finding.focus, finding.path)
        field = self.paths.get(where) or self.fields[finding.focus]
        return Fault(field, finding.message, self._alike(field))

    def _alike(self, field: str) -> tuple[str, ...]:
        """Look for similar names, for the first few words only: it takes a while for each."""
        scheme, word = self.words.get(field, ("", ""))
        if not word or self.looked_up >= _MOST_LOOKED_UP:
            return ()
        self.looked_up += 1
        return alike(self.store, self.language, scheme, word)

    def _requirement(self, number: int, row: Row) -> None:
        node = _FORM[str(number)]
        self.fields[str(node)] = f"requiredCompetence-{number}"
        self.graph.add((node, RDF.type, VB.Requirement))
        self.graph.add((node, VB.position, Literal(number)))
        name = row.competence or str(number)
        self.graph.add((node, SKOS.prefLabel, Literal(name, lang="de")))
        for field in requirement_fields(self.language):
            name = f"{field.name}-{number}"
            self._note(str(node), field, name)
            if field.kind is Kind.GROUPS:
                for place, group in enumerate(row.groups.get(field.name, ()), 1):
                    self._limit(node, field, f"{name}-{place}", group)
            for word in row.values.get(field.name, ()):
                self._value(node, field, name, word)

    def _note(self, node: str, field: Field, name: str) -> None:
        self.paths[node, field.path] = name
        self.order.setdefault(name, len(self.order))

    def _limit(self, owner: URIRef, field: Field, name: str, group: Mapping[str, str]) -> None:
        node = _FORM[name]
        self.fields[str(node)] = f"{name}-minValue"
        self.graph.add((owner, URIRef(field.path), node))
        self.graph.add((node, RDF.type, VB.Limit))
        unit = units(self.store).iris.get(group["dimension"], str(_FORM["unit"]))
        self.graph.add((node, _QUDT.hasUnit, URIRef(unit)))
        for part in field.parts:
            self._note(str(node), part, f"{name}-{part.name}")
            if group[part.name]:
                self._value(node, part, f"{name}-{part.name}", group[part.name])
        dimension = self.graph.value(node, VB.dimension)
        if isinstance(dimension, URIRef):
            self.graph.add((dimension, VB.referenceUnit, URIRef(unit)))

    def _value(self, node: URIRef, field: Field, name: str, word: str) -> None:
        """Say what a field holds; what is not known is said as text, which no class allows."""
        path = URIRef(field.path)
        if field.scheme:
            if word in options(self.store, self.language, field.scheme):
                concept = URIRef(f"{SCHEME}{field.scheme}/{word}")
                self.graph.add((node, path, concept))
                self.graph.add((concept, RDF.type, _CLASSES[field.scheme]))
            else:
                self.words[name] = (field.scheme, word)
                self.graph.add((node, path, Literal(word)))
        else:
            datatype = XSD.boolean if field.kind is Kind.FLAG else XSD.decimal
            self.graph.add((node, path, _typed(word, datatype)))


def _typed(word: str, datatype: URIRef) -> Literal:
    """Return a value of a type; plain text where it cannot be one, for the shapes to refuse."""
    if datatype == XSD.boolean:
        return Literal(word, datatype=datatype)
    try:
        number = Decimal(word)
    except InvalidOperation:
        return Literal(word)
    return Literal(f"{number:f}", datatype=datatype) if number.is_finite() else Literal(word)


def _conditions(store: Store, language: str, given: Conditions) -> Iterator[Fault]:
    """Yield what is wrong with the conditions, which no shape describes."""
    words = texts(language)
    if given.near and given.near.casefold() not in towns(store):
        yield Fault("near", words(UNKNOWN_TOWN))
    for pair in given.pairs():
        context = [("near", "-")] if pair[0] == "within" and given.near else []
        try:
            ConsortiumAddress.parse([("competence", "-"), *context, pair])
        except AddressError as error:
            yield Fault(_CONDITIONS[error.message], words(error.message))
