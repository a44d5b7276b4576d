"""Competences: search by any of their names, the tree, and who claims one."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.asking import words_of
from api.directory import presenter_of
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.schemas.directory import CompetenceDetailOut, CompetenceOut, TreeOut
from graph.directory import folded
from graph.model import Competence

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/competences", tags=["competences"])

Word = Annotated[str | None, Query(max_length=300, description="IRI or label of a competence")]


@router.get(
    "",
    responses=DESCRIBED,
    response_model=listed(CompetenceOut),
    operation_id="list_competences",
)
def list_competences(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(CompetenceOut)],
    q: Annotated[str, Query(max_length=300, description="Words in any of its names")] = "",
    broader: Word = None,
) -> Response:
    """List the competences that pass every filter, by label."""
    presenter = presenter_of(*reading.view)
    root = words_of(*reading.view).competences.resolve(broader) if broader else None
    found = presenter.directory.find_competences(q, root)
    return page.answer(reading, found, _key, presenter.competence, fields)


def _key(competence: Competence) -> tuple[str, str]:
    return folded(competence.label), competence.iri


@router.get(
    "/tree",
    responses=DESCRIBED,
    response_model=DocumentOut[TreeOut],
    operation_id="get_competence_tree",
)
def get_tree(
    reading: ReadingDep,
    root: Word = None,
    depth: Annotated[int, Query(ge=1, le=6, description="Levels to give")] = 2,
) -> Response:
    """Give what is narrower than a competence, or the whole tree, so many levels deep."""
    presenter = presenter_of(*reading.view)
    iri = words_of(*reading.view).competences.resolve(root) if root else ""
    branches = presenter.branches(iri, depth)
    return reading.answer(TreeOut(root=presenter.named(iri) if iri else None, narrower=branches))


@router.get(
    "/{name:path}",  # names have slashes too
    responses=DESCRIBED,
    response_model=DocumentOut[CompetenceDetailOut],
    operation_id="get_competence",
)
def get_competence(reading: ReadingDep, name: str) -> Response:
    """Give one competence, by the end of its IRI or by any of its names."""
    presenter = presenter_of(*reading.view)
    known = {one.rpartition("/")[2]: one for one in presenter.landscape.scheme.competences}
    iri = known.get(name) or words_of(*reading.view).competences.resolve(name)
    return reading.answer(presenter.competence_detail(presenter.landscape.scheme.competences[iri]))
