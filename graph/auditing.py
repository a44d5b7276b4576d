"""Validation of the loaded graph, and of files held against it."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from graph.checks import audit, run_checks
from graph.errors import SourceFormatError
from graph.extraction import extract
from graph.store import EmbeddedStore
from graph.validation import Finding, shapes_graph, validate

__all__ = ["audit_files", "audit_graph"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def audit_graph(store: EmbeddedStore, language: str) -> list[Finding]:
    """Run all shapes and checks over the loaded graph."""
    return audit(store.engine, language=language)


def audit_files(store: EmbeddedStore, files: Sequence[Path], language: str) -> list[Finding]:
    """Hold files against the loaded graph; nothing is stored.

    The shapes look at the things that the files describe, together with what the loaded graph
    says of them; the checks look at everything, and what the loaded graph alone would report is
    left out.

    Raises:
        SourceFormatError: A file cannot be read or is not RDF of its ending.
    """
    together = ox.Store()
    together.extend(store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    added = [_named(quad, number) for number, path in enumerate(files) for quad in _parse(path)]
    together.extend(added)
    focus = {_name(quad.subject, 0).value for quad in added}
    found = validate(extract(together, focus), shapes_graph(), focus=focus, language=language)
    known = set(run_checks(store.engine, language=language))
    found += [f for f in run_checks(together, language=language) if f not in known]
    return sorted(found, key=lambda finding: finding.order)


def _named(quad: ox.Quad, number: int) -> ox.Quad:
    """Give the blank nodes of a file names, so that each can be looked at like everything else."""
    subject, value = _name(quad.subject, number), _name(quad.object, number)
    if isinstance(subject, ox.Literal):
        raise TypeError("a literal is no subject")
    return ox.Quad(subject, quad.predicate, value)


def _name(term: Term, number: int) -> ox.NamedNode | ox.Literal:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(f"urn:verbund:blank:{number}:{term.value}")
    if isinstance(term, ox.Triple):
        raise SourceFormatError("<file>", "triple terms of RDF 1.2 are not taken")
    return term


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
