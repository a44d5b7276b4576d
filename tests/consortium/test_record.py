"""What is recorded of an enquiry and of settings is all that an answer depends on."""

import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium.record import enquiry_of, record_of, settings_of
from graph.model import Enquiry, GroupRule, GroupTrait, Requirement
from graph.settings import Settings, default_weights

from .landscapes import random_enquiry, random_landscape


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_enquiry_comes_back_from_json(random: Random) -> None:
    enquiry = random_enquiry(random, random_landscape(random))

    again = enquiry_of(json.loads(json.dumps(record_of(enquiry))))

    assert again == enquiry


def test_order_of_a_set_is_not_recorded() -> None:
    names = [f"m{n}" for n in range(20)]
    one = Requirement("r", "c", materials=frozenset(names))
    two = Requirement("r", "c", materials=frozenset(reversed(names)))

    assert json.dumps(record_of(one)) == json.dumps(record_of(two))
    assert record_of(one)["materials"] == sorted(names)


def test_settings_come_back_and_leave_out_what_is_not_theirs() -> None:
    weights = default_weights()
    changed = Settings(
        2031, replace(weights, match=replace(weights.match, beta_km=71.5)), alternatives=1
    )
    record = json.loads(json.dumps(changed.parameters())) | {"enquiry": {}}

    assert settings_of(record) == changed


def test_group_rule_keeps_its_kind() -> None:
    rule = GroupRule("n", GroupTrait.DISTRICT, frozenset({"d"}), 1, None)
    enquiry = Enquiry("e", "E", (Requirement("r", "c"),), groups=(rule,))

    (again,) = enquiry_of(record_of(enquiry)).groups

    assert again.trait is GroupTrait.DISTRICT
    assert again == rule


@pytest.mark.parametrize(
    ("change", "error"),
    [({"unheard": 1}, TypeError), ({"title": None, "groups": [{"trait": "x"}]}, ValueError)],
)
def test_what_is_no_enquiry_is_refused(change: dict[str, object], error: type[Exception]) -> None:
    record = record_of(Enquiry("e", "E", (Requirement("r", "c"),))) | change

    with pytest.raises(error):
        enquiry_of(record)
