"""Profiles: what organisations say of themselves, and what keeps it up to date.

A form derived from the shapes becomes a submission in a graph of its own
(``graph/submission-<id>``, internal, quoted), which a review publishes into ``graph/profiles`` or
rejects. Completeness and its effects, and facts to be renewed, say what to ask for next.
"""

from graph.profiles.checking import faults_of
from graph.profiles.completeness import Completeness, completeness_of
from graph.profiles.effects import Effect, EffectKind, effects_of
from graph.profiles.fields import Field, FieldKind, Form, Option, Section
from graph.profiles.form import form_of
from graph.profiles.renewals import FactKind, Renewal, RenewalReason, renewals_due
from graph.profiles.statements import Described, Entry, Fault, Profile, describe
from graph.profiles.submissions import (
    PROFILES,
    Difference,
    Review,
    Submission,
    SubmissionStatus,
    difference,
    find_submission,
    publish,
    published_profile,
    read_submissions,
    reject,
    submission_tag,
    submit,
)

__all__ = [
    "PROFILES",
    "Completeness",
    "Described",
    "Difference",
    "Effect",
    "EffectKind",
    "Entry",
    "FactKind",
    "Fault",
    "Field",
    "FieldKind",
    "Form",
    "Option",
    "Profile",
    "Renewal",
    "RenewalReason",
    "Review",
    "Section",
    "Submission",
    "SubmissionStatus",
    "completeness_of",
    "describe",
    "difference",
    "effects_of",
    "faults_of",
    "find_submission",
    "form_of",
    "publish",
    "published_profile",
    "read_submissions",
    "reject",
    "renewals_due",
    "submission_tag",
    "submit",
]
