import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings
from graph.store.runner import Lane

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def documented() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `VERBUND_(\w+)` \| (.*?) \| (.*?) \|$", DOCUMENT.read_text(), re.M)
    return {name.lower(): (default, text) for name, default, text in rows}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert documented().keys() == Settings.model_fields.keys()


def test_documented_texts_and_defaults_are_true() -> None:
    for name, field in Settings.model_fields.items():
        default, text = documented()[name]
        assert text == field.description, name
        if name != "home":
            assert default == f"`{field.default}`" or (default, field.default) == ("empty", ""), (
                name
            )


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUND_QUERY_TIMEOUT_S", "2.5")
    monkeypatch.setenv("VERBUND_AD_HOC_WORKERS", "3")

    limits = Settings().run_limits()

    assert limits.timeout_s == 2.5
    assert limits.workers[Lane.AD_HOC] == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("query_timeout_s", "-1"),
        ("ad_hoc_workers", "many"),
        ("query_memory_mib", "1"),
    ],
)
def test_impossible_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"VERBUND_{name.upper()}", value)

    with pytest.raises(ValidationError, match=name):
        Settings()


def test_guard_limits_are_those_of_the_settings() -> None:
    limits = Settings(query_max_bytes=7, query_max_depth=8).guard_limits()

    assert (limits.max_bytes, limits.max_depth) == (7, 8)
