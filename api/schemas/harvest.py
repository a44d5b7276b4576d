"""What is sent and answered about sources of others and their harvests."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.harvest import Report, Source

__all__ = [
    "DescriptionOut",
    "DigestIn",
    "LimitsIn",
    "ProgressOut",
    "ReportOut",
    "SourceIn",
    "SourceOut",
]

_STATES = Literal["waiting", "unchanged", "published", "rejected", "failed"]


class ProgressOut(BaseModel):
    """How far a harvest has come.

    Attributes:
        stage: What it does.
        done: Steps done.
        total: Steps in all; 0 where nobody knows.
    """

    stage: str
    done: int
    total: int


class SourceOut(BaseModel):
    """A source of others, as it is described, with its last harvest.

    Attributes:
        name: Its name; the graph is `graph/source-<name>`.
        graph: IRI of the graph that it is published in.
        kind: How it gives its data.
        addresses: Where it is.
        title: What it is, by language.
        licence: IRI of its licence.
        visibility: Who may see what comes from it.
        attributed_to: Who answers for it.
        conditions: What the partner states beside the licence (`scheme/use-condition`).
        every_hours: How often it is harvested; 0 for by hand.
        publication: When a harvest is published.
        is_running: It is being harvested now.
        progress: How far that has come.
        state: What the last harvest is waiting for.
        run_at: When it began.
        added: Statements that it would add.
        removed: Statements that it would remove.
        left_out: Things that break a rule.
        error: Why it failed.
        digest: Names what is staged; send it to accept or reject it.
    """

    name: str
    graph: str
    kind: str
    addresses: list[str]
    title: dict[str, str]
    licence: str
    visibility: Literal["public", "partners", "internal"]
    attributed_to: str
    conditions: list[str]
    every_hours: float
    publication: Literal["conforming", "accepted"]
    is_running: bool
    progress: ProgressOut | None
    state: _STATES | None
    run_at: str | None
    added: int
    removed: int
    left_out: int
    error: str | None
    digest: str | None

    @classmethod
    def of(
        cls, source: Source, report: Report | None, *, running: bool, progress: dict[str, Any]
    ) -> "SourceOut":
        """Return a source as it is answered."""
        return cls(
            name=source.name,
            graph=str(source.graph.iri),
            kind=source.kind.value,
            addresses=list(source.addresses),
            title=dict(source.title),
            licence=source.licence,
            visibility=source.visibility.value,
            attributed_to=source.attributed_to,
            conditions=list(source.policies),
            every_hours=source.every_hours,
            publication=source.publication.value,
            is_running=running,
            progress=ProgressOut(**progress) if progress else None,
            state=report.state.value if report else None,
            run_at=report.run_at if report else None,
            added=report.added if report else 0,
            removed=report.removed if report else 0,
            left_out=report.left_out_counted if report else 0,
            error=(report.error or None) if report else None,
            digest=(report.digest or None) if report else None,
        )


class ReportOut(BaseModel):
    """What came of a harvest; members as in `graph.harvest.Report`.

    Attributes:
        state: What it is waiting for.
        digest: Names what is staged.
        fetched: Statements that came.
        staged: Statements that would be published.
        added: Of these, those that are not published yet.
        removed: Published ones that would go.
        left_out: Things that break a rule, with the reason.
        unread: Statements that have no place here, by reason.
        names: IRI at the source of each thing that is named here.
    """

    model_config = ConfigDict(from_attributes=True)

    source: str
    state: _STATES
    run_at: str
    ended_at: str
    version: str
    digest: str
    documents: list[dict[str, Any]]
    fetched: int
    staged: int
    added: int
    removed: int
    added_shown: list[str]
    removed_shown: list[str]
    findings: list[dict[str, str]]
    findings_counted: dict[str, int]
    left_out: dict[str, str]
    left_out_counted: int
    names: dict[str, str]
    unread: dict[str, int]
    ambiguous: dict[str, list[str]]
    rows: list[str]
    error: str
    settled_at: str


class DigestIn(BaseModel):
    """What was looked at: the digest of the report."""

    model_config = ConfigDict(extra="forbid")

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


_Iri = Annotated[str, Field(max_length=2_000, pattern='^https?://[^\\s<>"{}|\\\\^`]+$')]
_Iris = Annotated[list[_Iri], Field(max_length=200)]
_Slug = Annotated[str, Field(max_length=100, pattern="^[a-z0-9-]+$")]
_Text = Annotated[str, Field(min_length=1, max_length=300)]


class LimitsIn(BaseModel):
    """What one harvest may take; what is left out is as in `docs/harvest.md`."""

    model_config = ConfigDict(extra="forbid")

    seconds: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    request_s: Annotated[float, Field(gt=0, le=3_600)] = 30.0
    megabytes: Annotated[int, Field(ge=1, le=4_096)] = 256
    statements: Annotated[int, Field(ge=1, le=100_000_000)] = 1_000_000
    documents: Annotated[int, Field(ge=1, le=100_000)] = 200


class SourceIn(BaseModel):
    """The description of a source of others; the keys are those of its file.

    Attributes:
        kind: How it gives its data.
        addresses: Where it is.
        title: What it is, by language.
        licence: IRI of the licence under which it may be passed on.
        visibility: Who may see what comes from it.
        attributed_to: Who answers for it; by default the first address.
        conditions: What the partner states beside the licence, such as `no-distribution`.
        hosts: The only hosts that are asked; by default those of the addresses.
        every_hours: How often it is harvested; 0 for by hand.
        publication: When a harvest is published.
        organisation_kind: For organisations that do not say what they are.
        classes: What to take from an endpoint.
        graphs: Named graphs of an endpoint to ask.
        datasets: Data sets to take from a catalogue.
        table: Folder of a table, which lies beside the description already.
        sheets: Sheet of a workbook for each table.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["dump", "endpoint", "pages", "catalogue", "table"]
    addresses: Annotated[list[_Iri], Field(min_length=1, max_length=200)]
    title: Annotated[dict[Literal["de", "en"], _Text], Field(min_length=1)]
    licence: _Iri
    visibility: Literal["public", "partners", "internal"]
    attributed_to: _Iri | None = None
    conditions: Annotated[list[_Slug], Field(max_length=20)] | None = None
    hosts: Annotated[list[_Text], Field(max_length=200)] | None = None
    every_hours: Annotated[float, Field(ge=0, le=8_784)] = 0.0
    publication: Literal["conforming", "accepted"] = "accepted"
    organisation_kind: Annotated[str, Field(max_length=100, pattern="^[a-z0-9-]*$")] = ""
    trusts_weak_links: bool = False
    classes: _Iris | None = None
    graphs: _Iris | None = None
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 500
    datasets: _Iris | None = None
    table: Annotated[str, Field(max_length=100, pattern="^[A-Za-z0-9_-]+$")] | None = None
    sheets: dict[_Text, _Text] | None = None
    limits: LimitsIn | None = None

    def keys(self) -> dict[str, Any]:
        """Return the keys that are said, as values of TOML."""
        return self.model_dump(mode="json", exclude_unset=True, exclude_none=True)


class DescriptionOut(SourceIn):
    """A description as it is written.

    Attributes:
        allows_private_addresses: May lie in a private network; set on the command line only.
    """

    allows_private_addresses: bool = False
