"""What a requirement demands beside its competence, in words of one language."""

from collections.abc import Iterator, Mapping

from api.i18n import Texts, texts
from api.pages.options import options, units
from api.pages.reading import local
from graph.model import Enquiry, Limit, Requirement
from graph.store import Store

__all__ = ["demands"]


def demands(store: Store, language: str, enquiry: Enquiry) -> dict[str, tuple[str, ...]]:
    """Return materials, limits and certificates of each requirement by its IRI."""
    words = texts(language)
    labels: dict[str, str] = {}
    for scheme in ("material", "dimension", "certificate-type"):
        labels |= options(store, language, scheme)
    symbols = units(store).symbols
    return {r.iri: tuple(_demands(r, labels, symbols, words)) for r in enquiry.requirements}


def _demands(
    requirement: Requirement, labels: Mapping[str, str], symbols: Mapping[str, str], words: Texts
) -> Iterator[str]:
    for iri in sorted(requirement.materials):
        yield labels.get(local(iri), local(iri))
    for limit in requirement.limits:
        slug = local(limit.dimension)
        name = labels.get(slug, slug)
        yield f"{name} {_range(limit, words)} {symbols.get(slug, '')}".rstrip()
    for iri in sorted(requirement.certificate_types):
        yield labels.get(local(iri), local(iri))


def _range(limit: Limit, words: Texts) -> str:
    low, high = (None if x is None else _number(x, words) for x in (limit.minimum, limit.maximum))
    if low is None:
        return f"≤ {high}"
    if high is None:
        return f"≥ {low}"
    return low if low == high else f"{low}\u2013{high}"


def _number(value: float, words: Texts) -> str:
    """Write a number with as many decimals as it has, at most six."""
    shown = f"{value:.6f}".rstrip("0")
    return words.number(value, len(shown.partition(".")[2]))
