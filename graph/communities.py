"""The collaboration network, measured: communities, brokers, and where it would tear.

What is measured becomes ``graph/network``, so that queries can ask for it. The result depends on
nothing but the statements given and the day: not on their order or the machine.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad
from rdflib.namespace import PROV, RDF, SKOS, XSD

from graph.vocabulary import GRAPH, ID, VB

if TYPE_CHECKING:  # a third of a second to import, which only loading needs
    import networkx as nx

__all__ = [
    "NETWORK",
    "READ",
    "Community",
    "Network",
    "Standing",
    "measure",
    "network_quads",
    "run_quads",
]

NETWORK = NamedNode(GRAPH["network"])
"""The graph that holds what was measured."""

READ = tuple(map(NamedNode, (VB.collaboratedWith, VB.sameOrganisationAs, SKOS.prefLabel)))
"""The properties that measuring reads, the labels last."""

_RUN = NamedNode(ID["run-network"])
_DIGITS = 6
_INTEGER = NamedNode(XSD.integer)
_DECIMAL = NamedNode(XSD.decimal)
_TIME = NamedNode(XSD.dateTime)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an organisation stands in the network.

    Attributes:
        betweenness: Share of the shortest paths between two others that lead over it, 0 to 1,
            rounded to six digits [1]_.
        partners: Number of organisations with which it has a documented collaboration.
        parts: Number of parts into which its component would fall without it; 1 when it would
            stay whole, more when it is an articulation point.

    References:
        .. [1] Freeman, L. C. (1977). A set of measures of centrality based on betweenness.
           Sociometry, 40(1), 35-41.
    """

    betweenness: float
    partners: int
    parts: int


@dataclass(frozen=True, slots=True)
class Community:
    """Organisations that collaborate more among themselves than with others.

    Attributes:
        centre: IRI of the member with the greatest betweenness, then the most partners, then the
            first IRI.
        members: IRIs of the members, sorted.
    """

    centre: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """What was measured.

    Attributes:
        standings: By IRI of the organisation, sorted; organisations without a partner are not in.
        communities: The largest first, then by first member; each organisation is in one.
    """

    standings: dict[str, Standing]
    communities: tuple[Community, ...]


def measure(pairs: Iterable[Pair], same: Iterable[Pair] = ()) -> Network:
    """Measure the network of documented collaboration.

    Communities come from greedy modularity maximisation [1]_. Ties are not weighted: how often
    two have worked together says more about what was published than about them.

    Args:
        pairs: IRIs of two organisations that have worked together, in any order and direction.
        same: IRIs of two entries of one organisation. The first of them in order stands for all.

    Note:
        Betweenness takes ``O(n * m)`` for ``n`` organisations and ``m`` pairs (Brandes 2001).

    References:
        .. [1] Clauset, A., Newman, M. E. J., Moore, C. (2004). Finding community structure in
           very large networks. Physical Review E, 70, 066111.
    """
    representative = _representatives(same)
    ends = ((representative.get(a, a), representative.get(b, b)) for a, b in pairs)
    edges = sorted({(min(a, b), max(a, b)) for a, b in ends if a != b})
    names = sorted({name for edge in edges for name in edge})
    number = {name: n for n, name in enumerate(names)}
    import networkx as nx

    network: nx.Graph[int] = nx.Graph()
    # numbers, because the order in which Python walks a set of texts differs from run to run
    network.add_nodes_from(range(len(names)))
    network.add_edges_from((number[a], number[b]) for a, b in edges)
    standings = dict(zip(names, _standings(network), strict=True))
    return Network(standings, _communities(network, names, standings))


def _representatives(same: Iterable[Pair]) -> dict[str, str]:
    """Return for each entry of an organisation with several the first of them."""
    import networkx as nx

    entries: nx.Graph[str] = nx.Graph()
    entries.add_edges_from(same)
    groups = map(sorted, nx.connected_components(entries))
    return {entry: group[0] for group in groups for entry in group}


def _standings(network: "nx.Graph[int]") -> Iterator[Standing]:
    import networkx as nx

    between = nx.betweenness_centrality(network, normalized=True)
    parts: Counter[int] = Counter()
    for block in nx.biconnected_components(network):
        parts.update(block)  # type: ignore[arg-type]  # types-networkx wraps the set twice
    for node in range(network.number_of_nodes()):
        partners = len(list(network.neighbors(node)))
        yield Standing(round(between[node], _DIGITS), partners, parts[node])


def _communities(
    network: "nx.Graph[int]", names: list[str], standings: dict[str, Standing]
) -> tuple[Community, ...]:
    import networkx as nx

    if not names:
        return ()
    found = nx.community.greedy_modularity_communities(network)
    groups = [tuple(sorted(names[node] for node in group)) for group in found]
    return tuple(
        Community(min(group, key=lambda name: _rank(name, standings[name])), group)
        for group in sorted(groups, key=lambda group: (-len(group), group))
    )


def _rank(name: str, standing: Standing) -> tuple[float, int, str]:
    return -standing.betweenness, -standing.partners, name


def network_quads(
    quads: Iterable[Quad], graph_version: str, *, today: date | None = None
) -> list[Quad]:
    """Measure the network in the statements that one visibility sees.

    Args:
        quads: All of them, with those that the rules derive. Nothing else is read, so the result
            tells nothing that this visibility does not entail.
        graph_version: Version of the graph that is measured.
        today: Day of the run, the one for which the rules derived; the current one by default.

    Returns:
        Quads of ``graph/network``, sorted by their text: for each organisation with a partner its
        standing and community, each community with a label, and the run that made them. Every
        entry of an organisation with several gets the standing of the one that stands for it.
    """
    pairs, same, labels = _statements(quads)
    network = measure(pairs, same)
    found = [*run_quads(graph_version, today or date.today())]
    entries = defaultdict(list)
    for entry, name in _representatives(same).items():
        entries[name].append(entry)
    for name, standing in network.standings.items():
        for entry in entries.get(name, [name]):
            found += _standing_quads(entry, standing)
    for n, community in enumerate(network.communities, start=1):
        members = [e for name in community.members for e in entries.get(name, [name])]
        found += _community_quads(n, community, members, labels.get(community.centre))
    return sorted(found, key=str)


def _statements(quads: Iterable[Quad]) -> tuple[list[Pair], list[Pair], dict[str, str]]:
    """Pick collaborations, same organisations and German or other labels."""
    pairs: list[Pair] = []
    same: list[Pair] = []
    labels: dict[str, tuple[bool, str]] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode):
            continue
        if isinstance(value, NamedNode):
            if quad.predicate.value == str(VB.collaboratedWith):
                pairs.append((subject.value, value.value))
            elif quad.predicate.value == str(VB.sameOrganisationAs):
                same.append((subject.value, value.value))
        elif isinstance(value, Literal) and quad.predicate.value == str(SKOS.prefLabel):
            label = (value.language != "de", value.value)
            labels[subject.value] = min(label, labels.get(subject.value, label))
    return pairs, same, {subject: text for subject, (_, text) in labels.items()}


def _quad(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(predicate), value, NETWORK)


def run_quads(graph_version: str, day: date) -> Iterator[Quad]:
    """Yield what is said of the run that measured a graph version on a day."""
    parameters = {
        "betweenness": "networkx.betweenness_centrality, normalized, unweighted",
        "communities": "networkx.community.greedy_modularity_communities, unweighted",
        "networkx": version_of("networkx"),
    }
    yield _quad(NETWORK, PROV.wasGeneratedBy, _RUN)
    yield _quad(_RUN, RDF.type, NamedNode(PROV.Activity))
    # the day only, because the same version must give the same statements all day long
    started = Literal(f"{day.isoformat()}T00:00:00Z", datatype=_TIME)
    yield _quad(_RUN, PROV.startedAtTime, started)
    yield _quad(_RUN, PROV.used, NamedNode(GRAPH["derived"]))
    yield _quad(_RUN, VB.graphVersion, Literal(graph_version))
    yield _quad(_RUN, VB.softwareVersion, Literal(version_of("verbund")))
    yield _quad(_RUN, VB.parameters, Literal(json.dumps(parameters, sort_keys=True)))


def _standing_quads(name: str, standing: Standing) -> Iterator[Quad]:
    subject = NamedNode(name)
    # without closing zeros, as the engine writes decimals
    digits = f"{standing.betweenness:.{_DIGITS}f}".rstrip("0").rstrip(".")
    share = Literal(digits, datatype=_DECIMAL)
    yield _quad(subject, VB.betweenness, share)
    yield _quad(subject, VB.numberOfPartners, _integer(standing.partners))
    yield _quad(subject, VB.partsWithout, _integer(standing.parts))


def _community_quads(
    n: int, community: Community, members: list[str], label: str | None
) -> Iterator[Quad]:
    subject = NamedNode(ID[f"community-{n}"])
    name = community.centre if label is None else label
    yield _quad(subject, RDF.type, NamedNode(VB.Community))
    yield _quad(subject, SKOS.prefLabel, Literal(f"Gemeinschaft um {name}", language="de"))
    yield _quad(subject, SKOS.prefLabel, Literal(f"Community around {name}", language="en"))
    yield _quad(subject, VB.numberOfMembers, _integer(len(community.members)))
    for member in members:
        yield _quad(NamedNode(member), VB.inCommunity, subject)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=_INTEGER)
