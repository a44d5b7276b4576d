"""Needs, initiatives and meetings with names and sentences of one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from api.asking import landscape_of
from api.desk.naming import Names, names_of
from api.directory import identifier
from api.i18n import Texts, texts
from api.keeping import kept
from api.matching import show_match
from api.schemas.consortium import NamedOut
from api.schemas.needs import (
    FacilityOut,
    InitiativeOut,
    LinkOut,
    MeetingOut,
    PastProjectOut,
    ResearchMatchOut,
    ResearchNeedOut,
)
from graph.enquiries import read_enquiries
from graph.needs import (
    Demand,
    Initiative,
    Link,
    Meeting,
    Need,
    NeedStatus,
    PastProject,
    ResearchMatch,
    match_need,
    meetings,
    read_needs,
    read_past_projects,
)
from graph.projects import read_projects
from graph.reading import rows
from graph.settings import Settings
from graph.store import Store

__all__ = ["NeedsPresenter", "meetings_of", "presenter_of", "research_for"]


@kept
def _projects_of(store: Store) -> tuple[PastProject, ...]:
    return read_past_projects(store, landscape_of(store, "de"), datetime.now(UTC).date())


@kept
def _titles_of(store: Store, language: str) -> Mapping[str, str]:
    """Return the titles of needs and projects by IRI, in German where there is no other."""
    titles = {str(row["project"]): str(row["label"]) for row in rows(store, "project-partners")}
    for project in read_projects(store):
        plan = project.plan
        titles[project.iri] = (plan.name_en if language == "en" else "") or plan.name
    for need in read_needs(store):
        said = need.said.title
        titles[need.iri] = said.get(language) or said.get("de", "")
    return titles


def _settings() -> Settings:
    return Settings(reference_year=datetime.now(UTC).year)


def research_for(store: Store, need: Need) -> tuple[ResearchMatch, ...]:
    """Return the research organisations and centres that answer a need, the best first."""
    return match_need(need, landscape_of(store, "de"), _settings(), _projects_of(store))


def meetings_of(store: Store, most: int) -> tuple[Meeting, ...]:
    """Return who should meet whom; open needs and all enquiries are what brings together."""
    return meetings(landscape_of(store, "de"), _settings(), _demands(store), most=most)


def _demands(store: Store) -> list[Demand]:
    enquiries = [
        Demand(e.iri, e.title, frozenset(r.competence for r in e.requirements))
        for e in read_enquiries(store).values()
    ]
    needs = [
        Demand(n.iri, n.said.title.get("de", ""), frozenset(n.said.competences))
        for n in read_needs(store)
        if n.status is NeedStatus.OPEN
    ]
    return [*enquiries, *needs]


def presenter_of(store: Store, language: str) -> "NeedsPresenter":
    """Return what shows needs of a store's generation in one language."""
    return NeedsPresenter(store, names_of(store, language), texts(language))


@dataclass(frozen=True, slots=True)
class NeedsPresenter:
    """Shows needs, initiatives and meetings.

    Attributes:
        store: The generation they come from.
        names: Its names.
        texts: Sentences of the language.
    """

    store: Store
    names: Names
    texts: Texts

    def _title(self, titles: Mapping[str, str]) -> str:
        return titles.get(self.texts.language) or titles.get("de", "")

    def _named(self, iris: tuple[str, ...]) -> list[NamedOut]:
        return [self.names.named(iri) for iri in iris]

    def _entitled(self, iris: tuple[str, ...]) -> list[NamedOut]:
        """Return needs, projects and organisations with their titles."""
        titles = _titles_of(self.store, self.texts.language)
        named = [self.names.named(iri) for iri in iris]
        return [NamedOut(iri=n.iri, name=titles.get(n.iri, n.name)) for n in named]

    def need(self, need: Need) -> ResearchNeedOut:
        """Return a need."""
        return ResearchNeedOut(
            iri=need.iri,
            id=identifier(need.iri, "need"),
            name=self._title(need.said.title),
            status=need.status,
            raised_by=self._named(need.said.raised_by),
            competences=self._named(need.said.competences),
            topic=self.names.maybe(need.said.topic),
            text=need.said.text,
            created=need.created,
            addressed_by=self._entitled(need.addressed_by),
        )

    def initiative(self, initiative: Initiative) -> InitiativeOut:
        """Return an initiative."""
        return InitiativeOut(
            iri=initiative.iri,
            id=identifier(initiative.iri, "initiative"),
            name=self._title(initiative.said.title),
            topics=self._named(initiative.said.topics),
            bundles=self._entitled(initiative.said.bundles),
            text=initiative.said.text,
        )

    def research(self, found: ResearchMatch) -> ResearchMatchOut:
        """Return who answers a need, with grades, reasons, equipment and projects."""
        language = self.texts.language
        return ResearchMatchOut(
            organisation=self.names.named(found.organisation),
            answered=len(found.answers),
            required=found.required,
            score=found.score,
            matches=[show_match(self.store, language, answer) for answer in found.answers],
            facilities=[
                FacilityOut(iri=f.thing, name=f.name, source=f.source) for f in found.facilities
            ],
            projects=[self._project(project) for project in found.projects],
        )

    def _project(self, project: PastProject) -> PastProjectOut:
        return PastProjectOut(
            iri=project.iri,
            name=project.name,
            year=project.year,
            competences=self._named(tuple(sorted(project.competences))),
            source=project.source,
        )

    def meeting(self, found: Meeting) -> MeetingOut:
        """Return two organisations that should meet, and why."""
        return MeetingOut(
            first=self.names.named(found.first),
            second=self.names.named(found.second),
            score_km=found.score_km,
            distance_km=found.distance_km,
            links=[self._link(link) for link in found.links],
            demands=self._named(found.demands),
            clusters=self._named(found.clusters),
            text=self._why(found),
        )

    def _link(self, link: Link) -> LinkOut:
        return LinkOut(
            giver=self.names.named(link.giver),
            taker=self.names.named(link.taker),
            step=self.names.named(link.step),
            next_step=self.names.named(link.next_step),
            claims=list(link.claims),
            evidence=link.evidence,
            scarcity=link.scarcity,
            worth_km=link.worth_km,
        )

    def _why(self, found: Meeting) -> str:
        parts = [
            self.texts(
                "{taker} ({next_step}) can follow {giver} ({step})",
                taker=self.names.named(link.taker).name,
                giver=self.names.named(link.giver).name,
                step=self.names.named(link.step).name,
                next_step=self.names.named(link.next_step).name,
            )
            for link in found.links[:2]
        ]
        parts.append(self.texts("no joint project is known"))
        parts.append(self.texts("{km} km apart", km=self.texts.number(found.distance_km)))
        if found.demands:
            parts.append(
                self.texts.count(
                    "{n} request needs both", "{n} requests need both", len(found.demands)
                )
            )
        if found.clusters:
            names = [self.names.named(iri).name for iri in found.clusters]
            parts.append(self.texts("both belong to {clusters}", clusters=", ".join(names)))
        return "; ".join(parts)
