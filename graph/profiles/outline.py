"""A form without its options, derived from the SHACL shapes.

The shapes that check a profile also say what to ask for: a field for each property that the
shape of a kind of thing names, with its datatype, cardinality, allowed values and messages. A
shape that changes changes the form. What the house decides (confidence, status) is not asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, FOAF, ORG
from rdflib.term import Node

from graph.profiles.fields import Field, FieldKind, Form, Option, Section, Text
from graph.resources import ontology_texts
from graph.validation import shapes_graph
from graph.vocabulary import PREFIXES, SHAPE, VB

__all__ = ["DISTRICTS", "outline"]

DISTRICTS: Final = "district"
"""Stands for the districts, which are things and no concepts of a scheme."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a section comes from, and which of its properties are not for the organisation."""

    shape: URIRef
    cls: URIRef
    is_repeatable: bool
    is_required: bool
    decided_here: frozenset[URIRef]


_SCHEMA: Final = PREFIXES["schema"]
_THROUGH: Final = URIRef(f"{_SCHEMA}validThrough")
_SECTIONS: Final[Mapping[str, _Source]] = {
    "organisation": _Source(
        SHAPE["OrganisationShape"],
        ORG.Organization,
        False,
        True,
        frozenset(
            {
                *(VB.operatingStatus, VB.sector, VB.economicActivity, ORG.hasPrimarySite),
                URIRef(f"{PREFIXES['adms']}identifier"),
                URIRef(f"{_SCHEMA}numberOfEmployees"),  # derived from the observation below
            }
        ),
    ),
    "site": _Source(SHAPE["SiteShape"], ORG.Site, False, False, frozenset({ORG.siteOf})),
    "employees": _Source(
        SHAPE["ObservationShape"],
        VB.Observation,
        False,
        False,
        frozenset(URIRef(f"{_SCHEMA}{n}") for n in ("observationAbout", "measuredProperty")),
    ),
    "claim": _Source(
        SHAPE["ClaimShape"],
        VB.CapabilityClaim,
        True,
        False,
        frozenset(
            {
                *(VB.claimedBy, VB.confidence, VB.assertionStatus, VB.evidenceReading),
                *(VB.hasLimit, VB.atSite, VB.coveredByCertificate, VB.evidenceBasis),
            }
        ),
    ),
    "certificate": _Source(
        SHAPE["CertificateShape"],
        VB.Certificate,
        True,
        False,
        frozenset({VB.holder, VB.coversSite, VB.issuer}),
    ),
}
# What a section asks for beside what its shape names: one value each.
_MORE: Final[Mapping[str, Mapping[URIRef, tuple[FieldKind, tuple[str, ...]]]]] = {
    "site": {VB.town: (FieldKind.TEXT, ())},
    "employees": {URIRef(f"{_SCHEMA}value"): (FieldKind.INTEGER, ())},
    "claim": {
        VB.evidenceYear: (FieldKind.YEAR, ()),
        VB.detail: (FieldKind.TEXT, ("de", "en")),
        _THROUGH: (FieldKind.DATE, ()),
    },
    "certificate": {
        SKOS.prefLabel: (FieldKind.TEXT, ("de", "en")),
        _THROUGH: (FieldKind.DATE, ()),
    },
}
# Names of what other vocabularies define, which our ontology does not label.
_LABELS: Final[Mapping[URIRef, Text]] = {
    SKOS.prefLabel: {"de": "Name", "en": "name"},
    DCTERMS.source: {"de": "Quelle (Adresse der Seite)", "en": "source (address of the page)"},
    FOAF.homepage: {"de": "Webseite", "en": "home page"},
    ORG.classification: {"de": "Art der Organisation", "en": "kind of organisation"},
    ORG.Organization: {"de": "Organisation", "en": "organisation"},
    ORG.Site: {"de": "Standort", "en": "site"},
    URIRef(f"{_SCHEMA}value"): {"de": "Zahl der Beschäftigten", "en": "number of employees"},
    URIRef(f"{_SCHEMA}validFrom"): {"de": "gültig ab", "en": "valid from"},
    _THROUGH: {"de": "gültig bis", "en": "valid through"},
    URIRef(f"{PREFIXES['wgs']}lat"): {"de": "Breite in Grad", "en": "latitude in degrees"},
    URIRef(f"{PREFIXES['wgs']}long"): {"de": "Länge in Grad", "en": "longitude in degrees"},
}
_SCHEME: Final = re.compile(r"\^https://w3id\[\.\]org/verbund/scheme/([a-z0-9-]+)/")
_DATATYPES: Final = {
    XSD.date: FieldKind.DATE,
    XSD.gYear: FieldKind.YEAR,
    XSD.decimal: FieldKind.DECIMAL,
    XSD.integer: FieldKind.INTEGER,
}
# The scheme that holds the members of a class.
_SCHEME_OF: Final = {
    VB.CertificateType: "certificate-type",
    VB.Competence: "competence",
    VB.Material: "material",
    VB.ValueChainStep: "value-chain",
}


@cache
def outline() -> Form:
    """Return the form of a profile without its options; the shapes are read once."""
    shapes, ontology = shapes_graph(), Graph()
    ontology.parse(data=dict(ontology_texts())["core"], format="turtle")
    return Form(tuple(_section(n, s, shapes, ontology) for n, s in _SECTIONS.items()))


def _section(name: str, source: _Source, shapes: Graph, ontology: Graph) -> Section:
    more = _MORE.get(name, {})
    asked = _by_path(shapes, source)
    asked |= {path: _anywhere(shapes, path) for path in more if path not in asked}
    fields = []
    for path, parts in asked.items():
        found = _field(path, [*parts, *_anywhere(shapes, path)], shapes, ontology)
        if path in more:
            kind, languages = more[path]
            found = replace(found, kind=kind, languages=languages, is_repeatable=False)
        fields.append(found)
    if name == "organisation":
        fields.append(_class_field(shapes, ontology, source))
    return Section(
        name=name,
        cls=str(source.cls),
        label=_label(ontology, source.cls),
        is_repeatable=source.is_repeatable,
        is_required=source.is_required,
        fields=tuple(sorted(fields, key=lambda f: (not f.is_required, not f.is_recommended))),
    )


def _class_field(shapes: Graph, ontology: Graph, source: _Source) -> Field:
    """Return the question of which class a thing is: one of those that its shape targets."""
    classes = [c for c in shapes.objects(source.shape, SH.targetClass) if isinstance(c, URIRef)]
    return Field(
        name="type",
        path=str(RDF.type),
        label={"de": "Form der Organisation", "en": "form of organisation"},
        hint={},
        kind=FieldKind.CHOICE,
        is_required=True,
        is_repeatable=False,
        options=tuple(Option(str(c), _label(ontology, c)) for c in sorted(classes, key=str)),
    )


def _anywhere(shapes: Graph, path: URIRef) -> list[Node]:
    """Return the property shapes that hold for whatever has a property."""
    return [
        part
        for shape in shapes.subjects(SH.targetSubjectsOf, path)
        for part in shapes.objects(shape, SH.property)
        if shapes.value(part, SH.path) == path
    ]


def _by_path(shapes: Graph, source: _Source) -> dict[URIRef, list[Node]]:
    """Return the property shapes of each property that is to be asked for."""
    found: dict[URIRef, list[Node]] = {}
    for part in sorted(shapes.objects(source.shape, SH.property), key=str):
        path = shapes.value(part, SH.path)
        if isinstance(path, URIRef) and path not in source.decided_here:
            found.setdefault(path, []).append(part)
    return found


def _field(path: URIRef, parts: list[Node], shapes: Graph, ontology: Graph) -> Field:
    """Return what the property shapes of one property ask for together."""
    parts = sorted(set(parts), key=str)
    strict = [p for p in parts if shapes.value(p, SH.severity) == SH.Violation]
    lenient = [p for p in parts if p not in strict]
    scheme = next(filter(None, (_scheme(shapes, p) for p in parts)), "")
    most = [int(str(n)) for n in _values(shapes, parts, SH.maxCount)]
    patterns = [str(p) for p in _values(shapes, strict, SH.pattern)]
    return Field(
        name=re.split("[/#]", str(path))[-1],
        path=str(path),
        label=_label(ontology, path),
        hint=_texts(ontology.objects(path, SKOS.definition)),
        kind=_kind(shapes, strict, scheme),
        is_required=_least(shapes, strict) > 0,
        is_recommended=_least(shapes, lenient) > 0,
        is_repeatable=min(most, default=2) > 1 and not _is_once(shapes, parts),
        languages=_languages(shapes, parts),
        pattern="" if scheme or not patterns else patterns[0],
        min_length=max((int(str(n)) for n in _values(shapes, strict, SH.minLength)), default=0),
        minimum=next((str(n) for n in _values(shapes, strict, SH.minInclusive)), None),
        maximum=next((str(n) for n in _values(shapes, strict, SH.maxInclusive)), None),
        scheme=scheme,
        messages={
            str(p).removeprefix(str(SHAPE)): _texts(shapes.objects(p, SH.message)) for p in parts
        },
    )


def _values(shapes: Graph, parts: Iterable[Node], parameter: URIRef) -> Iterator[Node]:
    for part in parts:
        yield from shapes.objects(part, parameter)


def _least(shapes: Graph, parts: Iterable[Node]) -> int:
    """Return how many values are needed at least, of whatever language."""
    parameters = (SH.minCount, SH.qualifiedMinCount)
    counts = [int(str(n)) for p in parameters for n in _values(shapes, parts, p)]
    return max(counts, default=0)


def _is_once(shapes: Graph, parts: Iterable[Node]) -> bool:
    """Tell whether there is one value in each language, which a form asks for as one field."""
    return any(True for _ in _values(shapes, parts, SH.uniqueLang))


def _languages(shapes: Graph, parts: Iterable[Node]) -> tuple[str, ...]:
    lists = list(_values(shapes, parts, SH.languageIn))
    for inner in _values(shapes, parts, SH.qualifiedValueShape):
        lists += shapes.objects(inner, SH.languageIn)
    return tuple(dict.fromkeys(str(tag) for head in lists for tag in Collection(shapes, head)))


def _scheme(shapes: Graph, part: Node) -> str:
    """Return the name of the scheme that values are from, or an empty string."""
    pattern = str(shapes.value(part, SH.pattern) or "")
    if found := _SCHEME.match(pattern):
        return found[1]
    if "districtKey" in pattern:
        return DISTRICTS
    cls = shapes.value(part, SH["class"])
    return _SCHEME_OF.get(cls, "") if isinstance(cls, URIRef) else ""


def _kind(shapes: Graph, parts: list[Node], scheme: str) -> FieldKind:
    if scheme:
        return FieldKind.CHOICE
    for datatype in _values(shapes, parts, SH.datatype):
        if isinstance(datatype, URIRef) and datatype in _DATATYPES:
            return _DATATYPES[datatype]
    is_iri = any(kind == SH.IRI for kind in _values(shapes, parts, SH.nodeKind))
    return FieldKind.ADDRESS if is_iri else FieldKind.TEXT


def _label(ontology: Graph, term: URIRef) -> Text:
    return _LABELS.get(term) or _texts(ontology.objects(term, RDFS.label))


def _texts(literals: Iterable[Node]) -> Text:
    return {str(x.language): str(x) for x in literals if isinstance(x, Literal) and x.language}
