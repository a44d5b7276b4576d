"""The named graphs that the caller may see; their statements are at ``/graphs?graph=``."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.keeping import kept
from api.rest.documents import DESCRIBED, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from graph.store import Store

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/graphs", tags=["graphs"])

_LISTING = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?graph (SAMPLE(?name) AS ?title) (SAMPLE(?right) AS ?rights) (SAMPLE(?terms) AS ?licence)
       (MAX(?at) AS ?changed)
WHERE {
  GRAPH graph:meta {
    ?graph a dcat:Dataset .
    OPTIONAL { ?graph dct:title ?name FILTER(LANG(?name) IN ("$LANGUAGE", "")) }
    OPTIONAL { ?graph dct:accessRights ?right }
    OPTIONAL { ?graph dct:license ?terms }
    OPTIONAL { ?graph prov:generatedAtTime ?at }
  }
}
GROUP BY ?graph
ORDER BY ?graph
"""


class GraphOut(BaseModel):
    """One named graph.

    Attributes:
        iri: Its name.
        href: Where its statements are.
        name: What it holds.
        access_rights: IRI of its visibility.
        licence: IRI of its licence.
        changed_at: When it was made or changed last.
    """

    iri: str
    href: str
    name: str
    access_rights: str | None
    licence: str | None
    changed_at: str | None


@router.get(
    "",
    responses=DESCRIBED,
    response_model=listed(GraphOut),
    operation_id="list_graphs",
)
def list_graphs(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(GraphOut)],
) -> Response:
    """List the named graphs by IRI."""
    return page.answer(reading, _graphs_of(*reading.view), _key, lambda found: found, fields)


def _key(graph: GraphOut) -> tuple[str, str]:
    return graph.iri, ""


@kept
def _graphs_of(store: Store, language: str) -> tuple[GraphOut, ...]:
    text = _LISTING.replace("$LANGUAGE", language)
    described = {str(row["graph"]): row for row in store.select(text)}
    names = ("title", "rights", "licence", "changed")
    found = []
    for iri in store.graphs():
        row = described.get(iri, {})
        title, rights, licence, changed = (str(row[n]) if n in row else None for n in names)
        found.append(
            GraphOut(
                iri=iri,
                href=f"/graphs?graph={quote(iri, safe='')}",
                name=title or iri.rpartition("/")[2],
                access_rights=rights,
                licence=licence,
                changed_at=changed,
            )
        )
    return tuple(found)
