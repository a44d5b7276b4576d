"""From what somebody asks, in whatever form, to the engine's answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from api.conditions import group_in, pair_in
from api.keeping import kept
from api.schemas.enquiry import EnquiryIn, GroupIn, RequirementIn
from api.words import Words, read_words
from graph.consortium import suggest
from graph.consortium.answer import Suggestion
from graph.eligibility import group_rules
from graph.enquiries import find_enquiry, parse_enquiry
from graph.errors import SourceFormatError
from graph.funding import find_programme, read_programmes
from graph.model import Enquiry, GroupRule, Landscape
from graph.reading import read_landscape
from graph.settings import Settings
from graph.store import Store

__all__ = [
    "Answered",
    "Asked",
    "ask",
    "from_competences",
    "from_file",
    "from_graph",
    "from_json",
    "landscape_of",
    "programme_groups",
    "words_of",
]

_RDF_FORMATS = {".ttl": "turtle", ".trig": "trig", ".jsonld": "json-ld", ".nt": "nt"}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with what it was found in.

    Attributes:
        suggestion: What the engine found.
        landscape: The graph version it was found in, labels in the language asked for.
        started_at: When it was asked, UTC.
    """

    suggestion: Suggestion
    landscape: Landscape
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry in one of its forms, exactly one of which is given.

    Attributes:
        given: As JSON.
        name: IRI, number or title of an enquiry of the graph.
        rdf: Text and rdflib format of an RDF document with one enquiry.
        pinned: Words for organisations that must be members.
        excluded: Words for organisations that must not be members.
        max_members: Most members; ``None`` leaves it as the enquiry says.
        programme: Word for a funding programme whose rules on members must be met.
        groups: Further rules on how many members are of which group.
        lead: Word for the organisation that must lead.
        conflicts: Pairs of words for organisations that must not be together.
    """

    given: EnquiryIn | None = None
    name: str | None = None
    rdf: tuple[str, str] | None = None
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    max_members: int | None = None
    programme: str | None = None
    groups: tuple[GroupIn, ...] = ()
    lead: str | None = None
    conflicts: tuple[tuple[str, str], ...] = ()

    def narrowed(
        self,
        pinned: list[str],
        excluded: list[str],
        max_members: int | None,
        programme: str | None = None,
    ) -> "Asked":
        """Return the same enquiry with further conditions."""
        return replace(
            self,
            pinned=self.pinned + tuple(pinned),
            excluded=self.excluded + tuple(excluded),
            max_members=max_members if max_members is not None else self.max_members,
            programme=programme or self.programme,
        )

    def demanding(
        self,
        at_least: list[str],
        at_most: list[str],
        lead: str | None = None,
        conflicts: list[str] | None = None,
    ) -> "Asked":
        """Return the same enquiry with further conditions on its members.

        Args:
            at_least: Each a number and a group, such as ``2 small`` or ``1 sector=Optik``; further
                words for the group follow ``|``.
            at_most: The same, the most members of a group.
            lead: Word for the organisation that must lead.
            conflicts: Each two words for organisations, with ``|`` between them.

        Raises:
            EnquiryError: A condition is not written so.
        """
        return replace(
            self,
            groups=(
                *self.groups,
                *(group_in(text, "at_least") for text in at_least),
                *(group_in(text, "at_most") for text in at_most),
            ),
            lead=lead or self.lead,
            conflicts=self.conflicts + tuple(pair_in(text) for text in conflicts or ()),
        )

    def resolve(self, store: Store, words: Words, language: str) -> Enquiry:
        """Return the enquiry as the core reasons about it.

        Raises:
            UnknownTermError: A word names nothing.
            UnknownEnquiryError: The graph has no such enquiry.
            SourceFormatError: The RDF document holds no enquiry.
        """
        if self.given is not None:
            enquiry = words.enquiry(self.given)
        elif self.rdf is not None:
            enquiry = parse_enquiry(*self.rdf, language=language)
        else:
            enquiry = find_enquiry(store, self.name or "", language)
        return replace(
            enquiry,
            pinned=enquiry.pinned | {words.organisation(word) for word in self.pinned},
            excluded=enquiry.excluded | {words.organisation(word) for word in self.excluded},
            max_members=enquiry.max_members if self.max_members is None else self.max_members,
            groups=enquiry.groups + tuple(words.group(group) for group in self.groups),
            lead=enquiry.lead if self.lead is None else words.organisation(self.lead),
            conflicts=enquiry.conflicts | {words.conflict(*pair) for pair in self.conflicts},
        )


def from_graph(name: str) -> Asked:
    """Ask an enquiry of the graph by IRI, number or title."""
    return Asked(name=name)


def from_competences(competences: list[str]) -> Asked:
    """Ask for competences, each by IRI or label."""
    requirements = [RequirementIn(competence=word) for word in competences]
    return Asked(given=EnquiryIn(title=", ".join(competences)[:300], requirements=requirements))


def from_json(text: str, path: str = "<input>") -> Asked:
    """Ask an enquiry written as JSON, see :class:`api.schemas.enquiry.EnquiryIn`.

    Raises:
        SourceFormatError: The text is not JSON.
        pydantic.ValidationError: The JSON is not an enquiry.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceFormatError(path, f"not JSON: {error.msg}", error.lineno) from error
    return Asked(given=EnquiryIn.model_validate(document))


def from_file(path: Path) -> Asked:
    """Ask the enquiry in a ``.json`` file or in an RDF file.

    Raises:
        SourceFormatError: The file cannot be read or is not what its name says.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFormatError(path, str(error)) from error
    if path.suffix == ".json":
        return from_json(text, str(path))
    return Asked(rdf=(text, _RDF_FORMATS[path.suffix]))


@kept
def landscape_of(store: Store, language: str) -> Landscape:
    """Return the landscape of a store's generation; read once and kept."""
    return read_landscape(store, language)


@kept
def words_of(store: Store, language: str) -> Words:
    """Return the words clients may use in a store's generation; read once and kept."""
    return read_words(store, landscape_of(store, language))


def programme_groups(
    store: Store, programme: str, project_kind: str = "cooperation", language: str = "de"
) -> tuple[GroupRule, ...]:
    """Return the rules of a programme that the consortium search can satisfy.

    Raises:
        UnknownTermError: No programme is called so.
    """
    programmes = read_programmes(store, landscape_of(store, language).labels)
    return group_rules(find_programme(programmes, programme), project_kind)


def ask(
    store: Store,
    asked: Asked,
    language: str = "de",
    settings: Settings | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Answered:
    """Answer an enquiry from the store's generation.

    Args:
        store: Where the graph lives.
        asked: The enquiry.
        language: Language of labels, ``de`` or ``en``.
        settings: Weights and limits; the default ones of this year when omitted.
        is_cancelled: Asked often; when it says so, what was found so far is returned.
    """
    started_at = datetime.now(UTC)
    landscape = landscape_of(store, language)
    enquiry = asked.resolve(store, words_of(store, language), language)
    if asked.programme:
        groups = programme_groups(store, asked.programme, language=language)
        enquiry = replace(enquiry, groups=enquiry.groups + groups)
    chosen = settings or Settings(reference_year=started_at.year)
    suggestion = suggest(enquiry, landscape, chosen, is_cancelled)
    return Answered(suggestion, landscape, started_at)
