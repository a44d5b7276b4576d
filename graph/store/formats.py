"""Media types of results: which ones there are for which form of query."""

from enum import StrEnum

from graph.errors import ParameterError

__all__ = ["GRAPH_MEDIA_TYPES", "SOLUTION_MEDIA_TYPES", "QueryForm", "media_types", "require"]


class QueryForm(StrEnum):
    """The four forms of a SPARQL query."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"
    DESCRIBE = "describe"

    __hash__ = str.__hash__  # as quick as a text; that of enumerations is written in Python

    @property
    def is_graph(self) -> bool:
        """Tell whether the result is an RDF graph."""
        return self in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


SOLUTION_MEDIA_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""For SELECT and ASK; the first is the default."""

GRAPH_MEDIA_TYPES = (
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/n-quads",
    "application/trig",
)
"""For CONSTRUCT and DESCRIBE; the first is the default."""


def media_types(form: QueryForm) -> tuple[str, ...]:
    """Return the media types of the results of a form, the default first."""
    return GRAPH_MEDIA_TYPES if form.is_graph else SOLUTION_MEDIA_TYPES


def require(form: QueryForm, media_type: str) -> None:
    """Check that the results of a form can be written in a media type.

    Raises:
        ParameterError: They cannot.
    """
    offered = media_types(form)
    if media_type not in offered:
        raise ParameterError(
            form, "media type", f"{media_type!r} is not one of {', '.join(offered)}"
        )
