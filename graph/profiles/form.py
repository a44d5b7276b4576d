"""What an organisation can say of itself, with the values that the graph allows."""

from collections import defaultdict
from dataclasses import replace

from rdflib import Literal

from graph.profiles.fields import Form, Option, Section
from graph.profiles.outline import DISTRICTS, outline
from graph.reading import rows
from graph.store import Row, Store
from graph.vocabulary import SCHEME, VB

__all__ = ["form_of"]

_DISTRICTS = f"""
SELECT ?concept ?label {{
  ?concept a <{VB.District}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?label
}} ORDER BY ?concept ?label
"""


def form_of(store: Store) -> Form:
    """Return the form of a profile, derived from the shapes (:mod:`graph.profiles.outline`).

    Args:
        store: Where the allowed values are.
    """
    sections = outline().sections
    schemes = {f.scheme for section in sections for f in section.fields if f.scheme}
    options = {scheme: _options(store, scheme) for scheme in schemes}
    return Form(tuple(_filled(section, options) for section in sections))


def _filled(section: Section, options: dict[str, tuple[Option, ...]]) -> Section:
    fields = [replace(f, options=options.get(f.scheme, f.options)) for f in section.fields]
    return replace(section, fields=tuple(fields))


def _options(store: Store, scheme: str) -> tuple[Option, ...]:
    """Return the members of a scheme, or the districts, by their German name.

    What has a name in one language only, as districts do, goes by it in the other.
    """
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _labels(store, scheme):
        label = row["label"]
        if isinstance(label, Literal):
            labels[str(row["concept"])].setdefault(label.language or "de", str(label))
    found = [Option(iri, _in_each_language(label)) for iri, label in labels.items()]
    return tuple(sorted(found, key=lambda o: (o.label.get("de", "").casefold(), o.iri)))


def _in_each_language(label: dict[str, str]) -> dict[str, str]:
    only = next(iter(label.values()))
    return {"de": only, "en": only} | label


def _labels(store: Store, scheme: str) -> list[Row]:
    if scheme == DISTRICTS:
        return store.select(_DISTRICTS)
    found = rows(store, "scheme-labels", {"scheme": SCHEME[scheme]})
    return [row for row in found if str(row["kind"]) == "preferred"]
