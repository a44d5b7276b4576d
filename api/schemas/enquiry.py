"""What clients send: an enquiry as JSON, in words or IRIs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["EnquiryIn", "LimitIn", "PlaceIn", "RequirementIn", "Word"]

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


class PlaceIn(_Input):
    """Where the work is needed, degrees WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


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

    @model_validator(mode="after")
    def _distance_needs_a_place(self) -> "EnquiryIn":
        if self.max_distance_km is not None and self.place is None:
            raise ValueError("max_distance_km needs a place to measure from")
        return self
