"""What clients get of candidates: who can serve one requirement, how well, on what evidence."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.consortium import CheckOut, EvidenceOut, NamedOut, ReasonOut

__all__ = ["MatchOut"]


class MatchOut(BaseModel):
    """A candidate for a requirement with its best claim.

    Attributes:
        iri: The claim.
        offered: The competence that is claimed.
        relation: How it stands to what is required: `exact`, `narrower` or `broader`.
        grade: `full` or `to-be-confirmed`.
        score: Worth of the claim.
        cost_km: Cost of the match, kilometre equivalents.
        checks: Further demands, each `yes` or `unknown`; a `no` would exclude the claim.
        other_claims: Further claims of the same organisation that fit, as IRIs.
    """

    model_config = ConfigDict(frozen=True)

    iri: str
    organisation: NamedOut
    offered: NamedOut
    relation: ReasonOut
    grade: str
    score: Annotated[float, Field(ge=0, le=1)]
    cost_km: int
    checks: list[CheckOut]
    evidence: EvidenceOut
    other_claims: list[str]
