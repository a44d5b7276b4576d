"""Who sees which statement: a store of named graphs, cut into one part for each visibility.

The description of a graph in ``graph/meta`` decides (``dct:accessRights``); a graph without one
is internal. A part holds what its visibility may see and what the rules derive from that alone,
so nothing hidden is left to be found by a count, a path or an error text.
"""

from collections.abc import Iterable
from datetime import date

import pyoxigraph as ox

from graph.communities import NETWORK, network_quads
from graph.rules import DERIVED, derive
from graph.store import Visibility
from graph.vocabulary import GRAPH

__all__ = ["COMPUTED", "META", "levels", "parts"]

META = ox.NamedNode(GRAPH["meta"])
"""The graph that describes all graphs."""

COMPUTED = (DERIVED, NETWORK)
"""The graphs that are made anew for each visibility, from what it may see."""

_RIGHTS = ox.NamedNode("http://purl.org/dc/terms/accessRights")
_EU = "http://publications.europa.eu/resource/authority/access-right/"
_LEVELS = {
    f"{_EU}PUBLIC": Visibility.PUBLIC,
    f"{_EU}RESTRICTED": Visibility.PARTNERS,
    f"{_EU}NON_PUBLIC": Visibility.INTERNAL,
}
_ORDER = list(Visibility)


def levels(store: ox.Store) -> dict[str, Visibility]:
    """Return the visibility of every named graph, by its IRI.

    A graph with two visibilities has the tighter one.
    """
    found: dict[str, Visibility] = {}
    for name in store.named_graphs():
        rights = store.quads_for_pattern(name, _RIGHTS, None, META)
        known = [_LEVELS.get(str(getattr(q.object, "value", "")), _ORDER[-1]) for q in rights]
        found[str(name.value)] = max(known, key=_ORDER.index, default=Visibility.INTERNAL)
    # what everybody needs to read anything is open, whether or not it describes itself
    return found | {str(META.value): Visibility.PUBLIC}


def parts(
    store: ox.Store, version: str, *, today: date | None = None
) -> dict[Visibility, list[ox.Quad]]:
    """Cut a store into what each visibility may see, derived and measured statements included.

    Args:
        store: Source graphs as named graphs; :data:`COMPUTED` ones in it are not read.
        version: Graph version that this becomes.
        today: Day on which rules judge validity; the current one by default.

    Returns:
        The quads of each part. A visibility that sees no more than the one before is left out,
        as :meth:`graph.store.Manifest.nearest` expects.
    """
    computed = {str(name.value) for name in COMPUTED}
    known = {name: level for name, level in levels(store).items() if name not in computed}
    day = today or date.today()
    found: dict[Visibility, list[ox.Quad]] = {}
    before: set[str] | None = None
    for rank, visibility in enumerate(_ORDER):
        seen = {name for name, level in known.items() if _ORDER.index(level) <= rank}
        if seen != before:
            found[visibility] = _part(store, seen, set(known) - seen, version, day)
        before = seen
    return found


def _part(
    store: ox.Store, seen: Iterable[str], hidden: set[str], version: str, today: date
) -> list[ox.Quad]:
    part = ox.Store()
    for name in map(ox.NamedNode, sorted(seen)):
        quads = store.quads_for_pattern(None, None, None, name)
        part.extend(q for q in quads if name != META or not _names(q, hidden))
    found = [*part, *derive(part, today=today)]
    return found + network_quads(found, version, today=today)


def _names(quad: ox.Quad, hidden: set[str]) -> bool:
    """Tell whether a statement names a hidden graph."""
    return any(getattr(term, "value", None) in hidden for term in (quad.subject, quad.object))
