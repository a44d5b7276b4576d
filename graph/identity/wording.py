"""Evidence in words, German and English, for people and for the rationale of a decision."""

from collections.abc import Iterable, Mapping
from typing import Final

from graph.identity.evidence import Evidence, Reason

__all__ = ["SENTENCES", "rationale", "sentence"]

SENTENCES: Final[Mapping[Reason, Mapping[str, str]]] = {
    Reason.SAME_IDENTIFIER: {
        "de": "Gleiche Kennung: {first}.",
        "en": "Same identifier: {first}.",
    },
    Reason.OTHER_IDENTIFIER: {
        "de": "Verschiedene Kennungen: {first} und {second}.",
        "en": "Different identifiers: {first} and {second}.",
    },
    Reason.SAME_NAME: {
        "de": "Gleicher Name bis auf Schreibweise und Rechtsform: „{first}“, „{second}“.",
        "en": "Same name but for spelling and legal form: “{first}”, “{second}”.",
    },
    Reason.ALIKE_NAME: {
        "de": "Ähnlicher Name: „{first}“, „{second}“.",
        "en": "Name alike: “{first}”, “{second}”.",
    },
    Reason.SHORT_NAME: {
        "de": "Ein Name sind die Anfangsbuchstaben des anderen: „{first}“, „{second}“.",
        "en": "One name is the initials of the other: “{first}”, “{second}”.",
    },
    Reason.OTHER_NAME: {
        "de": "Verschiedene Namen: „{first}“, „{second}“.",
        "en": "Different names: “{first}”, “{second}”.",
    },
    Reason.BRANCH: {
        "de": "Ein Name meint einen Betriebsteil oder einen anderen Ort: „{first}“, „{second}“.",
        "en": "One name means a branch or another town: “{first}”, “{second}”.",
    },
    Reason.SAME_TOWN: {"de": "Gleicher Ort: {first}.", "en": "Same town: {first}."},
    Reason.SAME_DISTRICT: {
        "de": "Orte im selben Kreis: {first}, {second}.",
        "en": "Towns of one district: {first}, {second}.",
    },
    Reason.OTHER_TOWN: {
        "de": "Verschiedene Orte: {first}, {second}.",
        "en": "Different towns: {first}, {second}.",
    },
    Reason.SAME_DOMAIN: {"de": "Gleiche Domain: {first}.", "en": "Same domain: {first}."},
    Reason.OTHER_DOMAIN: {
        "de": "Verschiedene Domains: {first}, {second}.",
        "en": "Different domains: {first}, {second}.",
    },
    Reason.SAME_FORM: {
        "de": "Rechtsformen passen zueinander: {first}, {second}.",
        "en": "Legal forms agree: {first}, {second}.",
    },
    Reason.OTHER_FORM: {
        "de": "Verschiedene Rechtsformen: {first}, {second}.",
        "en": "Different legal forms: {first}, {second}.",
    },
    Reason.OTHER_KIND: {
        "de": "Verschiedene Arten: {first}, {second}.",
        "en": "Different kinds: {first}, {second}.",
    },
}
"""A sentence for each kind of evidence; values are as the entries or :mod:`names` spell them."""


def sentence(evidence: Evidence, language: str) -> str:
    """Return one piece of evidence in words; English for a language that is not known."""
    said = SENTENCES[evidence.reason]
    return said.get(language, said["en"]).format(first=evidence.first, second=evidence.second)


def rationale(evidence: Iterable[Evidence], language: str) -> str:
    """Return all evidence in words, in the given order."""
    return " ".join(sentence(one, language) for one in evidence)
