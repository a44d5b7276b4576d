"""Clusters and networks: which steps of the value chain their members cover."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.keeping import kept
from api.pages.reading import OrganisationLine, Step, organisation_lines, value_chain
from graph.store import Store

__all__ = ["ClusterLine", "covered_chain", "read_clusters"]


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A cluster with what its members cover, as far as sources name them.

    Attributes:
        cluster: The cluster itself.
        members: How many members the graph knows.
        counts: For each step, in its order, how many members claim a capability in it.
    """

    cluster: OrganisationLine
    members: int
    counts: tuple[int, ...]

    @property
    def covered(self) -> int:
        """How many steps at least one member covers."""
        return sum(count > 0 for count in self.counts)


def _members(lines: Sequence[OrganisationLine], cluster: str) -> list[OrganisationLine]:
    return [line for line in lines if cluster in line.clusters]


@kept
def covered_chain(store: Store, language: str, cluster: str) -> tuple[Step, ...]:
    """Return the steps with how many members of a cluster (IRI) claim a capability in each."""
    members = _members(organisation_lines(store, language), cluster)
    counts = Counter(step for line in members for step in line.steps)
    chain = value_chain(store, language)
    return tuple(replace(step, organisations=counts[step.iri]) for step in chain)


@kept
def read_clusters(store: Store, language: str) -> tuple[ClusterLine, ...]:
    """Return every cluster with a known member: those that cover most first, then by name."""
    lines = organisation_lines(store, language)
    named = {iri for line in lines for iri in line.clusters}
    found = [
        ClusterLine(
            cluster=line,
            members=len(_members(lines, line.iri)),
            counts=tuple(s.organisations for s in covered_chain(store, language, line.iri)),
        )
        for line in lines
        if line.iri in named
    ]
    return tuple(sorted(found, key=lambda c: (-c.covered, -c.members, c.cluster.name.casefold())))
