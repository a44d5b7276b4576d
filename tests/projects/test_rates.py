"""Rates and ceilings in three values, against a plain enumeration of what may turn out."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.eligibility import Criterion, Partner, Programme
from graph.model import Truth
from graph.projects import (
    AmountCheck,
    AmountReason,
    BudgetLine,
    CostCategory,
    Money,
    OpenFact,
    PlanFacts,
    ResearchCategory,
    check_amounts,
)


def rule(kind: str, value: str, operator: str = "<=") -> Criterion:
    return Criterion(kind, kind, "funding", operator, (value,), source=f"http://example.org/{kind}")


COOPERATION = Programme(
    "zim",
    "Zim",
    criteria=(
        rule("cooperation-rate-small", "45"),
        rule("cooperation-rate-small-young", "50"),
        rule("cooperation-rate-small-structurally-weak", "55"),
        rule("cooperation-rate-medium", "40"),
        rule("cooperation-rate-midcap", "30"),
        rule("max-eligible-cost-company", "450000"),
        rule("max-eligible-cost-research", "220000"),
        rule("max-grant-total", "2300000"),
    ),
)
STATE = Programme(
    "fti",
    "Fti",
    criteria=tuple(
        rule(f"verbund-{category}-rate-{size}", value)
        for (category, size), value in zip(
            product(("industrial", "experimental"), ("small", "medium", "large")),
            ("80", "75", "65", "60", "50", "40"),
            strict=True,
        )
    ),
)
OTHER = Partner("other", "Other", employees=10)


def line(partner: str, cost: str, grant: str) -> BudgetLine:
    money = Money(Decimal(cost), Decimal(grant))
    return BudgetLine(f"{partner}-{cost}", partner, CostCategory.OTHER, money)


def rate(
    programme: Programme, employees: int | None, grant: str, facts: PlanFacts | None = None
) -> AmountCheck:
    """The rate check of a company that spends 100 euros."""
    partners = [Partner("company", "C", employees=employees), OTHER]
    found = check_amounts(programme, partners, [line("company", "100", grant)], facts)
    return next(c for c in found if c.organisation == "company" and c.is_rate)


KNOWN = PlanFacts(structurally_weak=False, young=frozenset())


@pytest.mark.parametrize(
    ("employees", "grant", "facts", "truth"),
    [
        (49, "45", KNOWN, Truth.YES),
        (49, "45.01", KNOWN, Truth.NO),
        (50, "40", KNOWN, Truth.YES),
        (50, "40.01", KNOWN, Truth.NO),
        (249, "40", KNOWN, Truth.YES),
        (250, "30.01", KNOWN, Truth.NO),
        (49, "50", PlanFacts(structurally_weak=False, young=frozenset({"company"})), Truth.YES),
        (49, "55", PlanFacts(structurally_weak=True, young=frozenset()), Truth.YES),
        (50, "45", PlanFacts(structurally_weak=True, young=frozenset({"company"})), Truth.NO),
        (49, "45", None, Truth.YES),
        (49, "50", None, Truth.UNKNOWN),
        (49, "55.01", None, Truth.NO),
        (None, "30", None, Truth.YES),
        (None, "30.01", None, Truth.UNKNOWN),
        (None, "56", None, Truth.NO),
    ],
)
def test_a_rate_depends_on_size_age_and_region(
    employees: int | None, grant: str, facts: PlanFacts | None, truth: Truth
) -> None:
    assert rate(COOPERATION, employees, grant, facts).truth is truth


def test_an_open_rate_says_what_to_ask_for_and_where_it_is_written() -> None:
    found = rate(COOPERATION, None, "44")

    assert found.reason is AmountReason.FACT_MISSING
    assert (found.sure, found.possible) == (Decimal(30), Decimal(55))
    assert set(found.ask) == {OpenFact.EMPLOYEES, OpenFact.STRUCTURALLY_WEAK, OpenFact.YOUNG}
    assert [c.source for c in found.criteria] == [
        "http://example.org/cooperation-rate-midcap",
        "http://example.org/cooperation-rate-small-structurally-weak",
    ]


@pytest.mark.parametrize(
    ("research", "grant", "truth"),
    [
        (ResearchCategory.INDUSTRIAL, "80", Truth.YES),
        (ResearchCategory.EXPERIMENTAL, "80", Truth.NO),
        (None, "80", Truth.UNKNOWN),
        (None, "81", Truth.NO),
        (ResearchCategory.FUNDAMENTAL, "10", Truth.UNKNOWN),
    ],
)
def test_a_rate_depends_on_the_kind_of_research(
    research: ResearchCategory | None, grant: str, truth: Truth
) -> None:
    found = rate(STATE, 20, grant, PlanFacts(research))

    assert found.truth is truth
    assert (OpenFact.RESEARCH_CATEGORY in found.ask) == (research is None and grant == "80")


def test_joint_rates_are_not_for_a_single_company() -> None:
    facts = PlanFacts(ResearchCategory.INDUSTRIAL)
    alone = check_amounts(STATE, [OTHER], [line("other", "100", "10")], facts)

    assert [c.reason for c in alone] == [AmountReason.NO_RULE]


def test_a_rate_is_compared_without_rounding() -> None:
    """33.33 % of 300.01 euros is 99.993333 euros; 45 % of 0.03 euros is no whole cent."""
    partners = [Partner("company", "C", employees=20), OTHER]
    ok = check_amounts(COOPERATION, partners, [line("company", "0.03", "0.01")], KNOWN)[0]
    above = check_amounts(COOPERATION, partners, [line("company", "0.03", "0.02")], KNOWN)[0]
    hair = [line("company", "1000000000.01", "450000000.01")]
    beyond = check_amounts(COOPERATION, partners, hair, KNOWN)[0]

    assert (ok.truth, above.truth, beyond.truth) == (Truth.YES, Truth.NO, Truth.NO)
    assert beyond.found == Decimal("45.00"), "shown rounded, compared exactly"


def test_ceilings_are_of_each_partner_and_of_the_whole() -> None:
    institute = Partner("institute", "I", kind="ResearchInstitution")
    company = Partner("company", "C", employees=20)
    budget = [
        line("company", "450000", "200000"),
        line("institute", "220000.01", "220000"),
        line("company", "0.01", "0"),
    ]

    found = check_amounts(COOPERATION, [company, institute], budget, KNOWN)

    answers = {
        (c.organisation, c.criteria[0].kind if c.criteria else ""): c.truth
        for c in found
        if not c.is_rate
    }
    assert answers == {
        ("company", "max-eligible-cost-company"): Truth.NO,
        ("institute", "max-eligible-cost-research"): Truth.NO,
        ("", "max-grant-total"): Truth.YES,
    }
    rates = {c.organisation: c.reason for c in found if c.is_rate}
    assert rates["institute"] is AmountReason.NO_RULE


def test_a_range_of_grants_is_for_a_person() -> None:
    between = Criterion("g", "grant-per-alliance", "funding", "between", ())

    [found] = check_amounts(Programme("x", "X", criteria=(between,)), [], [])

    assert (found.truth, found.reason) == (Truth.UNKNOWN, AmountReason.NO_RULE)


def test_nothing_planned_is_no_answer() -> None:
    reasons = {c.reason for c in check_amounts(COOPERATION, [OTHER], [])}

    assert reasons == {AmountReason.NOTHING_PLANNED}


@given(
    employees=st.sampled_from([None, 20, 120, 300]),
    weak=st.sampled_from([None, True, False]),
    young=st.sampled_from([None, frozenset[str](), frozenset({"company"})]),
    percent=st.integers(0, 60),
)
def test_an_answer_is_what_all_completions_agree_on(
    employees: int | None, weak: bool | None, young: frozenset[str] | None, percent: int
) -> None:
    """Unknown is exactly when one way to complete the facts keeps the limit and another not."""
    found = rate(COOPERATION, employees, str(percent), PlanFacts(None, weak, young))
    completions = {
        rate(COOPERATION, e, str(percent), PlanFacts(None, w, y)).truth
        for e in ([employees] if employees else [20, 120, 300])
        for w in ([weak] if weak is not None else [True, False])
        for y in ([young] if young is not None else [frozenset(), frozenset({"company"})])
    }

    assert {found.truth} == (completions if len(completions) == 1 else {Truth.UNKNOWN})
