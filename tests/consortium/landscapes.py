"""Random tiny landscapes and enquiries with every kind of condition."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from graph.model import (
    Certificate,
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    GroupRule,
    GroupTrait,
    Landscape,
    Limit,
    Organisation,
    Place,
    Requirement,
    Tie,
    Truth,
)

__all__ = ["SCHEME", "random_enquiry", "random_landscape"]

PLACES = (
    Place(50.93, 11.59, "J", "d1", state="t"),
    Place(50.98, 11.03, "E", "d2", state="t"),
    Place(50.61, 10.69, "S", "d3", state="s"),
    Place(51.50, 10.79, "N", None),
)

SCHEME = CompetenceScheme(
    competences={
        "a": Competence("a", "A", None, "s1"),
        "a1": Competence("a1", "A1", "a", "s1"),
        "a2": Competence("a2", "A2", "a", "s2"),
        "a21": Competence("a21", "A21", "a2", "s2", frozenset({"b1"})),
        "b": Competence("b", "B", None, "s3"),
        "b1": Competence("b1", "B1", "b", "s3"),
        "c": Competence("c", "C", None, None),
    },
    precedes={"s1": frozenset({"s2", "s3"}), "s2": frozenset({"s4"}), "s3": frozenset({"s4"})},
    dimensions={
        "length": Dimension("length", FitRule.RANGE),
        "tolerance": Dimension("tolerance", FitRule.AT_MOST),
        "year": Dimension("year", FitRule.TOTAL),
    },
    materials={"steel": "metal", "stainless": "steel", "aluminium": "metal"},
)


def _some(random: Random, values: list[str], share: float) -> frozenset[str]:
    return frozenset(v for v in values if random.random() < share)


def _limits(random: Random) -> tuple[Limit, ...]:
    limits = []
    if random.random() < 0.3:
        limits.append(
            Limit("length", random.choice([None, 0.0, 50.0]), random.choice([100.0, 500.0]))
        )
    if random.random() < 0.3:
        limits.append(Limit("tolerance", random.choice([0.01, 0.1]), None))
    if random.random() < 0.4:
        limits.append(Limit("year", 1.0, random.choice([400.0, 600.0, 1000.0])))
    return tuple(limits)


def random_landscape(random: Random) -> Landscape:
    """Draw up to seven entries of organisations with up to fourteen claims."""
    names = [f"o{i}" for i in range(random.randint(1, 7))]
    organisations = {
        name: Organisation(
            iri=name,
            name=name.upper(),
            kind=random.choice(["Company", "Company", "ResearchInstitution"]),
            place=random.choice([*PLACES, None]),
            clusters=_some(random, ["k1", "k2"], 0.4),
            sectors=_some(random, ["x1", "x2"], 0.4),
            certificates=_certificates(name, random),
            is_small=random.choice(list(Truth)),
            is_active=random.choice([Truth.YES] * 5 + [Truth.UNKNOWN, Truth.NO]),
            same_as=random.choice(names) if random.random() < 0.15 else name,
        )
        for name in names
    }
    # The IRI that stands for a group stands for itself.
    for name, organisation in organisations.items():
        root = organisations[organisation.same_as]
        if root.same_as != root.iri:
            organisations[name] = replace(organisation, same_as=name)
    sites: list[Place | None] = random.choice(
        [[None], [None, None, *PLACES]]
    )  # none: where the organisation is
    claims = tuple(_claim(f"c{i}", names, sites, random) for i in range(random.randint(0, 14)))
    ties = tuple(_tie(f"p{i}", names, random) for i in range(random.randint(0, 6)))
    return Landscape("test", SCHEME, organisations, claims, ties)


def _certificates(name: str, random: Random) -> tuple[Certificate, ...]:
    ends = [None, "2024-05-01", "2026-05-01", "2028-01-31"]
    return tuple(
        Certificate(f"{name}-{kind}", kind, random.choice(ends))
        for kind in ("iso", "weld")
        if random.random() < 0.4
    )


def _claim(iri: str, names: list[str], sites: Sequence[Place | None], random: Random) -> Claim:
    return Claim(
        iri=iri,
        organisation=random.choice(names),
        competence=random.choice(sorted(SCHEME.competences)),
        steps=_some(random, ["s1", "s2", "s3"], 0.5),
        materials=_some(random, ["metal", "steel", "stainless", "aluminium", "glass"], 0.2),
        limits=_limits(random),
        confidence=random.choice([0.3, 0.5, 0.8, 1.0]),
        evidence_year=random.choice([None, 2008, 2019, 2026]),
        place=random.choice(sites),
        valid_through=random.choice([None] * 6 + ["2025-06-30", "2026-06-30", "2027-01-31"]),
    )


def _tie(context: str, names: list[str], random: Random) -> Tie:
    first, second = sorted([random.choice(names), random.choice(names)])
    kind = random.choice(["project", "project", "relation", "cluster"])
    context = "k1" if kind == "cluster" else context
    return Tie(first, second, context, kind, year=random.choice([None, 2012, 2025]))


def random_enquiry(random: Random, landscape: Landscape) -> Enquiry:
    """Draw an enquiry of up to four requirements with any mix of demands."""
    names = sorted(landscape.organisations)
    requirements = tuple(_requirement(f"r{i}", random) for i in range(random.randint(1, 4)))
    if random.random() < 0.25:
        requirements = tuple(_of_a_total(r, random) for r in requirements)
    pinned = _some(random, names, random.choice([0, 0, 0.2]))
    excluded = _some(random, names, random.choice([0, 0.15]))
    same = {o.iri: o.same_as for o in landscape.organisations.values()}
    pinned = frozenset(p for p in pinned if same[p] not in {same[e] for e in excluded})
    free = [n for n in names if same[n] not in {same[e] for e in excluded}]
    lead = random.choice(free) if free and random.random() < 0.1 else None
    wanted = {same[name] for name in (pinned if lead is None else pinned | {lead})}
    pairs = [(a, b) for a in names for b in names if a < b and random.random() < 0.1]
    count = len(wanted)
    return Enquiry(
        iri="e",
        title="E",
        requirements=requirements,
        place=PLACES[0],
        max_distance_km=random.choice([None, None, 45.0, 70.0]),
        districts=random.choice([frozenset(), frozenset(), frozenset({"d1", "d2"})]),
        pinned=pinned,
        excluded=excluded,
        max_members=random.choice([None, None, max(1, count), count + 1]),
        conflicts=frozenset((a, b) for a, b in pairs if not {same[a], same[b]} <= wanted),
        member_certificate_types=random.choice([frozenset(), frozenset(), frozenset({"iso"})]),
        groups=random.choice([(), (), _groups(random)]),
        strict_unknowns=random.random() < 0.1,
        lead=lead,
    )


def _of_a_total(requirement: Requirement, random: Random) -> Requirement:
    """Ask for so much in a year that one claim may not suffice for several requirements."""
    amount = Limit("year", 1.0, random.choice([400.0, 600.0]))
    wide = random.choice(["a", "b"])
    return replace(requirement, competence=wide, step=None, materials=frozenset(), limits=(amount,))


def _requirement(iri: str, random: Random) -> Requirement:
    return Requirement(
        iri=iri,
        competence=random.choice(sorted(SCHEME.competences)),
        step=random.choice([None, None, None, "s1", "s2", "s3"]),
        materials=_some(random, ["steel", "glass"], 0.15),
        limits=random.choice([(), (), _limits(random)]),
        certificate_types=_some(random, ["iso", "weld"], 0.1),
        is_mandatory=random.random() < 0.7,
        needs_second_source=random.random() < 0.15,
    )


GROUPS: dict[GroupTrait, frozenset[str]] = {
    GroupTrait.SMALL: frozenset(),
    GroupTrait.KIND: frozenset({"ResearchInstitution"}),
    GroupTrait.DISTRICT: frozenset({"d1", "d3"}),
    GroupTrait.STATE: frozenset({"t"}),
    GroupTrait.SECTOR: frozenset({"x1"}),
    GroupTrait.CLUSTER: frozenset({"k2"}),
    GroupTrait.LISTED: frozenset({"o0", "o3"}),
}
"""What a rule of each trait asks for."""


def _groups(random: Random) -> tuple[GroupRule, ...]:
    rules = []
    for trait in random.sample(list(GroupTrait), 2):
        least = random.choice([0, 0, 1, 2])
        most = random.choice([None, None, least, least + 1])
        is_strict = random.random() < 0.5
        rules.append(GroupRule(trait.value, trait, GROUPS[trait], least, most, is_strict))
    return tuple(rules)
