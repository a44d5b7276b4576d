"""What an editor offers while somebody writes a query: terms, concepts, organisations."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.keeping import kept
from api.pages.reading import organisation_lines, page_rows, text_of
from graph.store import Row, Store
from graph.vocabulary import PREFIXES

__all__ = ["PREFIXES", "Term", "read_vocabulary"]

_MOST_ORGANISATIONS = 2_000


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a query may name.

    Attributes:
        iri: Identifier.
        kind: ``class``, ``property``, ``concept`` or ``organisation``.
        label: Label in the asked language, else in any; empty for terms of others without one.
        also: Label in the other language, or an empty string.
        definition: What it means, in the language of the label, or an empty string.
        district: IRI of the district of an organisation, or an empty string.
    """

    iri: str
    kind: str
    label: str = ""
    also: str = ""
    definition: str = ""
    district: str = ""


@kept
def read_vocabulary(store: Store, language: str) -> tuple[Term, ...]:
    """Return terms, then concepts, then the first organisations, each ordered by IRI."""
    named: dict[tuple[str, str], list[Row]] = {}
    for row in page_rows(store, "vocabulary"):
        named.setdefault((text_of(row, "kind"), str(row["term"])), []).append(row)
    terms = {key: _term(*key, rows, language) for key, rows in named.items()}
    for row in page_rows(store, "used-terms"):
        key = (text_of(row, "kind"), str(row["term"]))
        terms.setdefault(key, Term(key[1], key[0]))
    order = ("class", "property", "concept")
    found = sorted(terms.values(), key=lambda term: (order.index(term.kind), term.iri))
    return (*found, *_organisations(store, language))


def _term(kind: str, iri: str, rows: list[Row], language: str) -> Term:
    """Return a term from its rows, of which there is one for each language."""
    ranked = sorted(
        rows,
        key=lambda row: (
            *(_tag(row) != language, _tag(row)),
            *(text_of(row, "label"), text_of(row, "definition")),
        ),
    )
    first = ranked[0]
    others = [text_of(row, "label") for row in ranked if _tag(row) != _tag(first)]
    return Term(
        iri=iri,
        kind=kind,
        label=text_of(first, "label"),
        also=next((label for label in others if label != text_of(first, "label")), ""),
        definition=text_of(first, "definition"),
    )


def _tag(row: Row) -> str:
    return getattr(row["label"], "language", None) or ""


def _organisations(store: Store, language: str) -> Iterator[Term]:
    for line in organisation_lines(store, language)[:_MOST_ORGANISATIONS]:
        yield Term(line.iri, "organisation", line.name, district=line.district)
