"""The query catalogue: SPARQL files whose header comment says what they answer.

The header is YAML behind ``#+``, the decorator syntax of grlc, so a file stays plain SPARQL::

    #+ summary: {de: Wer kann es?, en: Who can do it?}
    #+ question: {de: ..., en: ...}
    #+ description: {de: ..., en: ...}
    #+ tags: [competence]
    #+ parameters:
    #+   competence:
    #+     type: iri
    #+     within: scheme/competence/
    #+     example: https://w3id.org/verbund/scheme/competence/fraesen
    #+     description: {de: ..., en: ...}
    #+ returns:
    #+   organisation: {de: Organisation, en: Organisation}
    SELECT ?organisation WHERE { VALUES ?competence { <.../fraesen> } ... } ORDER BY ?organisation

The query holds each example in a VALUES block; :mod:`graph.store.bindings` puts values there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import yaml
from rdflib import XSD, Literal, URIRef
from rdflib.term import Identifier

from graph.errors import ParameterError, SourceFormatError, UnknownQueryError
from graph.resources import query_texts
from graph.store.bindings import with_bindings, without
from graph.vocabulary import BASE

__all__ = ["TYPES", "Parameter", "Query", "Text", "catalogue", "find", "parse"]

Text = Mapping[str, str]
"""A text by language tag; ``de`` and ``en`` are there."""

_LANGUAGES = {"de", "en"}
_NEEDED = {"summary", "question", "description", "tags", "returns"}
_KEYS = _NEEDED | {"parameters", "competency_question"}
_COMPETENCY_QUESTION = re.compile(r"CQ\d{2}")
_FORBIDDEN_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a query asks for.

    Attributes:
        name: The variable without its question mark.
        type: A key of :data:`TYPES`.
        example: A value that the shipped graph has an answer for; it stands in the query.
        description: What it means.
        required: It must be given.
        default: Taken when an optional one is not given; without it, the variable stays open.
        within: Path below the base IRI; a plain name is then read as an IRI in it.
    """

    name: str
    type: str
    example: str
    description: Text
    required: bool = True
    default: str | None = None
    within: str = ""

    def term(self, query: str, value: str) -> Identifier:
        """Turn a value into an RDF term.

        Raises:
            ParameterError: The value is not of the declared type.
        """
        if self.within and _SLUG.fullmatch(value):
            value = f"{BASE}{self.within}{value}"
        try:
            return TYPES[self.type](value)
        except (ValueError, InvalidOperation):
            raise ParameterError(
                query, self.name, f"{value!r} is no {self.type}, such as {self.example!r}"
            ) from None


@dataclass(frozen=True, slots=True)
class Query:
    """A named SPARQL query and what its header says.

    Attributes:
        name: Name of the file without its ending.
        text: The query with the examples in it.
        summary: A few words.
        question: The question that it answers.
        description: What it counts, what it leaves out, how to read the result.
        tags: Topics.
        parameters: By name, in the order of the header.
        returns: What each column holds, in the order of the columns.
        competency_question: Number of the question of the model that it answers, such as
            ``CQ05``, or an empty string.
    """

    name: str
    text: str
    summary: Text
    question: Text
    description: Text
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    returns: Mapping[str, Text]
    competency_question: str = ""

    @property
    def sparql(self) -> str:
        """The query without its header; it runs as it is, with the examples as values."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("#+"))

    def bindings(self, values: Mapping[str, str]) -> dict[str, Identifier]:
        """Turn text values into terms, with the defaults for those left out.

        Raises:
            ParameterError: A value is missing, unknown or of the wrong type.
        """
        for name in values:
            if name not in self.parameters:
                raise ParameterError(self.name, name, self._unknown(name))
        found: dict[str, Identifier] = {}
        for name, parameter in self.parameters.items():
            value = values.get(name, parameter.default)
            if value is not None:
                found[name] = parameter.term(self.name, value)
            elif parameter.required:
                raise ParameterError(
                    self.name, name, f"is missing; give one such as {parameter.example!r}"
                )
        return found

    def bound(self, values: Mapping[str, str]) -> str:
        """Return the query with values in place of the examples, ready to run anywhere.

        Raises:
            ParameterError: A value is missing, unknown or of the wrong type.
        """
        bindings = self.bindings(values)
        return with_bindings(without(self.text, self.parameters.keys() - bindings), bindings)

    def _unknown(self, name: str) -> str:
        close = get_close_matches(name, self.parameters, n=1, cutoff=0.5)
        if close:
            return f"is unknown; did you mean {close[0]!r}?"
        known = ", ".join(self.parameters) or "none"
        return f"is unknown; the query has {known}"


def _iri(value: str) -> URIRef:
    parts = urlsplit(value)
    if not parts.scheme.isascii() or not parts.scheme or not (parts.netloc or parts.path):
        raise ValueError(value)
    if _FORBIDDEN_IN_IRI.search(value):
        raise ValueError(value)
    return URIRef(value)


def _integer(value: str) -> Literal:
    return Literal(str(int(value)), datatype=XSD.integer)


def _decimal(value: str) -> Literal:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(value)
    return Literal(f"{number:f}", datatype=XSD.decimal)


def _date(value: str) -> Literal:
    return Literal(date.fromisoformat(value).isoformat(), datatype=XSD.date)


def _year(value: str) -> Literal:
    if not re.fullmatch(r"\d{4}", value):
        raise ValueError(value)
    return Literal(value, datatype=XSD.gYear)


def _boolean(value: str) -> Literal:
    if value not in ("true", "false"):
        raise ValueError(value)
    return Literal(value, datatype=XSD.boolean)


def _string(value: str) -> Literal:
    if "\0" in value:  # no query can hold it, not even escaped
        raise ValueError(value)
    return Literal(value)


TYPES: Mapping[str, Callable[[str], Identifier]] = MappingProxyType(
    {
        "boolean": _boolean,
        "date": _date,
        "decimal": _decimal,
        "integer": _integer,
        "iri": _iri,
        "string": _string,
        "year": _year,
    }
)
"""How a value of each declared type becomes a term; a ``ValueError`` says that it does not."""


def parse(name: str, text: str) -> Query:
    """Read one query file.

    Raises:
        SourceFormatError: Its header lacks something or says something unknown.
    """
    path = f"queries/catalogue/{name}.rq"
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        head: Any = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise SourceFormatError(path, f"the header is not YAML: {error}") from error
    if not isinstance(head, dict) or not _NEEDED <= head.keys() <= _KEYS:
        raise SourceFormatError(
            path,
            f"the header needs {', '.join(sorted(_NEEDED))} and takes {', '.join(sorted(_KEYS))}",
        )
    competency_question = str(head.get("competency_question", ""))
    if competency_question and not _COMPETENCY_QUESTION.fullmatch(competency_question):
        raise SourceFormatError(path, f"the header has no number CQ01: {competency_question!r}")
    given: dict[str, dict[str, Any]] = head.get("parameters") or {}
    try:
        parameters = {key: _parameter(path, key, value) for key, value in given.items()}
    except (TypeError, AttributeError) as error:
        raise SourceFormatError(path, f"a parameter is not declared in full: {error}") from error
    return Query(
        name=name,
        text=text,
        summary=_text(path, head["summary"]),
        question=_text(path, head["question"]),
        description=_text(path, head["description"]),
        tags=tuple(head["tags"]),
        parameters=MappingProxyType(parameters),
        returns=MappingProxyType({key: _text(path, v) for key, v in head["returns"].items()}),
        competency_question=competency_question,
    )


def _parameter(path: str, name: str, declared: dict[str, Any]) -> Parameter:
    description = _text(path, declared.pop("description", None))
    declared["example"] = str(declared["example"]) if "example" in declared else None
    if declared.get("default") is not None:
        declared["default"] = str(declared["default"])
        declared.setdefault("required", False)
    if declared.get("type") not in TYPES or declared["example"] is None:
        raise SourceFormatError(
            path, f"parameter {name!r} needs an example and a type of {', '.join(TYPES)}"
        )
    return Parameter(name=name, description=description, **declared)


def _text(path: str, value: object) -> Text:
    if not isinstance(value, dict) or not value.keys() >= _LANGUAGES or not all(value.values()):
        raise SourceFormatError(path, f"a text needs de and en: {value!r}")
    return MappingProxyType({key: str(text).strip() for key, text in value.items()})


@cache
def catalogue() -> Mapping[str, Query]:
    """Return every query by name, sorted.

    Raises:
        SourceFormatError: A file has no complete header.
    """
    return MappingProxyType({name: parse(name, text) for name, text in query_texts("catalogue")})


def find(name: str) -> Query:
    """Return one query.

    Raises:
        UnknownQueryError: No query has this name.
    """
    try:
        return catalogue()[name]
    except KeyError:
        close = tuple(get_close_matches(name, catalogue(), n=3, cutoff=0.5))
        raise UnknownQueryError(name, close) from None
