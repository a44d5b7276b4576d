"""Federal states by their official keys."""

import pytest

from graph.states import STATES, state_of

KEYS = "http://dcat-ap.de/def/politicalGeocoding/"


def test_sixteen_states_with_keys_of_their_own() -> None:
    assert [*STATES] == [f"{number:02}" for number in range(1, 17)]
    assert len({word for state in STATES.values() for word in (state.nuts, state.iri)}) == 32


@pytest.mark.parametrize(
    ("district", "state"),
    [
        (f"{KEYS}districtKey/16053", f"{KEYS}stateKey/16"),
        (f"{KEYS}districtKey/09564", f"{KEYS}stateKey/09"),
        (f"{KEYS}districtKey/99000", None),
        ("https://example.org/16053", None),
        (None, None),
    ],
)
def test_state_of_a_district(district: str | None, state: str | None) -> None:
    assert state_of(district) == state
