"""From an enquiry to a suggestion."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

from graph.consortium.additions import additions
from graph.consortium.answer import (
    Examined,
    Gap,
    GapReason,
    Proof,
    Run,
    Status,
    Suggestion,
)
from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.development import developers, networks_to_ask
from graph.consortium.explain import Explanation
from graph.consortium.gaps import explain_gap
from graph.consortium.plan import Plan, Planner
from graph.consortium.problem import Problem
from graph.consortium.relax import relaxations
from graph.consortium.robustness import robustness
from graph.consortium.sensitivity import sensitivity
from graph.consortium.solve import Solved, solve
from graph.consortium.variants import (
    alternative_outcomes,
    alternatives,
    front,
    front_outcomes,
    replacements,
)
from graph.matching import Candidate
from graph.matching.match import match_requirement, related_spans
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["suggest"]

_MOST_CANDIDATES = 10

_MOST_CLAIMS_LATE = 10_000
"""Claims that are still looked through when time is up, to say why a requirement stays open."""

_KEPT_AFTER_FRONT = 0.5
"""Share of the time that is kept for what follows the front, however much time that could use."""

_KEPT_AFTER_ALTERNATIVES = 0.25


def suggest(
    enquiry: Enquiry,
    landscape: Landscape,
    settings: Settings,
    is_cancelled: Callable[[], bool] | None = None,
) -> Suggestion:
    """Answer an enquiry with the best provable consortium.

    The objective is lexicographic: serve the most mandatory requirements, then the most second
    sources of these, then the most other requirements (and their second sources), with the
    fewest members, at the least cost of matches and hand-overs. The answer is exact unless time
    runs out; then it says what is proven and how far off it can be.

    The same enquiry, landscape and settings give the same answer (but for the time taken), as
    long as time suffices. The order of organisations, claims and ties does not matter.

    Args:
        enquiry: What is needed.
        landscape: Who offers what. The first call builds an index, which later calls reuse.
        settings: Weights, reference year, time budget.
        is_cancelled: Asked often; when it says so, the best answer so far is returned.

    Returns:
        The suggestion. That requirements stay open, or that nobody can meet the conditions, is
        an answer, not an error.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
    """
    clock = Clock(settings.time_budget_s, is_cancelled)
    try:
        solved = solve(enquiry, landscape, settings, clock)
    except OutOfTimeError:
        return _cancelled(enquiry, landscape, settings, clock)
    return _answered(solved, landscape, settings, clock)


def _answered(solved: Solved, landscape: Landscape, settings: Settings, clock: Clock) -> Suggestion:
    """Return what a solved enquiry is told: the answer, what is near it, and what it lacks."""
    problem, planner, plan = solved.problem, solved.planner, solved.plan
    explanation = Explanation(problem, plan.outcome.entries, _kept_slots(solved))
    planner.clock = clock.short_of(_KEPT_AFTER_FRONT)
    points = front_outcomes(problem, planner, plan, settings.front_extra if problem.is_whole else 0)
    planner.clock = clock.short_of(_KEPT_AFTER_ALTERNATIVES)
    others = alternative_outcomes(problem, planner, plan, settings.alternatives)
    planner.clock = clock
    replaced = {}
    if settings.replacements and problem.examined is not Examined.PROMISING:
        replaced = replacements(problem, planner, plan)
    lead = explanation.lead() if plan.is_feasible else None
    members = explanation.members(lead, replaced) if plan.is_feasible else ()
    interfaces = explanation.interfaces()
    answer = Suggestion(
        enquiry=problem.enquiry,
        status=_status(plan),
        members=members,
        interfaces=interfaces,
        gaps=_gaps(solved, settings, clock),
        cost=explanation.cost(interfaces) if plan.is_feasible else None,
        proof=_proof(problem, planner, plan),
        front=front(problem, points),
        lead=lead,
        alternatives=alternatives(problem, plan, others),
        groups=explanation.groups() if plan.is_feasible else (),
        sensitivity=sensitivity(problem, settings.weights, plan.outcome, points, others),
        run=_run(landscape, settings, clock),
    )
    if clock.nobody_waits:
        return answer
    answer = _with_outlook(answer, solved, landscape, settings, clock)
    return replace(answer, run=_run(landscape, settings, clock))


def _with_outlook(
    answer: Suggestion, solved: Solved, landscape: Landscape, settings: Settings, clock: Clock
) -> Suggestion:
    """Add who else could serve, what would close a gap, and how much hangs on single members."""
    problem, entries = solved.problem, solved.plan.outcome.entries
    stability = None
    if problem.is_whole:  # else it is not known who could stand in
        stability = robustness(problem, entries, answer.members, answer.interfaces)
    return replace(
        answer,
        candidates=_candidates(problem),
        relaxations=relaxations(problem.enquiry, answer.gaps, landscape, settings, clock),
        robustness=stability,
        additions=additions(solved, answer.gaps),
    )


def _cancelled(
    enquiry: Enquiry, landscape: Landscape, settings: Settings, clock: Clock
) -> Suggestion:
    """Return what can be said when somebody cancels before the search has begun: nothing."""
    return Suggestion(
        enquiry=enquiry,
        status=Status.UNDECIDED,
        members=(),
        interfaces=(),
        gaps=tuple(
            Gap(r.iri, r.is_mandatory, GapReason.TIME_LIMIT, claims=0) for r in enquiry.requirements
        ),
        cost=None,
        proof=Proof(
            coverage_proven=False,
            fewest_members_proven=False,
            cost_proven=False,
            lower_bound_km=None,
            gap_share=0.0,
            examined=Examined.PROMISING,
            candidates=0,
            pairs=0,
            pairs_left=0,
            nodes=0,
        ),
        front=(),
        lead=None,
        alternatives=(),
        groups=(),
        run=_run(landscape, settings, clock),
    )


def _run(landscape: Landscape, settings: Settings, clock: Clock) -> Run:
    return Run(
        parameters=settings.parameters(),
        reference_year=settings.reference_year,
        graph_version=landscape.version,
        software_version=_software_version(),
        elapsed_ms=clock.elapsed_ms,
    )


def _candidates(problem: Problem) -> tuple[tuple[str, tuple[Candidate, ...]], ...]:
    return tuple((m.requirement.iri, m.cheapest(_MOST_CANDIDATES)) for m in problem.matches)


def _status(plan: Plan) -> Status:
    if not plan.is_feasible:
        return Status.INFEASIBLE if plan.coverage_proven else Status.UNDECIDED
    is_proven = plan.coverage_proven and plan.members_proven and plan.outcome.is_complete
    return Status.OPTIMAL if is_proven else Status.FEASIBLE


def _kept_slots(solved: Solved) -> frozenset[int]:
    """Return the slots of which the proof of fewest members leaves one entry only.

    An entry can stay only if, with its organisation in, the members left can cover the rest.
    """
    instance, table = solved.planner.instance, solved.planner.table
    if not solved.served or solved.problem.examined is Examined.PROMISING:
        return frozenset()
    stays = (table[solved.served & ~instance.masks] < solved.plan.members)[instance.organisation]
    kept = set()
    for slot, (first, last) in enumerate(pairwise(instance.starts.tolist())):
        own = instance.organisation[first:last][stays[first:last]]  # ascending
        if len(own) and own[0] == own[-1]:
            kept.add(slot)
    return frozenset(kept)


def _gaps(solved: Solved, settings: Settings, clock: Clock) -> tuple[Gap, ...]:
    problem, served = solved.problem, solved.served
    count = len(problem.matches)
    if served.bit_count() == len(problem.requirement):
        return ()
    blocked = _blocked_reason(solved.planner, solved.plan)
    gaps = []
    for slot, number in enumerate(problem.requirement):
        if served >> slot & 1:
            continue
        if slot < count:
            gaps.append((number, _gap(problem, number, blocked, settings, clock)))
        elif served >> number & 1:
            reason = GapReason.NO_SECOND_SOURCE
            gaps.append((number, _gap(problem, number, reason, settings, clock, True)))
    ordered = [gap for _, gap in sorted(gaps, key=lambda pair: pair[0])]
    return tuple(_with_ways_on(problem, gap) for gap in ordered)


def _gap(
    problem: Problem,
    number: int,
    blocked: GapReason,
    settings: Settings,
    clock: Clock,
    is_second_source: bool = False,
) -> Gap:
    """Explain a gap by all that stands in a relation to its requirement, priced before or not."""
    matches = problem.matches[number]
    if problem.is_whole:
        return explain_gap(matches, blocked, is_second_source)
    requirement, able = matches.requirement, problem.able[number]
    claims = sum(len(span) for span in related_spans(requirement.competence, problem.index))
    if claims > _MOST_CLAIMS_LATE and clock.is_over:
        reason = blocked if able else GapReason.TIME_LIMIT
        return Gap(
            requirement.iri,
            requirement.is_mandatory,
            reason,
            claims=able,
            candidates=matches.names,
            is_second_source=is_second_source,
        )
    every = match_requirement(requirement, problem.enquiry, problem.index, settings)
    return explain_gap(every, blocked, is_second_source)


def _with_ways_on(problem: Problem, gap: Gap) -> Gap:
    """Add who could develop what nobody offers, and whom to ask."""
    if gap.candidates:
        return gap
    return replace(
        gap,
        developers=developers(gap, problem.index, problem.cooperation),
        networks=networks_to_ask(gap, problem.index),
    )


def _blocked_reason(planner: Planner, plan: Plan) -> GapReason:
    """Say why somebody who qualifies is not taken."""
    if not plan.coverage_proven:
        return GapReason.TIME_LIMIT
    if int(planner.table[planner.instance.coverable]) > planner.most:
        return GapReason.MEMBER_LIMIT
    if _covers_more_without_limits(planner, plan):
        return GapReason.CAPACITY
    return GapReason.CONDITIONS


def _covers_more_without_limits(planner: Planner, plan: Plan) -> bool:
    """Tell whether what claims can make in all is what keeps a consortium from covering more."""
    instance = planner.instance
    if not instance.capacities:
        return False
    try:
        free = planner.variant(replace(instance, capacities=())).plan()
    except OutOfTimeError:
        return False  # somebody has cancelled, and nobody is told
    most = max((target.bit_count() for target in plan.targets), default=-1)
    return free.is_feasible and free.targets[0].bit_count() > most


def _proof(problem: Problem, planner: Planner, plan: Plan) -> Proof:
    outcome = plan.outcome
    bound = outcome.lower_bound if plan.is_feasible else None
    share = 0.0
    if bound is not None and outcome.cost > 0:
        share = (outcome.cost - bound) / outcome.cost
    return Proof(
        coverage_proven=plan.coverage_proven,
        fewest_members_proven=plan.members_proven,
        cost_proven=plan.is_feasible and outcome.is_complete,
        lower_bound_km=bound,
        gap_share=share,
        examined=problem.examined,
        candidates=problem.candidates,
        pairs=len(problem.instance.slot),
        pairs_left=outcome.entries_left,
        nodes=planner.nodes,
    )


@cache
def _software_version() -> str:
    try:
        return version("verbund")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"
