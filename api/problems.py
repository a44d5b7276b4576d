"""Kinds of problems: their IRIs, what each means, and what to do about it (RFC 9457)."""

import re
from dataclasses import dataclass
from typing import Final

from api.i18n import noop as _noop
from graph.vocabulary import BASE

__all__ = ["KINDS", "Kind", "slug_of", "type_of"]

_STEP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        title: Name of the error, which problem documents carry as their title.
        meaning: What has happened.
        remedy: What a client can do.
        is_final: The same request will fail again.
    """

    title: str
    meaning: str
    remedy: str
    is_final: bool = True

    @property
    def slug(self) -> str:
        """Return the end of the IRI."""
        return slug_of(self.title)

    @property
    def iri(self) -> str:
        """Return the IRI, which never changes."""
        return f"{BASE}problem/{self.slug}"


def slug_of(title: str) -> str:
    """Return how the name of an error is written in an IRI: ``unknown-term``."""
    return _STEP.sub("-", title.removesuffix("Error")).lower()


def type_of(title: str) -> str:
    """Return the IRI of a problem; ``about:blank`` for one that only repeats its status."""
    kind = KINDS.get(slug_of(title))
    return kind.iri if kind is not None and kind.title == title else "about:blank"


_ALL = (
    Kind(
        "UnknownQueryError",
        _noop("The catalogue has no query of this name."),
        _noop("The member suggestions holds names that look alike."),
    ),
    Kind(
        "UnknownEnquiryError",
        _noop("The graph has no enquiry with this number, title or IRI that you may see."),
        _noop("List the enquiries and take one of their numbers."),
    ),
    Kind(
        "UnknownTermError",
        _noop("A word is neither the IRI nor a name of a thing of its kind."),
        _noop("The member scheme says what was looked for, suggestions what is alike."),
    ),
    Kind(
        "UnknownGraphError",
        _noop("There is no named graph of this IRI, or you may not see it."),
        _noop("List the graphs; send the key whose role may see it."),
    ),
    Kind(
        "ParameterError",
        _noop("A parameter is missing, unknown, given twice or of the wrong type."),
        _noop("The members parameter and reason name it and what is wrong."),
    ),
    Kind(
        "QuerySyntaxError",
        _noop("The text is not SPARQL 1.1."),
        _noop("The detail says at which place the reader gave up."),
    ),
    Kind(
        "QueryRefusedError",
        _noop("The query is valid, and this endpoint does not run it: an update, SERVICE or LOAD."),
        _noop("Leave out what the detail names. Updates go to /sparql/update, with a key."),
    ),
    Kind(
        "SourceFormatError",
        _noop("What was sent cannot be read as what it says it is."),
        _noop("The members line and reason say where and why."),
    ),
    Kind(
        "EnquiryError",
        _noop("The enquiry cannot be answered as it is put."),
        _noop("The detail says what is missing or contradicts itself."),
    ),
    Kind(
        "NonConformingError",
        _noop("The result would break a shape or a check, so nothing was written."),
        _noop("The member report names focus, path and shape of each violation."),
    ),
    Kind(
        "GraphNotWritableError",
        _noop("Nobody writes to this graph: it is loaded or computed."),
        _noop("Write to a graph of your own."),
    ),
    Kind(
        "VersionConflictError",
        _noop("Somebody has written since you read, so nothing was changed."),
        _noop("Read again, repeat your change on what is there now, and send the new tag."),
    ),
    Kind(
        "StoreUnavailableError",
        _noop("The store does not answer."),
        _noop("Try again later; if it stays so, tell whoever runs this server."),
        is_final=False,
    ),
    Kind(
        "StoreTimeoutError",
        _noop("The work took longer than it may, and was ended."),
        _noop("Ask for less: narrow the query, or add LIMIT to its sub-selects."),
    ),
    Kind(
        "StoreBusyError",
        _noop("All workers are taken, and so are the places to wait for one."),
        _noop("Wait as long as Retry-After says, then try again."),
        is_final=False,
    ),
    Kind(
        "StoreLimitError",
        _noop("The query needs more memory, or has a longer result, than one query may."),
        _noop("Ask for less, or take a dump."),
    ),
    Kind(
        "StoreCorruptError",
        _noop("What is stored here cannot be read: files of the store are damaged."),
        _noop("Tell whoever runs this server: its log says what, and loading or restoring heals."),
        is_final=False,
    ),
    Kind(
        "NotAcceptableError",
        _noop("The answer is not available in any form that the request accepts."),
        _noop("The detail lists the forms that there are."),
    ),
    Kind(
        "PayloadTooLargeError",
        _noop("The body of the request is longer than allowed."),
        _noop("Send it in parts."),
    ),
    Kind(
        "UnauthorizedError",
        _noop("This needs a key, or the key that was sent is unknown, revoked or expired."),
        _noop("Send a valid key as Bearer in the header Authorization."),
    ),
    Kind(
        "ForbiddenError",
        _noop("Your key is valid, and its role may not do this."),
        _noop("Ask the coordination office for a key of the role that the detail names."),
    ),
    Kind(
        "UnsupportedMediaTypeError",
        _noop("The body is of a kind that this address does not read."),
        _noop("The detail lists the kinds that it reads; say yours in Content-Type."),
    ),
    Kind(
        "TooManyRequestsError",
        _noop("More requests have come from you than one client may make."),
        _noop("Wait as long as Retry-After says; the header RateLimit tells what is left."),
        is_final=False,
    ),
    Kind(
        "RequestValidationError",
        _noop("A parameter or the body is not what the OpenAPI description says."),
        _noop("The member errors names each place and what is wrong there."),
    ),
    Kind(
        "IdempotencyMismatchError",
        _noop("The Idempotency-Key has been used for another request."),
        _noop("Use a new key for a new request; repeat a request word for word."),
    ),
    Kind(
        "IdempotencyConflictError",
        _noop("This Idempotency-Key is being answered, or its answer is shown only once."),
        _noop("Wait and repeat it; what is shown only once cannot be shown again."),
        is_final=False,
    ),
    Kind(
        "UnknownJobError",
        _noop("There is no such job, or it is not yours, or it has been cleared away."),
        _noop("Jobs are kept for a day after they end; start it again."),
    ),
    Kind(
        "JobNotDoneError",
        _noop("The job has no result: it has not ended yet, or it failed or was cancelled."),
        _noop("Follow its events; the result is there when its state is done."),
        is_final=False,
    ),
    Kind(
        "TooManyJobsError",
        _noop("You have as many jobs as one client may have, or all places are taken."),
        _noop("Wait until one of them ends, or cancel one."),
        is_final=False,
    ),
    Kind(
        "UnknownRecordError",
        _noop("There is no record of this kind and name, or you may not see it."),
        _noop("List the records; send the key whose role may see them."),
    ),
    Kind(
        "RecordStateError",
        _noop("The change does not fit the state that the record is in."),
        _noop("Read the record again; the detail says in which state it is."),
    ),
    Kind(
        "IllegalTransitionError",
        _noop("The record cannot get from its status to the one that is wanted."),
        _noop("The detail names the statuses that can follow."),
    ),
    Kind(
        "ConsentMissingError",
        _noop("An enquiry is passed on only with the consent of whoever asked, and there is none."),
        _noop("Ask for the consent, note it, and try again."),
    ),
    Kind(
        "PreconditionRequiredError",
        _noop("A record is changed only by who says which state of it they have read."),
        _noop("Read the record and send its ETag as If-Match."),
    ),
    Kind(
        "UnknownSourceError",
        _noop("No source of this name is described."),
        _noop("List the sources and take one of their names."),
    ),
    Kind(
        "GoneTermError",
        _noop("The thing was there in an earlier version, and nothing is said of it any more."),
        _noop("Forget it; the feed of changes has what else is gone."),
    ),
    Kind(
        "SourceRefusedError",
        _noop("What a source names or sends is not taken: a host, address, length or document."),
        _noop("The detail says what; allow the host, or mend the source."),
    ),
    Kind(
        "SourceUnavailableError",
        _noop("A source did not answer, or not as it should."),
        _noop("Try again later, or tell whoever runs the source."),
        is_final=False,
    ),
    Kind(
        "SourceBusyError",
        _noop("The same source is being harvested already."),
        _noop("Wait until that has ended."),
        is_final=False,
    ),
    Kind(
        "NothingStagedError",
        _noop("No harvest is waiting to be accepted or rejected, or it is another one."),
        _noop("Look at the harvests, and decide on the one that waits."),
    ),
)

KINDS: Final = {kind.slug: kind for kind in _ALL}
"""Every kind by the end of its IRI; a test compares them with the errors of the house."""
