"""What a job can do, each part with its progress; this runs in a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.answers import answer
from api.asking import Asked, ask, from_graph
from api.schemas.enquiry import EnquiryIn, Word
from api.unlocking import unlocking_of
from graph import harvest as harvesting
from graph.errors import GraphError, SourceUnavailableError, StoreUnavailableError
from graph.publishing.dumps import prepare_dumps
from graph.store import EmbeddedStore, Store

__all__ = ["HarvestIn", "JobIn", "Progress", "Told", "harvest", "parse", "perform"]

Progress = Callable[[int, int], None]
"""Called with how many parts are done, and how many there are."""

Told = Callable[[str, int, int], None]
"""Called with a stage, how many of its parts are done, and how many there are."""

Language = Literal["de", "en"]


class _Work(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsortiaIn(_Work):
    """Suggest a consortium for each of many enquiries: of the graph by name, or as JSON."""

    kind: Literal["consortia"]
    enquiries: Annotated[list[Word | EnquiryIn], Field(min_length=1, max_length=500)]
    language: Language = "de"


class UnlockingIn(_Work):
    """Find the competences that would unlock most open enquiries."""

    kind: Literal["unlocking"]
    most: Annotated[int, Field(ge=1, le=20)] = 5
    language: Language = "de"


class DumpsIn(_Work):
    """Write the dumps of the version that answers now."""

    kind: Literal["dumps"]


class HarvestIn(_Work):
    """Harvest a source that is described; for coordinators."""

    kind: Literal["harvest"]
    source: Annotated[str, Field(max_length=100, pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


JobIn = Annotated[ConsortiaIn | UnlockingIn | DumpsIn | HarvestIn, Field(discriminator="kind")]
"""A job to start."""

_ADAPTER: TypeAdapter[ConsortiaIn | UnlockingIn | DumpsIn | HarvestIn] = TypeAdapter(JobIn)


def parse(text: str) -> ConsortiaIn | UnlockingIn | DumpsIn | HarvestIn:
    """Read a job that :meth:`pydantic.BaseModel.model_dump_json` has written."""
    return _ADAPTER.validate_json(text)


def perform(
    store: Store, work: ConsortiaIn | UnlockingIn | DumpsIn, progress: Progress
) -> dict[str, Any]:
    """Do the work; return its result as JSON values.

    Raises:
        GraphError: The work as a whole is not possible. An enquiry that cannot be answered has
            its error in its place, and does not end the others.
    """
    if isinstance(work, UnlockingIn):
        progress(0, 1)
        found = unlocking_of(store, work.language, work.most).model_dump(mode="json")
    elif isinstance(work, DumpsIn):
        progress(0, 1)
        found = _write_dumps(store)
    else:
        return {"answers": list(_suggest(store, work, progress))}
    progress(1, 1)
    return found


def _suggest(store: Store, work: ConsortiaIn, progress: Progress) -> Iterator[dict[str, Any]]:
    for number, enquiry in enumerate(work.enquiries):
        progress(number, len(work.enquiries))
        asked = from_graph(enquiry) if isinstance(enquiry, str) else Asked(given=enquiry)
        try:
            found = ask(store, asked, work.language)
        except GraphError as error:
            yield {"consortium": None, "error": f"{type(error).__name__}: {error}"}
            continue
        document = answer(found.suggestion, found.landscape, work.language)
        yield {"consortium": document.model_dump(mode="json"), "error": None}
    progress(len(work.enquiries), len(work.enquiries))


def _write_dumps(store: Store) -> dict[str, Any]:
    if not isinstance(store, EmbeddedStore):
        raise StoreUnavailableError("dumps are written where the graph was loaded")
    made = prepare_dumps(store)
    return {
        "version": made.version,
        "href": "/dumps",
        "files": len(made.files),
        "bytes": sum(file.bytes for file in made.files),
    }


def harvest(home: Path, work: HarvestIn, told: Told) -> dict[str, Any]:
    """Harvest a source; return what its report says in short.

    Raises:
        SourceUnavailableError: It failed; the report says it as well.
        GraphError: See :func:`graph.harvest.harvest`.
    """
    report = harvesting.harvest(home, work.source, told)
    if report.state is harvesting.State.FAILED:
        raise SourceUnavailableError(work.source, report.error)
    return {
        "source": report.source,
        "state": report.state.value,
        "digest": report.digest,
        "fetched": report.fetched,
        "added": report.added,
        "removed": report.removed,
        "left_out": report.left_out_counted,
    }
