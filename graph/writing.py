"""Writes of coordinators: a change of named graphs, validated, then a new generation.

A write is found out first, then made in copies of the parts of the current generation. Only when
every rule, shape and check that it can touch has been asked does a generation appear on disk, in
one step. So a write happens as a whole or not at all, wherever the process dies
(``docs/decisions/0010-writes-as-generations.md``).
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from graph.drafting import Draft, require_allowed, require_described
from graph.errors import NonConformingError, VersionConflictError
from graph.pausing import without_looking_for_cycles
from graph.preparing import Amendment, Prepared, Rebuilding
from graph.rederiving import NotIncrementalError
from graph.store import Manifest, Visibility, current_version
from graph.store.generations import Origin, open_engine, read_manifest, read_origin
from graph.store.live import Live
from graph.store.publication import prune, writing
from graph.validation import Finding, Severity
from graph.visibility import POLICY
from graph.written import as_text, statements

__all__ = ["Description", "Editor", "Kind", "Receipt", "Write", "described_by", "write"]

logger = logging.getLogger(__name__)

_MOST_REMOVED = 20_000
"""Removed statements up to which a copy is changed; the engine adds many at once, but takes each
away by itself, which is slower than filling a new store."""


class Kind(StrEnum):
    """What a write does."""

    UPDATE = "update"
    PUT = "put"
    POST = "post"
    DELETE = "delete"
    RENEW = "renew"
    """Derive anew when something has begun to hold since, or has ceased to; else do nothing."""


@dataclass(frozen=True, slots=True)
class Description:
    """What ``graph/meta`` says of a graph; see ``shapes/graph.ttl``.

    Attributes:
        title: Title by language tag.
        visibility: Who may see it.
        licence: IRI of the licence.
        attributed_to: IRI of the agent who answers for it.
        conditions: IRIs of the policies under which it may be used, in place of those stated
            before; ``None`` leaves those.
    """

    title: dict[str, str]
    visibility: Visibility
    licence: str
    attributed_to: str
    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One change.

    Attributes:
        kind: What to do.
        content: Text of the update, or the statements to put or add.
        graph: IRI of the graph to put, add to or delete; unused by an update.
        media_type: RDF format of the content; unused by an update.
        description: What to say of the graph; needed when it is new.
        expected: Versions of which one must be the current one; empty for any.
        must_exist: The graph must be there already.
        must_be_new: The graph must not be there yet.
        condition: Trusted SPARQL ASK over the current version, internal graphs included, that
            must hold; empty for none. See :mod:`graph.records`.
    """

    kind: Kind
    content: str = ""
    graph: str = ""
    media_type: str = "text/turtle"
    description: Description | None = None
    expected: tuple[str, ...] = ()
    must_exist: bool = False
    must_be_new: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a write did.

    Attributes:
        version: Graph version that answers now.
        before: Graph version that answered before; equal to ``version`` when nothing changed.
        created: IRIs of graphs that are new.
        changed: IRIs of graphs whose statements changed, new and removed ones included.
        added: Number of statements that are new, descriptions aside.
        removed: Number of statements that are gone, descriptions aside.
        findings: Warnings and hints about what changed.
    """

    version: str
    before: str
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    findings: tuple[Finding, ...] = field(default=(), repr=False)


def write(home: Path, change: Write, *, now: datetime | None = None) -> Receipt:
    """Apply one change with an :class:`Editor` of its own; see there."""
    with closing(Editor(home)) as editor:
        return editor.write(change, now=now)


class Editor:
    """Applies changes to a store, one after the other, and keeps its copies open between them."""

    def __init__(self, home: Path, *, is_thorough: bool = False) -> None:
        """Begin.

        Args:
            home: Directory of the store.
            is_thorough: Derive and check everything for each change, however small; the result
                is the same.
        """
        self._home = home
        self._is_thorough = is_thorough
        self._live: Live | None = None
        self._engine: tuple[str, ox.Store] | None = None

    def close(self) -> None:
        """Give the copies up."""
        self._engine = None
        if self._live is not None:
            self._live.close()
            self._live = None

    def get_ready(self) -> None:
        """Do what the next write would have to do first, and what the last one has left to do.

        Raises:
            StoreError: The store cannot be read or written, or somebody else is writing.
        """
        with writing(self._home):
            version = current_version(self._home)
            self._copies(version).engine(Visibility.INTERNAL)
            self._before(version)
            prune(self._home, version)

    def _before(self, version: str) -> ox.Store:
        """Return a generation to read, seen with the widest visibility."""
        if self._engine is None or self._engine[0] != version:
            self._engine = (version, open_engine(self._home, version, Visibility.INTERNAL))
        return self._engine[1]

    def write(self, change: Write, *, now: datetime | None = None) -> Receipt:
        """Apply a change, validate the result and publish it, or leave everything as it was.

        Args:
            change: What to do.
            now: Time to note; the current one by default.

        Raises:
            QuerySyntaxError: The update is not SPARQL 1.1 Update.
            QueryRefusedError: It uses LOAD or SERVICE, or statements of RDF 1.2.
            SourceFormatError: The content is not RDF of its media type.
            GraphNotWritableError: A graph would change that nobody writes to.
            UnknownGraphError: The graph to delete is not there.
            VersionConflictError: The graph is not in the state that the change is meant for.
            NonConformingError: The result breaks a shape or a check.
            StoreError: The store cannot be read or written, or somebody else is writing.
        """
        time = now or datetime.now(UTC)
        with writing(self._home), without_looking_for_cycles():
            version = current_version(self._home)
            if change.expected and version not in change.expected:
                raise VersionConflictError("somebody else has changed the graph", version)
            origin = read_origin(self._home, version)
            engine = self._before(version)
            if change.condition and not engine.query(change.condition):
                raise VersionConflictError("somebody else has changed it", version)
            draft = Draft(engine, statements(origin.written))
            _apply(draft, change, version)
            difference = draft.difference()
            require_allowed(difference)
            today = time.astimezone().date()
            is_due = change.kind is Kind.RENEW and self._is_outdated(version, today)
            if not difference.added and not difference.removed and not is_due:
                return Receipt(version, version)
            require_described(draft)
            draft.stamp(difference.graphs & draft.graphs(), time)
            return self._publish(draft, replace(origin, day=today.isoformat()), version)

    def _is_outdated(self, version: str, today: date) -> bool:
        return read_manifest(self._home, version).is_outdated(today)

    def _publish(self, draft: Draft, origin: Origin, version: str) -> Receipt:
        """Derive, validate and publish what a draft holds.

        Raises:
            NonConformingError: It breaks a shape or a check.
        """
        salt = origin.salt or secrets.token_hex(16)
        fresh = replace(origin, written=as_text(draft.written()), salt=salt)
        try:
            prepared = self._prepared(draft, fresh, version)
            found = prepared.findings()
            if violations := [f for f in found if f.severity is Severity.VIOLATION]:
                prepared.undo()
            else:
                return _receipt(draft, version, prepared.publish(), found)
        except BaseException:
            self.close()  # whatever state the copies are in
            raise
        raise _refusal(violations)

    def _prepared(self, draft: Draft, origin: Origin, version: str) -> Prepared:
        """Return the generation that a draft becomes."""
        if not self._is_thorough and len(draft.difference().removed) <= _MOST_REMOVED:
            try:
                return Amendment(self._copies(version), draft, origin)
            except NotIncrementalError as reason:
                logger.info("everything is derived anew: %s", reason)
        return Rebuilding(self._copies(version), draft, origin)

    def _copies(self, version: str) -> Live:
        """Return copies of a generation."""
        if self._live is not None and (self._live.is_closed or self._live.version != version):
            self.close()
        if self._live is None:
            self._live = Live(self._home, version)
        return self._live


def _apply(draft: Draft, change: Write, version: str) -> None:
    """Let a draft be as the change wants it."""
    if change.kind is Kind.UPDATE:
        draft.update(change.content)
    if change.kind in (Kind.UPDATE, Kind.RENEW):
        return
    exists = change.graph in draft.graphs()
    if change.must_exist and not exists:
        raise VersionConflictError(f"there is no graph <{change.graph}>", version)
    if change.must_be_new and exists:
        raise VersionConflictError(f"there is a graph <{change.graph}> already", version)
    if change.kind is Kind.DELETE:
        draft.delete(change.graph)
        return
    draft.put(change.graph, change.content, change.media_type, clear=change.kind is Kind.PUT)
    if change.description is not None:
        said = change.description
        anew = () if said.conditions is None else (POLICY,)
        draft.describe(change.graph, list(described_by(said)), anew)


_DCT = "http://purl.org/dc/terms/"
_RIGHT = {
    Visibility.PUBLIC: "PUBLIC",
    Visibility.PARTNERS: "RESTRICTED",
    Visibility.INTERNAL: "NON_PUBLIC",
}


def described_by(
    said: Description,
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """Yield property and value of what ``graph/meta`` shall say of a graph."""
    for language, text in said.title.items():
        yield ox.NamedNode(f"{_DCT}title"), ox.Literal(text, language=language)
    right = "http://publications.europa.eu/resource/authority/access-right/"
    yield ox.NamedNode(f"{_DCT}accessRights"), ox.NamedNode(right + _RIGHT[said.visibility])
    yield ox.NamedNode(f"{_DCT}license"), ox.NamedNode(said.licence)
    agent = ox.NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")
    yield agent, ox.NamedNode(said.attributed_to)
    for condition in said.conditions or ():
        yield POLICY, ox.NamedNode(condition)


def _refusal(violations: list[Finding]) -> NonConformingError:
    return NonConformingError(
        tuple(f"{f.focus}: {f.message}" for f in violations),
        tuple(_parts_of(finding) for finding in violations),
    )


def _receipt(draft: Draft, before: str, manifest: Manifest, found: list[Finding]) -> Receipt:
    difference = draft.difference()
    return Receipt(
        version=manifest.version,
        before=before,
        created=tuple(sorted(draft.graphs() - draft.graphs_before)),
        changed=tuple(sorted(difference.graphs)),
        added=difference.counted(difference.added),
        removed=difference.counted(difference.removed),
        findings=tuple(found),
    )


def _parts_of(finding: Finding) -> dict[str, str]:
    names = ("severity", "focus", "path", "value", "shape", "message", "constraint")
    return {name: str(getattr(finding, name)) for name in names}
