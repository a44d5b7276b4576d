"""The sentences of the desk, made from reasons that are data."""

from api.desk.naming import Names
from api.i18n import LANGUAGES, Texts, texts
from api.i18n import noop as _noop
from graph.desk import Overdue, OverdueKind, Reach, RegionFit, Responsibility

__all__ = ["overdue_text", "rationale", "responsibility_text"]


_REACH = {
    Reach.EXACT: _noop("serves {served}, which is asked for"),
    Reach.BROADER: _noop("serves {served}, which includes {required}"),
    Reach.NARROWER: _noop("serves {served}, a part of {required}"),
}
_EVERYTHING = _noop("serves every field")
_REGION = {
    RegionFit.DISTRICT: _noop("serves the district {region}"),
    RegionFit.STATE: _noop("serves the whole state"),
    RegionFit.ANY: _noop("is bound to no region"),
    RegionFit.UNKNOWN: _noop("serves one region; that of the enquiry is not known"),
}


def responsibility_text(found: Responsibility, names: Names, wording: Texts) -> str:
    """Return why a body could take care of an enquiry, as one sentence without full stop."""
    parts = [
        wording(
            _REACH[one.reach],
            served=names.named(one.served).name,
            required=names.named(one.required).name,
        )
        for one in found.served
    ]
    if not found.body.competences:
        parts.append(wording(_EVERYTHING))
    region = names.named(found.region).name if found.region else ""
    parts.append(wording(_REGION[found.region_fit], region=region))
    return "; ".join(parts)


def rationale(found: Responsibility | None, names: dict[str, Names], note: str) -> dict[str, str]:
    """Return the reason of an assignment in every language, a note of the desk behind it."""
    said = {
        language: responsibility_text(found, names[language], texts(language)) if found else ""
        for language in LANGUAGES
    }
    return {tag: "; ".join(part for part in (text, note) if part) for tag, text in said.items()}


def overdue_text(found: Overdue, names: Names, wording: Texts) -> str:
    """Return what is late, as one sentence."""
    if found.kind is OverdueKind.REFERRAL:
        return wording.count(
            "{organisation} should have responded to enquiry {number} {n} day ago.",
            "{organisation} should have responded to enquiry {number} {n} days ago.",
            found.days,
            number=found.number,
            organisation=names.named(found.organisation).name,
        )
    if found.kind is OverdueKind.REPLY:
        return wording.count(
            "The answer to enquiry {number} has been due for {n} day.",
            "The answer to enquiry {number} has been due for {n} days.",
            found.days,
            number=found.number,
        )
    return wording.count(
        "Enquiry {number} ran out {n} day ago.",
        "Enquiry {number} ran out {n} days ago.",
        found.days,
        number=found.number,
    )
