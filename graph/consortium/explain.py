"""Turn the numbers of a found consortium into members, assignments, interfaces and costs."""

import numpy as np

from graph.consortium.answer import (
    Assignment,
    CostBreakdown,
    Evidence,
    GroupCount,
    Interface,
    Lead,
    LeadReason,
    Member,
    MemberReason,
    NextBest,
    Replacement,
)
from graph.consortium.groups import belongs
from graph.consortium.problem import Problem
from graph.matching.geography import great_circle_km
from graph.model import Claim, GroupRule, Truth
from graph.network import brokers

__all__ = ["Explanation"]


class Explanation:
    """A found consortium with the means to explain it.

    Attributes:
        entries: Entry of each served slot, by slot.
        team: Organisation numbers (of the index) of all members, pinned idle ones included.
    """

    def __init__(self, problem: Problem, entries: tuple[int, ...], kept: frozenset[int]) -> None:
        """Bind a solution to its problem.

        Args:
            problem: The problem.
            entries: Entry of each served slot.
            kept: Slots for which the proof of fewest members left one entry only.
        """
        self.problem = problem
        self.entries = {int(problem.instance.slot[e]): e for e in entries}
        self._kept = kept
        working = {self.owner(slot) for slot in self.entries}
        self.team = tuple(sorted(working | set(problem.idle)))

    def owner(self, slot: int) -> int:
        """Return the organisation number that serves a slot."""
        compact = self.problem.instance.organisation[self.entries[slot]]
        return int(self.problem.numbers[compact])

    def iri(self, number: int) -> str:
        """Return the IRI of an organisation number."""
        return self.problem.index.organisations[number].iri

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return requirement and organisation of each first source, in order."""
        problem = self.problem
        return tuple(
            (
                problem.enquiry.requirements[problem.requirement[slot]].iri,
                self.iri(self.owner(slot)),
            )
            for slot in sorted(self.entries)
            if not problem.is_second_source[slot]
        )

    def assignment(self, slot: int) -> Assignment:
        """Explain who serves a slot, with what evidence, and who else could."""
        problem = self.problem
        matches = problem.matches[problem.requirement[slot]]
        entry = self.entries[slot]
        candidate = matches.candidate(int(problem.candidate[entry]), int(problem.chosen[entry]))
        return Assignment(
            requirement=candidate.requirement,
            organisation=candidate.organisation,
            relation=candidate.relation,
            grade=candidate.grade,
            checks=candidate.checks,
            cost_km=candidate.cost_km,
            score=candidate.score,
            evidence=_evidence(candidate.claim),
            other_evidence=tuple(_evidence(claim) for claim in candidate.other_claims),
            next_best=self._next_best(slot, candidate.cost_km),
            candidates=problem.able[problem.requirement[slot]],
            is_second_source=problem.is_second_source[slot],
        )

    def _next_best(self, slot: int, cost_km: int) -> NextBest | None:
        problem = self.problem
        matches = problem.matches[problem.requirement[slot]]
        for number in matches.ranked(2).tolist():
            if int(matches.organisations[number]) != self.owner(slot):
                other = int(matches.best_costs[number])
                claim = matches.demands.index.claims[int(matches.rows[matches.best[number]])]
                name = self.iri(int(matches.organisations[number]))
                return NextBest(name, claim.iri, other, other - cost_km)
        return None

    def members(
        self, lead: Lead | None, replacements: dict[int, Replacement]
    ) -> tuple[Member, ...]:
        """Return the members, the lead first, then by IRI."""
        members = [self._member(number, lead, replacements.get(number)) for number in self.team]
        return tuple(sorted(members, key=lambda m: (not m.is_lead, m.organisation)))

    def _member(self, number: int, lead: Lead | None, replacement: Replacement | None) -> Member:
        organisation = self.problem.index.organisations[number]
        own = [slot for slot in sorted(self.entries) if self.owner(slot) == number]
        needed = self._needed_for(own)
        return Member(
            organisation=organisation.iri,
            name=organisation.name,
            assignments=tuple(self.assignment(slot) for slot in own),
            could_serve=tuple(
                m.requirement.iri for m in self.problem.matches if number in m.organisations
            ),
            is_lead=lead is not None and lead.organisation == organisation.iri,
            reasons=self._reasons(number, own),
            needed_for=needed,
            is_active=organisation.is_active,
            caution=organisation.caution,
            replacement=replacement,
        )

    def _needed_for(self, own: list[int]) -> tuple[str, ...]:
        problem = self.problem
        slots = [slot for slot in own if problem.is_only(slot) or slot in self._kept]
        numbers = dict.fromkeys(problem.requirement[slot] for slot in slots)
        return tuple(problem.enquiry.requirements[number].iri for number in numbers)

    def _reasons(self, number: int, own: list[int]) -> tuple[MemberReason, ...]:
        enquiry, position = self.problem.enquiry, self.problem.index.position
        wanted = {position[iri] for iri in enquiry.pinned}
        if enquiry.lead is not None:
            wanted.add(position[enquiry.lead])
        reasons = []
        if number in wanted:
            reasons.append(MemberReason.PINNED)
        if any(self.problem.is_only(slot) for slot in own):
            reasons.append(MemberReason.ONLY_CANDIDATE)
        if any(slot in self._kept and not self.problem.is_only(slot) for slot in own):
            reasons.append(MemberReason.NEEDED_FOR_FEWEST_MEMBERS)
        return tuple(reasons) or (MemberReason.LEAST_COST,)

    def interfaces(self) -> tuple[Interface, ...]:
        """Return the hand-overs between served requirements."""
        edges = self.problem.instance.handovers.edges
        return tuple(
            self._interface(r, s) for r, s in edges if r in self.entries and s in self.entries
        )

    def _interface(self, r: int, s: int) -> Interface:
        problem = self.problem
        first, second = self.owner(r), self.owner(s)
        ends = (
            problem.enquiry.requirements[problem.requirement[r]].iri,
            problem.enquiry.requirements[problem.requirement[s]].iri,
            self.iri(first),
            self.iri(second),
        )
        handovers, cooperation = problem.instance.handovers, problem.cooperation
        row, column = np.array([self.entries[r]]), np.array([self.entries[s]])
        km = float(handovers.distances_km(row, column)[0, 0])
        distance = None if np.isnan(km) else km
        if first == second:
            return Interface(*ends, True, distance, 0, 0, 0, 0)
        cost = int(handovers.distance_costs(row, column)[0, 0])
        kappa, bonus = handovers.kappa_km, cooperation.bonus_km(first, second)
        ties = cooperation.ties(first, second)
        known = () if ties else brokers(first, second, cooperation)
        return Interface(
            *ends,
            is_internal=False,
            distance_km=distance,
            distance_cost_km=cost,
            kappa_km=kappa,
            bonus_km=bonus,
            cost_km=cost + kappa - bonus,
            ties=ties,
            shared_clusters=cooperation.shared_clusters(first, second),
            brokers=tuple(self.iri(number) for number in known),
        )

    def cost(self, interfaces: tuple[Interface, ...]) -> CostBreakdown:
        """Add up the parts of the cost."""
        match = sum(int(self.problem.instance.cost[e]) for e in self.entries.values())
        distance = sum(i.distance_cost_km for i in interfaces)
        kappa = sum(i.kappa_km for i in interfaces)
        bonus = -sum(i.bonus_km for i in interfaces)
        return CostBreakdown(match, distance, kappa, bonus, match + distance + kappa + bonus)

    def groups(self) -> tuple[GroupCount, ...]:
        """Tell how each group rule is met."""
        return tuple(self._group(rule) for rule in self.problem.enquiry.groups)

    def _group(self, rule: GroupRule) -> GroupCount:
        truths = belongs(rule, np.array(self.team, dtype=np.int64), self.problem.index)
        known, unknown = truths.count(Truth.YES), truths.count(Truth.UNKNOWN)
        most = len(truths) if rule.at_most is None else rule.at_most
        if rule.at_least <= known and known + unknown <= most:
            truth = Truth.YES
        elif rule.at_least <= known + unknown and known <= most:
            truth = Truth.UNKNOWN
        else:
            truth = Truth.NO
        return GroupCount(rule, known, unknown, truth)

    def lead(self) -> Lead | None:
        """Propose a lead: one that serves several requirements and is close to the others.

        Closeness is the sum of distances to the other members less the bonuses with them.
        Whoever may be closing comes last; equal ones are decided by IRI.
        """
        if not self.team:
            return None
        ranked = sorted(self.team, key=self._lead_key)
        demanded = self.problem.enquiry.lead
        chosen = ranked[0] if demanded is None else self.problem.index.position[demanded]
        others = [number for number in ranked if number != chosen]
        distance, bonus = self._closeness(chosen)
        runner = sum(self._closeness(others[0])[i] * (1, -1)[i] for i in (0, 1)) if others else None
        return Lead(
            organisation=self.iri(chosen),
            reason=self._lead_reason(chosen),
            distance_km=distance,
            bonus_km=bonus,
            serves=self._serves(chosen),
            runner_up=self.iri(others[0]) if others else None,
            runner_up_km=runner,
        )

    def _lead_reason(self, number: int) -> LeadReason:
        if self.problem.enquiry.lead is not None:
            return LeadReason.DEMANDED
        if len(self.team) == 1:
            return LeadReason.ONLY_MEMBER
        if self._serves(number) > 1:
            return LeadReason.SERVES_SEVERAL_AND_CLOSEST
        return LeadReason.CLOSEST

    def _serves(self, number: int) -> int:
        return sum(
            self.owner(slot) == number
            for slot in self.entries
            if not self.problem.is_second_source[slot]
        )

    def _lead_key(self, number: int) -> tuple[bool, bool, int, int, int]:
        distance, bonus = self._closeness(number)
        serves = self._serves(number)
        active = self.problem.index.organisations[number].is_active
        return active is not Truth.YES, serves < 2, distance - bonus, -serves, number

    def _closeness(self, number: int) -> tuple[int, int]:
        others = [other for other in self.team if other != number]
        bonus = sum(self.problem.cooperation.bonus_km(number, other) for other in others)
        return sum(self._distance(number, other) for other in others), bonus

    def _distance(self, one: int, two: int) -> int:
        places = [self.problem.index.organisations[n].place for n in (one, two)]
        first, second = places
        if first is None or second is None:
            return self.problem.unknown_distance_km
        return round(
            float(
                great_circle_km(first.latitude, first.longitude, second.latitude, second.longitude)
            )
        )


def _evidence(claim: Claim) -> Evidence:
    return Evidence(
        claim=claim.iri,
        term=claim.term,
        detail=claim.detail,
        source=claim.source,
        year=claim.evidence_year,
        basis=claim.basis,
        confidence=claim.confidence,
    )
