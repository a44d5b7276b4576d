"""What the page of any thing shows: its statements with labels, grouped for reading."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import RDF, RDFS
from rdflib.namespace import DCTERMS, SKOS

from api.pages.addresses import competence_path, is_web_link, organisation_path
from api.pages.properties import reused_name
from api.pages.reading import local
from graph.publishing.describing import Description, Standing, labels_of
from graph.vocabulary import BASE, PREFIXES, VB

__all__ = ["Line", "ResourcePage", "Section", "Value", "page_path", "view_resource"]

_TYPE, _FIRST, _REST, _NIL = (
    ox.NamedNode(str(one)) for one in (RDF.type, RDF.first, RDF.rest, RDF.nil)
)
_LABELS = {str(SKOS.prefLabel), str(RDFS.label), str(DCTERMS.title)}
_DEFINITIONS = {str(SKOS.definition), str(DCTERMS.description)}
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Value:
    """One value: a text, perhaps with an address, or lines of their own for a nameless node.

    Attributes:
        text: What to show.
        href: Address of its page, or an empty string.
        language: Language tag of the text, or an empty string.
        lines: What is said of a nameless node.
        is_outside: The address leads away from this server.
    """

    text: str
    href: str = ""
    language: str = ""
    lines: tuple["Line", ...] = ()
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A property with its values."""

    label: str
    iri: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the thing; its fragment is the end of its IRI, so ``def#Company`` leads there."""

    title: str
    iri: str
    fragment: str
    href: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """Everything that the page of a thing shows.

    Attributes:
        iri: The thing.
        title: Its label, or the end of its IRI.
        definition: What it means, or an empty string.
        definition_language: Language tag of that.
        kinds: Its classes.
        lines: What is said of it.
        sections: What is said of its parts.
        incoming: What others say of it, by property.
        graphs: The named graphs that speak of it.
        is_withdrawn: It is not to be used any more.
        replacements: What stands in its place.
        path: Path of its IRI below the base.
    """

    iri: str
    title: str
    definition: str
    definition_language: str
    kinds: tuple[Value, ...]
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    incoming: tuple[Line, ...]
    graphs: tuple[Value, ...]
    is_withdrawn: bool
    replacements: tuple[Value, ...]
    path: str


def page_path(language: str, iri: str) -> str:
    """Return the path of the page about a thing of the house; empty for any other IRI."""
    if not iri.startswith(BASE):
        return ""
    path, hash_sign, fragment = iri.removeprefix(BASE).partition("#")
    if path.startswith("def/"):  # a version of the vocabulary; the page shows the one there is
        path = "def"
    if path.startswith("id/org-"):
        return organisation_path(language, iri)
    if path.startswith("scheme/competence/"):
        return competence_path(language, iri)
    return f"/{language}/resources/{quote(path)}{hash_sign}{quote(fragment)}"


def view_resource(engine: ox.Store, found: Description, language: str) -> ResourcePage:
    """Return the page of a thing in one language.

    Args:
        engine: Where the description comes from; labels of properties are read there.
        found: What is known of the thing.
        language: Language of labels; German, then any other, where the language has none.
    """
    words = _Words(engine, found, language)
    own = [t for t in found.own if not isinstance(t.subject, ox.BlankNode)]
    definition, tag = words.best(t.object for t in own if t.predicate.value in _DEFINITIONS)
    told = [t for t in own if t.predicate != _TYPE and t.predicate.value not in _DEFINITIONS]
    return ResourcePage(
        iri=found.iri,
        title=words.title(found.iri, own),
        definition=definition,
        definition_language=tag,
        kinds=tuple(words.value(t.object) for t in own if t.predicate == _TYPE),
        lines=words.lines(told),
        sections=tuple(_section(words, iri, part) for iri, part in found.parts.items()),
        incoming=_incoming(words, found.links),
        graphs=tuple(words.value(ox.NamedNode(iri)) for iri in found.graphs),
        is_withdrawn=found.standing is Standing.WITHDRAWN,
        replacements=tuple(words.value(ox.NamedNode(iri)) for iri in found.replacements),
        path=found.iri.removeprefix(BASE),
    )


def _section(words: "_Words", iri: str, part: Sequence[ox.Triple]) -> Section:
    return Section(
        title=words.title(iri, part),
        iri=iri,
        fragment=iri.rpartition("/")[2].rpartition("#")[2],
        href=page_path(words.language, iri) if "#" not in iri else "",
        lines=words.lines([t for t in part if not isinstance(t.subject, ox.BlankNode)]),
    )


def _incoming(words: "_Words", links: Iterable[ox.Triple]) -> tuple[Line, ...]:
    groups: dict[str, list[Value]] = defaultdict(list)
    for triple in links:
        groups[triple.predicate.value].append(words.value(triple.subject))
    return tuple(
        Line(words.property_label(iri), iri, tuple(sorted(values, key=lambda v: v.text.casefold())))
        for iri, values in groups.items()
    )


@dataclass(slots=True)
class _Words:
    """Labels of everything a description names, in the language of the page."""

    engine: ox.Store
    found: Description
    language: str
    _labels: dict[str, list[ox.Literal]] = field(default_factory=lambda: defaultdict(list))
    _nested: Mapping[ox.BlankNode, list[ox.Triple]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        triples = self.found.triples()
        extra = {t.predicate for t in triples} | {ox.NamedNode(g) for g in self.found.graphs}
        for triple in [*triples, *labels_of(self.engine, sorted(extra, key=str))]:
            subject, value = triple.subject, triple.object
            if isinstance(subject, ox.BlankNode):
                self._nested[subject].append(triple)
            elif (
                isinstance(subject, ox.NamedNode)
                and isinstance(value, ox.Literal)
                and triple.predicate.value in _LABELS
            ):
                known = self._labels[subject.value]
                known += [] if value in known else [value]

    def best(self, terms: Iterable[object]) -> tuple[str, str]:
        """Return the text in the best language there is, with its tag."""
        texts = [(t.value, t.language or "") for t in terms if isinstance(t, ox.Literal)]
        for wanted in (self.language, "de", "en", ""):
            for text, tag in texts:
                if tag == wanted:
                    return text, tag
        return texts[0] if texts else ("", "")

    def label(self, iri: str) -> str:
        return self.best(self._labels.get(iri, []))[0] or _short(iri)

    def property_label(self, iri: str) -> str:
        """Return what readers call a property."""
        label = self.label(iri)
        return reused_name(iri, self.language) or (local(iri) if label == iri else label)

    def title(self, iri: str, triples: Sequence[ox.Triple]) -> str:
        """Return a heading: the label, the words of the source, else what kind of thing it is."""
        if iri in self._labels:
            return self.label(iri)
        stated = [t.object for t in triples if t.predicate.value == str(VB.statedTerm)]
        kinds = [t.object.value for t in triples if _is_kind(t)]  # type: ignore[union-attr]
        labelled = [self.label(kind) for kind in kinds if kind in self._labels]
        return self.best(stated)[0] or next(iter(labelled), _short(iri))

    def lines(self, triples: Iterable[ox.Triple], depth: int = 0) -> tuple[Line, ...]:
        groups: dict[str, list[Value]] = defaultdict(list)
        for triple in triples:
            groups[triple.predicate.value].append(self.value(triple.object, depth))
        return tuple(
            Line(self.property_label(iri), iri, tuple(sorted(v, key=self._is_foreign)))
            for iri, v in groups.items()
        )

    def _is_foreign(self, value: Value) -> bool:
        return value.language not in ("", self.language)

    def value(self, term: object, depth: int = 0) -> Value:
        if isinstance(term, ox.Literal):
            href = term.value if is_web_link(term.value) else ""
            return Value(term.value, href, term.language or "", is_outside=bool(href))
        if isinstance(term, ox.NamedNode):
            inside = page_path(self.language, term.value)
            outside = term.value if is_web_link(term.value) else ""
            return Value(self.label(term.value), inside or outside, is_outside=not inside)
        if isinstance(term, ox.BlankNode) and depth < _DEPTH:
            return self._nameless(term, depth + 1)
        return Value("…")

    def _nameless(self, node: ox.BlankNode, depth: int) -> Value:
        triples = self._nested.get(node, [])
        if any(t.predicate == _FIRST for t in triples):
            return Value(", ".join(self.value(item, depth).text for item in self._items(node)))
        return Value("", lines=self.lines(triples, depth))

    def _items(self, node: object) -> list[object]:
        """Return the members of an RDF list; a ring is followed once."""
        found: list[object] = []
        seen: set[object] = set()
        while isinstance(node, ox.BlankNode) and node not in seen:
            seen.add(node)
            triples = self._nested.get(node, [])
            found += [t.object for t in triples if t.predicate == _FIRST]
            node = next((t.object for t in triples if t.predicate == _REST), _NIL)
        return found


def _is_kind(triple: ox.Triple) -> bool:
    return triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode)


def _short(iri: str) -> str:
    """Return an IRI with a prefix where there is one; the IRI itself otherwise."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
