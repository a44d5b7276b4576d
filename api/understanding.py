"""From free text to a proposal in names and sentences of one language."""

import re
from datetime import UTC, date, datetime

from api.asking import landscape_of
from api.i18n import Texts, texts
from api.i18n import noop as _noop
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.enquiry import EnquiryIn, LimitIn, PlaceIn, RequirementIn
from api.schemas.understanding import (
    AlternativeReadingOut,
    ConceptReadingOut,
    DateReadingOut,
    LimitReadingOut,
    PlaceReadingOut,
    ProposalOut,
    RejectedOut,
    RequirementReadingOut,
    VocabularyGapOut,
    WordsOut,
)
from graph.lexicon import read_lexicon
from graph.model import Landscape
from graph.store import Store
from graph.understanding import Lexicon, Proposal, RequirementProposal, understand
from graph.understanding.values import (
    ConceptMention,
    LimitMention,
    Mention,
    PlaceMention,
    Silence,
    Span,
)

__all__ = ["enquiry_of", "propose", "read"]

_MOST_REQUIREMENTS = 24
_LONGEST_TITLE = 80


_SILENCE = {
    Silence.NEGATED: _noop("the text says that it is not needed"),
    Silence.OWN: _noop("the requester speaks of itself"),
    Silence.APPLICATION: _noop("it says what the parts are meant for"),
    Silence.BROADER: _noop("a narrower competence is named as well"),
    Silence.PRODUCT: _noop("it names what is worked on"),
}


@kept
def _lexicon_of(store: Store) -> Lexicon:
    """Words do not depend on the language of the answer; German labels name the districts."""
    return read_lexicon(store, landscape_of(store, "de"))


def read(store: Store, text: str, language: str = "", today: date | None = None) -> Proposal:
    """Read a text against the words of a store's generation.

    Args:
        store: Where the graph lives.
        text: The enquiry.
        language: Language of the text; found when empty.
        today: Day from which dates count; the present day when omitted.
    """
    day = today or datetime.now(UTC).date()
    return understand(text, _lexicon_of(store), today=day, language=language)


def propose(
    store: Store, text: str, language: str = "", shown: str = "de", today: date | None = None
) -> ProposalOut:
    """Read a text and put the proposal into names of one language.

    Args:
        store: Where the graph lives.
        text: The enquiry.
        language: Language of the text; found when empty.
        shown: Language of names and sentences, ``de`` or ``en``.
        today: Day from which dates count; the present day when omitted.
    """
    proposal = read(store, text, language, today)
    return _Presenter(landscape_of(store, shown), texts(shown)).whole(proposal)


def enquiry_of(proposal: Proposal) -> EnquiryIn | None:
    """Return the proposal as an enquiry, or ``None`` when it holds no requirement.

    Certificates of the enquiry as a whole hold for each requirement: whoever serves one must
    have them. A place without a distance says where the work is needed and excludes nobody.
    """
    if not proposal.requirements:
        return None
    general = [c.concept for c in proposal.certificates]
    place = _site(proposal)
    return EnquiryIn(
        title=_title(proposal.text),
        requirements=[_requirement(r, general) for r in proposal.requirements[:_MOST_REQUIREMENTS]],
        place=place,
        max_distance_km=proposal.max_distance_km if place else None,
        districts=[] if proposal.max_distance_km else _districts(proposal),
    )


def _title(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    subject = re.sub(r"^(?:Betreff|Subject|Re|AW|WG)\s*:\s*", "", first)
    return subject[:_LONGEST_TITLE].strip() or "Anfrage"


def _site(proposal: Proposal) -> PlaceIn | None:
    for mention in proposal.places:
        is_wanted = not mention.is_condition or proposal.max_distance_km is not None
        if mention.place is not None and is_wanted:
            return PlaceIn(latitude=mention.place.latitude, longitude=mention.place.longitude)
    return None


def _districts(proposal: Proposal) -> list[str]:
    chosen = [p.district for p in proposal.places if p.is_condition and p.district]
    return list(dict.fromkeys(chosen))[:30]


def _requirement(found: RequirementProposal, certificates: list[str]) -> RequirementIn:
    own = [c.concept for c in found.certificates]
    return RequirementIn(
        competence=found.competence,
        materials=[m.concept for m in found.materials],
        limits=[
            LimitIn(dimension=x.limit.dimension, minimum=x.limit.minimum, maximum=x.limit.maximum)
            for x in found.limits
        ],
        certificates=list(dict.fromkeys([*own, *certificates])),
    )


def _words(span: Span, way: str = "", score: float = 1.0) -> WordsOut:
    return WordsOut(words=span.words, start=span.start, end=span.end, way=way, score=score)


def _mention(found: Mention) -> WordsOut:
    return _words(found.span, found.way.value, found.score)


class _Presenter:
    def __init__(self, landscape: Landscape, wording: Texts) -> None:
        self.labels = dict(landscape.labels)
        self.labels |= {iri: c.label for iri, c in landscape.scheme.competences.items()}
        self.dimensions = landscape.scheme.dimensions
        self.wording = wording

    def named(self, iri: str) -> NamedOut:
        return NamedOut(iri=iri, name=self.labels.get(iri, iri.rpartition("/")[2]))

    def whole(self, proposal: Proposal) -> ProposalOut:
        return ProposalOut(
            language=proposal.language,
            requirements=[self.requirement(r) for r in proposal.requirements],
            limits=[self.limit(x) for x in proposal.limits],
            materials=[self.concept(m) for m in proposal.materials],
            certificates=[self.concept(c) for c in proposal.certificates],
            places=[self.place(p) for p in proposal.places],
            max_distance_km=proposal.max_distance_km,
            due_date=proposal.due_date,
            dates=[
                DateReadingOut(day=d.day, role=d.role.value, evidence=_words(d.span))
                for d in proposal.dates
            ],
            gaps=[
                VocabularyGapOut(word=g.word, count=g.count, evidence=[_words(s) for s in g.spans])
                for g in proposal.gaps
            ],
            rejected=[self.rejected(r.mention, r.reason) for r in proposal.rejected],
            enquiry=enquiry_of(proposal),
        )

    def requirement(self, found: RequirementProposal) -> RequirementReadingOut:
        return RequirementReadingOut(
            competence=self.named(found.competence),
            score=found.score,
            step=self.named(found.step) if found.step else None,
            evidence=[_mention(m) for m in found.mentions],
            alternatives=[
                AlternativeReadingOut(competence=self.named(iri), score=score)
                for iri, score in found.alternatives
            ],
            limits=[self.limit(x) for x in found.limits],
            materials=[self.concept(m) for m in found.materials],
            certificates=[self.concept(c) for c in found.certificates],
        )

    def limit(self, found: LimitMention) -> LimitReadingOut:
        dimension = self.dimensions.get(found.limit.dimension)
        return LimitReadingOut(
            dimension=self.named(found.limit.dimension),
            minimum=found.limit.minimum,
            maximum=found.limit.maximum,
            unit=dimension.unit if dimension else "",
            evidence=_words(found.span),
            note=found.note,
        )

    def concept(self, found: ConceptMention) -> ConceptReadingOut:
        evidence = _words(found.span, found.way.value, found.score)
        return ConceptReadingOut(concept=self.named(found.concept), evidence=evidence)

    def place(self, found: PlaceMention) -> PlaceReadingOut:
        return PlaceReadingOut(
            evidence=_words(found.span),
            latitude=found.place.latitude if found.place else None,
            longitude=found.place.longitude if found.place else None,
            district=self.named(found.district) if found.district else None,
            condition=found.is_condition,
        )

    def rejected(self, found: Mention, reason: Silence) -> RejectedOut:
        return RejectedOut(
            competence=self.named(found.concept),
            evidence=_mention(found),
            reason=reason.value,
            text=self.wording(_SILENCE[reason]),
        )
