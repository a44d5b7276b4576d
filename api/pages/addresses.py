"""Addresses of pages: stable, readable, and the only place that knows how they are made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from api.i18n import MessageError
from api.i18n import noop as _noop
from api.pages.wanted import Wanted

__all__ = [
    "AddressError",
    "ConsortiumAddress",
    "competence_path",
    "host_of",
    "is_web_link",
    "organisation_path",
    "slug_of",
]

_MOST_WORDS = 24
_LONGEST_WORD = 300
_MOST_MEMBERS = 24
_FARTHEST_KM = 2000
_KEY = re.compile(r"\d{2,12}", re.ASCII)


class AddressError(MessageError):
    """An address asks for something that cannot be asked."""


NOTHING_ASKED = _noop("Say what is needed: at least one competence.")
BOTH_ASKED = _noop("Give either an enquiry of the graph or competences, not both.")
TOO_MANY_WORDS = _noop("At most 24 competences and 24 wanted organisations fit into one enquiry.")
WORD_TOO_LONG = _noop("A word may have at most 300 characters.")
BAD_MEMBERS = _noop("The number of members must be a whole number from 1 to 24.")
BAD_REQUIREMENT = _noop("A requirement of this address cannot be read.")
BAD_DISTANCE = _noop("The distance must be a whole number of kilometres from 1 to 2000.")
NO_CENTRE = _noop("A distance needs a town to measure from.")
BAD_DISTRICT = _noop("A district is named by its official key, such as 16053.")


@dataclass(frozen=True, slots=True)
class ConsortiumAddress:
    """What the address of a consortium page says.

    Attributes:
        enquiry: IRI, number or title of an enquiry of the graph, or an empty string.
        competences: Words for the competences needed, when no enquiry is named.
        pinned: Words for organisations that must be members.
        excluded: Words for organisations that must not be members.
        max_members: Most members, or ``None``.
        requirements: What is needed in detail, beside the words.
        districts: Official keys of the districts that members must be in.
        near: Town where the work is needed, or an empty string.
        within_km: Members farther from that town do not count; ``None`` for no limit.
        programme: Word for a funding programme to hold the members against.
        is_demanded: The search must satisfy the rules of the programme that count members.
    """

    enquiry: str = ""
    competences: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    max_members: int | None = None
    requirements: tuple[Wanted, ...] = ()
    districts: tuple[str, ...] = ()
    near: str = ""
    within_km: int | None = None
    programme: str = ""
    is_demanded: bool = False

    @classmethod
    def parse(cls, parameters: Iterable[tuple[str, str]]) -> "ConsortiumAddress":
        """Read the parameters of an address; empty ones count as not given.

        A ``competence`` may hold several words with commas or line breaks between them, as one
        field of a form sends them.

        Raises:
            AddressError: They do not say what is needed, or say too much.
        """
        given: dict[str, list[str]] = {}
        for name, value in parameters:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        address = cls(
            enquiry=given.get("enquiry", [""])[-1],
            competences=_distinct(_words(given.get("competence", []))),
            pinned=_distinct(given.get("pin", [])),
            excluded=_distinct(given.get("exclude", [])),
            max_members=_number(given.get("max_members", []), _MOST_MEMBERS, BAD_MEMBERS),
            requirements=_requirements(given.get("requirement", [])),
            districts=_distinct(given.get("district", [])),
            near=given.get("near", [""])[-1],
            within_km=_number(given.get("within", []), _FARTHEST_KM, BAD_DISTANCE),
            programme=given.get("programme", [""])[-1],
            is_demanded=given.get("demand", [""])[-1] == "yes" and "programme" in given,
        )
        address.check()
        return address

    def check(self) -> None:
        """Raise the error that says why this cannot be asked, if it cannot."""
        words = (self.enquiry, *self.competences, *self.pinned, *self.excluded)
        if any(len(word) > _LONGEST_WORD for word in (*words, self.near, self.programme)):
            raise AddressError(WORD_TOO_LONG)
        needed = len(self.competences) + len(self.requirements)
        if self.enquiry and needed:
            raise AddressError(BOTH_ASKED)
        if not self.enquiry and not needed:
            raise AddressError(NOTHING_ASKED)
        if max(needed, len(self.pinned)) > _MOST_WORDS:
            raise AddressError(TOO_MANY_WORDS)
        if self.within_km is not None and not self.near:
            raise AddressError(NO_CENTRE)
        if not all(map(_KEY.fullmatch, self.districts)):
            raise AddressError(BAD_DISTRICT)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters in their one order, so that equal questions have equal addresses."""
        pairs = [("enquiry", self.enquiry)] if self.enquiry else []
        pairs += [("competence", word) for word in self.competences]
        pairs += [("requirement", wanted.text) for wanted in self.requirements]
        pairs += [("district", key) for key in self.districts]
        pairs += [("near", self.near)] if self.near else []
        pairs += [] if self.within_km is None else [("within", str(self.within_km))]
        pairs += [("pin", word) for word in self.pinned]
        pairs += [("exclude", word) for word in self.excluded]
        pairs += [] if self.max_members is None else [("max_members", str(self.max_members))]
        pairs += [("programme", self.programme)] if self.programme else []
        pairs += [("demand", "yes")] if self.is_demanded else []
        return pairs

    @property
    def query(self) -> str:
        """The parameters as text."""
        return urlencode(self.pairs, safe=":;=,")

    @property
    def is_plain(self) -> bool:
        """Whether ``GET /api/v1/consortia`` understands it: no detail that only pages can say."""
        return not (self.requirements or self.districts or self.near or self.programme)

    def page(self, language: str) -> str:
        """Return the path of the page."""
        return f"/{language}/consortia?{self.query}"

    def document(self, language: str, form: str) -> str:
        """Return the path of the same answer as a document: ``json``, ``turtle`` or ``csv``."""
        if self.is_plain:
            return f"/api/v1/consortia?{self.query}&{urlencode({'lang': language, 'format': form})}"
        return f"/{language}/consortia/document?{self.query}&{urlencode({'format': form})}"

    def form(self, language: str) -> str:
        """Return the path of the form that changes what is needed."""
        return f"/{language}/enquiry?{self.query}"

    def comparison(self, language: str, others: Iterable[str]) -> str:
        """Return the path of the page that sets other members (IRIs) beside the suggested ones."""
        pairs = [("other", slug_of(iri)) for iri in others]
        return f"/{language}/consortia/comparison?{self.query}&{urlencode(pairs)}"

    def funded(self, programme: str, *, is_demanded: bool = False) -> "ConsortiumAddress":
        """Return the address that holds the members against a programme; empty for none."""
        return replace(self, programme=programme, is_demanded=is_demanded and bool(programme))

    def pinning(self, *iris: str) -> "ConsortiumAddress":
        """Return the address that asks for these organisations too."""
        slugs = tuple(slug_of(iri) for iri in iris)
        return replace(
            self,
            pinned=_distinct((*self.pinned, *slugs)),
            excluded=tuple(word for word in self.excluded if word not in slugs),
        )

    def excluding(self, iri: str) -> "ConsortiumAddress":
        """Return the address that asks to leave an organisation out."""
        slug = slug_of(iri)
        return replace(
            self,
            pinned=tuple(word for word in self.pinned if word != slug),
            excluded=_distinct((*self.excluded, slug)),
        )

    def freeing(self, iri: str) -> "ConsortiumAddress":
        """Return the address that neither asks for an organisation nor leaves it out."""
        words = {iri, slug_of(iri)}
        return replace(
            self,
            pinned=tuple(word for word in self.pinned if word not in words),
            excluded=tuple(word for word in self.excluded if word not in words),
        )

    def unconditional(self) -> "ConsortiumAddress":
        """Return the address of the same enquiry without any condition."""
        return ConsortiumAddress(
            enquiry=self.enquiry, competences=self.competences, requirements=self.requirements
        )

    def saying(self, word: str, instead: str) -> "ConsortiumAddress":
        """Return the address with one competence in other words."""
        words = (instead if known == word else known for known in self.competences)
        return replace(self, competences=_distinct(words))

    def instead(self, label: str, competence: str, other: str) -> "ConsortiumAddress":
        """Return the address that asks for another competence in place of one.

        Args:
            label: Word by which the one is asked for, where it is asked by a word.
            competence: IRI of the one.
            other: IRI of the other.
        """
        slug, new = slug_of(competence), slug_of(other)
        words = tuple(word for word in self.competences if word != label)
        added = (Wanted(new),) if words != self.competences else ()
        changed = tuple(
            replace(wanted, competence=new) if wanted.competence == slug else wanted
            for wanted in self.requirements
        )
        return replace(
            self, competences=words, requirements=tuple(dict.fromkeys((*changed, *added)))
        )


def _words(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        if "://" in value:
            yield value
        else:
            pieces = value.replace("\n", ",").replace(";", ",").split(",")
            yield from (piece.strip() for piece in pieces if piece.strip())


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _number(values: list[str], most: int, message: str) -> int | None:
    """Return the last value as a whole number from 1 to ``most``; ``None`` without values."""
    if not values:
        return None
    value = values[-1]
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:6]) <= most):
        raise AddressError(message)
    return int(value)


def _requirements(values: list[str]) -> tuple[Wanted, ...]:
    try:
        return tuple(dict.fromkeys(map(Wanted.parse, values[: _MOST_WORDS + 1])))
    except ValueError as error:
        raise AddressError(BAD_REQUIREMENT) from error


def slug_of(iri: str) -> str:
    """Return the last part of an IRI, without ``org-`` for an organisation."""
    return iri.rpartition("/")[2].rpartition("#")[2].removeprefix("org-")


def organisation_path(language: str, iri: str) -> str:
    """Return the path of an organisation's page."""
    return f"/{language}/organisations/{quote(slug_of(iri), safe='')}"


def competence_path(language: str, iri: str) -> str:
    """Return the path of a competence's page."""
    return f"/{language}/competences/{quote(slug_of(iri), safe='')}"


def is_web_link(address: str) -> bool:
    """Tell whether something that the data calls an address may become a link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def host_of(address: str) -> str:
    """Return the host of an address without ``www.``, to show instead of the long address."""
    if not is_web_link(address):
        return address
    return (urlsplit(address).hostname or "").removeprefix("www.")
