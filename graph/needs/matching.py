"""Which research organisations and centres answer a need, by the grades and reasons of claims.

Beside its claims an organisation answers with what its sources name as equipment, with the
centres that it takes part in, and with the projects that it has worked on. A project counts as
relevant when the words of its title or field name what is needed, or something narrower.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.lexicon import read_lexicon
from graph.matching import Candidate, Grade, index_of, match
from graph.model import Enquiry, Landscape, Requirement
from graph.needs.values import Need
from graph.reading import rows
from graph.settings import Settings
from graph.store import Row, Store
from graph.understanding import Lexicon, understand

__all__ = ["Facility", "PastProject", "ResearchMatch", "match_need", "read_past_projects"]

_RESEARCH = frozenset({"ResearchInstitution", "TransferCentre"})
_CENTRES = frozenset({"innovation-centre", "transfer-centre"})


@dataclass(frozen=True, slots=True)
class PastProject:
    """A project with what it is about.

    Attributes:
        iri: Identifier.
        name: Name to show.
        kind: Local name of its kind, or empty.
        year: Last year it is known for, or ``None``.
        partners: IRIs of those who take part.
        competences: IRIs of the competences that its words name.
        source: URL of the page, or empty.
    """

    iri: str
    name: str
    kind: str
    year: int | None
    partners: frozenset[str]
    competences: frozenset[str]
    source: str = ""

    @property
    def is_centre(self) -> bool:
        """It is a standing centre rather than a project with an end."""
        return self.kind in _CENTRES


@dataclass(frozen=True, slots=True)
class Facility:
    """What an organisation can work with: equipment that a source names, or a centre.

    Attributes:
        thing: IRI of the claim or centre.
        name: Words of the source, or name of the centre.
        source: URL of the page, or empty.
    """

    thing: str
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResearchMatch:
    """A research organisation or centre that answers a need.

    Attributes:
        organisation: IRI that stands for it.
        answers: Its best claim for each competence that it answers, in the order of the need.
        required: How many competences the need has.
        score: Mean score of the answers over all competences of the need, 0.0-1.0.
        facilities: Equipment named by the claims that answer, then centres.
        projects: Relevant projects, the latest first.
    """

    organisation: str
    answers: tuple[Candidate, ...]
    required: int
    score: float
    facilities: tuple[Facility, ...]
    projects: tuple[PastProject, ...]


def read_past_projects(
    store: Store, landscape: Landscape, today: date, lexicon: Lexicon | None = None
) -> tuple[PastProject, ...]:
    """Return every project with partners, and the competences that its words name.

    Args:
        store: Where the graph lives.
        landscape: Its landscape.
        today: Day from which dates in texts count.
        lexicon: Words of the store; read when omitted.
    """
    words = lexicon or read_lexicon(store, landscape)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows(store, "project-partners"):
        groups[str(row["project"])].append(row)
    return tuple(_project(iri, group, words, today) for iri, group in groups.items())


def _project(iri: str, group: list[Row], lexicon: Lexicon, today: date) -> PastProject:
    # the German name first: it is the one that every project has
    row = min(group, key=lambda r: (getattr(r["label"], "language", "") != "de", str(r["label"])))
    text = f"{row['label']}. {row.get('field', '')}"
    read = understand(text, lexicon, today=today)
    year = str(row.get("end", row.get("start", "")))[:4]
    return PastProject(
        iri=iri,
        name=str(row["label"]),
        kind=str(row.get("kind", "")).rpartition("/")[2],
        year=int(year) if year.isdigit() else None,
        partners=frozenset(str(r["organisation"]) for r in group),
        competences=frozenset(r.competence for r in read.requirements),
        source=str(row.get("source", "")),
    )


def match_need(
    need: Need, landscape: Landscape, settings: Settings, projects: Sequence[PastProject] = ()
) -> tuple[ResearchMatch, ...]:
    """Return the research organisations and centres that answer a need, the best first.

    More competences answered count first, then more of them fully (exact or narrower claims),
    then more relevant projects, then the better score; equal ones stand in the order of IRIs. An
    organisation without any claim that answers is left out: a project alone says what somebody
    has taken part in, not what they can do.

    Args:
        need: The need.
        landscape: Who claims what.
        settings: Weights and reference year.
        projects: Projects with partners; see :func:`read_past_projects`.
    """
    wanted = need.said.competences
    requirements = tuple(Requirement(f"{need.iri}#{n}", iri) for n, iri in enumerate(wanted, 1))
    known = landscape.scheme.competences
    requirements = tuple(r for r in requirements if r.competence in known)
    if not requirements:
        return ()
    found: dict[str, list[Candidate]] = defaultdict(list)
    for matches in match(Enquiry(need.iri, "", requirements), landscape, settings):
        for candidate in matches:
            if landscape.organisations[candidate.organisation].kind in _RESEARCH:
                found[candidate.organisation].append(candidate)
    relevant = _relevant(projects, wanted, landscape)
    results = [
        _match(iri, answers, len(wanted), relevant, projects, landscape)
        for iri, answers in found.items()
    ]
    return tuple(sorted(results, key=_order))


def _match(
    iri: str,
    answers: list[Candidate],
    required: int,
    relevant: Sequence[PastProject],
    projects: Sequence[PastProject],
    landscape: Landscape,
) -> ResearchMatch:
    same = index_of(landscape).position
    entries = {entry for entry, number in same.items() if number == same[iri]}
    own = [p for p in relevant if p.partners & entries and not p.is_centre]
    centres = [p for p in projects if p.partners & entries and p.is_centre]
    return ResearchMatch(
        organisation=iri,
        answers=tuple(answers),
        required=required,
        score=round(sum(a.score for a in answers) / required, 4),
        facilities=_facilities(answers, centres),
        projects=tuple(sorted(own, key=lambda p: (-(p.year or 0), p.iri))),
    )


def _facilities(
    answers: Sequence[Candidate], centres: Sequence[PastProject]
) -> tuple[Facility, ...]:
    claims = [claim for answer in answers for claim in (answer.claim, *answer.other_claims)]
    named = [Facility(c.iri, f"{c.term}: {c.detail}", c.source) for c in claims if c.detail]
    found = [*named, *(Facility(c.iri, c.name, c.source) for c in centres)]
    return tuple(dict.fromkeys(found))


def _relevant(
    projects: Sequence[PastProject], wanted: Sequence[str], landscape: Landscape
) -> tuple[PastProject, ...]:
    order = index_of(landscape).order
    spans = [(order.first[c], order.last[c]) for c in wanted if c in order.first]

    def names(project: PastProject) -> bool:
        numbers = [order.first[c] for c in project.competences if c in order.first]
        return any(first <= n < last for n in numbers for first, last in spans)

    return tuple(project for project in projects if names(project))


def _order(found: ResearchMatch) -> tuple[int, int, int, float, str]:
    full = sum(answer.grade is Grade.FULL for answer in found.answers)
    return -len(found.answers), -full, -len(found.projects), -found.score, found.organisation
