"""What clients send: an enquiry as JSON, in words or IRIs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.model import GroupTrait

__all__ = ["EnquiryIn", "GroupIn", "LimitIn", "PlaceIn", "RequirementIn", "Word"]

_MAX_TEXT = 300


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Word = Annotated[str, Field(min_length=1, max_length=_MAX_TEXT)]


class LimitIn(_Input):
    """A range that must be met, in the reference unit of its dimension."""

    dimension: Annotated[Word, Field(description="IRI or label of a dimension")]
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "LimitIn":
        if self.minimum is None and self.maximum is None:
            raise ValueError("a limit needs a minimum or a maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is above maximum")
        return self


class RequirementIn(_Input):
    """One thing that is needed."""

    competence: Annotated[Word, Field(description="IRI or label, such as `Fräsen` or `Milling`")]
    step: Annotated[Word | None, Field(description="IRI or label of a value-chain step")] = None
    materials: Annotated[list[Word], Field(max_length=20)] = []
    limits: Annotated[list[LimitIn], Field(max_length=20)] = []
    certificates: Annotated[list[Word], Field(max_length=20)] = []
    mandatory: bool = True
    second_source: Annotated[
        bool, Field(description="A second member must be able to do it as well")
    ] = False


class PlaceIn(_Input):
    """Where the work is needed, degrees WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class GroupIn(_Input):
    """How many members must, or may at most, be of one group.

    Who is perhaps of the group (size, sector or place not known) counts in favour of the
    consortium, unless the rule is strict; the answer says so.
    """

    trait: Annotated[GroupTrait, Field(description="What puts a member into the group")]
    values: Annotated[
        list[Word],
        Field(
            max_length=500,
            description="Kinds such as `ResearchInstitution`, or words for states, districts, "
            "sectors (codes such as `25` as well), clusters, organisations: one must apply",
        ),
    ] = []
    at_least: Annotated[int, Field(ge=0, le=24)] = 0
    at_most: Annotated[int | None, Field(ge=0, le=24)] = None
    strict: bool = False
    name: Annotated[str, Field(max_length=_MAX_TEXT)] = ""

    @model_validator(mode="after")
    def _can_be_met(self) -> "GroupIn":
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError("at_most is below at_least")
        if (self.trait is GroupTrait.SMALL) == bool(self.values):
            raise ValueError("every trait but `small` needs values, and `small` has none")
        return self


class EnquiryIn(_Input):
    """An enquiry: what is needed, and under which conditions."""

    title: Annotated[str, Field(max_length=_MAX_TEXT)] = "Anfrage"
    requirements: Annotated[list[RequirementIn], Field(min_length=1, max_length=24)]
    place: PlaceIn | None = None
    max_distance_km: Annotated[float | None, Field(gt=0)] = None
    districts: Annotated[list[Word], Field(max_length=30, description="Keys such as 16053")] = []
    pinned: Annotated[list[Word], Field(max_length=24)] = []
    excluded: Annotated[list[Word], Field(max_length=500)] = []
    max_members: Annotated[int | None, Field(ge=1, le=24)] = None
    lead: Annotated[Word | None, Field(description="Organisation that must lead")] = None
    conflicts: Annotated[
        list[tuple[Word, Word]],
        Field(max_length=100, description="Pairs of organisations not to be together"),
    ] = []
    member_certificates: Annotated[
        list[Word], Field(max_length=20, description="Certificates that every member must hold")
    ] = []
    groups: Annotated[list[GroupIn], Field(max_length=20)] = []
    strict_unknowns: Annotated[
        bool, Field(description="What is not known excludes; otherwise it costs")
    ] = False

    @model_validator(mode="after")
    def _distance_needs_a_place(self) -> "EnquiryIn":
        if self.max_distance_km is not None and self.place is None:
            raise ValueError("max_distance_km needs a place to measure from")
        return self
