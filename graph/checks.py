"""Rules about the whole graph as set queries, and all that is wrong with a graph.

A check (``queries/checks/``) is a SELECT that the engine answers in milliseconds, where a SPARQL
constraint in SHACL would take minutes. Its findings are those of :mod:`graph.validation`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from pyoxigraph import QuerySolution, QuerySolutions, Store
from rdflib import SH, Literal
from rdflib.namespace import SKOS

from graph.doubles import likely_doubles
from graph.errors import SourceFormatError
from graph.resources import query_texts
from graph.validation import Finding, Severity, data_graph, shapes_graph, validate
from graph.vocabulary import SHAPE

__all__ = [
    "Check",
    "audit",
    "checks",
    "messages_in",
    "run_check",
    "run_checks",
    "run_likely_doubles",
]

_ROOTS = ("focus", "value")


@dataclass(frozen=True, slots=True)
class Check:
    """A set query over the whole graph.

    Attributes:
        name: Name of its file, such as ``step-cycle``.
        severity: Severity of all its findings.
        messages: What a finding says, by language.
        query: SELECT of ``?focus``, ``?path`` and ``?value``.
        roots: Variables by which the engine narrows the query well, for those who ask it about a
            few nodes only (:mod:`graph.dependence`); ``roots`` in the header.
    """

    name: str
    severity: Severity
    messages: Mapping[str, str]
    query: str
    roots: tuple[str, ...] = _ROOTS

    @classmethod
    def parse(cls, name: str, text: str) -> "Check":
        """Read a check with its ``#+`` header.

        Raises:
            SourceFormatError: The header lacks a severity or a message, or is not YAML.
        """
        lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
        try:
            header = yaml.safe_load("\n".join(lines))
            messages = {str(tag): str(said) for tag, said in header["message"].items()}
            roots = tuple(map(str, header.get("roots", _ROOTS)))
            return cls(name, Severity(header["severity"]), messages, text, roots)
        except (yaml.YAMLError, TypeError, KeyError, AttributeError, ValueError) as error:
            reason = f"header needs severity and message per language ({error})"
            raise SourceFormatError(f"checks/{name}.rq", reason) from error


def checks() -> list[Check]:
    """Return every check of ``queries/checks/``, sorted by name."""
    return [Check.parse(name, text) for name, text in query_texts("checks")]


def run_check(
    check: Check, store: Store, *, union: bool = False, language: str = "de"
) -> list[Finding]:
    """Run one check on a store.

    Args:
        check: What to ask.
        store: Where to ask it.
        union: Ask the union of all graphs, for a store whose default graph is not their merge.
        language: Language of the messages, ``de`` or ``en``.

    Returns:
        All findings, each once, the gravest first.

    Raises:
        TypeError: The check is not a SELECT query.
    """
    rows = store.query(check.query, use_default_graph_as_union=union)
    if not isinstance(rows, QuerySolutions):
        raise TypeError(f"check {check.name!r} is not a SELECT query")
    message = check.messages.get(language) or check.messages["en"]
    found = {_row_finding(row, check, message) for row in rows}
    return sorted(found, key=lambda finding: finding.order)


def _row_finding(row: QuerySolution, check: Check, message: str) -> Finding:
    focus, path, value = (_cell(row, name) for name in ("focus", "path", "value"))
    return Finding(check.severity, focus, path, value, str(SHAPE[check.name]), message)


def _cell(row: QuerySolution, name: str) -> str:
    term = row[name]
    return "" if term is None else str(getattr(term, "value", term))


def run_checks(store: Store, *, union: bool = False, language: str = "de") -> list[Finding]:
    """Run every check on a store; arguments and result as for ``run_check``."""
    found = [
        f for check in checks() for f in run_check(check, store, union=union, language=language)
    ]
    return sorted(found, key=lambda finding: finding.order)


_SIMILAR = {
    "de": "Der Name gleicht dem eines anderen Eintrags im selben Kreis; zu prüfen, ob beide "
    "dieselbe Organisation meinen.",
    "en": "The name is like that of another entry in the same district; check whether both mean "
    "the same organisation.",
}


def run_likely_doubles(store: Store, *, union: bool = False, language: str = "de") -> list[Finding]:
    """Return a hint for each pair of entries with names alike; arguments as for ``run_check``."""
    message = _SIMILAR.get(language) or _SIMILAR["en"]
    path = str(SKOS.prefLabel)
    shape = str(SHAPE["organisation-name-similar"])
    return [
        Finding(Severity.INFO, double.first, path, double.second, shape, message)
        for double in likely_doubles(store, union=union)
    ]


def audit(store: Store, *, union: bool = False, language: str = "de") -> list[Finding]:
    """Run all shapes and all checks on a store; arguments and result as for ``run_check``."""
    found = validate(data_graph(store, union=union), shapes_graph(), language=language)
    found += run_checks(store, union=union, language=language)
    found += run_likely_doubles(store, union=union, language=language)
    return sorted(found, key=lambda finding: finding.order)


def messages_in(language: str) -> dict[str, str]:
    """Return what rules say in a language, by what they say in English.

    Findings of a write are English; whoever shows them to people looks the others up here.
    """
    shapes, found = shapes_graph(), {}
    for node in set(shapes.subjects(SH.message)):
        said = {
            text.language: str(text)
            for text in shapes.objects(node, SH.message)
            if isinstance(text, Literal)
        }
        found[said.get("en", "")] = said.get(language, "")
    found |= {check.messages["en"]: check.messages[language] for check in checks()}
    return {english: text for english, text in found.items() if english and text}
