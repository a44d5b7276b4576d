"""What the form of an enquiry holds, from a text, from an address or from what was filled in."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from api.pages.addresses import ConsortiumAddress
from api.pages.fields import Field, Kind, requirement_fields
from api.pages.options import find, towns
from api.pages.wanted import Wanted, WantedLimit
from api.schemas.enquiry import PlaceIn, RequirementIn
from api.schemas.understanding import ProposalOut
from graph.model import Enquiry, Requirement
from graph.store import Store

__all__ = ["Conditions", "EnquiryForm", "Row", "from_address", "from_enquiry", "from_proposal"]

MOST_ROWS = 24
_MOST_GROUPS = 20
_LONGEST = 300

Given = Mapping[str, Sequence[str]]
"""Values of a submitted form by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as it stands in the form.

    Attributes:
        values: Values of each field by its name: the end of the IRI of a known concept, else the
            word as it was given.
        groups: Values of each group of a field, by the names of its parts.
    """

    values: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[Mapping[str, str], ...]]

    @property
    def competence(self) -> str:
        """What is needed; an empty string when nothing is said."""
        return next(iter(self.values.get("requiredCompetence", ())), "")

    @property
    def is_mandatory(self) -> bool:
        """Whether a consortium must cover it."""
        return self.values.get("mandatory") == ("true",)

    @property
    def has_details(self) -> bool:
        """Whether more than a competence is demanded."""
        plain = {"requiredCompetence", "mandatory"}
        return any(v for k, v in self.values.items() if k not in plain) or any(self.groups.values())

    def saying(self, competence: str) -> "Row":
        """Return the requirement with another competence."""
        return replace(self, values={**self.values, "requiredCompetence": (competence,)})

    def wanted(self) -> Wanted:
        """Return the requirement for an address.

        Raises:
            ValueError: Something in it is not what it should be.
        """
        one = {name: next(iter(values), "") for name, values in self.values.items()}
        limits = self.groups.get("requiredLimit", ())
        texts = (f"{x['dimension']}:{x['minValue']}..{x['maxValue']}" for x in limits)
        return Wanted.parse(
            Wanted(
                competence=self.competence,
                step=one.get("requiredStep", ""),
                materials=tuple(self.values.get("requiredMaterial", ())),
                limits=tuple(WantedLimit.parse(text) for text in texts),
                certificates=tuple(self.values.get("requiredCertificateType", ())),
                is_mandatory=self.is_mandatory,
            ).text
        )


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds for the whole consortium, as it was filled in.

    Attributes:
        near: Town.
        within: Kilometres from it.
        max_members: Most members.
        districts: Official keys.
    """

    near: str = ""
    within: str = ""
    max_members: str = ""
    districts: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the conditions as parameters of an address."""
        named = [("near", self.near), ("within", self.within), ("max_members", self.max_members)]
        return [*(("district", key) for key in self.districts), *(p for p in named if p[1])]


@dataclass(frozen=True, slots=True)
class EnquiryForm:
    """The whole form; ``text`` is what it was read from, or an empty string."""

    rows: tuple[Row, ...] = ()
    conditions: Conditions = Conditions()
    text: str = ""

    @classmethod
    def filled_in(cls, store: Store, language: str, given: Given) -> "EnquiryForm":
        """Read a submitted form.

        ``set-3`` gives the third requirement another competence, ``drop-3`` leaves it out. Empty
        requirements are left out, and those beyond 24.
        """
        fields = requirement_fields(language)
        rows = [
            _row(store, language, fields, given, number)
            for number in _numbers(given)
            if f"drop-{number}" not in given
        ]
        kept = [row for row in rows if row.competence or row.has_details]
        conditions = Conditions(
            near=_last(given, "near"),
            within=_last(given, "within"),
            max_members=_last(given, "max_members"),
            districts=tuple(dict.fromkeys(given.get("district", ())))[:MOST_ROWS],
        )
        return cls(tuple(kept[:MOST_ROWS]), conditions, _last(given, "text", 20_000))

    def address(self) -> ConsortiumAddress:
        """Return the address of the consortium for the form.

        Raises:
            ValueError: The form holds something that no address can say (``AddressError`` too).
        """
        requirements = [("requirement", row.wanted().text) for row in self.rows]
        return ConsortiumAddress.parse([*requirements, *self.conditions.pairs()])


def _numbers(given: Given) -> list[int]:
    """Return the numbers of the requirements of a submitted form, in order."""
    ends = {name.removeprefix("row-") for name in given if name.startswith("row-")}
    numbers = (int(end) for end in ends if end.isascii() and end.isdecimal() and len(end) < 4)
    return sorted(numbers)[: MOST_ROWS + 1]  # one is empty, for what is to be added


def _last(given: Given, name: str, longest: int = _LONGEST) -> str:
    values = given.get(name, ())
    return values[-1].strip()[:longest] if values else ""


def _row(store: Store, language: str, fields: Iterable[Field], given: Given, number: int) -> Row:
    values: dict[str, tuple[str, ...]] = {}
    groups: dict[str, tuple[Mapping[str, str], ...]] = {}
    for field in fields:
        name = f"{field.name}-{number}"
        if field.kind is Kind.GROUPS:
            groups[field.name] = _groups(store, language, field, given, name)
        else:
            words = [w.strip()[:_LONGEST] for w in given.get(name, ())[:MOST_ROWS] if w.strip()]
            known = (_known(store, language, field, word) for word in words)
            values[field.name] = tuple(dict.fromkeys(known))
    if not values["mandatory"]:
        values["mandatory"] = ("false",)  # a box that is not ticked sends nothing
    row = Row(values, groups)
    pressed = _last(given, f"set-{number}")
    return row.saying(pressed) if pressed else row


def _groups(
    store: Store, language: str, field: Field, given: Given, name: str
) -> tuple[Mapping[str, str], ...]:
    """Read the groups of a field; those without anything in them are left out."""
    columns = [given.get(f"{name}-{part.name}", ()) for part in field.parts]
    found = []
    for texts in islice(zip(*columns, strict=False), _MOST_GROUPS):
        words = [text.strip()[:_LONGEST] for text in texts]
        if any(words):
            pairs = zip(field.parts, words, strict=True)
            found.append({p.name: _known(store, language, p, word) for p, word in pairs})
    return tuple(found)


def _known(store: Store, language: str, field: Field, word: str) -> str:
    """Return the end of the IRI of a concept, a number with a point, or the word as it is."""
    if field.kind is Kind.NUMBER:
        return word.replace(",", ".")
    if not field.scheme:
        return word
    return find(store, language, field.scheme, word) or word


def from_address(store: Store, language: str, address: ConsortiumAddress) -> EnquiryForm:
    """Return the form for what an address asks."""
    [field] = [f for f in requirement_fields(language) if f.name == "requiredCompetence"]
    words = (_known(store, language, field, word) for word in address.competences)
    wanted = [*(Wanted(word) for word in words), *address.requirements]
    conditions = Conditions(
        near=address.near,
        within=str(address.within_km or ""),
        max_members=str(address.max_members or ""),
        districts=address.districts,
    )
    return EnquiryForm(tuple(_row_of(one) for one in wanted), conditions)


def _row_of(wanted: Wanted) -> Row:
    limits = (
        {"dimension": x.dimension, "minValue": x.minimum, "maxValue": x.maximum}
        for x in wanted.limits
    )
    return Row(
        values={
            "requiredCompetence": (wanted.competence,),
            "mandatory": ("true" if wanted.is_mandatory else "false",),
            "requiredStep": (wanted.step,) if wanted.step else (),
            "requiredMaterial": wanted.materials,
            "requiredCertificateType": wanted.certificates,
        },
        groups={"requiredLimit": tuple(limits)},
    )


def from_enquiry(enquiry: Enquiry) -> EnquiryForm:
    """Return the form for an enquiry of the graph."""
    return EnquiryForm(tuple(_row_of(_wanted(r)) for r in enquiry.requirements[:MOST_ROWS]))


def from_proposal(store: Store, proposal: ProposalOut, text: str) -> EnquiryForm:
    """Return the form for what was read in a text."""
    enquiry = proposal.enquiry
    if enquiry is None:
        return EnquiryForm(text=text)
    distance = enquiry.max_distance_km
    conditions = Conditions(
        near=_town(store, enquiry.place) if enquiry.place else "",
        within=str(max(1, math.ceil(distance))) if distance else "",
        districts=tuple(map(_end, enquiry.districts)),
    )
    rows = tuple(_row_of(_wanted_in(given)) for given in enquiry.requirements)
    return EnquiryForm(rows, conditions, text)


def _town(store: Store, place: PlaceIn) -> str:
    """Return the town at a place; an empty string when it is none of the graph."""
    found = (
        known.town
        for known in towns(store).values()
        if (known.latitude, known.longitude) == (place.latitude, place.longitude)
    )
    return next(found, "")


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _wanted(found: Requirement) -> Wanted:
    return Wanted(
        competence=_end(found.competence),
        step=_end(found.step or ""),
        materials=tuple(sorted(map(_end, found.materials))),
        limits=tuple(
            WantedLimit(_end(x.dimension), _bound(x.minimum), _bound(x.maximum))
            for x in found.limits
        ),
        certificates=tuple(sorted(map(_end, found.certificate_types))),
        is_mandatory=found.is_mandatory,
    )


def _wanted_in(given: RequirementIn) -> Wanted:
    return Wanted(
        competence=_end(given.competence),
        step=_end(given.step or ""),
        materials=tuple(map(_end, given.materials)),
        limits=tuple(
            WantedLimit(_end(x.dimension), _bound(x.minimum), _bound(x.maximum))
            for x in given.limits
        ),
        certificates=tuple(map(_end, given.certificates)),
        is_mandatory=given.mandatory,
    )
