"""Submitted profiles: staged as quotations, reviewed, then published or rejected.

What a submission proposes stands in a graph of its own, quoted (``rdf:Statement``) and not
asserted. So no search, count, rule or path takes it for a fact, not even inside, until a review
publishes it into ``graph/profiles``. Submission, quotation and review stay as the history.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import PROV
from rdflib.term import Identifier

from graph.errors import RecordStateError, UnknownRecordError
from graph.profiles.statements import Described
from graph.reading import rows
from graph.records import RecordGraph, Triple, change, mint, tag_of, unchanged_since
from graph.store import Row, Store, Visibility
from graph.vocabulary import ID, SCHEME, VB
from graph.writing import Kind, Write

__all__ = [
    "PROFILES",
    "Difference",
    "Review",
    "Submission",
    "SubmissionStatus",
    "difference",
    "find_submission",
    "publish",
    "published_profile",
    "read_submissions",
    "reject",
    "submission_tag",
    "submit",
]

PROFILES: Final = RecordGraph(
    "profiles", (("de", "Selbstbeschreibungen"), ("en", "Profiles")), Visibility.PUBLIC
)
"""The graph of published profiles, for everybody."""

_HOUSE: Final = ID["agent-verbund"]


class SubmissionStatus(StrEnum):
    """Statuses of ``scheme/submission-status``."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """What the office decided.

    Attributes:
        iri: Identifier.
        at: When.
        rationale: Why.
    """

    iri: str
    at: datetime
    rationale: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted profile.

    Attributes:
        iri: Identifier.
        organisation: IRI of the organisation that it describes.
        status: What has become of it.
        submitted_at: When it came.
        proposed: What it proposes to say.
        review: The decision, or ``None`` while there is none.
    """

    iri: str
    organisation: str
    status: SubmissionStatus
    submitted_at: datetime
    proposed: tuple[Triple, ...]
    review: Review | None = None

    @property
    def identifier(self) -> str:
        """Last part of the IRI, such as ``submission-5f3c…``."""
        return self.iri.rpartition("/")[2]

    @property
    def graph(self) -> RecordGraph:
        """The graph that it is staged in."""
        return _graph(URIRef(self.iri))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a publication would change.

    Attributes:
        added: What would be new in the profile.
        removed: What the profile says now and would say no longer.
        kept: What it says now and would still say.
        known_elsewhere: Of the new, what another graph says already.
    """

    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]
    kept: tuple[Triple, ...]
    known_elsewhere: tuple[Triple, ...]


def _graph(node: URIRef) -> RecordGraph:
    name = node.rpartition("/")[2]
    return RecordGraph(name, (("de", "Einreichung"), ("en", "Submission")))


def submit(described: Described, now: datetime | None = None) -> tuple[str, Write]:
    """Return identifier and write of a submission; who calls has checked what it holds.

    Args:
        described: What it proposes.
        now: Time to note; the current one by default.

    Raises:
        RecordStateError: It proposes nothing.
    """
    if not described.triples:
        raise RecordStateError("a submission that says nothing cannot be reviewed")
    node = mint("submission")
    added: list[Triple] = [
        (node, RDF.type, VB.ProfileSubmission),
        (node, VB.describes, described.organisation),
        (node, PROV.generatedAtTime, _time(now)),
        _status(node, SubmissionStatus.SUBMITTED),
    ]
    for number, triple in enumerate(described.triples):
        added += _quoted(node, number, triple)
    return str(node), change(_graph(node), add=added)


def _quoted(submission: URIRef, number: int, triple: Triple) -> list[Triple]:
    name = submission.rpartition("/")[2].replace("submission", "statement", 1)
    node = ID[f"{name}-{number:05d}"]
    subject, predicate, value = triple
    return [
        (node, RDF.type, RDF.Statement),
        (node, VB.ofSubmission, submission),
        (node, RDF.subject, subject),
        (node, RDF.predicate, predicate),
        (node, RDF.object, value),
    ]


def read_submissions(store: Store) -> tuple[Submission, ...]:
    """Return every submission, the oldest first; none where the caller may not see them."""
    proposed: dict[str, list[Triple]] = defaultdict(list)
    for row in rows(store, "quoted-statements"):
        triple = (row["subject"], row["predicate"], row["object"])
        proposed[str(row["submission"])].append(triple)
    return tuple(
        Submission(
            iri=str(row["submission"]),
            organisation=str(row["organisation"]),
            status=SubmissionStatus(str(row["status"]).rpartition("/")[2]),
            submitted_at=datetime.fromisoformat(str(row["submitted"])),
            proposed=tuple(proposed[str(row["submission"])]),
            review=_review(row),
        )
        for row in rows(store, "submissions")
    )


def _review(row: Row) -> Review | None:
    if "review" not in row:
        return None
    at = datetime.fromisoformat(str(row["reviewed"]))
    return Review(str(row["review"]), at, str(row["rationale"]))


def find_submission(store: Store, word: str) -> Submission:
    """Return the submission with this IRI or identifier.

    Raises:
        UnknownRecordError: There is none.
    """
    for submission in read_submissions(store):
        if word in (submission.iri, submission.identifier):
            return submission
    raise UnknownRecordError(word, kind="submission")


def submission_tag(store: Store, submission: Submission) -> str:
    """Return the tag of a submission, see :func:`graph.records.tag_of`."""
    return tag_of(store, URIRef(submission.iri), submission.graph)


def published_profile(store: Store, organisation: str) -> tuple[Triple, ...]:
    """Return what the published profile of an organisation says."""
    bindings: dict[str, Identifier] = {"organisation": URIRef(organisation)}
    found = rows(store, "published-profile", bindings)
    return tuple((row["subject"], row["predicate"], row["object"]) for row in found)


def difference(store: Store, submission: Submission) -> Difference:
    """Return what the publication of a submission would change."""
    now = published_profile(store, submission.organisation)
    said, proposed = set(now), set(submission.proposed)
    added = tuple(t for t in submission.proposed if t not in said)
    return Difference(
        added=added,
        removed=tuple(t for t in now if t not in proposed),
        kept=tuple(t for t in now if t in proposed),
        known_elsewhere=_known_elsewhere(store, added),
    )


def _known_elsewhere(store: Store, triples: Sequence[Triple]) -> tuple[Triple, ...]:
    """Return which statements are made already; what is only quoted is not."""
    subjects = " ".join(sorted({s.n3() for s, _, _ in triples}))
    if not subjects:
        return ()
    found = store.select(f"SELECT ?s ?p ?o {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}")
    known = {(row["s"], row["p"], row["o"]) for row in found}
    return tuple(t for t in triples if t in known)


def publish(
    store: Store,
    submission: Submission,
    rationale: str,
    tag: str = "",
    now: datetime | None = None,
) -> Write:
    """Return the write that puts what a submission proposes in place of the published profile.

    Args:
        store: Where the submission was read.
        submission: It, as it was read.
        rationale: Why it is right to publish it.
        tag: Tag of the reading that the decision rests on; that of ``store`` by default.
        now: Time to note; the current one by default.

    Raises:
        RecordStateError: It has been decided on already.
        VersionConflictError: The submission, or the profile, has changed since.
    """
    organisation = URIRef(submission.organisation)
    changed = difference(store, submission)
    profile = change(PROFILES, add=changed.added, remove=changed.removed)
    unchanged = unchanged_since(
        store, organisation, PROFILES, tag_of(store, organisation, PROFILES)
    )
    review = _decision(store, submission, SubmissionStatus.PUBLISHED, rationale, tag, now)
    return _together([review, profile], [review.condition, unchanged])


def reject(
    store: Store,
    submission: Submission,
    rationale: str,
    tag: str = "",
    now: datetime | None = None,
) -> Write:
    """Return the write that notes why a submission is not published; as :func:`publish`.

    Raises:
        RecordStateError: It has been decided on already.
        VersionConflictError: The submission has changed since.
    """
    return _decision(store, submission, SubmissionStatus.REJECTED, rationale, tag, now)


def _decision(
    store: Store,
    submission: Submission,
    status: SubmissionStatus,
    rationale: str,
    tag: str,
    now: datetime | None,
) -> Write:
    if submission.status is not SubmissionStatus.SUBMITTED:
        raise RecordStateError("this submission has been reviewed already")
    node, review = URIRef(submission.iri), mint("review")
    added: list[Triple] = [
        _status(node, status),
        (review, RDF.type, VB.SubmissionReview),
        (review, VB.ofSubmission, node),
        (review, PROV.used, node),
        (review, PROV.wasAssociatedWith, _HOUSE),
        (review, PROV.startedAtTime, _time(now)),
        (review, VB.rationale, Literal(rationale.strip())),
        _status(review, status),
    ]
    read = tag or submission_tag(store, submission)
    return change(
        submission.graph,
        add=added,
        remove=[_status(node, submission.status)],
        condition=unchanged_since(store, node, submission.graph, read),
    )


def _together(changes: Iterable[Write], conditions: Iterable[str]) -> Write:
    """Return one write of several, which happens only when all conditions hold."""
    content = " ;\n".join(c.content for c in changes if c.content)
    exist = " ".join(f"FILTER EXISTS {c.removeprefix('ASK ')}" for c in conditions)
    return Write(Kind.UPDATE, content, condition=f"ASK {{ {exist} }}")


def _status(node: URIRef, status: SubmissionStatus) -> Triple:
    return node, VB.submissionStatus, SCHEME[f"submission-status/{status}"]


def _time(now: datetime | None) -> Literal:
    at = (now or datetime.now(UTC)).isoformat()
    return Literal(at, datatype=XSD.dateTime, normalize=False)
