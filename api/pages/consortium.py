"""What the consortium page shows: the suggestion with its pictures and its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.pages.addresses import ConsortiumAddress
from api.pages.front import Front, draw_front
from api.pages.lanes import Group, draw_lanes, letters
from api.pages.network import Network, draw_network
from api.pages.ranking import Proposal, rank
from api.pages.sites import Sites, draw_sites
from api.schemas.consortium import AssignmentOut, ConsortiumOut, EvidenceOut, MemberOut, NamedOut
from graph.consortium.answer import Suggestion
from graph.model import Landscape

__all__ = [
    "Answer",
    "ConsortiumView",
    "EvidenceLine",
    "Standby",
    "standbys",
    "view_consortium",
]


@dataclass(frozen=True, slots=True)
class Standby:
    """An organisation that could serve a requirement.

    Attributes:
        organisation: IRI.
        grade: ``full`` or ``to-be-confirmed``.
        score: Worth of its match, 0.0-1.0.
    """

    organisation: str
    grade: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion in one language.

    Attributes:
        document: The suggestion.
        landscape: What it was found in.
        standbys: For each requirement who qualifies, the cheapest first.
        demands: For each requirement what it demands beside its competence.
    """

    document: ConsortiumOut
    landscape: Landscape
    standbys: Mapping[str, tuple[Standby, ...]] = field(default_factory=dict)
    demands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def standbys(suggestion: Suggestion) -> dict[str, tuple[Standby, ...]]:
    """Return who qualifies for each requirement, as far as the suggestion names them."""
    return {
        requirement: tuple(Standby(c.organisation, c.grade.value, c.score) for c in candidates)
        for requirement, candidates in suggestion.candidates
    }


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A statement that carries an assignment, or would as well (``is_main`` is false)."""

    member: MemberOut
    assignment: AssignmentOut
    evidence: EvidenceOut
    is_main: bool


@dataclass(frozen=True, slots=True)
class ConsortiumView:
    """Everything that the template of the consortium page needs.

    Attributes:
        document: The suggestion.
        address: What was asked.
        letters: Letter of each member by IRI.
        lanes: Requirements against members.
        network: Who is documented to have worked with whom.
        sites: The map.
        front: Members against cost.
        ranking: The suggestion and what else there is, ranked.
        evidence: Every statement that an assignment rests on.
        pinned: Organisations asked for, with their names.
        excluded: Organisations left out, with their names.
        labels: Label of each requirement by IRI.
        standbys: For each requirement who else qualifies, by name.
        demands: For each requirement what it demands beside its competence.
    """

    document: ConsortiumOut
    address: ConsortiumAddress
    letters: Mapping[str, str]
    lanes: tuple[Group, ...]
    network: Network
    sites: Sites
    front: Front
    ranking: tuple[Proposal, ...]
    evidence: tuple[EvidenceLine, ...]
    pinned: tuple[NamedOut, ...]
    excluded: tuple[NamedOut, ...]
    labels: Mapping[str, str]
    standbys: Mapping[str, tuple[tuple[NamedOut, Standby], ...]]
    demands: Mapping[str, tuple[str, ...]]

    @property
    def served(self) -> int:
        """How many requirements are served."""
        every = {a.requirement for m in self.document.members for a in m.assignments}
        return len(every)

    @property
    def cautions(self) -> list[MemberOut]:
        """Members that a reader must know something about first."""
        return [m for m in self.document.members if m.caution or m.active != "yes"]

    def changes(self, organisations: Sequence[NamedOut]) -> tuple[list[NamedOut], list[NamedOut]]:
        """Return who of some organisations is new, and which members they lack."""
        ours = {member.iri for member in self.document.members}
        theirs = {organisation.iri for organisation in organisations}
        joining = [organisation for organisation in organisations if organisation.iri not in ours]
        leaving = [
            NamedOut(iri=m.iri, name=m.name) for m in self.document.members if m.iri not in theirs
        ]
        return joining, leaving

    def only(self, organisations: Sequence[NamedOut]) -> ConsortiumAddress:
        """Return the address that asks for exactly these organisations as members."""
        return self.address.pinning(*(organisation.iri for organisation in organisations))


def view_consortium(
    answer: Answer, address: ConsortiumAddress, order: Mapping[str, int]
) -> ConsortiumView:
    """Put a suggestion into the form that the page shows.

    Args:
        answer: The suggestion.
        address: What was asked.
        order: Place of each value-chain step.
    """
    document = _in_chain_order(answer.document, order)
    return ConsortiumView(
        document=document,
        address=address,
        letters=letters(document.members),
        lanes=draw_lanes(document, order),
        network=draw_network(document.members, answer.landscape),
        sites=draw_sites(document),
        front=draw_front(document.front),
        ranking=rank(document),
        evidence=_evidence(document),
        pinned=_named(address.pinned, answer.landscape),
        excluded=_named(address.excluded, answer.landscape),
        labels={r.iri: r.label for r in document.enquiry.requirements},
        standbys=_outside(answer),
        demands=answer.demands,
    )


def _outside(answer: Answer) -> dict[str, tuple[tuple[NamedOut, Standby], ...]]:
    """Leave out of the standbys of each requirement who is a member anyway."""
    members = {member.iri for member in answer.document.members}
    known = answer.landscape.organisations
    return {
        requirement: tuple(
            (NamedOut(iri=s.organisation, name=known[s.organisation].name), s)
            for s in found
            if s.organisation not in members
        )
        for requirement, found in answer.standbys.items()
    }


def _in_chain_order(document: ConsortiumOut, order: Mapping[str, int]) -> ConsortiumOut:
    """Order the members by the first thing each does, so that the lanes read as a staircase."""
    rows = [row.requirement.iri for group in draw_lanes(document, order) for row in group.rows]
    place = {iri: position for position, iri in enumerate(rows)}

    def first(member: MemberOut) -> int:
        return min((place[a.requirement] for a in member.assignments), default=len(place))

    return document.model_copy(update={"members": sorted(document.members, key=first)})


def _evidence(document: ConsortiumOut) -> tuple[EvidenceLine, ...]:
    order = {r.iri: position for position, r in enumerate(document.enquiry.requirements)}
    lines = [
        EvidenceLine(member, assignment, evidence, is_main)
        for member in document.members
        for assignment in member.assignments
        for evidence, is_main in [
            (assignment.evidence, True),
            *((other, False) for other in assignment.other_evidence),
        ]
    ]
    return tuple(sorted(lines, key=lambda line: order[line.assignment.requirement]))


def _named(words: Sequence[str], landscape: Landscape) -> tuple[NamedOut, ...]:
    """Name organisations that an address gives by IRI, identifier or name."""
    names = {iri.rpartition("/org-")[2]: o.name for iri, o in landscape.organisations.items()}
    names |= {iri: o.name for iri, o in landscape.organisations.items()}
    return tuple(NamedOut(iri=word, name=names.get(word, word)) for word in words)
