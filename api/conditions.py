"""Conditions on members written in one line, for the command line and for addresses."""

import re
from typing import Literal

from pydantic import ValidationError

from api.schemas.enquiry import GroupIn
from graph.errors import EnquiryError
from graph.model import GroupTrait

__all__ = ["group_in", "pair_in"]

_GROUP = re.compile(r"\s*(?P<number>[0-9]{1,2})\s+(?P<trait>[a-z]+)\s*(?:=(?P<values>.+))?")


def group_in(text: str, end: Literal["at_least", "at_most"]) -> GroupIn:
    """Return the rule that a line states: ``2 small``, ``1 state=Thüringen``, ``1 sector=25|26``.

    Args:
        text: A number, a trait, and but for ``small`` words for it with ``|`` between them.
        end: Which end of the number of members it states.

    Raises:
        EnquiryError: It is not written so.
    """
    found = _GROUP.fullmatch(text)
    if found is None:
        raise EnquiryError("{text}: write a number and a group, such as '2 small'", text=repr(text))
    words = [word.strip() for word in (found["values"] or "").split("|") if word.strip()]
    try:
        return GroupIn.model_validate(
            {"trait": found["trait"], "values": words, end: int(found["number"]), "name": text}
        )
    except ValidationError as error:
        traits = ", ".join(trait.value for trait in GroupTrait)
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise EnquiryError(
            "{text}: {reason}; groups are {traits}", text=repr(text), reason=reason, traits=traits
        ) from error


def pair_in(text: str) -> tuple[str, str]:
    """Return the two words of ``Alpha | Beta``.

    Raises:
        EnquiryError: There are not two.
    """
    words = [word.strip() for word in text.split("|")]
    if len(words) != 2 or not all(words):
        raise EnquiryError("{text}: write two organisations with | between them", text=repr(text))
    return words[0], words[1]
