"""The generation that a draft becomes, made in one of two ways with the same result.

:class:`Amendment` changes copies of the parts and looks at what the change concerns.
:class:`Rebuilding` cuts, derives and checks everything anew; it is for changes that move graphs
from one visibility to another, and it is what tests hold the other one against.
"""

from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import date
from typing import Protocol

import pyoxigraph as ox

from graph.amending import amend
from graph.dependence import State
from graph.drafting import Draft
from graph.inspecting import all_findings, findings_of
from graph.rederiving import Delta, NotIncrementalError
from graph.store import Manifest, Visibility
from graph.store.generations import Origin, open_engine, part_path, read_manifest
from graph.store.live import Live, change
from graph.store.publication import Filling, copied, linked, loaded, replace
from graph.validation import Finding
from graph.visibility import (
    COMPUTED,
    META,
    View,
    level_of,
    levels,
    names,
    parts,
    passable_policies,
    views,
)
from graph.written import as_text

__all__ = ["Amendment", "Prepared", "Rebuilding"]

_MANY = 5_000
"""Changed statements from which what follows is found out in memory, if :data:`_WIDE` allows."""

_WIDE = 20
"""Statements of a part to each changed one up to which a copy in memory pays: rules and checks
ask it so much faster than the disk that making it costs less, and the disk is written beside."""


class Prepared(Protocol):
    """A generation that is ready but for being published."""

    def findings(self) -> list[Finding]:
        """Return what is wrong in it and was not before, the gravest first."""
        ...

    def publish(self) -> Manifest:
        """Let it answer.

        Raises:
            StoreUnavailableError: The disk cannot be written.
        """
        ...

    def undo(self) -> None:
        """Leave the copies that were changed as they were."""
        ...


class Rebuilding:
    """A generation made anew from all its source graphs."""

    def __init__(self, live: Live, draft: Draft, origin: Origin) -> None:
        """Cut and derive.

        Args:
            live: Copies of the generation before, which are not used.
            draft: The change.
            origin: What the generation is made from, and for which day.
        """
        self._live = live
        self._draft = draft
        self._origin = origin
        self._today = date.fromisoformat(origin.day)
        store = _changed_sources(draft)
        self._names = names(origin, draft.written(), views(levels(store)))
        self._parts = parts(store, origin.version, today=self._today, named=self._names)

    def findings(self) -> list[Finding]:
        """Return what is wrong; see :class:`Prepared`."""
        whole = ox.Store()
        whole.bulk_extend(self._parts[list(self._parts)[-1]])
        whole.bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph())
            for quad in list(whole)
        )
        difference = self._draft.difference()
        stated = difference.added | difference.removed
        return all_findings(stated, State(self._draft.engine, whole))

    def publish(self) -> Manifest:
        """Let it answer; see :class:`Prepared`."""
        self._live.close()
        day = self._today.isoformat()
        fillings = {part: loaded(quads) for part, quads in self._parts.items()}
        days = dict.fromkeys(self._parts, day)
        return replace(self._live.home, fillings, self._origin, names=self._names, days=days)

    def undo(self) -> None:
        """Do nothing: nothing but memory was changed."""


def _changed_sources(draft: Draft) -> ox.Store:
    """Return the source graphs as they are after a change."""
    store = ox.Store()
    for name in draft.engine.named_graphs():
        if name not in COMPUTED:
            store.bulk_extend(draft.engine.quads_for_pattern(None, None, None, name))
    difference = draft.difference()
    for quad in difference.removed:
        store.remove(quad)
    store.extend(difference.added)
    for name in list(store.named_graphs()):
        if not any(store.quads_for_pattern(None, None, None, name)):
            store.remove_graph(name)
    return store


class Amendment:
    """A generation made of the one before by changing what is concerned."""

    def __init__(self, live: Live, draft: Draft, origin: Origin) -> None:
        """Change the copies.

        Args:
            live: Copies of the generation before.
            draft: The change.
            origin: What the generation is made from, and for which day.

        Raises:
            NotIncrementalError: Only a :class:`Rebuilding` can tell what the change does; the
                copies are of no use any more.
        """
        self._live = live
        self._draft = draft
        self._origin = origin
        self._today = date.fromisoformat(origin.day)
        self._before = read_manifest(live.home, live.version)
        if self._before.is_outdated(self._today):
            raise NotIncrementalError("something has begun to hold since, or has ceased to")
        before = levels(draft.engine)
        self._views_before = views(before)
        self._views = _views(draft, before, self._before)
        self._deltas: dict[Visibility, Delta] = {}
        self._names: dict[Visibility, str] = {}
        self._states: dict[Visibility, State] = {}
        self._in_memory: dict[Visibility, Delta] = {}  # with what is on the disk already
        for view in self._views:
            self._amend(view)

    def _amend(self, view: View) -> None:
        """Bring one part up to date, if the change is to be seen in it."""
        part, manifest = view.visibility, self._before
        nearest = manifest.nearest(part)
        delta = self._shown(view)
        if not delta:
            self._names[part] = manifest.name(part)
            return
        engine = self._draft.engine
        if nearest is not manifest.nearest(Visibility.INTERNAL):
            engine = open_engine(self._live.home, self._live.version, nearest)
        self._names[part] = self._name(view)
        self._deltas[part] = delta
        with ThreadPoolExecutor(1) as beside:
            written = self._written(beside, part, delta)
            self._states[part] = state = State(engine, self._after(part, engine))
            day = manifest.days.get(nearest, "")
            amend(delta, state, self._names[part], today=self._today, day_before=day)
            written.result()

    def _name(self, view: View) -> str:
        """Return the version of what a view shows."""
        written = self._draft.written()
        shown = {quad for quad in written if view.shows(quad)}
        if len(shown) == len(written):
            return self._origin.version
        return self._origin.name(as_text(shown))

    def _written(self, beside: Executor, part: Visibility, delta: Delta) -> Future[None]:
        """Begin to write a large change of a part to the disk; memory is changed meanwhile."""
        size = self._before.quads[self._before.nearest(part)]
        written = Delta()
        if len(delta) >= _MANY and size <= len(delta) * _WIDE:
            written = self._in_memory[part] = Delta(delta.removed, delta.added)
        return beside.submit(change, self._live.engine(part), written.removed, written.added)

    def _after(self, part: Visibility, before: ox.Store) -> ox.Store:
        """Return a copy of a part to be changed."""
        if part not in self._in_memory:
            return self._live.engine(part)
        copy = ox.Store()
        copy.bulk_extend(before)
        return copy

    def _write(self) -> None:
        """Change the copies on the disk as those in memory have been."""
        for part, written in self._in_memory.items():
            delta = self._deltas[part]
            removed, added = delta.removed - written.removed, delta.added - written.added
            change(self._live.engine(part), removed, added)

    def _shown(self, view: View) -> Delta:
        """Return what of the change can be seen in a view."""
        difference = self._draft.difference()
        before = next(
            v for v in reversed(self._views_before) if v.visibility in view.visibility.and_below()
        )
        removed = filter(before.shows, difference.removed)
        return Delta(removed, filter(view.shows, difference.added))

    def findings(self) -> list[Finding]:
        """Return what is wrong; see :class:`Prepared`."""
        widest = self._views[-1].visibility
        difference = self._draft.difference()
        stated = difference.added | difference.removed
        with ThreadPoolExecutor(1) as beside:
            written = beside.submit(self._write)
            found = findings_of(stated, self._deltas[widest], self._states[widest])
            written.result()
        return found

    def publish(self) -> Manifest:
        """Let it answer; see :class:`Prepared`."""
        live, today = self._live, self._today.isoformat()
        fillings = {view.visibility: self._filling(view.visibility) for view in self._views}
        days = dict(self._before.days) | dict.fromkeys(self._deltas, today)
        kept = {part: day for part, day in days.items() if part in fillings}
        manifest = replace(live.home, fillings, self._origin, names=self._names, days=kept)
        live.follow(manifest)
        return manifest

    def _filling(self, part: Visibility) -> Filling:
        nearest = self._before.nearest(part)
        count = self._before.quads[nearest]
        delta = self._deltas.get(part)
        if delta is None:
            return linked(part_path(self._live.home, self._live.version, nearest), count)
        engine = self._live.engine(part)
        engine.flush()
        return copied(engine, count + len(delta.added) - len(delta.removed))

    def undo(self) -> None:
        """Leave the copies as they were; see :class:`Prepared`."""
        if self._in_memory:  # to take so much away takes longer than to copy anew
            self._live.close()
            return
        for part, delta in self._deltas.items():
            change(self._states[part].after, delta.added, delta.removed)


def _views(draft: Draft, before: Mapping[str, Visibility], manifest: Manifest) -> list[View]:
    """Return what each visibility sees after a change.

    Raises:
        NotIncrementalError: A graph has another visibility than before, or a statement about
            another graph becomes visible or hidden with a graph.
    """
    after = _levels(draft, before)
    if any(before.get(name, level) is not level for name, level in after.items()):
        raise NotIncrementalError("a graph moves to another visibility")
    found = views(after)
    if manifest.nearest(found[-1].visibility) is not manifest.nearest(Visibility.INTERNAL):
        raise NotIncrementalError("there is nothing left that only some may see")
    for name in map(ox.NamedNode, before.keys() ^ after.keys()):
        if any(draft.engine.quads_for_pattern(None, None, name, META)):
            raise NotIncrementalError("the description of a graph names another one")
    return found


def _levels(draft: Draft, before: Mapping[str, Visibility]) -> dict[str, Visibility]:
    """Return the visibility of each graph after a change."""
    own = draft.graphs()
    gone = draft.graphs_before - own
    passable = passable_policies(draft.engine)
    return {name: level for name, level in before.items() if name not in gone} | {
        name: level_of(draft.quads(ox.NamedNode(name), None, META), passable) for name in own
    }
