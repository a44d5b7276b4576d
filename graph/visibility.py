"""Who sees which statement: a store of named graphs, cut into one part for each visibility.

The description of a graph in ``graph/meta`` decides (``dct:accessRights``); a graph without one
is internal. So is one whose partner states a condition (``odrl:hasPolicy``) that prohibits passing
it on, or one that nobody here knows. A part holds what its visibility may see and what the rules
derive from that alone, so nothing hidden is left to be found by a count, a path or an error text.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from graph.communities import NETWORK, network_quads
from graph.rules import DERIVED, derive
from graph.store import Visibility
from graph.store.generations import Origin
from graph.vocabulary import GRAPH, PREFIXES
from graph.written import as_text

__all__ = [
    "COMPUTED",
    "META",
    "POLICY",
    "View",
    "level_of",
    "levels",
    "names",
    "parts",
    "passable_policies",
    "views",
]

META = ox.NamedNode(GRAPH["meta"])
"""The graph that describes all graphs."""

COMPUTED = (DERIVED, NETWORK)
"""The graphs that are made anew for each visibility, from what it may see."""

_RIGHTS = ox.NamedNode("http://purl.org/dc/terms/accessRights")

POLICY = ox.NamedNode(f"{PREFIXES['odrl']}hasPolicy")
"""What states in ``graph/meta`` a condition under which a graph may be used (ODRL)."""

_ONTOLOGY = ox.NamedNode(GRAPH["ontology"])
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SET, _PROHIBITION, _ACTION = (
    ox.NamedNode(PREFIXES["odrl"] + name) for name in ("Set", "prohibition", "action")
)
_PASSING_ON = frozenset(
    {
        f"{PREFIXES['odrl']}distribute",
        f"{PREFIXES['odrl']}use",
        "http://creativecommons.org/ns#Distribution",
    }
)
"""Actions of ODRL of which any answer to somebody else is one."""

_EU = "http://publications.europa.eu/resource/authority/access-right/"
_LEVELS = {
    f"{_EU}PUBLIC": Visibility.PUBLIC,
    f"{_EU}RESTRICTED": Visibility.PARTNERS,
    f"{_EU}NON_PUBLIC": Visibility.INTERNAL,
}
_ORDER = list(Visibility)
_OPEN = {str(META.value): Visibility.PUBLIC}
"""What everybody needs to read anything is open, whether or not it describes itself."""


def levels(store: ox.Store) -> dict[str, Visibility]:
    """Return the visibility of every named graph, by its IRI.

    A graph with two visibilities has the tighter one.
    """
    passable = passable_policies(store)
    return {
        str(name.value): level_of(store.quads_for_pattern(name, None, None, META), passable)
        for name in store.named_graphs()
    } | _OPEN


def level_of(said: Iterable[ox.Quad], passable: Collection[str]) -> Visibility:
    """Return the visibility of a graph by what is said of it.

    Args:
        said: Statements about the graph.
        passable: What :func:`passable_policies` returns. A graph with another policy is internal,
            whatever is said of its access rights.
    """
    known = []
    for quad in said:
        value = str(getattr(quad.object, "value", ""))
        if quad.predicate == _RIGHTS:
            known.append(_LEVELS.get(value, Visibility.INTERNAL))
        elif quad.predicate == POLICY and value not in passable:
            known.append(Visibility.INTERNAL)
    return max(known, key=_ORDER.index, default=Visibility.INTERNAL)


def passable_policies(store: ox.Store) -> frozenset[str]:
    """Return the IRIs of the policies of the ontology that do not prohibit passing data on.

    Only the ontology is asked, so nobody can write a policy that opens a graph.
    """
    found = set()
    for quad in store.quads_for_pattern(None, _TYPE, _SET, _ONTOLOGY):
        rules = store.quads_for_pattern(quad.subject, _PROHIBITION, None, _ONTOLOGY)
        if not any(_forbids_passing_on(store, rule.object) for rule in rules):
            found.add(str(getattr(quad.subject, "value", "")))
    return frozenset(found)


def _forbids_passing_on(store: ox.Store, rule: object) -> bool:
    """Tell whether a prohibition is about passing data on; one without an action is about all."""
    if not isinstance(rule, ox.NamedNode | ox.BlankNode):
        return True
    actions = {
        str(getattr(quad.object, "value", ""))
        for quad in store.quads_for_pattern(rule, _ACTION, None, _ONTOLOGY)
    }
    return not actions or bool(actions & _PASSING_ON)


@dataclass(frozen=True, slots=True)
class View:
    """What one visibility sees.

    Attributes:
        visibility: Whose view it is.
        seen: IRIs of the graphs that it sees; computed ones are not among them.
        hidden: IRIs of those that it does not see.
    """

    visibility: Visibility
    seen: frozenset[str]
    hidden: frozenset[str]

    def shows(self, quad: ox.Quad) -> bool:
        """Tell whether a statement of a source graph is in this view."""
        if getattr(quad.graph_name, "value", None) not in self.seen:
            return False
        return quad.graph_name != META or not _names(quad, self.hidden)


def views(known: Mapping[str, Visibility]) -> list[View]:
    """Return the views of graphs with the given levels, the narrowest first.

    A visibility that sees no more than the one before is left out, as
    :meth:`graph.store.Manifest.nearest` expects.
    """
    computed = {str(name.value) for name in COMPUTED}
    sources = {name: level for name, level in known.items() if name not in computed}
    found: list[View] = []
    for rank, visibility in enumerate(_ORDER):
        seen = frozenset(n for n, level in sources.items() if _ORDER.index(level) <= rank)
        if not found or seen != found[-1].seen:
            found.append(View(visibility, seen, frozenset(sources) - seen))
    return found


def names(
    origin: Origin, written: Iterable[ox.Quad], seen: Iterable[View]
) -> dict[Visibility, str]:
    """Return the version of each part: the same content in the same store has the same name."""
    quads = list(written)
    return {
        view.visibility: origin.name(as_text(quad for quad in quads if view.shows(quad)))
        for view in seen
    }


def parts(
    store: ox.Store,
    version: str,
    *,
    today: date | None = None,
    named: Mapping[Visibility, str] | None = None,
) -> dict[Visibility, list[ox.Quad]]:
    """Cut a store into what each visibility may see, derived and measured statements included.

    Args:
        store: Source graphs as named graphs; :data:`COMPUTED` ones in it are not read.
        version: Graph version that this becomes.
        today: Day on which rules judge validity; the current one by default.
        named: Versions of the parts, where they have other ones (:func:`names`).

    Returns:
        The quads of each part; see :func:`views`.
    """
    day = today or date.today()
    return {
        view.visibility: _part(store, view, (named or {}).get(view.visibility, version), day)
        for view in views(levels(store))
    }


def _part(store: ox.Store, view: View, version: str, today: date) -> list[ox.Quad]:
    part = ox.Store()
    for name in map(ox.NamedNode, sorted(view.seen)):
        part.extend(filter(view.shows, store.quads_for_pattern(None, None, None, name)))
    found = [*part, *derive(part, today=today)]
    return found + network_quads(found, version, today=today)


def _names(quad: ox.Quad, hidden: Collection[str]) -> bool:
    """Tell whether a statement names a hidden graph."""
    return any(getattr(term, "value", None) in hidden for term in (quad.subject, quad.object))
