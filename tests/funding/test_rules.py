"""Every kind of rule: a case that meets it, one that breaks it, one that leaves it open."""

import csv
from datetime import date

import pytest

from graph.eligibility import (
    ChangeKind,
    Criterion,
    Deadline,
    Partner,
    Programme,
    ProjectFacts,
    RuleReason,
    Verdict,
    check_programme,
    check_programmes,
    deadline_on,
    group_rules,
)
from graph.eligibility.rules import CHECKABLE
from graph.model import GroupTrait, Truth
from graph.resources import data_text

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
SMALL = Partner("o/small", "Small", employees=20, state="16", country="DE")
OTHER = Partner("o/other", "Other", employees=60, state="16", country="DE")
MIDDLE = Partner("o/middle", "Middle", employees=700, state="16", country="DE")
LARGE = Partner("o/large", "Large", employees=5000, state="16", country="DE")
SILENT = Partner("o/silent", "Silent", country="DE", state="16")
HOMELESS = Partner("o/homeless", "Homeless", employees=20)
BAVARIAN = Partner("o/bavarian", "Bavarian", employees=20, state="09", country="DE")
AUSTRIAN = Partner("o/austrian", "Austrian", employees=20, country="AT")
SWISS = Partner("o/swiss", "Swiss", employees=20, country="CH")
LAB = Partner("o/lab", "Lab", "ResearchInstitution", state="16", country="DE")
LAB2 = Partner("o/lab2", "Lab 2", "ResearchInstitution", state="16", country="DE")
OWNED = Partner("o/owned", "Owned", employees=5, country="DE", owners=frozenset({"o/small"}))

HALF = ProjectFacts(budget_shares={"o/small": 0.5, "o/austrian": 0.5})
ONE_SIDED = ProjectFacts(budget_shares={"o/small": 0.9, "o/austrian": 0.1})
LARGE_SHARE = ProjectFacts(budget_shares={"o/small": 0.2, "o/large": 0.8})
OPEN_SHARE = ProjectFacts(budget_shares={"o/small": 0.2, "o/silent": 0.8})
BLANK = ProjectFacts()


def rule(kind: str, *values: str, operator: str = ">=") -> Criterion:
    return Criterion(f"c/{kind}", kind, "consortium", operator, values)


CASES: list[tuple[str, tuple[str, ...], tuple[Partner, ...], ProjectFacts, Truth]] = [
    ("employees-max", ("500",), (SMALL, OTHER), BLANK, YES),
    ("employees-max", ("500",), (SMALL, MIDDLE), BLANK, NO),
    ("employees-max", ("500",), (SMALL, SILENT), BLANK, UNKNOWN),
    ("employees-max-if-cooperating-with-sme", ("1000",), (SMALL, MIDDLE), BLANK, YES),
    ("employees-max-if-cooperating-with-sme", ("1000",), (SMALL, LARGE), BLANK, NO),
    ("employees-max-if-cooperating-with-sme", ("1000",), (SILENT,), BLANK, UNKNOWN),
    ("min-companies", ("2",), (SMALL, OTHER), BLANK, YES),
    ("min-companies", ("2",), (SMALL, LAB), BLANK, NO),
    ("min-companies-cooperation-project", ("2",), (SMALL, OTHER), BLANK, YES),
    ("min-companies-cooperation-project", ("2",), (SMALL, LAB), BLANK, NO),
    ("min-research-orgs", ("2",), (LAB, LAB2), BLANK, YES),
    ("min-research-orgs", ("2",), (LAB, SMALL), BLANK, NO),
    ("requires-sme", ("1",), (SMALL, LARGE), BLANK, YES),
    ("requires-sme", ("1",), (LARGE, LAB), BLANK, NO),
    ("requires-sme", ("1",), (SILENT, LARGE), BLANK, UNKNOWN),
    ("min-entities", ("2",), (SMALL, OTHER), BLANK, UNKNOWN),
    ("min-entities", ("2",), (SMALL, OWNED), BLANK, NO),
    ("min-independent-partners", ("2",), (SMALL, LAB), BLANK, UNKNOWN),
    ("min-independent-partners", ("2",), (SMALL,), BLANK, NO),
    ("min-countries", ("2",), (SMALL, AUSTRIAN), BLANK, YES),
    ("min-countries", ("2",), (SMALL, OTHER), BLANK, NO),
    ("min-countries", ("2",), (SMALL, HOMELESS), BLANK, UNKNOWN),
    ("min-member-state-entities", ("1",), (SWISS, AUSTRIAN), BLANK, YES),
    ("min-member-state-entities", ("1",), (SWISS,), BLANK, NO),
    ("min-member-state-entities", ("1",), (HOMELESS,), BLANK, UNKNOWN),
    ("site", ("Deutschland",), (SMALL, BAVARIAN), BLANK, YES),
    ("site", ("Deutschland",), (SMALL, AUSTRIAN), BLANK, NO),
    ("site", ("Deutschland",), (HOMELESS,), BLANK, UNKNOWN),
    ("location", ("Thüringen",), (SMALL, LAB), BLANK, YES),
    ("location", ("Thüringen",), (SMALL, BAVARIAN), BLANK, NO),
    ("location", ("Thüringen",), (SMALL, AUSTRIAN), BLANK, NO),
    ("location", ("Thüringen",), (SMALL, HOMELESS), BLANK, UNKNOWN),
    ("duration", ("36",), (SMALL,), ProjectFacts(duration_months=36), YES),
    ("duration", ("36",), (SMALL,), ProjectFacts(duration_months=37), NO),
    ("duration", ("36",), (SMALL,), BLANK, UNKNOWN),
    ("civilian", ("yes",), (SMALL,), ProjectFacts(is_civilian=True), YES),
    ("civilian", ("yes",), (SMALL,), ProjectFacts(is_civilian=False), NO),
    ("civilian", ("yes",), (SMALL,), BLANK, UNKNOWN),
    ("ris-field", ("A", "B"), (SMALL,), ProjectFacts(innovation_field="b"), YES),
    ("ris-field", ("A", "B"), (SMALL,), ProjectFacts(innovation_field="C"), NO),
    ("ris-field", ("A", "B"), (SMALL,), BLANK, UNKNOWN),
    ("max-share-single", ("70",), (SMALL, AUSTRIAN), HALF, YES),
    ("max-share-single", ("70",), (SMALL, AUSTRIAN), ONE_SIDED, NO),
    ("max-share-single", ("70",), (SMALL, OTHER), HALF, UNKNOWN),
    ("sme-budget-share", ("50",), (SMALL, AUSTRIAN), HALF, YES),
    ("sme-budget-share", ("50",), (SMALL, LARGE), LARGE_SHARE, NO),
    ("sme-budget-share", ("50",), (SMALL, SILENT), OPEN_SHARE, UNKNOWN),
    ("lead", ("innovative SME",), (SMALL, LARGE), ProjectFacts(lead="o/large"), NO),
    ("lead", ("innovative SME",), (SMALL, LARGE), ProjectFacts(lead="o/small"), UNKNOWN),
]


@pytest.mark.parametrize(("kind", "values", "partners", "project", "truth"), CASES)
def test_rule(
    kind: str,
    values: tuple[str, ...],
    partners: tuple[Partner, ...],
    project: ProjectFacts,
    truth: Truth,
) -> None:
    programme = Programme("p", "P", criteria=(rule(kind, *values),))

    [check] = check_programme(programme, partners, project).checks

    assert check.truth is truth


def test_every_checkable_kind_has_a_case_that_breaks_it() -> None:
    broken = {kind for kind, _, _, _, truth in CASES if truth is NO}
    networks = {"min-companies-national-network", "min-companies-international-network"}

    assert broken | networks == CHECKABLE.keys()


@pytest.mark.parametrize("network", ["national-network", "international-network"])
def test_network_rules_hold_for_networks_only(network: str) -> None:
    programme = Programme("p", "P", criteria=(rule(f"min-companies-{network}", "4"),))

    as_network = check_programme(programme, (SMALL, OTHER), ProjectFacts(kind=network))
    as_cooperation = check_programme(programme, (SMALL, OTHER))

    assert as_network.verdict is Verdict.NOT_ELIGIBLE
    assert as_network.checks[0].changes[0].count == 2
    assert as_cooperation.checks == ()
    assert as_cooperation.not_applicable == programme.criteria


def test_larger_company_is_excepted_beside_a_small_one() -> None:
    rules = (
        rule("employees-max", "500", operator="<"),
        rule("employees-max-if-cooperating-with-sme", "1000", operator="<"),
    )
    programme = Programme("p", "P", criteria=rules)

    with_small = check_programme(programme, (SMALL, MIDDLE))
    alone = check_programme(programme, (MIDDLE,))

    assert with_small.checks[0].reason is RuleReason.MET_BY_EXCEPTION
    assert with_small.verdict is Verdict.ELIGIBLE
    assert alone.verdict is Verdict.NOT_ELIGIBLE


def test_kind_that_no_fact_decides_is_left_to_a_person() -> None:
    programme = Programme("p", "P", criteria=(rule("applicant", "research association"),))

    checked = check_programme(programme, (SMALL,))

    assert checked.checks[0].reason is RuleReason.FOR_A_PERSON
    assert checked.verdict is Verdict.UNKNOWN


def test_programme_without_deciding_rule_is_unknown() -> None:
    rate = Criterion("c/rate", "cooperation-rate-small", "funding", "<=", ("45",))

    checked = check_programme(Programme("p", "P", criteria=(rate,)), (SMALL,))

    assert checked.verdict is Verdict.UNKNOWN
    assert checked.for_a_person == (rate,)


def test_one_missed_rule_outweighs_all_met_ones() -> None:
    programme = Programme("p", "P", criteria=(rule("site", "D"), rule("min-companies", "3")))

    checked = check_programme(programme, (SMALL, OTHER))

    assert [c.truth for c in checked.checks] == [YES, NO]
    assert checked.verdict is Verdict.NOT_ELIGIBLE
    assert checked.checks[1].changes[0].kind is ChangeKind.ADD_COMPANIES


def test_change_makes_the_rule_met() -> None:
    programme = Programme("p", "P", criteria=(rule("min-research-orgs", "2"),))
    before = check_programme(programme, (SMALL, LAB))

    [change] = before.checks[0].changes
    after = check_programme(programme, (SMALL, LAB, LAB2))

    assert (change.kind, change.count) == (ChangeKind.ADD_RESEARCH, 1)
    assert after.verdict is Verdict.ELIGIBLE


def test_order_of_partners_does_not_matter() -> None:
    programme = Programme("p", "P", criteria=(rule("employees-max", "500"),))

    assert check_programme(programme, (SMALL, LARGE)) == check_programme(programme, (LARGE, SMALL))


def test_eligible_programmes_come_first() -> None:
    open_one = Programme("a", "A", criteria=(rule("applicant", "x"),))
    missed = Programme("b", "B", criteria=(rule("min-companies", "9"),))
    met = Programme("c", "C", criteria=(rule("min-companies", "1"),))

    found = check_programmes((missed, open_one, met), (SMALL,))

    assert [c.programme.iri for c in found] == ["c", "a", "b"]


def test_rules_that_count_members_become_conditions_of_the_search() -> None:
    criteria = (rule("requires-sme", "1"), rule("min-research-orgs", "2"), rule("site", "D"))

    small, research = group_rules(Programme("p", "P", criteria=criteria))

    assert (small.trait, small.at_least) == (GroupTrait.SMALL, 1)
    assert (research.trait, research.values) == (
        GroupTrait.KIND,
        frozenset({"ResearchInstitution"}),
    )
    assert research.at_least == 2


def test_a_project_in_a_state_needs_a_member_there() -> None:
    criteria = (rule("location", "Thüringen"), rule("location", "Deutschland"))

    (found,) = group_rules(Programme("p", "P", criteria=criteria))

    assert (found.trait, found.at_least) == (GroupTrait.STATE, 1)
    assert found.values == {"http://dcat-ap.de/def/politicalGeocoding/stateKey/16"}


def test_every_deciding_rule_of_the_table_is_checkable_or_left_to_a_person() -> None:
    rows = csv.DictReader(data_text("funding_criteria.csv").splitlines())
    deciding = {r["kind"] for r in rows if r["type"] in {"eligibility", "consortium"}}

    assert deciding - CHECKABLE.keys() == {"applicant"}
    assert CHECKABLE.keys() <= deciding


DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("deadlines", "truth", "day"),
    [
        ((), UNKNOWN, None),
        ((DAY,), YES, DAY),
        ((date(2026, 11, 24),), NO, date(2026, 11, 24)),
        ((date(2026, 3, 1), date(2027, 3, 1), date(2027, 9, 1)), YES, date(2027, 3, 1)),
        ((date(2026, 9, 1), date(2026, 3, 1)), NO, date(2026, 9, 1)),
    ],
)
def test_deadline_of_the_calls(deadlines: tuple[date, ...], truth: Truth, day: date | None) -> None:
    assert deadline_on(deadlines, DAY) == Deadline(truth, day)


def test_passed_deadline_outweighs_all_met_rules() -> None:
    rules = (rule("min-companies", "1"),)
    open_call = Programme("p", "P", criteria=rules, deadlines=(DAY,))
    closed = Programme("p", "P", criteria=rules, deadlines=(date(2026, 1, 31),))
    silent = Programme("p", "P", criteria=rules)

    verdicts = [
        check_programme(p, (SMALL,), today=DAY).verdict for p in (open_call, closed, silent)
    ]

    assert verdicts == [Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE]
    assert check_programme(closed, (SMALL,)).verdict is Verdict.ELIGIBLE  # nobody asked for a day


def test_places_and_age_of_a_programme_come_from_its_rules() -> None:
    dated = Criterion("c", "location", "eligibility", "in", ("Thüringen",), source_year=2019)
    newer = Criterion("d", "duration", "eligibility", "<=", ("36",), source_year=2024)
    programme = Programme("p", "P", criteria=(dated, newer))

    assert programme.places == (dated,)
    assert programme.source_year == 2024
    assert Programme("p", "P").source_year is None
