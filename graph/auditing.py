"""Validation of the loaded graph, and of files held against it."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from graph.errors import SourceFormatError
from graph.store import EmbeddedStore
from graph.validation import Finding, audit

__all__ = ["audit_files", "audit_graph"]


def audit_graph(store: EmbeddedStore, language: str) -> list[Finding]:
    """Run all shapes and checks over the loaded graph."""
    return audit(store.engine, language=language)


def audit_files(store: EmbeddedStore, files: Sequence[Path], language: str) -> list[Finding]:
    """Run all shapes and checks over the loaded graph with files added; report what they bring.

    Nothing is stored. What the loaded graph alone would report is left out.

    Raises:
        SourceFormatError: A file cannot be read or is not RDF of its ending.
    """
    added = ox.Store()
    for quad in store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        added.add(quad)
    for path in files:
        added.extend(ox.Quad(q.subject, q.predicate, q.object) for q in _parse(path))
    before = set(audit_graph(store, language))
    return [finding for finding in audit(added, language=language) if finding not in before]


def _parse(path: Path) -> list[ox.Quad]:
    syntax = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if syntax is None:
        raise SourceFormatError(path, "no RDF format has this ending")
    try:
        return list(ox.parse(path=path, format=syntax))
    except SyntaxError as error:
        raise SourceFormatError(path, error.msg, error.lineno) from error
    except OSError as error:
        raise SourceFormatError(path, error.strerror or str(error)) from error
