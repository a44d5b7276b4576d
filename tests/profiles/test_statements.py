"""What is put into the form becomes statements, or a fault at its field."""

from collections.abc import Sequence

import pytest
from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import ORG, SKOS

from graph.profiles import Form
from graph.vocabulary import ID, SCHEME, VB
from tests.profiles.conftest import NEW, SOURCE, Entries, described

SMALL = str(ID["org-small"])


def with_value(section: str, field: str, *values: str) -> Entries:
    """The whole profile with other values in one field of the first entry."""
    entries = [dict(entry) for entry in NEW[section]]
    entries[0][field] = values
    return {**NEW, section: entries}


def codes(form: Form, entries: Entries, organisation: str = "") -> Sequence[tuple[str, ...]]:
    found = described(form, entries, organisation).faults
    return [(f.section, f.field, f.code) for f in found]


def test_a_whole_profile_has_no_fault(form: Form) -> None:
    assert described(form).faults == ()


def test_values_are_terms_of_their_kind(form: Form) -> None:
    found = described(form)
    triples = set(found.triples)
    org = found.organisation
    claims = {s for s, p, o in triples if (p, o) == (RDF.type, VB.CapabilityClaim)}
    [milling] = [c for c in claims if (c, VB.competence, SCHEME["competence/milling"]) in triples]

    assert (org, RDF.type, VB.Company) in triples
    assert (org, SKOS.prefLabel, Literal("Neu & Söhne GmbH", lang="de")) in triples
    assert (milling, VB.claimedBy, org) in triples
    assert (milling, VB.material, SCHEME["material/metall"]) in triples
    end = Literal("2028-12-31", datatype=XSD.date)
    assert (milling, URIRef("https://schema.org/validThrough"), end) in triples
    [site] = [o for s, p, o in triples if (s, p) == (org, ORG.hasPrimarySite)]
    assert (site, ORG.siteOf, org) in triples
    assert (site, VB.town, Literal("Jena")) in triples


def test_the_house_says_who_says_so_and_how_sure_that_is(form: Form) -> None:
    found = described(form)
    claims = {s for s, p, o in found.triples if (p, o) == (RDF.type, VB.CapabilityClaim)}

    assert len(claims) == 2
    for claim in claims:
        said = {(p, o) for s, p, o in found.triples if s == claim}
        assert (VB.assertionStatus, SCHEME["assertion-status/self-declared"]) in said
        assert (VB.confidence, Literal("0.6", datatype=XSD.decimal)) in said
    years = sorted(str(o) for _, p, o in found.triples if p == VB.evidenceYear)
    assert years == ["2025", "2026", "2026"]


def test_the_usual_step_stands_in_for_a_missing_one(form: Form) -> None:
    steps = [o for _, p, o in described(form).triples if p == VB.valueChainStep]
    assert steps == [SCHEME["value-chain/zerspanen"]] * 2

    entries = [{**NEW["claim"][1], "valueChainStep": []}]
    assert codes(form, {**NEW, "claim": entries}) == [("claim", "valueChainStep", "missing")]


def test_the_same_profile_has_the_same_statements(form: Form) -> None:
    assert described(form).triples == described(form).triples


def test_another_competence_is_another_claim(form: Form) -> None:
    before = described(form).places.keys()
    after = described(form, with_value("claim", "competence", "Schneiden")).places.keys()

    assert len(before - after) == 1
    assert len(after - before) == 1


@pytest.mark.parametrize(
    ("section", "field", "values", "code"),
    [
        ("organisation", "prefLabel", (), "missing"),
        ("organisation", "prefLabel", ("  ",), "missing"),
        ("organisation", "prefLabel", ("A", "B"), "too-many"),
        ("organisation", "homepage", ("javascript:alert(1)",), "no-address"),
        ("organisation", "homepage", ("https://x> . <y",), "no-address"),
        ("organisation", "productKeyword", ("x" * 2001,), "no-text"),
        ("organisation", "type", ("Bank",), "no-choice"),
        ("organisation", "colour", ("rot",), "unknown-field"),
        ("employees", "value", ("viele",), "no-integer"),
        ("employees", "evidenceYear", ("26.5",), "no-year"),
        ("site", "lat", ("NaN",), "no-decimal"),
        ("claim", "competence", ("Fliegen",), "no-choice"),
        ("claim", "validThrough", ("2026-02-30",), "no-date"),
    ],
)
def test_a_value_that_cannot_be_is_a_fault_at_its_field(
    form: Form, section: str, field: str, values: tuple[str, ...], code: str
) -> None:
    assert (section, field, code) in codes(form, with_value(section, field, *values))


def test_sections_are_counted(form: Form) -> None:
    assert codes(form, {}) == [("organisation", "", "missing")]
    assert ("site", "", "too-many") in codes(form, {**NEW, "site": [{}, {}]})
    assert ("bank", "", "unknown-section") in codes(form, {**NEW, "bank": [{}]})
    twice = [NEW["claim"][0], NEW["claim"][0]]
    assert codes(form, {**NEW, "claim": twice}) == [("claim", "", "repeated")]


def test_a_known_organisation_need_not_say_again_what_it_is(form: Form) -> None:
    claims = {"claim": NEW["claim"]}

    assert codes(form, claims, SMALL) == []
    assert codes(form, claims) == [("organisation", "", "missing")]
    keyword = {"organisation": [{"productKeyword": ["Wellen"]}]}
    found = described(form, keyword, SMALL)
    assert found.triples == ((URIRef(SMALL), VB.productKeyword, Literal("Wellen", lang="de")),)


def test_decimals_may_have_a_comma(form: Form) -> None:
    found = described(form, with_value("site", "lat", "50,93"))

    assert Literal("50.93", datatype=XSD.decimal) in {o for _, _, o in found.triples}


def test_source_is_an_address(form: Form) -> None:
    assert URIRef(SOURCE) in {o for _, _, o in described(form).triples}
