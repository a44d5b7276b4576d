"""Each check finds in ``<check>.breaks.trig`` what the text beside it says, elsewhere nothing."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph.checks import Check, checks, run_check, run_checks
from graph.errors import SourceFormatError
from graph.validation import Finding, Severity
from graph.vocabulary import PREFIXES

HERE = Path(__file__).parent
each = pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)


def store(name: str) -> Store:
    filled = Store()
    filled.load(path=HERE / name, format=RdfFormat.TRIG)
    return filled


def short(text: str) -> str:
    for prefix, namespace in PREFIXES.items():
        text = text.replace(namespace, f"{prefix}:")
    return text or "-"


def line(finding: Finding) -> str:
    return " ".join(short(part) for part in (finding.focus, finding.path, finding.value))


@each
def test_check_finds_what_is_broken(check: Check) -> None:
    findings = run_check(check, store(f"{check.name}.breaks.trig"))

    text = (HERE / f"{check.name}.breaks.expected.txt").read_text(encoding="utf-8")
    assert [line(finding) for finding in findings] == text.splitlines()
    assert findings, "a check that nothing can break checks nothing"


@each
def test_check_finds_nothing_where_all_is_well(check: Check) -> None:
    assert run_check(check, store(f"{check.name}.keeps.trig")) == []


@each
def test_check_says_what_is_wrong_in_both_languages(check: Check) -> None:
    assert sorted(check.messages) == ["de", "en"]
    assert all(check.messages.values())


def test_there_is_no_case_without_a_check() -> None:
    assert {path.name.split(".")[0] for path in HERE.glob("*.trig")} == {c.name for c in checks()}


def test_message_comes_in_the_language_asked_for() -> None:
    cycle = next(check for check in checks() if check.name == "step-cycle")
    broken = store("step-cycle.breaks.trig")

    assert {f.message for f in run_check(cycle, broken, language="en")} == {cycle.messages["en"]}
    assert {f.message for f in run_check(cycle, broken, language="fr")} == {cycle.messages["en"]}


def test_run_checks_puts_the_gravest_first() -> None:
    findings = run_checks(store("certificate-expired.breaks.trig"))

    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=list(Severity).index)
    assert {Severity.VIOLATION, Severity.WARNING} <= set(severities)


def test_union_reaches_named_graphs() -> None:
    named = store("visibility-leak.breaks.trig")

    assert {f.shape for f in run_checks(named, union=True)} > {f.shape for f in run_checks(named)}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "#+ severity: Violation",
        "#+ message: {de: a, en: b}",
        "#+ severity: Fatal\n#+ message: {de: a, en: b}",
        "#+ severity: Warning\n#+ message: too short",
        "#+ severity: [",
    ],
)
def test_check_without_a_whole_header_is_refused(header: str) -> None:
    with pytest.raises(SourceFormatError, match=r"checks/some-check\.rq.*severity and message"):
        Check.parse("some-check", f"{header}\nSELECT ?focus ?path ?value WHERE {{}}")


def test_check_that_is_no_select_is_refused() -> None:
    question = Check("some-check", Severity.INFO, {"de": "a", "en": "b"}, "ASK {}")

    with pytest.raises(TypeError, match="not a SELECT"):
        run_check(question, Store())
