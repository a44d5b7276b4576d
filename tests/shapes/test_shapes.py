"""Each case file is validated and its findings compared with the text beside it.

A case is named ``valid``, ``warning`` or ``invalid``, a full stop, and what it shows. A new shape
or a new case needs no code here.
"""

from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, URIRef

from graph.resources import shape_texts
from graph.validation import Finding, Severity, validate
from graph.vocabulary import PREFIXES, SHAPE

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.ttl"))
PROFILES = {name: Graph().parse(data=text, format="turtle") for name, text in shape_texts()}
PARAMETERS = [
    *("class", "datatype", "equals", "hasValue", "in", "languageIn", "lessThanOrEquals"),
    *("maxCount", "maxInclusive", "minCount", "minExclusive", "minInclusive", "minLength", "node"),
    *("nodeKind", "not", "or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "uniqueLang"),
]
profile = pytest.mark.parametrize("profile", PROFILES)


def short(text: str) -> str:
    for prefix, namespace in PREFIXES.items():
        text = text.replace(namespace, f"{prefix}:")
    return text


def line(finding: Finding) -> str:
    """Show a finding; a dash stands for nothing."""
    parts = (finding.focus, finding.path, finding.value)
    where = " ".join(short(part) or "-" for part in parts)
    code = finding.shape.removeprefix(str(SHAPE))
    return f"{finding.severity} {code} {finding.constraint}: {where} | {finding.message}"


def expected(case: Path) -> list[str]:
    return case.with_suffix(".expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(case: Path) -> None:
    data = Graph().parse(case, format="turtle")

    findings = validate(data, PROFILES[case.parent.name], language="en")

    assert [line(finding) for finding in findings] == expected(case)
    kind = case.name.split(".")[0]
    severities = {finding.severity for finding in findings}
    assert (Severity.VIOLATION in severities) == (kind == "invalid")
    assert bool(severities) == (kind != "valid")


def constraints(shapes: Graph) -> set[tuple[str, str]]:
    """Every constraint that a named shape declares, as code of the shape and component."""
    return {
        (str(shape).removeprefix(str(SHAPE)), f"{parameter[0].upper()}{parameter[1:]}")
        for parameter in PARAMETERS
        for shape in shapes.subjects(SH[parameter])
        if isinstance(shape, URIRef)
    }


def broken(name: str) -> set[tuple[str, str]]:
    lines = [text for case in (HERE / name).glob("*.ttl") for text in expected(case)]
    heads = [text.split(":", 1)[0].split(" ") for text in lines]
    return {(code, component) for _, code, component in heads}


@profile
def test_every_constraint_is_broken_by_some_case(profile: str) -> None:
    """A constraint that nothing can break checks nothing."""
    assert constraints(PROFILES[profile]) - broken(profile) == set()


@profile
def test_every_profile_has_a_valid_case(profile: str) -> None:
    assert list((HERE / profile).glob("valid.*.ttl"))


@profile
def test_every_predicate_is_one_that_shacl_has(profile: str) -> None:
    """SHACL processors skip predicates they don't know, such as ``sh:dataType``."""
    used = {term for triple in PROFILES[profile] for term in triple if isinstance(term, URIRef)}

    assert {term for term in used if str(term).startswith(str(SH)) and term not in SH} == set()


@profile
def test_no_parameter_escapes_the_count_of_constraints(profile: str) -> None:
    """A parameter missing in ``PARAMETERS`` would need no case."""
    described = {"message", "name", "order", "path", "property", "qualifiedValueShape", "severity"}
    targets = {"targetClass", "targetObjectsOf", "targetSubjectsOf"}
    named = {
        str(predicate).removeprefix(str(SH))
        for shape, predicate in PROFILES[profile].subject_predicates()
        if isinstance(shape, URIRef) and str(predicate).startswith(str(SH))
    }

    assert named - set(PARAMETERS) - described - targets == set()


@profile
def test_every_shape_says_what_is_wrong_in_both_languages(profile: str) -> None:
    shapes = PROFILES[profile]
    ending = [
        shape
        for shape in {*shapes.subjects(RDF.type, SH.PropertyShape), *shapes.subjects(SH["or"])}
        if isinstance(shape, URIRef)
    ]

    said = {
        shape: sorted(str(getattr(m, "language", "")) for m in shapes.objects(shape, SH.message))
        for shape in ending
    }
    assert {shape for shape, languages in said.items() if languages != ["de", "en"]} == set()
    assert {
        shape for shape in ending if len(list(shapes.objects(shape, SH.severity))) != 1
    } == set()


@profile
def test_every_property_shape_has_an_iri(profile: str) -> None:
    """The IRI is the code that exceptions, tests and pages refer to."""
    shapes = PROFILES[profile]

    assert set(shapes.subjects(RDF.type, SH.PropertyShape)) == {
        shape for shape in shapes.objects(None, SH.property) if isinstance(shape, URIRef)
    }


def test_no_code_is_used_in_two_profiles() -> None:
    codes = [
        (subject, name)
        for name, shapes in PROFILES.items()
        for subject in set(shapes.subjects())
        if isinstance(subject, URIRef)
    ]

    assert len({subject for subject, _ in codes}) == len(codes)
    assert {subject for subject, _ in codes if not subject.startswith(str(SHAPE))} == set()
