"""How well enquiries are understood: precision, recall and misses on the labelled set.

Run ``python -m benchmarks.understanding [STORE] [--misses SPLIT]``. The sets are
``understanding_set.toml``, whose held-out half is reported and never tuned on, and
``understanding_third.toml`` and ``understanding_fourth.toml``, written before the reading had seen
any of them.
"""

import argparse
import csv
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from graph.building import build, is_current
from graph.lexicon import read_lexicon
from graph.reading import read_landscape
from graph.resources import data_text
from graph.store import EmbeddedStore
from graph.understanding import Lexicon, Proposal, understand

__all__ = ["SPLITS", "TODAY", "Case", "Score", "cases", "evaluate", "main"]

TODAY = date(2026, 11, 25)
"""The day on which the labelled texts are read."""

SPLITS = ("development", "held-out", "third", "fourth")
"""Halves of the first set, and the later ones."""

KINDS = ("competences", "materials", "certificates", "limits", "due", "place")


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text: slugs and limits that a coordinator would note down, by kind."""

    name: str
    split: str
    text: str
    wanted: dict[str, frozenset[str]]


@dataclass(slots=True)
class Score:
    """Counts of one kind of answer over many texts."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was read that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what is right that was read."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def add(self, name: str, wanted: frozenset[str], found: frozenset[str]) -> None:
        """Count one text."""
        self.right += len(wanted & found)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)
        if wanted != found:
            missed, extra = sorted(wanted - found), sorted(found - wanted)
            self.lines.append(f"{name}: missed {missed or '-'}, not wanted {extra or '-'}")


def cases() -> list[Case]:
    """Return all labelled texts, those of the reference enquiries in both languages."""
    table, *later = (_table(f"understanding_{name}.toml") for name in ("set", "third", "fourth"))
    own = [
        Case(t["id"], t["split"], t["text"], _wanted(t, t["competences"]))
        for part in (table, *later)
        for t in part["text"]
    ]
    return [*own, *_reference(table["reference"])]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _reference(labels: Iterable[dict[str, Any]]) -> Iterable[Case]:
    rows = {row["id"]: row for row in csv.DictReader(data_text("enquiries.csv").splitlines())}
    for label in labels:
        for language, column in (("de", "text"), ("en", "text_en")):
            text = rows[label["enquiry"]][column]
            wanted = {"competences": frozenset(label[language])}
            yield Case(f"{label['enquiry']}-{language}", label["split"], text, wanted)


def _wanted(label: dict[str, Any], competences: list[str]) -> dict[str, frozenset[str]]:
    wanted = {kind: frozenset(label.get(kind, [])) for kind in KINDS[1:4]}
    wanted["competences"] = frozenset(competences)
    wanted["due"] = frozenset({label["due"]} if "due" in label else ())
    places = label.get("place", [])
    wanted["place"] = frozenset([places] if isinstance(places, str) else places)
    return wanted


def answers(proposal: Proposal) -> dict[str, frozenset[str]]:
    """Return what was read by kind, spelled as in the labels."""
    parts = proposal.requirements
    limits = [*proposal.limits, *(x for r in parts for x in r.limits)]
    materials = [*proposal.materials, *(x for r in parts for x in r.materials)]
    certificates = [*proposal.certificates, *(x for r in parts for x in r.certificates)]
    return {
        "competences": frozenset(_slug(r.competence) for r in parts),
        "materials": frozenset(_slug(m.concept) for m in materials),
        "certificates": frozenset(_slug(c.concept) for c in certificates),
        "limits": frozenset(
            f"{_slug(x.limit.dimension)} {_bound(x.limit.minimum)} {_bound(x.limit.maximum)}"
            for x in limits
        ),
        "due": frozenset({proposal.due_date.isoformat()} if proposal.due_date else ()),
        "place": frozenset(p.span.words for p in proposal.places),
    }


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _bound(value: float | None) -> str:
    return "-" if value is None else f"{value:.10g}"


def _spelled(limit: str) -> str:
    dimension, *bounds = limit.split()
    return " ".join([dimension, *("-" if b == "-" else _bound(float(b)) for b in bounds)])


def evaluate(lexicon: Lexicon, split: str) -> tuple[dict[str, Score], list[float]]:
    """Return the scores by kind and the time of each text in milliseconds."""
    scores = {kind: Score() for kind in KINDS}
    times_ms: list[float] = []
    for case in cases():
        if case.split != split:
            continue
        started = time.perf_counter()
        found = answers(understand(case.text, lexicon, today=TODAY))
        times_ms.append((time.perf_counter() - started) * 1000)
        for kind, wanted in case.wanted.items():
            wanted = frozenset(map(_spelled, wanted)) if kind == "limits" else wanted
            scores[kind].add(case.name, wanted, found[kind])
    return scores, times_ms


def _print(split: str, scores: dict[str, Score], times_ms: list[float], *, misses: bool) -> None:
    print(f"{split} ({len(times_ms)} texts)")
    for kind, score in scores.items():
        print(
            f"  {kind:<13} precision {score.precision:.3f}  recall {score.recall:.3f}"
            f"  ({score.right} right, {score.wrong} wrong, {score.missed} missed)"
        )
        for line in score.lines if misses else ():
            print(f"      {line}")
    print(
        f"  time          median {statistics.median(times_ms):.1f} ms, max {max(times_ms):.1f} ms"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print all sets; exit code 1 when one that is held out misses 0.85 for competences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", nargs="?", type=Path, help="directory of a loaded store")
    parser.add_argument("--misses", default="all", choices=[*SPLITS, "all", "no"])
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = given.store or Path(folder)
        if not is_current(home):
            build(home, strict=True)
        store = EmbeddedStore(home)
        lexicon = read_lexicon(store, read_landscape(store))
    understand("warm", lexicon, today=TODAY)
    done = 0
    for split in SPLITS:
        scores, times_ms = evaluate(lexicon, split)
        _print(split, scores, times_ms, misses=given.misses in {split, "all"})
        competences = scores["competences"]
        if split != "development" and min(competences.precision, competences.recall) < 0.85:
            done = 1
    return done


if __name__ == "__main__":
    sys.exit(main())
