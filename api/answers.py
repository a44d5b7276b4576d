"""From the engine's suggestion to names, sentences and sources of one language."""

from api.i18n import texts
from api.schemas.consortium import (
    AdditionOut,
    AlternativeOut,
    AssignmentOut,
    CheckOut,
    ConsortiumOut,
    CostOut,
    DeveloperOut,
    EnquiryOut,
    EvidenceOut,
    FrontOut,
    GapOut,
    InterfaceOut,
    LeadOut,
    MemberOut,
    NamedOut,
    NearestOut,
    NearMissOut,
    NetworkToAskOut,
    NextBestOut,
    ProofOut,
    ReasonOut,
    RelaxationOut,
    ReplacementOut,
    RequirementOut,
    RobustnessOut,
    RunOut,
    SensitivityOut,
    WeightRangeOut,
)
from api.wording import Wording
from graph.consortium import answer as core
from graph.matching.values import Check
from graph.model import Landscape, Organisation, Requirement, Truth

__all__ = ["answer"]


def answer(
    suggestion: core.Suggestion, landscape: Landscape, language: str = "de"
) -> ConsortiumOut:
    """Put a suggestion into names and sentences of one language.

    Args:
        suggestion: What the engine found.
        landscape: What it was found in; read with the same language for its labels.
        language: ``de`` or ``en``.
    """
    return _Presenter(suggestion, landscape, language).whole()


class _Presenter:
    def __init__(self, suggestion: core.Suggestion, landscape: Landscape, language: str) -> None:
        labels = dict(landscape.labels)
        labels |= {iri: c.label for iri, c in landscape.scheme.competences.items()}
        self.wording = Wording(texts(language), labels)
        self.suggestion = suggestion
        self.landscape = landscape
        self.requirements = {r.iri: r for r in suggestion.enquiry.requirements}
        self.claims = {c.iri: c for c in landscape.claims}

    def whole(self) -> ConsortiumOut:
        found = self.suggestion
        return ConsortiumOut(
            enquiry=self.enquiry(),
            status=found.status.value,
            coverage=found.coverage,
            proof=self.proof(),
            members=[self.member(m) for m in found.members],
            interfaces=[self.interface(i) for i in found.interfaces],
            gaps=[self.gap(g) for g in found.gaps],
            cost=CostOut.model_validate(found.cost) if found.cost else None,
            front=[self.front(p) for p in found.front],
            lead=self.lead(found.lead),
            alternatives=[self.alternative(a) for a in found.alternatives],
            relaxations=[self.relaxation(r) for r in found.relaxations],
            sensitivity=self.sensitivity(found.sensitivity),
            robustness=self.robustness(found.robustness),
            additions=[self.addition(a) for a in found.additions],
            run=_run(found.run),
        )

    def organisation(self, iri: str) -> Organisation:
        return self.landscape.organisations[iri]

    def named(self, iri: str) -> NamedOut:
        return NamedOut(iri=iri, name=self.organisation(iri).name)

    def concept(self, iri: str) -> NamedOut:
        return NamedOut(iri=iri, name=self.wording.label(iri))

    def label(self, requirement: Requirement) -> str:
        return requirement.label or self.wording.label(requirement.competence)

    def enquiry(self) -> EnquiryOut:
        asked = self.suggestion.enquiry
        counts = {a.requirement: a.candidates for a in self.suggestion.assignments}
        return EnquiryOut(
            iri=asked.iri,
            title=asked.title,
            source=asked.source,
            requirements=[self.requirement(r, counts.get(r.iri, 0)) for r in asked.requirements],
        )

    def requirement(self, asked: Requirement, candidates: int) -> RequirementOut:
        competence = self.landscape.scheme.competences.get(asked.competence)
        step = asked.step or (competence.step if competence else None)
        return RequirementOut(
            iri=asked.iri,
            label=self.label(asked),
            competence=self.concept(asked.competence),
            step=self.concept(step) if step else None,
            mandatory=asked.is_mandatory,
            candidates=candidates,
        )

    def proof(self) -> ProofOut:
        found, proof = self.suggestion, self.suggestion.proof
        total = found.cost.total_km if found.cost else None
        return ProofOut(
            text=self.wording.proof(found.status, proof, len(found.members), total),
            coverage_proven=proof.coverage_proven,
            fewest_members_proven=proof.fewest_members_proven,
            cost_proven=proof.cost_proven,
            lower_bound_km=proof.lower_bound_km,
            gap_share=proof.gap_share,
            examined=proof.examined.value,
            candidates=proof.candidates,
            pairs=proof.pairs,
            pairs_left=proof.pairs_left,
            nodes=proof.nodes,
        )

    def member(self, member: core.Member) -> MemberOut:
        organisation = self.organisation(member.organisation)
        place = organisation.place
        return MemberOut(
            iri=member.organisation,
            name=member.name,
            kind=organisation.kind,
            town=place.town if place else "",
            district=self.concept(place.district) if place and place.district else None,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            lead=member.is_lead,
            reasons=[ReasonOut(code=r.value, text=self.wording.member(r)) for r in member.reasons],
            caution=member.caution,
            active=member.is_active.value,
            assignments=[self.assignment(a) for a in member.assignments],
            could_serve=list(member.could_serve),
            replacement=self.replacement(member.replacement),
        )

    def assignment(self, found: core.Assignment) -> AssignmentOut:
        unknown = [c for c in found.checks if c.truth is Truth.UNKNOWN]
        offered = self.claims[found.evidence.claim].competence
        return AssignmentOut(
            requirement=found.requirement,
            label=self.label(self.requirements[found.requirement]),
            offered=self.concept(offered),
            relation=ReasonOut(
                code=found.relation.value, text=self.wording.relation(found.relation)
            ),
            grade=found.grade.value,
            score=round(found.score, 3),
            cost_km=found.cost_km,
            checks=[self.check(c) for c in found.checks],
            to_be_confirmed=[self.wording.check(c) for c in unknown],
            evidence=EvidenceOut.model_validate(found.evidence),
            other_evidence=[EvidenceOut.model_validate(e) for e in found.other_evidence],
            next_best=self.next_best(found.next_best),
            candidates=found.candidates,
            second_source=found.is_second_source,
        )

    def check(self, check: Check) -> CheckOut:
        return CheckOut(
            kind=check.kind.value, truth=check.truth.value, text=self.wording.check(check)
        )

    def next_best(self, found: core.NextBest | None) -> NextBestOut | None:
        if found is None:
            return None
        return NextBestOut(organisation=self.named(found.organisation), more_km=found.more_km)

    def replacement(self, found: core.Replacement | None) -> ReplacementOut | None:
        if found is None:
            return None
        again, drop_in = found.reoptimised, found.drop_in
        return ReplacementOut(
            lost_requirements=list(found.lost_requirements),
            drop_in=self.named(drop_in.organisation) if drop_in else None,
            drop_in_loss_km=drop_in.loss_km if drop_in else None,
            reoptimised=[self.named(o) for o in again.organisations] if again else None,
            reoptimised_loss_km=again.loss_km if again else None,
            extra_members=again.extra_members if again else None,
            proven=found.is_decided and (again is None or again.is_proven),
        )

    def interface(self, found: core.Interface) -> InterfaceOut:
        return InterfaceOut(
            from_requirement=found.from_requirement,
            to_requirement=found.to_requirement,
            from_organisation=self.named(found.from_organisation),
            to_organisation=self.named(found.to_organisation),
            internal=found.is_internal,
            distance_km=None if found.distance_km is None else round(found.distance_km, 1),
            cost_km=found.cost_km,
            bonus_km=found.bonus_km,
            text=self.wording.interface(found),
            sources=sorted({tie.source for tie in found.ties if tie.source}),
        )

    def gap(self, gap: core.Gap) -> GapOut:
        asked = self.requirements[gap.requirement]
        return GapOut(
            requirement=gap.requirement,
            label=self.label(asked),
            competence=self.concept(asked.competence),
            mandatory=gap.is_mandatory,
            reason=ReasonOut(code=gap.reason.value, text=self.wording.gap(gap)),
            near_misses=[
                NearMissOut(
                    organisation=self.named(m.organisation), text=self.wording.check(m.failed)
                )
                for m in gap.near_misses
            ],
            nearest=[
                NearestOut(
                    competence=NamedOut(iri=n.competence, name=n.label),
                    organisations=[self.named(o) for o in n.organisations],
                    holders=n.holders,
                )
                for n in gap.nearest
            ],
            developers=[self.developer(d) for d in gap.developers],
            networks=[
                NetworkToAskOut(cluster=self.concept(n.cluster), organisations=n.organisations)
                for n in gap.networks
            ],
        )

    def developer(self, found: core.Developer) -> DeveloperOut:
        return DeveloperOut(
            organisation=self.named(found.organisation),
            competence=self.concept(found.competence),
            steps_away=found.steps_away,
            partners=[self.named(o) for o in found.partners],
            acquainted=list(found.acquainted),
        )

    def addition(self, found: core.Addition) -> AdditionOut:
        return AdditionOut(
            requirement=found.requirement,
            label=self.label(self.requirements[found.requirement]),
            organisation=self.named(found.organisation),
            competence=self.concept(found.competence),
            steps_away=found.steps_away,
            saves=None if found.saves is None else self.named(found.saves),
        )

    def front(self, point: core.FrontPoint) -> FrontOut:
        return FrontOut(
            members=point.members,
            cost_km=point.cost_km,
            lower_bound_km=point.lower_bound_km,
            proven=point.is_proven,
            break_even_km=point.break_even_km,
            text=self.wording.front(point),
            organisations=[self.named(o) for o in point.organisations],
        )

    def lead(self, lead: core.Lead | None) -> LeadOut | None:
        if lead is None:
            return None
        return LeadOut(
            organisation=self.named(lead.organisation),
            reason=ReasonOut(code=lead.reason.value, text=self.wording.lead(lead)),
            runner_up=self.named(lead.runner_up) if lead.runner_up else None,
        )

    def alternative(self, found: core.Alternative) -> AlternativeOut:
        return AlternativeOut(
            organisations=[self.named(o) for o in found.organisations],
            assignments={r: self.named(o) for r, o in found.assignments},
            cost_km=found.cost_km,
            more_km=found.more_km,
            shared=found.shared,
            proven=found.is_proven,
        )

    def relaxation(self, found: core.Relaxation) -> RelaxationOut:
        asked = self.requirements[found.requirement]
        return RelaxationOut(
            requirement=found.requirement,
            label=self.label(asked),
            kind=found.kind.value,
            text=self.wording.relaxation(found),
            organisation=self.named(found.organisation),
            mandatory_served=found.mandatory_served,
            served=found.served,
            members=found.members,
            cost_km=found.cost_km,
            proven=found.is_proven,
        )

    def sensitivity(self, found: core.Sensitivity | None) -> SensitivityOut | None:
        if found is None:
            return None
        return SensitivityOut(
            member_price_km=round(found.member_price_km, 1),
            ranges=[self.weight_range(r) for r in found.ranges],
            compared=found.compared,
        )

    def weight_range(self, found: core.WeightRange) -> WeightRangeOut:
        return WeightRangeOut(
            weight=found.weight,
            value=found.value,
            low=round(found.low, 3),
            high=None if found.high is None else round(found.high, 3),
            low_rival=[self.named(o) for o in found.low_rival],
            high_rival=[self.named(o) for o in found.high_rival],
            text=self.wording.weight_range(found),
        )

    def robustness(self, found: core.Robustness | None) -> RobustnessOut | None:
        if found is None:
            return None
        worst = None if found.worst is None else self.named(found.worst)
        return RobustnessOut(
            second_source_share=found.second_source_share,
            area_km=round(found.area_km, 1),
            without_second_source=list(found.without_second_source),
            single_points=[self.named(o) for o in found.single_points],
            worst=worst,
            worst_extra_members=found.worst_extra_members,
            worst_loss_km=found.worst_loss_km,
            decided=found.is_decided,
            text=self.wording.robustness(found, "" if worst is None else worst.name),
        )


def _run(run: core.Run) -> RunOut:
    return RunOut(
        graph_version=run.graph_version,
        software_version=run.software_version,
        reference_year=run.reference_year,
        elapsed_ms=round(run.elapsed_ms, 1),
        parameters=run.parameters,
    )
