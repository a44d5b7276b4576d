"""The competence tree and the page of one competence, read from the store."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import Literal

from api.keeping import kept
from api.pages.reading import competence_terms, label_of, local, page_rows, text_of
from graph.store import Row, Store
from graph.vocabulary import SCHEME

__all__ = [
    "Branch",
    "CompetencePage",
    "Hit",
    "Provider",
    "places_in_tree",
    "read_competence",
    "read_tree",
    "search_tree",
]

_MOST_HITS = 60


@dataclass(frozen=True, slots=True)
class Branch:
    """A competence with what is narrower, ordered by label.

    Attributes:
        iri: Identifier.
        label: Label in the language of the page.
        organisations: How many organisations claim it or something narrower.
        narrower: Direct narrower competences.
    """

    iri: str
    label: str
    organisations: int
    narrower: tuple["Branch", ...]

    def walk(self) -> Iterator["Branch"]:
        """Yield this branch and everything below it."""
        yield self
        for branch in self.narrower:
            yield from branch.walk()


@kept
def read_tree(store: Store, language: str) -> tuple[Branch, ...]:
    """Return the top competences with everything below them."""
    children: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = {}
    for row in page_rows(store, "competences"):
        iri = str(row["competence"])
        counts[iri] = int(text_of(row, "organisations") or 0)
        children[text_of(row, "broader")].append(iri)
    labels = {iri: label_of(store, language, iri) for iri in counts}
    return _branches("", children, counts, labels)


@kept
def places_in_tree(store: Store, language: str) -> Mapping[str, tuple[Branch, Branch | None]]:
    """Return each competence with its broader one (``None`` at the top) by the end of its IRI."""
    found: dict[str, tuple[Branch, Branch | None]] = {}
    for top in read_tree(store, language):
        found[local(top.iri)] = (top, None)
        for branch in top.walk():
            found |= {local(below.iri): (below, branch) for below in branch.narrower}
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """A competence found by a word.

    Attributes:
        branch: The competence.
        word: The name that was found, where it is not the label; else an empty string.
        path: Labels of what is broader, widest first.
    """

    branch: Branch
    word: str
    path: tuple[str, ...]


def search_tree(store: Store, language: str, text: str) -> tuple[Hit, ...]:
    """Return competences of which a name holds the text: equal ones first, then beginnings.

    Args:
        store: Where the graph lives.
        language: Language of the labels; names of every language are searched.
        text: Part of a name; case does not matter.
    """
    wanted = text.strip().casefold()
    found: dict[str, tuple[tuple[int, int, str], str]] = {}
    for word, iri in competence_terms(store).concepts.items():
        if not wanted or wanted not in word or "://" in word:
            continue
        rank = 0 if word == wanted else 1 if word.startswith(wanted) else 2
        found[iri] = min(found.get(iri, ((9, 0, ""), "")), ((rank, len(word), word), word))
    places = places_in_tree(store, language)
    ranked = sorted(found.items(), key=lambda pair: (pair[1][0], pair[0]))
    hits = []
    for iri, (_, word) in ranked[:_MOST_HITS]:
        branch = places[local(iri)][0]
        shown = "" if wanted in branch.label.casefold() else _written(store, word)
        path = tuple(label for _, label in _path(store, language, iri))
        hits.append(Hit(branch, shown, path))
    return tuple(hits)


@kept
def _spellings(store: Store) -> Mapping[str, str]:
    return {label.casefold(): label for label in competence_terms(store).labels}


def _written(store: Store, word: str) -> str:
    """Return a word as the graph writes it."""
    return _spellings(store).get(word, word)


def _branches(
    parent: str,
    children: Mapping[str, list[str]],
    counts: Mapping[str, int],
    labels: Mapping[str, str],
) -> tuple[Branch, ...]:
    narrower = sorted(children.get(parent, []), key=lambda iri: (labels[iri].casefold(), iri))
    return tuple(
        Branch(iri, labels[iri], counts[iri], _branches(iri, children, counts, labels))
        for iri in narrower
    )


@dataclass(frozen=True, slots=True)
class Provider:
    """A claim to a competence or something narrower, with who makes it."""

    organisation: str
    name: str
    town: str
    stated: str
    stated_label: str
    term: str
    detail: str
    basis: str
    confidence: float | None
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class CompetencePage:
    """Everything that the page of one competence shows.

    Attributes:
        iri: Identifier.
        label: Preferred label in the language of the page.
        names: Other preferred and alternative labels as (language, label), sorted.
        definition: What it means, in the language of the page or German.
        definition_language: Language of the definition.
        notations: Official numbers, such as those of DIN 8580.
        path: Broader competences as (IRI, label), widest first.
        narrower: Direct narrower competences.
        related: Related competences as (IRI, label).
        step: Label of its typical value-chain step, or an empty string.
        step_iri: IRI of that step, or an empty string.
        providers: Who claims it, ordered by name.
    """

    iri: str
    label: str
    names: tuple[tuple[str, str], ...]
    definition: str
    definition_language: str
    notations: tuple[str, ...]
    path: tuple[tuple[str, str], ...]
    narrower: tuple[Branch, ...]
    related: tuple[tuple[str, str], ...]
    step: str
    step_iri: str
    providers: tuple[Provider, ...]

    @property
    def organisations(self) -> int:
        """How many organisations claim it or something narrower."""
        return len({provider.organisation for provider in self.providers})


def read_competence(store: Store, language: str, slug: str) -> CompetencePage | None:
    """Read one competence by the end of its IRI; ``None`` when there is none."""
    iri = f"{SCHEME}competence/{slug}"
    values: dict[str, list[Literal | str]] = defaultdict(list)
    for row in page_rows(store, "competence", competence=iri):
        value = row["value"]
        values[local(str(row["property"]))].append(
            value if isinstance(value, Literal) else str(value)
        )
    if not values:
        return None
    label = label_of(store, language, iri)
    definition = _best(values["definition"], language)
    step = str(values["typicalStep"][0]) if values["typicalStep"] else ""
    related = ((str(other), label_of(store, language, str(other))) for other in values["related"])
    branch = next(b for top in read_tree(store, language) for b in top.walk() if b.iri == iri)
    return CompetencePage(
        iri=iri,
        label=label,
        names=_names(values, label),
        definition=str(definition),
        definition_language=getattr(definition, "language", None) or language,
        notations=tuple(sorted(str(n) for n in values["notation"])),
        path=_path(store, language, iri),
        narrower=branch.narrower,
        related=tuple(sorted(related, key=lambda pair: pair[1].casefold())),
        step=label_of(store, language, step) if step else "",
        step_iri=step,
        providers=_providers(store, language, iri),
    )


def _best(values: list[Literal | str], language: str) -> Literal | str:
    def rank(value: Literal | str) -> int:
        tag = value.language if isinstance(value, Literal) else None
        return 0 if tag == language else 1 if tag == "de" else 2

    return min(values, key=rank, default="")


def _names(values: Mapping[str, list[Literal | str]], label: str) -> tuple[tuple[str, str], ...]:
    found = {
        (value.language or "", str(value))
        for kind in ("prefLabel", "altLabel")
        for value in values.get(kind, [])
        if isinstance(value, Literal) and str(value) != label
    }
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].casefold())))


def _path(store: Store, language: str, iri: str) -> tuple[tuple[str, str], ...]:
    def search(branches: tuple[Branch, ...]) -> list[tuple[str, str]] | None:
        for branch in branches:
            if branch.iri == iri:
                return []
            below = search(branch.narrower)
            if below is not None:
                return [(branch.iri, branch.label), *below]
        return None

    return tuple(search(read_tree(store, language)) or ())


def _providers(store: Store, language: str, iri: str) -> tuple[Provider, ...]:
    claims: dict[str, Row] = {}
    for row in page_rows(store, "competence-providers", competence=iri):
        claims.setdefault(str(row["claim"]), row)
    lines = (_provider(store, language, row) for row in claims.values())
    return tuple(sorted(lines, key=lambda p: (p.name.casefold(), p.stated_label.casefold())))


def _provider(store: Store, language: str, row: Row) -> Provider:
    confidence = row.get("confidence")
    return Provider(
        organisation=str(row["organisation"]),
        name=text_of(row, "name"),
        town=text_of(row, "town"),
        stated=str(row["stated"]),
        stated_label=label_of(store, language, str(row["stated"])),
        term=text_of(row, "term"),
        detail=text_of(row, "detail"),
        basis=local(text_of(row, "basis")),
        confidence=float(str(confidence)) if isinstance(confidence, Literal) else None,
        year=text_of(row, "year"),
        source=text_of(row, "source"),
    )
