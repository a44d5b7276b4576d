"""Fields of a form, read from SHACL shapes: what may be said, how often, and what it is called.

A property shape with ``sh:order`` is a field. Its kind follows from ``sh:class``, ``sh:datatype``
and ``sh:maxCount``, its label from ``sh:name``. The same shapes check what was filled in
(``api.pages.checking``), so form and check cannot drift apart.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rdflib import SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from graph.resources import shape_texts
from graph.vocabulary import SHAPE, VB

__all__ = ["Field", "Kind", "enquiry_shapes", "requirement_fields"]

_PROFILES = ("demand", "capability")
_SCHEMES = {
    VB.Competence: "competence",
    VB.CertificateType: "certificate-type",
    VB.Dimension: "dimension",
    VB.Material: "material",
    VB.ValueChainStep: "value-chain",
}
_LONG = frozenset({"competence", "material"})
"""Schemes that are too long for a list to choose from."""
_NESTED = {VB.Limit: SHAPE.LimitShape}


class Kind(StrEnum):
    """How a field is filled in."""

    WORD = "word"
    """A concept by any of its names."""
    WORDS = "words"
    """Any number of concepts by their names."""
    CHOICE = "choice"
    """A concept from a short list."""
    FLAG = "flag"
    """Yes or no."""
    NUMBER = "number"
    """A decimal number."""
    GROUPS = "groups"
    """Any number of groups of fields."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        path: IRI of the property.
        name: Its local name, which is unique in a form.
        label: What to call it, in the language of the form.
        kind: How it is filled in.
        scheme: Name of the scheme of its concepts, or an empty string.
        is_required: It may not stay empty.
        parts: Fields of each group.
    """

    path: str
    name: str
    label: str
    kind: Kind
    scheme: str = ""
    is_required: bool = False
    parts: tuple["Field", ...] = ()


@cache
def enquiry_shapes() -> Graph:
    """Return the shapes of requirements and limits; parsed once, not to be changed."""
    graph = Graph()
    for name, text in shape_texts():
        if name in _PROFILES:
            graph.parse(data=text, format="turtle")
    return graph


@cache
def requirement_fields(language: str) -> tuple[Field, ...]:
    """Return the fields of one requirement, in their order."""
    return _fields(enquiry_shapes(), SHAPE.RequirementShape, language)


def _fields(shapes: Graph, shape: Node, language: str) -> tuple[Field, ...]:
    found = [
        (float(str(order)), _field(shapes, part, language))
        for part in shapes.objects(shape, SH.property)
        for order in shapes.objects(part, SH.order)
    ]
    return tuple(field for _, field in sorted(found, key=lambda pair: pair[0]))


def _field(shapes: Graph, part: Node, language: str) -> Field:
    path = str(shapes.value(part, SH.path))
    least, most = shapes.value(part, SH.minCount), shapes.value(part, SH["maxCount"])
    class_ = shapes.value(part, SH["class"])
    scheme = _SCHEMES.get(class_, "") if isinstance(class_, URIRef) else ""
    nested = _NESTED.get(class_) if isinstance(class_, URIRef) else None
    return Field(
        path=path,
        name=path.rpartition("/")[2].rpartition("#")[2],
        label=_name(shapes, part, language),
        kind=_kind(scheme, shapes.value(part, SH.datatype), nested, is_single=str(most) == "1"),
        scheme=scheme,
        is_required=least is not None and int(str(least)) > 0,
        parts=_fields(shapes, nested, language) if nested else (),
    )


def _kind(scheme: str, datatype: Node | None, nested: Node | None, *, is_single: bool) -> Kind:
    if nested is not None:
        return Kind.GROUPS
    if scheme:
        if not is_single:
            return Kind.WORDS
        return Kind.WORD if scheme in _LONG else Kind.CHOICE
    return {XSD.boolean: Kind.FLAG, XSD.decimal: Kind.NUMBER}[URIRef(str(datatype))]


def _name(shapes: Graph, part: Node, language: str) -> str:
    names = {n.language: str(n) for n in shapes.objects(part, SH.name) if isinstance(n, Literal)}
    return names[language]
