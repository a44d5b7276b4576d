"""From the reference data to a generation of the store: load, derive, measure, validate, publish.

Only :func:`is_current` is needed at every start; the heavy parts are imported when they run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graph.errors import NonConformingError, StoreCorruptError, StoreUnavailableError
from graph.loading.findings import Progress, RowFinding
from graph.loading.fingerprint import fingerprint
from graph.store import Visibility, current_version
from graph.store.generations import Origin, read_manifest, read_origin
from graph.store.publication import is_intact, loaded, replace, writing
from graph.store.turning import VALIDITY, turning_days

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


def is_current(home: Path, folder: Path | None = None, *, today: date | None = None) -> bool:
    """Tell whether the store already holds exactly this data, ontology, rules and software.

    It does no more when something in it has begun to hold since, or has ceased to.
    """
    try:
        manifest = read_manifest(home, current_version(home))
        day = today or date.today()
        return manifest.reference == fingerprint(folder) and not manifest.is_outdated(day)
    except (StoreUnavailableError, StoreCorruptError):
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

    A generation that can no longer be read is written again.

    What coordinators wrote is taken along. Where it no longer fits the new reference data it is
    reported in ``findings``, not refused: it was valid when it was written.

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
    if not force and is_current(home, folder) and is_intact(home, current_version(home)):
        return Build(version, False, {}, (), (), 0)
    from graph.catalogue_rdf import catalogue_quads
    from graph.loading import load_reference

    report = progress or (lambda stage, done, total: None)
    with writing(home):
        read = load_reference(folder, strict=strict, progress=progress)
        read.store.extend(catalogue_quads())
        today = date.today()
        origin = _origin(home, version, read.store, today)
        report("rules", 0, 1)
        views, names = _views(read.store, origin, today)
        report("rules", 1, 1)
        report("validation", 0, 1)
        findings = _validated(read.store, views, origin)
        report("validation", 1, 1)
        report("store", 0, 1)
        parts = {part: loaded(quads) for part, quads in views.items()}
        days = dict.fromkeys(parts, today.isoformat())
        manifest = replace(home, parts, origin, names=names, days=days)
        report("store", 1, 1)
    return Build(
        version=manifest.version,
        was_loaded=True,
        counts=read.counts,
        row_findings=read.findings,
        findings=findings,
        statements=manifest.quads[Visibility.PUBLIC],
    )


Views = Mapping[Visibility, list[ox.Quad]]


def _origin(home: Path, version: str, reference: ox.Store, today: date) -> Origin:
    """Return what a generation of this reference data is made from: take writes along.

    Raises:
        StoreCorruptError: What coordinators wrote cannot be read.
    """
    from graph.written import as_text

    dated = (quad for name in VALIDITY for quad in reference.quads_for_pattern(None, name, None))
    turning = tuple(sorted(turning_days(as_text(dated))))
    before = _origin_before(home)
    return Origin(version, before.written, before.salt, turning, today.isoformat())


def _origin_before(home: Path) -> Origin:
    """Return what the generation that answers is made from; of none, nothing."""
    try:
        version = current_version(home)
    except StoreUnavailableError:  # nothing has been loaded yet
        return Origin("")
    try:
        return read_origin(home, version)
    except StoreCorruptError:
        if (home / "generations" / version / "written.nq").exists():
            raise
        return Origin("")  # nothing but what is loaded again is lost


def _views(
    reference: ox.Store, origin: Origin, today: date
) -> tuple[Views, Mapping[Visibility, str]]:
    """Return what each visibility sees of reference and written graphs together, and its version.

    Raises:
        NonConformingError: The reference data has taken the name of a written graph.
    """
    from graph.visibility import META, levels, names, parts, views
    from graph.written import statements

    written = statements(origin.written)
    taken = set(reference.named_graphs()) & {q.graph_name for q in written} - {META}
    if taken:
        raise NonConformingError(
            tuple(f"{name} is a written graph, too" for name in sorted(map(str, taken)))
        )
    whole = ox.Store()
    whole.extend(reference)
    whole.extend(written)
    named = names(origin, written, views(levels(whole)))
    return parts(whole, origin.version, today=today, named=named), named


def _validated(reference: ox.Store, views: Views, origin: Origin) -> "tuple[Finding, ...]":
    """Return what validation finds in everything.

    Raises:
        NonConformingError: There is a violation for which no write is the reason.
    """
    from graph.checks import audit
    from graph.rules import derive

    whole = ox.Store()
    whole.extend(views[list(views)[-1]])
    findings = tuple(audit(whole, union=True))
    violations = tuple(str(f) for f in findings if f.severity == "Violation")
    if violations and origin.written:
        reference.extend(derive(reference))
        alone = audit(reference, union=True)
        violations = tuple(str(f) for f in alone if f.severity == "Violation")
    if violations:
        raise NonConformingError(violations)
    return findings
