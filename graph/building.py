"""From the reference data to a generation of the store: load, derive, measure, validate, publish.

Only :func:`is_current` is needed at every start; the heavy parts are imported when they run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import NonConformingError, StoreUnavailableError
from graph.loading.findings import Progress, RowFinding
from graph.loading.fingerprint import fingerprint
from graph.store import Visibility, current_version, publish

if TYPE_CHECKING:
    from graph.validation import Finding

__all__ = ["Build", "build", "is_current"]


@dataclass(frozen=True, slots=True)
class Build:
    """What came of loading the reference data.

    Attributes:
        version: The generation that answers now.
        was_loaded: The data was loaded; otherwise the store already held it.
        counts: Rows kept of each table.
        row_findings: What was wrong with single rows.
        findings: What validation found, violations first.
        statements: Number of distinct statements that are visible to the public.
    """

    version: str
    was_loaded: bool
    counts: Mapping[str, int]
    row_findings: tuple[RowFinding, ...]
    findings: "tuple[Finding, ...]"
    statements: int


def is_current(home: Path, folder: Path | None = None) -> bool:
    """Tell whether the store already holds exactly this data, ontology, rules and software."""
    try:
        return current_version(home) == fingerprint(folder)
    except StoreUnavailableError:
        return False


def build(
    home: Path,
    folder: Path | None = None,
    *,
    strict: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Build:
    """Make the store answer from the reference data; do nothing when it already does.

    Args:
        home: Directory of the store.
        folder: Folder of the reference data; the shipped one by default.
        strict: Load nothing when a single row is wrong.
        force: Load even when nothing changed.
        progress: Called with stage, steps done and steps in all.

    Raises:
        SourceFormatError: A file cannot be used, or a row is wrong and ``strict``.
        NonConformingError: Validation found a violation.
        StoreError: The store cannot be written.
    """
    version = fingerprint(folder)
    if not force and is_current(home, folder):
        return Build(version, False, {}, (), (), 0)
    from graph.catalogue_rdf import catalogue_quads
    from graph.communities import network_quads
    from graph.loading import load_reference
    from graph.rules import derive
    from graph.validation import audit

    report = progress or (lambda stage, done, total: None)
    loaded = load_reference(folder, strict=strict, progress=progress)
    report("rules", 0, 1)
    loaded.store.extend(derive(loaded.store))
    loaded.store.extend(network_quads(loaded.store, version))
    loaded.store.extend(catalogue_quads())
    report("rules", 1, 1)
    report("validation", 0, 1)
    findings = tuple(audit(loaded.store, union=True))
    report("validation", 1, 1)
    if violations := tuple(str(f) for f in findings if f.severity == "Violation"):
        raise NonConformingError(violations)
    report("store", 0, 1)
    manifest = publish(home, {Visibility.PUBLIC: loaded.store}, version)
    report("store", 1, 1)
    return Build(
        version=version,
        was_loaded=True,
        counts=loaded.counts,
        row_findings=loaded.findings,
        findings=findings,
        statements=manifest.quads[Visibility.PUBLIC],
    )
