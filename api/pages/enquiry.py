"""What the enquiry page shows: the text as it was understood, and the form to confirm it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.checking import Fault
from api.pages.competences import Branch, places_in_tree
from api.pages.enquiring import EnquiryForm, Row
from api.pages.fields import Field, requirement_fields
from api.pages.geography import District, districts
from api.pages.marking import Piece, mark
from api.pages.options import options, town_names, units
from api.pages.reading import local
from api.schemas.understanding import ProposalOut
from graph.store import Store

__all__ = ["EnquiryView", "RowView", "view_enquiry"]

_SCHEMES = ("competence", "material", "certificate-type", "dimension", "value-chain")
_MOST_NARROWER = 8


@dataclass(frozen=True, slots=True)
class RowView:
    """A requirement of the form with its place in the competence tree.

    Attributes:
        number: Place in the form, from 1.
        row: What is filled in.
        branch: The competence; ``None`` when the word names none.
        broader: The next broader one, or ``None``.
        narrower: Narrower ones that somebody offers, those of most organisations first.
        others: Other readings of the text as (end of IRI, label).
        words: Words of the text that it was read from, each once.
    """

    number: int
    row: Row
    branch: Branch | None
    broader: Branch | None
    narrower: tuple[Branch, ...]
    others: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """Everything that the template of the enquiry page needs.

    Attributes:
        form: What is filled in.
        rows: The requirements.
        fields: Fields of a requirement, from the shapes.
        pieces: The text with its marks; empty without a text.
        kinds: Kinds of marks that the text has.
        proposal: What was read in the text, or ``None``.
        faults: What is wrong, by the identifier of the field.
        summary: The same in the order of the form.
        labels: Label of each concept by scheme and end of its IRI.
        symbols: Sign of the unit of each dimension.
        districts: All districts, by name.
        towns: Towns that can be named.
    """

    form: EnquiryForm
    rows: tuple[RowView, ...]
    fields: tuple[Field, ...]
    pieces: tuple[Piece, ...]
    kinds: frozenset[str]
    proposal: ProposalOut | None
    faults: Mapping[str, list[Fault]]
    summary: tuple[Fault, ...]
    labels: Mapping[str, Mapping[str, str]]
    symbols: Mapping[str, str]
    districts: tuple[District, ...]
    towns: tuple[str, ...]


def view_enquiry(
    store: Store,
    language: str,
    form: EnquiryForm,
    proposal: ProposalOut | None = None,
    faults: Sequence[Fault] = (),
) -> EnquiryView:
    """Put a form into the shape that the page shows.

    Args:
        store: Where the graph lives.
        language: Language of the page.
        form: What is filled in.
        proposal: What was read in its text.
        faults: What is wrong with it.
    """
    by_field: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_field[fault.field].append(fault)
    pieces = mark(form.text, proposal) if proposal else ()
    return EnquiryView(
        form=form,
        rows=tuple(
            _row(store, language, number, row, proposal) for number, row in enumerate(form.rows, 1)
        ),
        fields=requirement_fields(language),
        pieces=pieces,
        kinds=frozenset(piece.kind for piece in pieces),
        proposal=proposal,
        faults=by_field,
        summary=tuple(faults),
        labels={scheme: options(store, language, scheme) for scheme in _SCHEMES},
        symbols=units(store).symbols,
        districts=tuple(sorted(districts(), key=lambda d: d.name)),
        towns=town_names(store),
    )


def _row(
    store: Store, language: str, number: int, row: Row, proposal: ProposalOut | None
) -> RowView:
    branch, broader = places_in_tree(store, language).get(row.competence, (None, None))
    below = branch.narrower if branch else ()
    offered = sorted((b for b in below if b.organisations), key=lambda b: -b.organisations)
    others, words = _reading(row.competence, proposal)
    near = {local(b.iri) for b in (*below, *([broader] if broader else []))}
    return RowView(
        number=number,
        row=row,
        branch=branch,
        broader=broader,
        narrower=tuple(offered[:_MOST_NARROWER]),
        others=tuple(pair for pair in others if pair[0] not in near),
        words=words,
    )


def _reading(
    competence: str, proposal: ProposalOut | None
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return what else the text can mean at a requirement, and the words that it rests on."""
    for found in proposal.requirements if proposal else ():
        if local(found.competence.iri) == competence:
            others = [(local(a.competence.iri), a.competence.name) for a in found.alternatives]
            return others, tuple(dict.fromkeys(evidence.words for evidence in found.evidence))
    return [], ()
