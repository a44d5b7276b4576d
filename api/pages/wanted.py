"""One requirement in an address: a competence with what is demanded of it, readable as text.

``drehen;material=stahl;limit=surface-roughness:..0.2;certificate=iso-9001;wished``: the end of the
IRI of a competence, then demands by the ends of their IRIs. A range has two points between its
bounds, either of which may be missing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.schemas.enquiry import LimitIn, RequirementIn
from graph.vocabulary import SCHEME

__all__ = ["Wanted", "WantedLimit"]

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,199}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?(?:[eE]-?\d{1,2})?")
_MOST = 20
_WISHED = "wished"


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError(f"{text!r} is no end of an IRI")
    return text


@dataclass(frozen=True, slots=True)
class WantedLimit:
    """A range of one dimension in its reference unit; bounds as they are written, or empty.

    Attributes:
        dimension: End of the IRI of the dimension.
        minimum: Lower bound, or an empty string.
        maximum: Upper bound, or an empty string.
    """

    dimension: str
    minimum: str = ""
    maximum: str = ""

    @classmethod
    def parse(cls, text: str) -> "WantedLimit":
        """Read ``dimension:minimum..maximum``.

        Raises:
            ValueError: It is none.
        """
        dimension, _, bounds = text.partition(":")
        minimum, points, maximum = bounds.partition("..")
        numbers = [bound for bound in (minimum, maximum) if bound]
        if not points or not numbers or not all(map(_NUMBER.fullmatch, numbers)):
            raise ValueError(f"{text!r} is no limit")
        if len(numbers) == 2 and float(minimum) > float(maximum):
            raise ValueError(f"{text!r} has its bounds the wrong way round")
        return cls(_slug(dimension), minimum, maximum)

    @property
    def text(self) -> str:
        """The limit as the address states it."""
        return f"{self.dimension}:{self.minimum}..{self.maximum}"

    def given(self) -> LimitIn:
        """Return the limit as clients send it."""
        return LimitIn(
            dimension=f"{SCHEME}dimension/{self.dimension}",
            minimum=float(self.minimum) if self.minimum else None,
            maximum=float(self.maximum) if self.maximum else None,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requirement as an address states it; every name is the end of an IRI.

    Attributes:
        competence: What is needed.
        step: Value-chain step that it must be claimed for, or an empty string.
        materials: Materials that must be handled.
        limits: Ranges that must be met.
        certificates: Types of certificates that must be held.
        is_mandatory: A consortium must cover it; otherwise it is wished for.
    """

    competence: str
    step: str = ""
    materials: tuple[str, ...] = ()
    limits: tuple[WantedLimit, ...] = ()
    certificates: tuple[str, ...] = ()
    is_mandatory: bool = True

    @classmethod
    def parse(cls, text: str) -> "Wanted":
        """Read a requirement.

        Raises:
            ValueError: The text is none, or holds more than twenty demands of a kind.
        """
        competence, *demands = (part.strip() for part in text.split(";"))
        given: dict[str, list[str]] = {}
        for demand in demands:
            name, _, value = demand.partition("=")
            given.setdefault(name, []).append(value)
        unknown = given.keys() - {"step", "material", "limit", "certificate", _WISHED}
        if unknown or max(map(len, given.values()), default=0) > _MOST:
            raise ValueError(f"{text!r} is no requirement")
        return cls(
            competence=_slug(competence),
            step=_slug(given["step"][-1]) if "step" in given else "",
            materials=_slugs(given.get("material", [])),
            limits=tuple(dict.fromkeys(map(WantedLimit.parse, given.get("limit", [])))),
            certificates=_slugs(given.get("certificate", [])),
            is_mandatory=_WISHED not in given,
        )

    @property
    def text(self) -> str:
        """The requirement as the address states it."""
        parts = [self.competence]
        parts += [f"step={self.step}"] if self.step else []
        parts += [f"material={slug}" for slug in self.materials]
        parts += [f"limit={limit.text}" for limit in self.limits]
        parts += [f"certificate={slug}" for slug in self.certificates]
        parts += [] if self.is_mandatory else [_WISHED]
        return ";".join(parts)

    def given(self) -> RequirementIn:
        """Return the requirement as clients send it."""
        return RequirementIn(
            competence=f"{SCHEME}competence/{self.competence}",
            step=f"{SCHEME}value-chain/{self.step}" if self.step else None,
            materials=[f"{SCHEME}material/{slug}" for slug in self.materials],
            limits=[limit.given() for limit in self.limits],
            certificates=[f"{SCHEME}certificate-type/{slug}" for slug in self.certificates],
            mandatory=self.is_mandatory,
        )


def _slugs(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_slug, values)))
