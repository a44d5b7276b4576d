"""Which media type a client gets (RFC 9110, 12.5.1), and whether it has the answer already."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from api.errors import NotAcceptableError

__all__ = ["choose", "is_fresh", "preferred_language"]

_RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(;.*)?")
_QUALITY = re.compile(r"(?i);\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)")

_CACHED_LENGTH = 512

_ALIASES = {
    "application/json": "application/sparql-results+json",
    "text/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "application/x-turtle": "text/turtle",
    "text/plain": "application/n-triples",
}
"""What older clients ask for, and what they mean."""


def choose(accept: str | None, offered: Sequence[str], aliases: bool = True) -> str:
    """Return the media type to answer with.

    The client's highest quality wins; between equal ones the earlier in ``offered``.

    Args:
        accept: The header; ``None`` or empty accepts everything.
        offered: Media types that there are, the default first.
        aliases: Read the names of older clients too.

    Raises:
        NotAcceptableError: The client accepts none of them.
    """
    if not accept or not accept.strip():
        return offered[0]
    # clients send few different ones, with each request; long ones are not kept
    made = _choose_cached if len(accept) <= _CACHED_LENGTH else _choose
    return made(accept, tuple(offered), aliases)


def _choose(accept: str, offered: tuple[str, ...], aliases: bool) -> str:
    ranges = list(_ranges(accept))
    if aliases:
        known = [(_ALIASES.get(name, name), quality * 0.999) for name, quality in ranges]
        ranges += [(name, q) for name, q in known if name not in dict(ranges)]
    qualities = [_quality(media_type, ranges) for media_type in offered]
    best = max(qualities)
    if best <= 0:
        raise NotAcceptableError(offered)
    return offered[qualities.index(best)]


_choose_cached = lru_cache(maxsize=512)(_choose)


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        found = _RANGE.fullmatch(part)
        if found:
            quality = _QUALITY.search(found[3] or "")
            name = f"{found[1]}/{found[2]}".lower()
            yield name, min(1.0, float(quality[1])) if quality else 1.0


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that a media type falls into."""
    major = media_type.partition("/")[0]
    for wanted in (media_type, f"{major}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0


def is_fresh(if_none_match: str | None, tag: str) -> bool:
    """Tell whether the client's copy has this tag (weak comparison, RFC 9110, 13.1.2)."""
    if not if_none_match:
        return False
    tags = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def preferred_language(header: str, offered: Sequence[str]) -> str:
    """Return the offered language that an Accept-Language header ranks highest, else the first."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().partition("-")[0].lower()
        weight = _weight(parameter)
        if language in offered and weight > 0:
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else offered[0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
