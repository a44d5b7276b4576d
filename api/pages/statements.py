"""Statements about several things, as a person reads them: by thing, with names for properties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import RDF, RDFS, XSD, Literal, URIRef
from rdflib.namespace import SKOS

from api.asking import landscape_of
from api.i18n import texts
from api.pages.properties import reused_name
from api.pages.reading import local, organisation_lines, text_of
from graph.records import Triple
from graph.store import Store
from graph.vocabulary import VB

__all__ = ["Told", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one thing.

    Attributes:
        title: Its name, else the words of its source; an empty string when it has neither.
        kind: What it is, by the label of its class; an empty string when that is not said.
        lines: For each property its name and its values.
    """

    title: str
    kind: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def told(store: Store, language: str, triples: Iterable[Triple]) -> tuple[Told, ...]:
    """Gather statements by what they are about, in the order in which it is first named."""
    about: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        about[str(triple[0])].append(triple)
    names = {**_known_names(store, language), **_named(store, language, about)}
    titles = {iri: _title(said) for iri, said in about.items()}
    names |= {iri: title for iri, title in titles.items() if title}
    return tuple(_told(names, titles[iri], said, language) for iri, said in about.items())


def _known_names(store: Store, language: str) -> dict[str, str]:
    lines = organisation_lines(store, language)
    return {**landscape_of(store, language).labels, **{line.iri: line.name for line in lines}}


def _named(store: Store, language: str, about: Mapping[str, Iterable[Triple]]) -> dict[str, str]:
    """Return the labels of the properties and classes that are used."""
    used = {term for said in about.values() for _, p, o in said for term in (p, o)}
    terms = " ".join(sorted(term.n3() for term in used if isinstance(term, URIRef)))
    found = store.select(
        f"SELECT ?term ?label {{ VALUES ?term {{ {terms} }} ?term <{RDFS.label}> ?label "
        f'FILTER(LANG(?label) = "{language}") }} ORDER BY ?term ?label'
    )
    return {text_of(row, "term"): text_of(row, "label") for row in found}


def _title(said: Iterable[Triple]) -> str:
    for wanted in (SKOS.prefLabel, VB.statedTerm):
        for _, predicate, value in said:
            if predicate == wanted:
                return str(value)
    return ""


def _told(names: Mapping[str, str], title: str, said: Iterable[Triple], language: str) -> Told:
    lines: dict[str, list[str]] = defaultdict(list)
    kind = ""
    for _, predicate, value in said:
        text = names.get(str(value), str(value))
        if isinstance(value, Literal) and value.datatype == XSD.decimal:
            text = texts(language).number(float(value), 2)
        if predicate == RDF.type:
            kind = text
        else:
            iri = str(predicate)
            lines[reused_name(iri, language) or names.get(iri, local(iri))].append(text)
    return Told(title, kind, tuple((name, tuple(found)) for name, found in lines.items()))
