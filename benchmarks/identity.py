"""Finding organisations that are entered twice: precision and recall on planted duplicates.

Run ``python -m benchmarks.identity [--seeds N] [--misses]``. To the entries of the reference data
come invented ones, in memory only: duplicates in the spellings that sources have, and others
that look alike and are not. What the reference data decide ("different", "part-of") counts, too.
A pair counts as found only when it is proposed as *the same*, with the score that the desk shows.
Seeds below 11 were looked at when the weights were set; the figures are those of later ones.
"""

import argparse
import random
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.building import build
from graph.identity.entries import Entry, make_entry, read_entries
from graph.identity.proposals import LIKELY, Decision, Proposal, propose
from graph.store import EmbeddedStore

__all__ = ["Planted", "Score", "main", "plant", "score"]

_FIRST_SEED = 11
_BASE = "https://example.org/planted/"
_LONG = {
    "GmbH": "Gesellschaft mit beschränkter Haftung",
    "AG": "Aktiengesellschaft",
    "e. V.": "eingetragener Verein",
    "e.V.": "eingetragener Verein",
}
_CUT = {
    "Institut": "Inst.",
    "Gesellschaft": "Ges.",
    "Technologie": "Techn.",
    "Technische": "Techn.",
    "Thüringer": "Thür.",
    "Maschinenbau": "Masch.bau",
    "Werkzeug": "Werkz.",
    "Präzision": "Präz.",
    "Universität": "Univ.",
    "und ": "& ",
}
_FIELDS = ("Hydrogen", "Medizintechnik", "Immobilien", "Automotive", "Service", "Optics", "Energie")
_TOWNS = ("Gera", "Eisenach", "Suhl", "Nordhausen", "Mühlhausen", "Arnstadt", "Sonneberg")


@dataclass
class Planted:
    """Entries with what is true of them.

    Attributes:
        entries: All of them.
        same: Pairs that are one organisation, with how the second was made.
        not_same: Pairs that are not, with how the second was made.
    """

    entries: list[Entry]
    same: dict[tuple[str, str], str] = field(default_factory=dict)
    not_same: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, entry: Entry, original: Entry, how: str, *, is_same: bool) -> None:
        """Put an entry beside the one it was made from."""
        self.entries.append(entry)
        (self.same if is_same else self.not_same)[_pair(entry.iri, original.iri)] = how


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def _typo(name: str, draw: random.Random) -> str:
    """Make one slip of the pen inside a word."""
    inner = [n for n in range(1, len(name) - 2) if name[n - 1 : n + 3].isalpha()]
    places = inner or [len(name) - 2]
    at = draw.choice(places)
    slips = (
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + draw.choice("aeinrst") + name[at + 1 :],
    )
    return draw.choice(slips)


def _legal_form(name: str, draw: random.Random) -> str:
    for short, long in _LONG.items():
        if name.endswith(f" {short}"):
            return name.removesuffix(short) + draw.choice((long, "", short.lower())).strip()
    return f"{name} {draw.choice(('GmbH', 'e.V.'))}"


def _umlaut(name: str, draw: random.Random) -> str:
    spelt = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    for sign, letters in spelt.items():
        name = name.replace(sign, letters)
    return name


def _abbreviation(name: str, draw: random.Random) -> str:
    for whole, cut in _CUT.items():
        name = name.replace(whole, cut)
    return name


def _order(name: str, draw: random.Random) -> str:
    words = name.replace("-", " ").split()
    return " ".join([*words[1:-1], words[0], words[-1]] if len(words) > 2 else words)


def _signs(name: str, draw: random.Random) -> str:
    return draw.choice((name.upper(), name.replace(" ", "-", 1), name.replace("-", " ")))


_CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    _typo,
    _legal_form,
    _umlaut,
    _abbreviation,
    _order,
    _signs,
)


def _copy(entry: Entry, iri: str, names: list[str], draw: random.Random, **facts: object) -> Entry:
    """Return an entry that a source with gaps would have of the same organisation."""
    towns = facts.get("towns", entry.towns if draw.random() < 0.8 else ())
    pages = facts.get("pages", [f"https://{d}/" for d in entry.domains] if _often(draw) else [])
    return make_entry(
        iri,
        str(facts.get("kind", entry.kind)),
        names,
        identifiers=facts.get("identifiers", ()),  # type: ignore[arg-type]
        towns=towns,  # type: ignore[arg-type]
        pages=pages,  # type: ignore[arg-type]
    )


def _often(draw: random.Random) -> bool:
    return draw.random() < 0.5


def plant(entries: list[Entry], seed: int) -> Planted:
    """Add duplicates and look-alikes to entries; the same seed gives the same ones."""
    draw = random.Random(seed)
    named = [_with_page(entry) for entry in entries]
    made = Planted(list(named))
    chosen = draw.sample(named, k=len(named))
    third = len(chosen) // 3
    for number, entry in enumerate(chosen[:third]):
        _plant_same(made, entry, number, draw)
    for number, entry in enumerate(chosen[third : 2 * third]):
        _plant_other(made, entry, number, draw)
    return made


def _with_page(entry: Entry) -> Entry:
    """Give an entry a home page and an identifier of its own, invented."""
    slug = entry.iri.rpartition("/")[2].removeprefix("org-")
    return make_entry(
        entry.iri,
        entry.kind,
        [name.text for name in entry.names],
        identifiers=entry.identifiers | {("vat", f"de{zlib.crc32(slug.encode()):010}")},
        towns=entry.towns,
        districts=entry.districts,
        pages=[f"https://www.{slug}.example"],
    )


def _plant_same(made: Planted, entry: Entry, number: int, draw: random.Random) -> None:
    name = max((n.text for n in entry.names), key=len)
    iri = f"{_BASE}same-{number}"
    way = number % 8
    if way < len(_CHANGES):
        change = _CHANGES[way]
        copy = _copy(entry, iri, [change(name, draw)], draw)
        if not (copy.towns or copy.domains):  # no source knows a name alone
            copy = _copy(entry, iri, [change(name, draw)], draw, towns=entry.towns)
        made.add(copy, entry, change.__name__.strip("_"), is_same=True)
    elif way == 6:
        moved = [draw.choice(_TOWNS)]
        pages = [f"https://{domain}" for domain in entry.domains]
        made.add(
            _copy(entry, iri, [name], draw, towns=moved, pages=pages), entry, "moved", is_same=True
        )
    else:
        known = _copy(
            entry, iri, [draw.choice(_FIELDS) + " 24"], draw, identifiers=entry.identifiers
        )
        made.add(known, entry, "renamed, identifier", is_same=True)


def _plant_other(made: Planted, entry: Entry, number: int, draw: random.Random) -> None:
    name = max((n.text for n in entry.names), key=len)
    iri = f"{_BASE}other-{number}"
    pages = [f"https://{domain}" for domain in entry.domains]
    town = draw.choice([t for t in _TOWNS if t.lower() not in entry.towns])
    ways: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("branch", f"{name}, Niederlassung {town}", {"towns": [town], "pages": pages}),
        ("branch in town", f"{name} {town}", {"towns": [town], "pages": pages}),
        ("sister", f"{name.split()[0]} {draw.choice(_FIELDS)} GmbH", {"pages": pages}),
        ("namesake", name, {"towns": [town], "pages": [f"https://other-{number}.example"]}),
        ("institute", _sibling(name, draw), {"towns": entry.towns, "pages": pages}),
        ("parent", f"{name.split()[0]} Holding AG", {"towns": entry.towns, "pages": pages}),
    )
    how, other, facts = ways[number % len(ways)]
    made.add(_copy(entry, iri, [other], draw, **facts), entry, how, is_same=False)


def _sibling(name: str, draw: random.Random) -> str:
    """Return the name of another institute of the same house."""
    subject = draw.choice(("Werkstoffe", "Photonik", "Logistik", "Umformtechnik", "Bionik"))
    return f"{name.split()[0]} Institut für {subject}"


@dataclass(frozen=True, slots=True)
class Score:
    """How good proposals are.

    Attributes:
        found: Pairs that are one and were proposed as one.
        missed: Pairs that are one and were not, with how they were made and their score.
        wrong: Pairs proposed as one that are not, with how they were made.
    """

    found: int
    missed: tuple[tuple[str, str, str], ...]
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def precision(self) -> float:
        """Share of the proposed pairs that are right."""
        return self.found / max(1, self.found + len(self.wrong))

    @property
    def recall(self) -> float:
        """Share of the right pairs that were proposed."""
        return self.found / max(1, self.found + len(self.missed))


def score(made: Planted, proposals: list[Proposal]) -> Score:
    """Compare proposals with what is true."""
    same = {p.pair for p in proposals if p.suggested is Decision.SAME and p.score >= LIKELY}
    names = {entry.iri: entry.names[0].text for entry in made.entries}
    missed = sorted(set(made.same) - same)
    wrong = sorted(same - set(made.same))
    return Score(
        len(same & set(made.same)),
        tuple((made.same[pair], *(names[iri] for iri in pair)) for pair in missed),  # type: ignore[misc]
        tuple((made.not_same.get(p, "unplanted"), *(names[i] for i in p)) for p in wrong),  # type: ignore[misc]
    )


def _reference() -> list[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        return read_entries(EmbeddedStore(Path(folder)))


def _runs(entries: list[Entry], seeds: int) -> Iterator[tuple[int, Score, float]]:
    for seed in range(_FIRST_SEED, _FIRST_SEED + seeds):
        made = plant(entries, seed)
        start = time.perf_counter()
        proposals = propose(made.entries)
        yield seed, score(made, proposals), time.perf_counter() - start


def main() -> None:
    """Print precision and recall of each seed, and what was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--misses", action="store_true", help="list each miss and each error")
    asked = parser.parse_args()
    entries = _reference()
    kinds: Counter[str] = Counter()
    total = [0, 0, 0]
    for seed, found, seconds in _runs(entries, asked.seeds):
        print(
            f"seed {seed}: precision {found.precision:.3f} recall {found.recall:.3f} "
            f"{seconds:.2f} s",
            flush=True,
        )
        kinds.update(f"missed: {how}" for how, *_ in found.missed)
        kinds.update(f"wrong: {how}" for how, *_ in found.wrong)
        total = [total[0] + found.found, total[1] + len(found.missed), total[2] + len(found.wrong)]
        if asked.misses:
            for kind, pairs in (("missed", found.missed), ("wrong", found.wrong)):
                for how, one, other in pairs:
                    print(f"  {kind} ({how}): {one} | {other}")
    print(f"precision {total[0] / (total[0] + total[2]):.3f}")
    print(f"recall {total[0] / (total[0] + total[1]):.3f}")
    for kind, count in sorted(kinds.items()):
        print(f"  {kind}: {count}")


if __name__ == "__main__":
    main()
