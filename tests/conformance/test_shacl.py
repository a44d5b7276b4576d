"""SHACL cases in the form of the W3C's suite, with each engine.

``VERBUND_SHACL_TESTS`` names a folder with the suite (``tests`` of w3c/data-shapes), which is not
ours to ship; a few cases of our own in the same form always run. A case passes when the findings
have the same focus, path, value, severity and constraint as its expected results.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph.errors import SourceFormatError
from graph.validation import Finding, findings_of
from graph.validators import FastValidator, ReferenceValidator

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
OWN = Path(__file__).parent / "shacl"
SUITE = os.environ.get("VERBUND_SHACL_TESTS")
ENGINES: list[type[ReferenceValidator | FastValidator]] = [ReferenceValidator, FastValidator]

Result = tuple[str, str, str, str, str]

_SEVERITY = "core/misc/severity-002"  # a severity of its own; findings have the three of SHACL
_BOOLEAN = "core/property/uniqueLang-002"  # rdflib reads "1"^^xsd:boolean as true
_SHAPES_GRAPH = "sparql/pre-binding/shapesGraph-001"  # pySHACL knows no $shapesGraph

KNOWN: dict[str, set[str]] = {
    "pyshacl": {_SEVERITY, _BOOLEAN, _SHAPES_GRAPH},
    "pyshacl-turbo": {_SEVERITY, _BOOLEAN},
}
"""Cases of the W3C that an engine does not pass; each must go on failing, or leave this list."""


def manifests(folder: Path) -> Iterator[Path]:
    """Every file that describes a case."""
    for path in sorted(folder.rglob("*.ttl")):
        if "sht:Validate" in path.read_text(encoding="utf-8"):
            yield path


def cases() -> Iterator[object]:
    """Pairs of engine and file, with the known failures marked."""
    folders = [OWN] if SUITE is None else [OWN, Path(SUITE)]
    for folder in folders:
        for path in manifests(folder):
            name = str(path.relative_to(folder).with_suffix(""))
            for engine in ENGINES:
                marks = [pytest.mark.xfail(strict=True)] if name in KNOWN[engine.name] else []
                yield pytest.param(engine, path, id=f"{engine.name}-{name}", marks=marks)


class Case:
    """One case, read."""

    def __init__(self, path: Path) -> None:
        self.base = URIRef(path.as_uri())
        self.manifest = Graph().parse(path, format="turtle", publicID=str(self.base))
        (self.entry,) = self.manifest.subjects(RDF.type, SHT.Validate)
        action = self.manifest.value(self.entry, MF.action)
        self.data = self._graph(self.manifest.value(action, SHT.dataGraph))
        self.shapes = self._graph(self.manifest.value(action, SHT.shapesGraph))
        self.result = self.manifest.value(self.entry, MF.result)

    def _graph(self, name: Node | None) -> Graph:
        if name == self.base:
            return self.manifest
        return Graph().parse(str(name), format="turtle")

    @property
    def is_refused(self) -> bool:
        """The shapes must be refused."""
        return self.result == SHT.Failure

    @property
    def conforms(self) -> bool:
        """The data must conform."""
        said = self.manifest.value(self.result, SH.conforms)
        return isinstance(said, Literal) and bool(said.toPython())

    def expected(self) -> set[Result]:
        """The expected results, read by the reader of reports that the engines share."""
        return plain(findings_of(self.manifest, Graph()))


def plain(findings: list[Finding]) -> set[Result]:
    """What a case compares; blank nodes have other labels in each graph."""
    return {
        (
            finding.severity,
            blank(finding.focus),
            finding.path,
            blank(finding.value),
            finding.constraint,
        )
        for finding in findings
    }


def blank(text: str) -> str:
    return "_:" if text.startswith("_:") else text


@pytest.mark.parametrize(("engine", "path"), list(cases()))
def test_engine_finds_what_the_case_expects(
    engine: type[ReferenceValidator | FastValidator], path: Path
) -> None:
    case = Case(path)

    if case.is_refused:
        with pytest.raises(SourceFormatError):
            engine(case.shapes).validate(case.data)
        return

    findings = engine(case.shapes).validate(case.data)

    assert plain(findings) == case.expected()
    assert (not findings) == case.conforms


@pytest.mark.skipif(SUITE is not None, reason="the suite of the W3C is run")
def test_suite_of_the_w3c() -> None:
    pytest.skip("set VERBUND_SHACL_TESTS to the folder tests of w3c/data-shapes to run it")


def test_wrong_result_fails_a_case() -> None:
    """The comparison can fail: with another severity it does."""
    case = Case(OWN / "severity.ttl")
    (result,) = case.manifest.subjects(RDF.type, SH.ValidationResult)
    case.manifest.set((result, SH.resultSeverity, SH.Violation))

    findings = ReferenceValidator(case.shapes).validate(case.data)

    assert plain(findings) != case.expected()
