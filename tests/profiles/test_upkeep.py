"""Completeness, its effects, and facts to be renewed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from graph.model import (
    Certificate,
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    Landscape,
    Limit,
    Organisation,
    Requirement,
    Truth,
)
from graph.profiles import (
    Effect,
    EffectKind,
    FactKind,
    RenewalReason,
    completeness_of,
    effects_of,
    renewals_due,
)
from graph.profiles.completeness import completeness_shapes
from graph.resources import shape_texts
from graph.settings import Settings
from graph.store import EmbeddedStore
from graph.validation import Severity, validate
from graph.vocabulary import ID, SHAPE, VB

SMALL = str(ID["org-small"])

# --- completeness ------------------------------------------------------------------------------


def test_completeness_names_what_is_missing(store: EmbeddedStore) -> None:
    found = completeness_of(store, SMALL, "en")

    assert [(f.severity, f.shape.removeprefix(str(SHAPE))) for f in found.missing] == [
        (Severity.WARNING, "complete-site"),
        (Severity.INFO, "complete-claim-limit"),
        (Severity.INFO, "complete-claim-material"),
        (Severity.INFO, "complete-homepage"),
    ]
    # five of an organisation, three of its claim, one of its certificate
    assert found.share == round(5 / 9, 4)
    assert all(f.message.endswith(".") for f in found.missing)


def test_nobody_is_complete_who_is_not_there(store: EmbeddedStore) -> None:
    found = completeness_of(store, str(ID["org-nobody"]))

    assert (found.share, found.missing) == (0.0, ())


def constraints() -> list[URIRef]:
    shapes = completeness_shapes()
    return [s for s in shapes.subjects(RDF.type, SH.PropertyShape) if isinstance(s, URIRef)]


def test_every_part_of_completeness_can_be_missing() -> None:
    """Three bare nodes lack everything that is looked for."""
    bare = Graph()
    for cls in (VB.Company, VB.CapabilityClaim, VB.Certificate):
        bare.add((ID[f"bare-{len(bare)}"], RDF.type, cls))

    found = validate(bare, completeness_shapes())

    assert {f.shape for f in found} == {str(s) for s in constraints()}
    assert {f.severity for f in found} == {Severity.WARNING, Severity.INFO}


def test_completeness_is_said_in_both_languages_and_never_as_a_violation() -> None:
    shapes = completeness_shapes()
    for part in constraints():
        tags = {m.language for m in shapes.objects(part, SH.message) if isinstance(m, Literal)}
        assert tags == {"de", "en"}
        assert shapes.value(part, SH.severity) in (SH.Warning, SH.Info)


# --- effects -----------------------------------------------------------------------------------

CUTTING, MILLING, TURNING, GLUEING = "c:cutting", "c:milling", "c:turning", "c:glueing"
ISO, STEEL, LENGTH = "t:iso", "m:steel", "d:length"
SETTINGS = Settings(reference_year=2026)


def claim(organisation: str, competence: str, **more: object) -> Claim:
    facts = {"iri": f"{organisation}/{competence}", "evidence_year": 2026, **more}
    return Claim(organisation=organisation, competence=competence, **facts)  # type: ignore[arg-type]


def landscape(*claims: Claim) -> Landscape:
    competences = [
        Competence(CUTTING, "cutting"),
        Competence(MILLING, "milling", broader=CUTTING),
        Competence(TURNING, "turning", broader=CUTTING),
        Competence(GLUEING, "glueing"),
    ]
    owners = sorted({c.organisation for c in claims})
    return Landscape(
        version="v",
        scheme=CompetenceScheme(
            {c.iri: c for c in competences},
            dimensions={LENGTH: Dimension(LENGTH, FitRule.RANGE)},
        ),
        organisations={iri: Organisation(iri, iri) for iri in owners},
        claims=claims,
        ties=(),
        labels={},
    )


def enquiry(iri: str, *requirements: Requirement, **more: object) -> Enquiry:
    return Enquiry(iri, iri, requirements, **more)  # type: ignore[arg-type]


def wanted(iri: str, competence: str, **more: object) -> Requirement:
    return Requirement(iri, competence, **more)  # type: ignore[arg-type]


def test_a_certificate_lets_in_where_another_was_surer() -> None:
    """The rival is equal but for its weaker evidence; only an open certificate keeps us out."""
    ours = claim("o:us", MILLING, confidence=0.9)
    theirs = claim("o:rival", MILLING, confidence=0.9)
    given = landscape(ours, theirs)
    rival = given.organisations["o:rival"]
    asking = enquiry("e:1", wanted("r:1", MILLING, certificate_types=frozenset({ISO})))

    found = effects_of("o:us", [asking], given, SETTINGS)

    assert rival.certificates == ()
    assert found[0].kind is EffectKind.CERTIFICATE
    assert (found[0].about, found[0].settles) == (ISO, ("r:1",))


def test_nothing_is_gained_where_nothing_is_asked() -> None:
    asking = enquiry("e:1", wanted("r:1", MILLING))

    assert effects_of("o:us", [asking], landscape(claim("o:us", MILLING)), SETTINGS) == ()


def test_a_competence_next_to_ones_own_enters_a_chain() -> None:
    given = landscape(claim("o:us", MILLING), claim("o:other", GLUEING))
    asking = [
        enquiry("e:turn", wanted("r:turn", TURNING)),
        enquiry("e:glue", wanted("r:glue", GLUEING)),
    ]

    found = effects_of("o:us", asking, given, SETTINGS)

    assert found == (Effect(EffectKind.COMPETENCE, TURNING, ("e:turn",), ("r:turn",)),)


def test_limits_and_materials_settle_what_is_open() -> None:
    asking = enquiry(
        "e:1",
        wanted("r:1", MILLING, materials=frozenset({STEEL}), limits=(Limit(LENGTH, 10.0, 500.0),)),
    )
    ours = claim("o:us", MILLING)
    with_steel = claim("o:us", MILLING, materials=frozenset({STEEL}))

    assert effects_of("o:us", [asking], landscape(ours), SETTINGS) == ()
    [found] = effects_of("o:us", [asking], landscape(with_steel), SETTINGS)

    assert found == Effect(EffectKind.LIMITS, "o:us/c:milling", (), ("r:1",))


def test_a_certificate_is_counted_for_each_enquiry_that_it_opens() -> None:
    """The rival can do a little more surely; with the certificate we are the cheaper choice."""
    given = landscape(
        claim("o:us", MILLING, confidence=1.0), claim("o:rival", MILLING, confidence=0.95)
    )
    rival = replace(given.organisations["o:rival"], certificates=(Certificate("x", ISO),))
    given = replace(given, organisations={**given.organisations, "o:rival": rival})
    need = frozenset({ISO})
    asking = [
        enquiry(f"e:{n}", wanted(f"r:{n}", MILLING, certificate_types=need)) for n in range(3)
    ]

    [found] = effects_of("o:us", asking, given, SETTINGS)

    assert found.enters == ("e:0", "e:1", "e:2")
    assert found.settles == ("r:0", "r:1", "r:2")


# --- renewals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "reasons", "counts"),
    [
        (date(2026, 1, 29), {"claim": "old"}, {}),
        (date(2026, 1, 30), {"claim": "old", "certificate": "ends-soon"}, {"c": Truth.UNKNOWN}),
        (date(2026, 3, 31), {"claim": "old", "certificate": "ends-soon"}, {"c": Truth.UNKNOWN}),
        (date(2026, 4, 1), {"claim": "old", "certificate": "ended"}, {"c": Truth.UNKNOWN}),
        (date(2027, 1, 1), {"claim": "old", "certificate": "ended"}, {"c": Truth.NO}),
        (date(2020, 12, 31), {}, {}),
        (date(2021, 1, 1), {"claim": "old"}, {}),
    ],
)
def test_facts_are_renewed_in_time(
    store: EmbeddedStore, day: date, reasons: dict[str, str], counts: dict[str, Truth]
) -> None:
    found = renewals_due(store, day, within_days=60)

    assert {r.kind.value: r.reason.value for r in found} == reasons
    certificates = [r.counts for r in found if r.kind is FactKind.CERTIFICATE]
    assert certificates == list(counts.values())
    assert all((r.organisation, r.name) == (SMALL, "Klein GmbH") for r in found)


def test_what_has_ended_comes_first(store: EmbeddedStore) -> None:
    found = renewals_due(store, date(2026, 5, 1))

    assert [r.reason for r in found] == [RenewalReason.ENDED, RenewalReason.OLD]
    assert [r.label for r in found] == ["ISO 9001", "Fräsen"]


def test_shapes_of_completeness_stand_apart(pristine: Path) -> None:
    assert not [name for name, _ in shape_texts() if "completeness" in name]
