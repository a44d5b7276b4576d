"""The sentences that explain a suggestion, made from its structured reasons."""

from collections.abc import Mapping

from api.i18n import Texts
from api.i18n import noop as _noop
from graph.consortium.answer import (
    Examined,
    FrontPoint,
    Gap,
    GapReason,
    Interface,
    Lead,
    LeadReason,
    MemberReason,
    Proof,
    Relaxation,
    Robustness,
    Status,
    WeightRange,
)
from graph.matching.values import Check, CheckKind, CheckReason, Relation
from graph.model import Limit

__all__ = ["Wording"]


_RELATION = {
    Relation.EXACT: _noop("offers exactly this"),
    Relation.NARROWER: _noop("offers something narrower, which answers it"),
    Relation.BROADER: _noop("offers something broader: to be confirmed"),
}
_MEMBER = {
    MemberReason.PINNED: _noop("wanted by the enquirer"),
    MemberReason.ONLY_CANDIDATE: _noop("the only known provider"),
    MemberReason.NEEDED_FOR_FEWEST_MEMBERS: _noop("without it more members would be needed"),
    MemberReason.LEAST_COST: _noop("the least effort for match and hand-overs"),
}
_LEAD = {
    LeadReason.DEMANDED: _noop("wanted as lead by the enquirer"),
    LeadReason.ONLY_MEMBER: _noop("the only member"),
    LeadReason.SERVES_SEVERAL_AND_CLOSEST: _noop(
        "covers several requirements and is closest to the other members"
    ),
    LeadReason.CLOSEST: _noop("is closest to the other members"),
}
_GAP = {
    GapReason.NO_CLAIM: _noop("Nobody in the graph is known to offer it."),
    GapReason.STEP_MISMATCH: _noop("It is offered, but for another step of the value chain."),
    GapReason.MATERIAL_MISSED: _noop("It is offered, but for other materials."),
    GapReason.LIMIT_MISSED: _noop("It is offered, but not within the required limits."),
    GapReason.CERTIFICATE_EXPIRED: _noop("It is offered, but the certificate has expired."),
    GapReason.CLAIM_EXPIRED: _noop("It was offered, but what was stated is no longer valid."),
    GapReason.CERTIFICATE_MISSING: _noop("It is offered, but without the required certificate."),
    GapReason.OUTSIDE_DISTRICTS: _noop("It is offered, but outside the districts allowed."),
    GapReason.TOO_FAR: _noop("It is offered, but farther away than allowed."),
    GapReason.CLOSING: _noop("Its only providers are closing."),
    GapReason.EXCLUDED: _noop("Its only providers were excluded by the enquirer."),
    GapReason.NOT_CONFIRMED: _noop("It is offered, but not confirmed, which the enquiry demands."),
    GapReason.NO_SECOND_SOURCE: _noop("There is one provider, but no second source."),
    GapReason.CAPACITY: _noop("There are providers, but what they can make in all is not enough."),
    GapReason.MEMBER_LIMIT: _noop("There are providers, but not within the number of members."),
    GapReason.CONDITIONS: _noop("There are providers, but the other conditions keep them out."),
    GapReason.TIME_LIMIT: _noop("Time ran out before it was decided."),
}
_CHECK = {
    CheckKind.STEP: _noop("value-chain step"),
    CheckKind.MATERIAL: _noop("material"),
    CheckKind.LIMIT: _noop("limit"),
    CheckKind.CERTIFICATE: _noop("certificate"),
    CheckKind.DISTRICT: _noop("district"),
    CheckKind.DISTANCE: _noop("distance"),
    CheckKind.VALIDITY: _noop("validity of the claim"),
    CheckKind.STATUS: _noop("operating status"),
    CheckKind.ENQUIRER: _noop("wish of the enquirer"),
}
_FINDING = {
    CheckReason.STATED: _noop("stated"),
    CheckReason.NARROWER_STATED: _noop("something narrower is stated"),
    CheckReason.BROADER_STATED: _noop("only something broader is stated"),
    CheckReason.SAME_FAMILY_STATED: _noop("something of the same family is stated"),
    CheckReason.OTHER_STATED: _noop("something else is stated"),
    CheckReason.NOT_STATED: _noop("not stated"),
    CheckReason.WITHIN: _noop("within what is asked"),
    CheckReason.OUTSIDE: _noop("outside what is asked"),
    CheckReason.HELD: _noop("held"),
    CheckReason.EXPIRED: _noop("expired"),
    CheckReason.EXPIRES_IN_REFERENCE_YEAR: _noop("expires this year"),
    CheckReason.ACTIVE: _noop("active"),
    CheckReason.CLOSING: _noop("a source reports that it closes"),
    CheckReason.TO_BE_VERIFIED: _noop("whether it still operates is to be verified"),
    CheckReason.EXCLUDED: _noop("excluded"),
}
_EXAMINED = {
    Examined.FEWEST_MEMBERS: _noop(
        "Time ran out before everybody was priced: next best ones, alternatives and replacements "
        "are told only of those who can be in a consortium of so few members."
    ),
    Examined.PROMISING: _noop(
        "Time ran out before everybody was priced: only some who serve much were looked at."
    ),
}
"""What to add unless everybody was looked at."""

_WEIGHT = {
    "match.beta_km": _noop("cost of a claim of no worth"),
    "handover.distance_weight": _noop("weight of distance"),
    "handover.kappa_km": _noop("cost of working together"),
}


class Wording:
    """Sentences of one language, with the labels of one landscape."""

    def __init__(self, texts: Texts, labels: Mapping[str, str]) -> None:
        self.texts = texts
        self._labels = labels

    def label(self, iri: str) -> str:
        """Return the label of a concept, or the last part of its IRI."""
        return self._labels.get(iri) or iri.rpartition("/")[2].rpartition("#")[2]

    def relation(self, relation: Relation) -> str:
        """Say how the claimed competence stands to the required one."""
        return self.texts(_RELATION[relation])

    def member(self, reason: MemberReason) -> str:
        """Say why an organisation is a member."""
        return self.texts(_MEMBER[reason])

    def lead(self, lead: Lead) -> str:
        """Say why an organisation should lead."""
        return self.texts(_LEAD[lead.reason])

    def gap(self, gap: Gap) -> str:
        """Say why a requirement stays open."""
        return self.texts(_GAP[gap.reason])

    def check(self, check: Check) -> str:
        """Say what was asked and what was found, such as ``certificate ISO 9001: not stated``."""
        what = self.texts(_CHECK[check.kind])
        if check.required:
            what = f"{what} {self.label(check.required)}"
        if check.required_limit is not None:
            what = f"{what} {self.limit(check.required_limit)}"
        found = self.texts(_FINDING[check.reason])
        if check.distance_km is not None:
            found = self.texts("{km} km", km=self.texts.number(check.distance_km))
        return f"{what}: {found}"

    def limit(self, limit: Limit) -> str:
        """Return a range such as ``10 to 800`` in the reference unit of its dimension."""
        low, high = (
            None if bound is None else self.texts.number(bound, 0 if bound == round(bound) else 2)
            for bound in (limit.minimum, limit.maximum)
        )
        if low is None:
            return self.texts("up to {high}", high=high)
        if high is None:
            return self.texts("from {low}", low=low)
        return self.texts("{low} to {high}", low=low, high=high)

    def interface(self, interface: Interface) -> str:
        """Say what a hand-over rests on: distance and shared history."""
        if interface.is_internal:
            return self.texts("in one house")
        if interface.distance_km is None:
            distance = self.texts("distance not known")
        else:
            distance = self.texts("{km} km", km=self.texts.number(interface.distance_km))
        known = [tie.label for tie in interface.ties if tie.label]
        known += [self.label(cluster) for cluster in interface.shared_clusters]
        if known:
            return f"{distance}; {self.texts('together in {known}', known=self.texts.join(known))}"
        return distance

    def proof(self, status: Status, proof: Proof, members: int, cost_km: int | None) -> str:
        """Say what is proven, and among whom what surrounds it was looked for."""
        proven = self._proven(status, proof, members, cost_km)
        among = _EXAMINED.get(proof.examined)
        if among is None or status is Status.UNDECIDED:
            return proven
        return f"{proven} {self.texts(among)}"

    def _proven(self, status: Status, proof: Proof, members: int, cost_km: int | None) -> str:
        if status is Status.INFEASIBLE:
            return self.texts("Proven: nobody can meet these conditions.")
        if status is Status.UNDECIDED:
            return self.texts("Time ran out before a consortium was found.")
        if members == 0:
            return self.texts("Proven: nobody in the graph covers any requirement.")
        if status is Status.OPTIMAL:
            return self.texts.count(
                "Proven: no consortium covers more, and none does it with one member at less "
                "than {cost} km equivalents.",
                "Proven: no consortium covers more or needs fewer than {n} members, and none of "
                "{n} members costs less than {cost} km equivalents.",
                members,
                cost=self.texts.number(cost_km or 0),
            )
        bound = proof.lower_bound_km
        if bound is None:
            return self.texts("The best found in time; how far it is from the best is not known.")
        return self.texts(
            "The best found in time: no consortium of this size costs less than {bound} km "
            "equivalents, so at most {gap} of its cost could be saved.",
            bound=self.texts.number(bound),
            gap=self.texts.percent(proof.gap_share),
        )

    def front(self, point: FrontPoint) -> str:
        """Say at what price of a member a point of the front begins to win."""
        if point.cost_km is None:
            if point.is_proven:
                return self.texts("Proven: there is no consortium of this size.")
            return self.texts("Time ran out before one of this size was found.")
        if point.break_even_km is not None:
            return self.texts(
                "Better as long as one member more costs less than {km} km equivalents.",
                km=self.texts.number(point.break_even_km),
            )
        if point.is_efficient:
            return self.texts("The fewest members.")
        return self.texts("Costs no less than fewer members do.")

    def relaxation(self, found: Relaxation) -> str:
        """Say what to give up and what that brings."""
        if found.allowed_km is not None:
            what = self.texts("Allow {km} km", km=self.texts.number(found.allowed_km))
        else:
            what = self.texts(_CHECK[found.kind])
            label = self.label(found.required) if found.required else ""
            what = self.texts("Give up: {what}", what=f"{what} {label}".strip())
        brings = self.texts.count(
            "then served, with {n} member at {cost} km equivalents",
            "then served, with {n} members at {cost} km equivalents",
            found.members,
            cost=self.texts.number(found.cost_km),
        )
        return f"{what}: {brings}"

    def weight_range(self, found: WeightRange) -> str:
        """Say from which to which value of a weight the suggestion stays best."""
        weight = self.texts(_WEIGHT[found.weight])
        low, high = (
            None if bound is None else self._short(bound) for bound in (found.low, found.high)
        )
        if high is None and not found.low:
            return self.texts("{weight}: best whatever it is", weight=weight)
        if high is None:
            return self.texts("{weight}: best from {low}", weight=weight, low=low)
        if not found.low:
            return self.texts("{weight}: best up to {high}", weight=weight, high=high)
        return self.texts("{weight}: best from {low} to {high}", weight=weight, low=low, high=high)

    def _short(self, value: float) -> str:
        return self.texts.number(value, 2 if value < 10 else 0)

    def robustness(self, found: Robustness, worst: str) -> str:
        """Say how well the consortium bears that somebody drops out."""
        parts = [
            self.texts(
                "For {share} of the requirements somebody else qualifies within {km} km.",
                share=self.texts.percent(found.second_source_share),
                km=self.texts.number(found.area_km),
            )
        ]
        if found.single_points:
            parts.append(
                self.texts.count(
                    "{n} member cannot be replaced by anybody known.",
                    "{n} members cannot be replaced by anybody known.",
                    len(found.single_points),
                )
            )
        elif found.worst_loss_km is not None:
            parts.append(
                self.texts.count(
                    "The hardest loss is {name}: {n} member more, {km} km equivalents more.",
                    "The hardest loss is {name}: {n} members more, {km} km equivalents more.",
                    found.worst_extra_members or 0,
                    name=worst,
                    km=self.texts.number(found.worst_loss_km),
                )
            )
        return " ".join(parts)
