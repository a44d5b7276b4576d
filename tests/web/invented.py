"""An invented suggestion to draw: two members and a gap. No such organisations exist."""

from api.schemas.consortium import (
    AssignmentOut,
    ConsortiumOut,
    CostOut,
    EnquiryOut,
    EvidenceOut,
    FrontOut,
    GapOut,
    MemberOut,
    NamedOut,
    ProofOut,
    ReasonOut,
    RequirementOut,
    RunOut,
)

__all__ = ["invent"]


def _named(word: str, name: str = "") -> NamedOut:
    return NamedOut(iri=f"https://example.org/{word}", name=name or word)


def _assignment(requirement: str, score: float, source: str) -> AssignmentOut:
    return AssignmentOut(
        requirement=requirement,
        label=requirement,
        offered=_named(requirement),
        relation=ReasonOut(code="exact", text="offers exactly this"),
        grade="full",
        score=score,
        cost_km=1,
        checks=[],
        to_be_confirmed=[],
        evidence=EvidenceOut(
            claim="https://example.org/claim",
            term="term",
            detail="",
            source=source,
            year=2020,
            basis="stated",
            confidence=0.9,
        ),
        other_evidence=[],
        next_best=None,
        candidates=2,
        second_source=False,
    )


def _member(
    word: str,
    serves: list[str],
    could: list[str],
    name: str,
    source: str,
    place: tuple[float, float] | None,
) -> MemberOut:
    return MemberOut(
        iri=f"https://example.org/org-{word}",
        name=name,
        kind="Company",
        town=f"Town of {word}",
        district=None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        lead=False,
        reasons=[ReasonOut(code="least-cost", text="the least effort")],
        caution="",
        active="yes",
        assignments=[_assignment(r, 0.8, source) for r in serves],
        could_serve=[*serves, *could],
        replacement=None,
    )


_PROOF = ProofOut(
    text="Proven.",
    coverage_proven=True,
    fewest_members_proven=True,
    cost_proven=True,
    lower_bound_km=10,
    gap_share=0.0,
    candidates=3,
    pairs=4,
    examined="everybody",
    pairs_left=2,
    nodes=5,
)
_RUN = RunOut(
    graph_version="1", software_version="0", reference_year=2026, elapsed_ms=1.0, parameters={}
)


def _gap(word: str) -> GapOut:
    return GapOut(
        requirement=word,
        label=word,
        competence=_named(word),
        mandatory=True,
        reason=ReasonOut(code="no-claim", text="Nobody is known to offer it."),
        near_misses=[],
        nearest=[],
        developers=[],
        networks=[],
    )


def _requirement(word: str, step: str) -> RequirementOut:
    return RequirementOut(
        iri=word,
        label=word,
        competence=_named(word),
        step=_named(step),
        mandatory=True,
        candidates=0 if word == "sawing" else 3,
    )


def _front(members: int, cost_km: int | None) -> FrontOut:
    return FrontOut(
        members=members,
        cost_km=cost_km,
        lower_bound_km=None,
        proven=True,
        break_even_km=None,
        text="",
        organisations=[],
    )


def invent(
    name: str = "Ann",
    source: str = "https://example.org/page",
    places: tuple[tuple[float, float] | None, ...] = ((50.93, 11.59), (50.98, 11.03)),
) -> ConsortiumOut:
    """Return a suggestion: Ann does the late cutting, Bob the early casting, nobody the sawing."""
    steps = {"cutting": "late", "casting": "early", "sawing": "late"}
    requirements = [_requirement(word, step) for word, step in steps.items()]
    return ConsortiumOut(
        enquiry=EnquiryOut(iri="urn:test", title="A test", source="", requirements=requirements),
        status="optimal",
        coverage=2 / 3,
        proof=_PROOF,
        members=[
            _member("ann", ["cutting"], [], name, source, places[0]),
            _member("bob", ["casting"], ["cutting"], "Bob", source, places[1]),
        ],
        interfaces=[],
        additions=[],
        gaps=[_gap("sawing")],
        cost=CostOut(match_km=4, distance_km=5, cooperation_km=1, bonus_km=0, total_km=10),
        front=[_front(*point) for point in ((2, 10), (3, 5), (4, None))],
        lead=None,
        alternatives=[],
        relaxations=[],
        sensitivity=None,
        robustness=None,
        run=_RUN,
    )
