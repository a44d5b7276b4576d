"""Checking profiles, submitting them, and showing what a publication would change."""

from datetime import UTC, datetime

from rdflib import URIRef

from api.asking import landscape_of, words_of
from api.i18n import Texts, texts
from api.i18n import noop as _noop
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.profiles import (
    DifferenceOut,
    FaultOut,
    ProfileIn,
    ReviewOut,
    StatementOut,
    SubmissionLineOut,
    SubmissionOut,
)
from graph.errors import NonConformingError
from graph.profiles import (
    Described,
    Fault,
    Form,
    Profile,
    Submission,
    SubmissionStatus,
    describe,
    difference,
    faults_of,
    form_of,
    submit,
)
from graph.records import Triple
from graph.store import Store
from graph.vocabulary import PREFIXES
from graph.writing import Write

__all__ = ["checked", "fault_out", "kept_form", "line_out", "submission_out", "submitted"]


_FAULT = {
    "missing": _noop("This is needed."),
    "no-address": _noop("This is no web address; right would be such as https://example.org."),
    "no-choice": _noop("This is not in the list."),
    "no-date": _noop("This is no day; right would be such as 2026-12-31."),
    "no-decimal": _noop("This is no number."),
    "no-integer": _noop("This is no whole number."),
    "no-text": _noop("This text is too long."),
    "no-year": _noop("This is no year; right would be such as 2026."),
    "repeated": _noop("This is given twice."),
    "too-many": _noop("More than one value is given."),
    "unknown-field": _noop("The form has no such field."),
    "unknown-section": _noop("The form has no such section."),
}


@kept
def kept_form(store: Store) -> Form:
    """Return the form of a generation."""
    return form_of(store)


def checked(store: Store, given: ProfileIn, language: str) -> tuple[Described, tuple[Fault, ...]]:
    """Return a profile as statements, and what is wrong with it.

    Args:
        store: What the graph says, as the caller may see it.
        given: The profile.
        language: Language of the messages.

    Raises:
        UnknownTermError: It is of an organisation that the graph does not know.
    """
    form = kept_form(store)
    word = given.organisation
    organisation = words_of(store, language).organisation(word) if word else ""
    scheme = landscape_of(store, language).scheme
    steps = {iri: c.step for iri, c in scheme.competences.items() if c.step is not None}
    profile = Profile(organisation, given.entries, given.language)
    described = describe(form, profile, datetime.now(UTC).year, steps)
    return described, faults_of(store, form, described, language)


def submitted(store: Store, given: ProfileIn, language: str) -> tuple[str, Described, Write]:
    """Return identifier, content and write of a submission without grave faults.

    Raises:
        NonConformingError: It has grave faults; they are its report, each with its field.
        RecordStateError: It says nothing.
        UnknownTermError: It is of an organisation that the graph does not know.
    """
    described, faults = checked(store, given, language)
    grave = [fault_out(fault, texts(language)) for fault in faults if fault.is_grave]
    if grave:
        raise NonConformingError(
            tuple(f"{f.section} {f.field}: {f.message}" for f in grave),
            tuple({k: str(v) for k, v in f.model_dump().items()} for f in grave),
        )
    iri, write = submit(described)
    return iri, described, write


def fault_out(fault: Fault, wording: Texts) -> FaultOut:
    """Return a fault with its message."""
    return FaultOut(
        section=fault.section,
        number=fault.number,
        field=fault.field,
        code=fault.code,
        message=fault.message or wording(_FAULT[fault.code]),
        is_grave=fault.is_grave,
    )


def line_out(submission: Submission, names: dict[str, str]) -> SubmissionLineOut:
    """Return a submission as a line of a list."""
    iri = submission.organisation
    return SubmissionLineOut(
        id=submission.identifier,
        iri=submission.iri,
        organisation=NamedOut(iri=iri, name=names.get(iri) or _proposed_name(submission)),
        status=submission.status.value,
        submitted_at=submission.submitted_at,
        statements=len(submission.proposed),
    )


def submission_out(store: Store, submission: Submission, language: str) -> SubmissionOut:
    """Return a submission, with what its publication would change while it is undecided."""
    landscape = landscape_of(store, language)
    names = {iri: o.name for iri, o in landscape.organisations.items()}
    review, changed = submission.review, None
    if submission.status is SubmissionStatus.SUBMITTED:
        shown = difference(store, submission)
        labels = {**landscape.labels, **names}
        changed = DifferenceOut(
            added=[_statement(t, labels) for t in shown.added],
            removed=[_statement(t, labels) for t in shown.removed],
            kept=len(shown.kept),
            known_elsewhere=[_statement(t, labels) for t in shown.known_elsewhere],
        )
    return SubmissionOut(
        **line_out(submission, names).model_dump(),
        review=ReviewOut(at=review.at, rationale=review.rationale) if review else None,
        difference=changed,
    )


def _proposed_name(submission: Submission) -> str:
    names = [
        str(o)
        for s, p, o in submission.proposed
        if str(s) == submission.organisation and str(p) == f"{PREFIXES['skos']}prefLabel"
    ]
    return names[0] if names else submission.organisation


def _statement(triple: Triple, labels: dict[str, str]) -> StatementOut:
    subject, predicate, value = triple
    return StatementOut(
        subject=_short(subject),
        predicate=_short(predicate),
        value=_short(value),
        text=labels.get(str(value), str(value)),
    )


def _short(term: object) -> str:
    """Return a term as Turtle writes it, with a prefix where one fits."""
    if isinstance(term, URIRef):
        for prefix, namespace in PREFIXES.items():
            if term.startswith(namespace) and "/" not in term.removeprefix(namespace):
                return f"{prefix}:{term.removeprefix(namespace)}"
    return term.n3() if hasattr(term, "n3") else str(term)
