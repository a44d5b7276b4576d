"""Sources of others, described as data: one TOML file each in ``<home>/harvest/sources/``.

``docs/harvest.md`` describes every key.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from graph.errors import SourceFormatError, UnknownSourceError
from graph.harvest.terms import known_conditions
from graph.records import RecordGraph
from graph.store import Visibility
from graph.vocabulary import SCHEME

__all__ = [
    "Kind",
    "Limits",
    "Publication",
    "Source",
    "check_source",
    "read_source",
    "read_sources",
]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


class Kind(StrEnum):
    """How a source gives its data."""

    DUMP = "dump"
    ENDPOINT = "endpoint"
    PAGES = "pages"
    CATALOGUE = "catalogue"
    TABLE = "table"


class Publication(StrEnum):
    """When a harvest is published."""

    CONFORMING = "conforming"
    """At once when nothing in it breaks a rule; else when a coordinator accepts it."""

    ACCEPTED = "accepted"
    """Only when a coordinator accepts it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one harvest may take.

    Attributes:
        seconds: Time of the whole harvest, validation aside.
        request_s: Time that a server may be silent, seconds.
        megabytes: Length of one document, also after decompression.
        statements: Statements in all.
        documents: Pages or files in all.
    """

    seconds: float = 600.0
    request_s: float = 30.0
    megabytes: int = 256
    statements: int = 1_000_000
    documents: int = 200

    @property
    def bytes(self) -> int:
        """Length of one document in bytes."""
        return self.megabytes * 1024**2


@dataclass(frozen=True, slots=True)
class Source:
    """A source of others.

    Attributes:
        name: Its name here; the graphs are ``graph/source-<name>`` and ``graph/staging-<name>``.
        kind: How it gives its data.
        addresses: Where: documents, pages, catalogue or endpoint.
        title: What it is, by language.
        licence: IRI of the licence under which it may be passed on.
        visibility: Who may see what comes from it.
        attributed_to: IRI of who answers for it.
        conditions: Slugs of ``scheme/use-condition`` that the partner states beside the licence.
        hosts: The only hosts that are asked; by default those of the addresses.
        every_hours: How often ``verbund harvest due`` harvests it; 0 for only by hand.
        publication: When a harvest is published.
        organisation_kind: Slug of ``scheme/organisation-kind`` for organisations without one.
        trusts_weak_links: Read ``rdfs:seeAlso`` and ``skos:closeMatch`` of the alignments as
            translations, too.
        allows_private_addresses: May lie in a private network, as servers of tests do.
        classes: IRIs of the classes to take from an endpoint.
        graphs: Named graphs of an endpoint to ask; empty for its default.
        page_size: Things in one request to an endpoint.
        datasets: IRIs of the datasets to take from a catalogue; empty for all.
        table: Folder with CSVW metadata and mapping of a table, beside the description.
        sheets: Sheet of a workbook for each table of the metadata.
        limits: What one harvest may take.
    """

    name: str
    kind: Kind
    addresses: tuple[str, ...]
    title: Mapping[str, str]
    licence: str
    visibility: Visibility
    attributed_to: str
    conditions: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    every_hours: float = 0.0
    publication: Publication = Publication.ACCEPTED
    organisation_kind: str = ""
    trusts_weak_links: bool = False
    allows_private_addresses: bool = False
    classes: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    page_size: int = 500
    datasets: tuple[str, ...] = ()
    table: Path | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()

    @property
    def graph(self) -> RecordGraph:
        """The graph that its statements are published in."""
        title = tuple(sorted(self.title.items()))
        return RecordGraph(f"source-{self.name}", title, self.visibility, self.licence)

    @property
    def policies(self) -> tuple[str, ...]:
        """IRIs of the conditions that the partner states."""
        return tuple(str(SCHEME[f"use-condition/{one}"]) for one in sorted(set(self.conditions)))

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The only hosts that are asked, in small letters."""
        named = self.hosts or tuple(urlsplit(one).hostname or "" for one in self.addresses)
        return frozenset(host.lower() for host in named)


def read_sources(folder: Path) -> list[Source]:
    """Read all descriptions of a folder, sorted by name; a folder that is not there has none.

    Raises:
        SourceFormatError: A description is not one.
    """
    return [_read(path) for path in sorted(folder.glob("*.toml"))]


def read_source(folder: Path, name: str) -> Source:
    """Read one description.

    Raises:
        UnknownSourceError: There is none of this name.
        SourceFormatError: It is no description.
    """
    path = folder / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownSourceError(name)
    return _read(path)


def check_source(path: Path, said: Mapping[str, Any]) -> Source:
    """Return the source that a file of this name with these keys would describe.

    Raises:
        SourceFormatError: They describe none.
    """
    try:
        return _source(path, dict(said))
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise SourceFormatError(path.name, f"is no source: {error}") from error


def _read(path: Path) -> Source:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceFormatError(path.name, f"is not TOML: {error}") from error
    return check_source(path, said)


def _source(path: Path, said: dict[str, Any]) -> Source:
    known = {one.name for one in fields(Source)} - {"name"}
    if unknown := sorted(set(said) - known):
        raise ValueError(f"unknown keys {', '.join(unknown)}")
    if missing := sorted({"kind", "addresses", "title", "licence", "visibility"} - set(said)):
        raise ValueError(f"lacks {', '.join(missing)}")
    if not said["addresses"]:
        raise ValueError("needs an address")
    said["kind"], said["visibility"] = Kind(said["kind"]), Visibility(said["visibility"])
    said["publication"] = Publication(said.get("publication", Publication.ACCEPTED))
    said["limits"] = Limits(**said.get("limits", {}))
    if "table" in said:
        said["table"] = _beside(path, said["table"])
    for name, value in said.items():
        said[name] = tuple(value) if isinstance(value, list) else value
    source = Source(name=path.stem, **{"attributed_to": said["addresses"][0]} | said)
    _check(source)
    return source


def _beside(path: Path, name: str) -> Path:
    folder = (path.parent / name).resolve()
    if not folder.is_relative_to(path.parent.resolve()) or not folder.is_dir():
        raise ValueError(f"table {name!r} is no folder beside the description")
    return folder


def _check(source: Source) -> None:
    """Refuse what can be known to be wrong before anything is asked.

    Raises:
        ValueError: With the reason.
    """
    if not _NAME.fullmatch(source.name):
        raise ValueError("the name of the file has small letters, digits and hyphens")
    if source.name == "sources":
        raise ValueError("'sources' is the folder of the descriptions")
    iris = (*source.addresses, *source.classes, *source.graphs, *source.datasets)
    for iri in (*iris, source.licence, source.attributed_to):
        if not isinstance(iri, str) or not _IRI.fullmatch(iri):
            raise ValueError(f"{iri!r} is no web address")
    _check_conditions(source)
    if not source.title:
        raise ValueError("needs a title")
    if source.kind is Kind.ENDPOINT and not source.classes:
        raise ValueError("an endpoint needs classes to take")
    if source.kind is Kind.TABLE and source.table is None:
        raise ValueError("a table needs the folder with its metadata and mapping")
    if not 1 <= source.page_size <= 10_000:
        raise ValueError("page_size is 1 to 10000")


def _check_conditions(source: Source) -> None:
    """Refuse conditions that nobody here can honour.

    Raises:
        ValueError: With the reason.
    """
    known = known_conditions()
    if unknown := sorted(set(source.conditions) - set(known)):
        raise ValueError(f"conditions {', '.join(unknown)}: known are {', '.join(sorted(known))}")
    closed = [one for one in source.conditions if not known[one]]
    if closed and source.visibility is not Visibility.INTERNAL:
        raise ValueError(f"what is under {closed[0]} can only be internal")
