"""What is sent and answered about organisations that are entered twice."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.identity import Judgement, Proposal, sentence
from graph.identity.decisions import GRAPHS
from graph.vocabulary import ID

__all__ = ["DecisionIn", "DecisionOut", "EvidenceOut", "PairOut", "RevisionIn", "whole"]

_DECISIONS = Literal["same", "part-of", "different", "undecided"]
_IRI = Annotated[str, Field(min_length=1, max_length=500, description="IRI or its last part")]
_TEXT = Annotated[str, Field(min_length=1, max_length=2000)]


class EvidenceOut(BaseModel):
    """One thing that speaks for or against a pair.

    Attributes:
        reason: Kind of evidence, such as `same-identifier`.
        weight: How much it speaks for it, in bits; below zero against it.
        first: What the first entry says.
        second: What the second entry says.
        text: The same in words.
    """

    reason: str
    weight: float
    first: str
    second: str
    text: str


class PairOut(BaseModel):
    """Two entries that may mean one organisation.

    Attributes:
        first: IRI of one entry.
        first_names: Its names.
        second: IRI of the other.
        second_names: Its names.
        score: How likely they are one, 0.0 to 1.0.
        suggested: What the evidence suggests to decide.
        evidence: What speaks for it and against it, the weightiest first.
    """

    first: str
    first_names: list[str]
    second: str
    second_names: list[str]
    score: Annotated[float, Field(ge=0, le=1)]
    suggested: Literal["same", "part-of"]
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, proposal: Proposal, language: str) -> "PairOut":
        """Return a proposal as it is answered."""
        return cls(
            first=proposal.first.iri,
            first_names=[name.text for name in proposal.first.names],
            second=proposal.second.iri,
            second_names=[name.text for name in proposal.second.names],
            score=round(proposal.score, 3),
            suggested=proposal.suggested.value,  # type: ignore[arg-type]
            evidence=[
                EvidenceOut(
                    reason=one.reason.value,
                    weight=round(one.weight, 2),
                    first=one.first,
                    second=one.second,
                    text=sentence(one, language),
                )
                for one in proposal.evidence
            ],
        )


class DecisionIn(BaseModel):
    """A decision about two entries; without reasons, the evidence is the reason."""

    model_config = ConfigDict(extra="forbid")

    first: _IRI
    second: _IRI
    decision: _DECISIONS
    rationale_de: _TEXT | None = None
    rationale_en: _TEXT | None = None

    def reasons(self) -> dict[str, str]:
        """Return why, by language."""
        said = {"de": self.rationale_de, "en": self.rationale_en}
        return {language: text for language, text in said.items() if text}


class RevisionIn(BaseModel):
    """What is decided now, and why; it replaces all that was said."""

    model_config = ConfigDict(extra="forbid")

    decision: _DECISIONS
    rationale_de: _TEXT
    rationale_en: _TEXT | None = None

    def reasons(self) -> dict[str, str]:
        """Return why, by language."""
        said = {"de": self.rationale_de, "en": self.rationale_en}
        return {language: text for language, text in said.items() if text}


class DecisionOut(BaseModel):
    """What was decided about two entries.

    Attributes:
        iri: The decision.
        decision: What was decided.
        first: IRI of one entry.
        second: IRI of the other.
        rationale: Why, by language.
        score: Score of the pair when it was decided.
        made_at: When it was decided.
        is_ours: It can be changed here; the others stand in the tables of the reference data.
        visible_to: Who may see it: whoever may see both entries.
        tag: Send it as `If-Match` with a change.
    """

    iri: str
    decision: _DECISIONS
    first: str
    second: str
    rationale: dict[str, str]
    score: float | None
    made_at: str | None
    is_ours: bool
    visible_to: Literal["public", "partners", "internal"] | None
    tag: str | None

    @classmethod
    def of(cls, judgement: Judgement) -> "DecisionOut":
        """Return a decision as it is answered."""
        levels = {str(graph.iri): level.value for level, graph in GRAPHS.items()}
        return cls(
            iri=judgement.iri,
            decision=judgement.decision.value,
            first=judgement.first,
            second=judgement.second,
            rationale=dict(judgement.rationale),
            score=judgement.score,
            made_at=judgement.made_at or None,
            is_ours=bool(judgement.tag),
            visible_to=levels.get(judgement.graph),  # type: ignore[arg-type]
            tag=judgement.tag or None,
        )


def whole(name: str, kind: str) -> str:
    """Return the IRI of a name that may be its last part, such as ``asphericon``."""
    if ":" in name:
        return name
    return str(ID[name if name.startswith(f"{kind}-") else f"{kind}-{name}"])
