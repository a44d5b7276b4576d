"""Profiles: the form, submissions and their review, completeness, facts to be renewed."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.access.caller import Caller
from api.access.recording import CHANGES, READS, CoordinatorDep, Recorder, RecorderDep
from api.access.roles import Role
from api.asking import landscape_of, words_of
from api.dependencies import CallerDep
from api.i18n import texts
from api.profiles.submitting import (
    checked,
    fault_out,
    kept_form,
    line_out,
    submission_out,
    submitted,
)
from api.profiles.upkeep import completeness, effects, renewals
from api.projects.answering import send, today
from api.rest.documents import DESCRIBED, DocumentOut, Reading, ReadingDep
from api.rest.records import send_record
from api.schemas.profiles import (
    CompletenessOut,
    EffectOut,
    FormOut,
    ProfileIn,
    RenewalOut,
    ReviewIn,
    SubmissionLineOut,
    SubmissionOut,
    SubmittedOut,
)
from graph.profiles import (
    Submission,
    find_submission,
    publish,
    read_submissions,
    reject,
    submission_tag,
)
from graph.records import Entry
from graph.store import Store
from graph.writing import Write

__all__ = ["router", "submit_for"]

router = APIRouter(prefix="/api/v1/profiles", tags=["profiles"])

_SUBMITTED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key was sent"},
    404: {"description": "It is of an organisation that the graph does not know"},
    422: {"description": "It has grave faults; `report` names the field of each"},
}
_DUE: dict[int | str, dict[str, Any]] = {**READS, 422: {"description": "A parameter is malformed"}}


async def submit_for(request: Request, caller: Caller, write: Write) -> None:
    """Write a submission on behalf of somebody who may not write anything else.

    The write is one that :func:`graph.profiles.submit` made: quotations in a graph of its own.
    """
    await request.app.state.writer.apply(replace(caller, role=Role.COORDINATOR), write)


@router.get(
    "/form",
    responses=DESCRIBED,
    response_model=DocumentOut[FormOut],
    operation_id="get_profile_form",
)
def get_form(reading: ReadingDep) -> Response:
    """Give the form of a profile, derived from the SHACL shapes, with all allowed values."""
    return reading.answer(FormOut.model_validate(kept_form(reading.store)))


@router.post(
    "/checks",
    responses=_SUBMITTED,
    response_model=DocumentOut[SubmittedOut],
    operation_id="check_profile",
)
def check_profile(reading: ReadingDep, profile: ProfileIn) -> Response:
    """Check a profile without keeping anything: each fault at its field."""
    described, faults = checked(reading.store, profile, reading.language)
    wording = texts(reading.language)
    found = SubmittedOut(
        id="",
        organisation=str(described.organisation),
        faults=[fault_out(fault, wording) for fault in faults],
    )
    return send(reading, found)


@router.post(
    "/submissions",
    status_code=201,
    responses=_SUBMITTED,
    response_model=DocumentOut[SubmittedOut],
    operation_id="submit_profile",
)
async def submit_profile(
    request: Request, caller: CallerDep, reading: ReadingDep, profile: ProfileIn
) -> Response:
    """Submit a profile for review; partners and coordinators may.

    It is quoted in a graph of its own and a fact for nobody until it is published.
    """
    caller.require(Role.PARTNER)
    iri, described, write = await asyncio.to_thread(
        submitted, reading.store, profile, reading.language
    )
    await submit_for(request, caller, write)
    name = iri.rpartition("/")[2]
    found = SubmittedOut(id=name, organisation=str(described.organisation), faults=[])
    response = send(reading, found)
    response.status_code = 201
    response.headers["Location"] = f"/api/v1/profiles/submissions/{name}"
    return response


@router.get(
    "/submissions",
    responses=READS,
    response_model=DocumentOut[list[SubmissionLineOut]],
    operation_id="list_submissions",
)
def list_submissions(
    caller: CoordinatorDep,
    reading: ReadingDep,
    status: Literal["submitted", "published", "rejected"] | None = None,
) -> Response:
    """List the submitted profiles, the oldest first."""
    landscape = landscape_of(*reading.view)
    names = {iri: o.name for iri, o in landscape.organisations.items()}
    found = [
        line_out(submission, names)
        for submission in read_submissions(reading.store)
        if status in (None, submission.status.value)
    ]
    return send(reading, found)


@router.get(
    "/submissions/{name}",
    responses=READS,
    response_model=DocumentOut[SubmissionOut],
    operation_id="get_submission",
)
def get_submission(caller: CoordinatorDep, reading: ReadingDep, name: str) -> Response:
    """Give one submission with what its publication would change; its `ETag` is for the review."""
    return _answer(reading, find_submission(reading.store, name))


@router.post(
    "/submissions/{name}/publication",
    responses=CHANGES,
    response_model=DocumentOut[SubmissionOut],
    operation_id="publish_submission",
)
async def publish_submission(
    recorder: RecorderDep, reading: ReadingDep, name: str, review: ReviewIn
) -> Response:
    """Put what a submission proposes in place of the published profile, for everybody to see."""
    return await _decide(recorder, reading, name, review, is_published=True)


@router.post(
    "/submissions/{name}/rejection",
    responses=CHANGES,
    response_model=DocumentOut[SubmissionOut],
    operation_id="reject_submission",
)
async def reject_submission(
    recorder: RecorderDep, reading: ReadingDep, name: str, review: ReviewIn
) -> Response:
    """Note why a submission is not published."""
    return await _decide(recorder, reading, name, review, is_published=False)


async def _decide(
    recorder: Recorder, reading: Reading, name: str, review: ReviewIn, *, is_published: bool
) -> Response:
    decide = publish if is_published else reject

    def entry(store: Store, tag: str) -> Entry:
        submission = find_submission(store, name)
        return Entry(submission.iri, decide(store, submission, review.rationale, tag))

    iri, store = await recorder.change(entry)
    return _answer(reading.on(store), find_submission(store, iri))


def _answer(reading: Reading, submission: Submission) -> Response:
    """Answer with a submission and its tag."""
    shown = submission_out(reading.store, submission, reading.language)
    tag = submission_tag(reading.store, submission)
    return send_record(reading, shown, tag)


@router.get(
    "/renewals",
    responses=_DUE,
    response_model=DocumentOut[list[RenewalOut]],
    operation_id="list_renewals",
)
def list_renewals(
    caller: CoordinatorDep,
    reading: ReadingDep,
    day: Annotated[date | None, Query(description="Day to judge for; today by default")] = None,
    within_days: Annotated[int, Query(ge=0, le=3650)] = 60,
    old_after_years: Annotated[int, Query(ge=0, le=100)] = 5,
) -> Response:
    """List the facts that have ended, end soon or have grown old, with whom to ask."""
    store, language = reading.view
    found = renewals(store, day or today(), language, within_days, old_after_years)
    return send(reading, found)


@router.get(
    "/{organisation}/completeness",
    responses=DESCRIBED,
    response_model=DocumentOut[CompletenessOut],
    operation_id="get_completeness",
)
def get_completeness(reading: ReadingDep, organisation: str) -> Response:
    """Say what the profile of an organisation leaves open."""
    store, language = reading.view
    iri = words_of(store, language).organisation(organisation)
    return reading.answer(completeness(store, iri, language))


@router.get(
    "/{organisation}/effects",
    responses=READS,
    response_model=DocumentOut[list[EffectOut]],
    operation_id="get_effects",
)
def get_effects(caller: CallerDep, reading: ReadingDep, organisation: str) -> Response:
    """Say what stating one more fact would bring; partners and coordinators may ask.

    The open enquiries are answered again with each fact, which takes a second or more.
    """
    caller.require(Role.PARTNER)
    store, language = reading.view
    iri = words_of(store, language).organisation(organisation)
    return send(reading, effects(store, iri, language))
