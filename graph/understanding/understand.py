"""Reading an enquiry from beginning to end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph.model import Limit
from graph.understanding.binding import Bound, bind
from graph.understanding.dates import days
from graph.understanding.gaps import count_gaps, vocabulary_gaps
from graph.understanding.lexicon import Lexicon
from graph.understanding.places import places
from graph.understanding.quantities import Measure, masked, measures
from graph.understanding.scope import Interval, silence_of, silent_intervals
from graph.understanding.selecting import branches_of, by_competence, select
from graph.understanding.spotting import Found, spot
from graph.understanding.substances import certificates, materials
from graph.understanding.text import CleanText, clean, detect_language
from graph.understanding.values import (
    ConceptMention,
    DateMention,
    LimitMention,
    Proposal,
    RequirementProposal,
    Silence,
)
from graph.understanding.words import word_lists

__all__ = ["count_gaps", "understand"]


def understand(text: str, lexicon: Lexicon, *, today: date, language: str = "") -> Proposal:
    """Read an enquiry in German or English.

    The same text, lexicon and day give the same proposal. Nothing is invented: every part of it
    names the words it rests on.

    Args:
        text: The enquiry as it came: e-mail, notice, text of a PDF.
        lexicon: Words of one graph version.
        today: The day from which dates without a year are counted.
        language: ``de`` or ``en``; found from the text when empty.

    Returns:
        A proposal for a person to confirm; one without requirements when nothing was found.
    """
    cleaned = clean(text)
    tag = language or detect_language(cleaned, word_lists().frequent)
    return _Reading(cleaned, lexicon, tag, today).proposal()


def _merged(own: list[Found], foreign: list[Found]) -> list[Found]:
    """Add words of the other language where nothing was found in the language of the text."""
    free = [f for f in foreign if not any(f.start < o.end and o.start < f.end for o in own)]
    longer = [
        f
        for f in foreign
        if f not in free
        and all(
            f.end - f.start > o.end - o.start for o in own if f.start < o.end and o.start < f.end
        )
    ]
    kept = [o for o in own if not any(f.start < o.end and o.start < f.end for f in longer)]
    return sorted([*kept, *free, *longer], key=lambda f: f.start)


@dataclass(frozen=True, slots=True)
class _Reading:
    text: CleanText
    lexicon: Lexicon
    language: str
    today: date

    def competences(self) -> list[Found]:
        other = "en" if self.language == "de" else "de"
        indexes = self.lexicon.competences
        own = spot(self.text, indexes[self.language])
        return _merged(own, spot(self.text, indexes[other], is_foreign=True))

    def proposal(self) -> Proposal:
        intervals = silent_intervals(self.text)
        certified = certificates(self.text, self.lexicon)
        found = _outside(self.competences(), certified)
        substances = materials(self.text, self.lexicon, self.language, found)
        asked, rejected = select(self.text, found, intervals, self.lexicon, substances)
        branches = branches_of(asked, self.lexicon)
        where = places(self.text, self.lexicon, self.language)
        when = days(self.text.text, self.today)
        blank = [*_spans(certified), *_spans(substances), *((d.start, d.end) for d in when)]
        sizes = measures(masked(self.text.text, [*blank, *where.spans]), self.language)
        silent = tuple(i for i in intervals if i.reason in {Silence.NEGATED, Silence.OWN})
        substances = [f for f in substances if silence_of(f.start, silent) is None]
        certified = [f for f in certified if silence_of(f.start, silent) is None]
        sizes = [m for m in sizes if silence_of(m.start, silent) is None]
        parts = _Parts(
            self,
            asked,
            list(zip(sizes, self.bound(_sized(sizes), asked, branches), strict=True)),
            list(
                zip(substances, self.bound(_named(substances), asked, branches, True), strict=True)
            ),
            list(zip(certified, self.bound(_named(certified), asked, branches), strict=True)),
        )
        return Proposal(
            text=self.text.original,
            language=self.language,
            requirements=parts.requirements(),
            limits=tuple(self.limit(m) for m, b in parts.limits if not b.competences),
            materials=_concepts(parts.materials, None),
            certificates=_concepts(parts.certificates, None),
            places=where.mentions,
            max_distance_km=where.max_distance_km,
            dates=tuple(DateMention(d.day, self.text.span(d.start, d.end), d.role) for d in when),
            gaps=vocabulary_gaps(
                self.text,
                self.lexicon.competences[self.language],
                [*_spans(found), *blank, *where.spans, *_silences(silent)],
            ),
            rejected=tuple(rejected),
        )

    def bound(
        self,
        things: list[tuple[int, int, str]],
        asked: list[Found],
        branches: dict[str, frozenset[str]],
        is_material: bool = False,
    ) -> list[Bound]:
        return bind(self.text, things, asked, branches, is_material=is_material)

    def limit(self, measure: Measure) -> LimitMention:
        iri = next(
            (d for d in self.lexicon.scheme.dimensions if d.endswith("/" + measure.dimension)),
            measure.dimension,
        )
        limit = Limit(iri, measure.minimum, measure.maximum)
        return LimitMention(limit, self.text.span(measure.start, measure.end), measure.note)


@dataclass(frozen=True, slots=True)
class _Parts:
    reading: _Reading
    asked: list[Found]
    limits: list[tuple[Measure, Bound]]
    materials: list[tuple[Found, Bound]]
    certificates: list[tuple[Found, Bound]]

    def requirements(self) -> tuple[RequirementProposal, ...]:
        groups = by_competence(self.asked)
        return tuple(self.requirement(iri, group) for iri, group in groups.items())

    def requirement(self, iri: str, group: list[Found]) -> RequirementProposal:
        best = max(group, key=lambda f: f.mention.score)
        known = self.reading.lexicon.scheme.competences.get(iri)
        broader = known.broader if known else None
        alternatives = dict(best.mention.alternatives)
        if broader is not None:
            alternatives.setdefault(broader, round(best.mention.score * 0.5, 3))
        ranked = sorted(alternatives.items(), key=lambda pair: (-pair[1], pair[0]))
        return RequirementProposal(
            competence=iri,
            mentions=tuple(f.mention for f in group),
            score=best.mention.score,
            alternatives=tuple(ranked),
            step=known.step if known else None,
            limits=_one_each(self.reading.limit(m) for m, b in self.limits if iri in b.competences),
            materials=_concepts(self.materials, iri),
            certificates=_concepts(self.certificates, iri),
        )


def _one_each(limits: Iterable[LimitMention]) -> tuple[LimitMention, ...]:
    """Keep the first limit of each dimension: a requirement has one range per dimension."""
    first: dict[str, LimitMention] = {}
    for mention in limits:
        first.setdefault(mention.limit.dimension, mention)
    return tuple(first.values())


def _concepts(
    found: list[tuple[Found, Bound]], competence: str | None
) -> tuple[ConceptMention, ...]:
    """Return what belongs to a competence, or to none; each concept once."""
    chosen: dict[str, ConceptMention] = {}
    for hit, bound in found:
        belongs = competence in bound.competences if competence else not bound.competences
        if belongs:
            mention = hit.mention
            chosen.setdefault(
                mention.concept,
                ConceptMention(mention.concept, mention.span, mention.score, mention.way),
            )
    return tuple(chosen.values())


def _outside(found: list[Found], taken: list[Found]) -> list[Found]:
    return [f for f in found if not any(f.start < t.end and t.start < f.end for t in taken)]


def _spans(found: Iterable[Found]) -> list[tuple[int, int]]:
    return [(f.start, f.end) for f in found]


def _silences(intervals: Iterable[Interval]) -> list[tuple[int, int]]:
    return [(i.start, i.end) for i in intervals]


def _sized(sizes: list[Measure]) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.dimension) for m in sizes]


def _named(found: list[Found]) -> list[tuple[int, int, str]]:
    return [(f.start, f.end, f.mention.concept.rpartition("/")[2]) for f in found]
