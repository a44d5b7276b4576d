"""A consortium in a file computed again, and what is different now."""

from datetime import datetime
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import PROV

from api.asking import Answered, landscape_of
from graph.errors import SourceFormatError
from graph.exporting import consortium_graph
from graph.recomputing import recompute
from graph.store import Store
from graph.vocabulary import VB

__all__ = ["recompute_file"]

_FORMATS = {".ttl": "turtle", ".jsonld": "json-ld", ".nt": "nt"}


def recompute_file(
    store: Store, path: Path, language: str = "de"
) -> tuple[Answered, tuple[str, ...]]:
    """Answer again the enquiry of the one consortium in a file.

    Args:
        store: Where the graph lives; it must hold the version that the run read.
        path: Turtle, JSON-LD or N-Triples as ``verbund suggest`` and the API write them.
        language: Language of the labels.

    Returns:
        The answer of now, and each statement that only one of the two makes, sorted, those of the
        file with ``-`` and those of now with ``+`` before them; none when the results are equal.

    Raises:
        SourceFormatError: The file cannot be read, holds no consortium or several, does not say
            how it came about, or was computed on another version of the graph.
    """
    stored = _parsed(path)
    found = sorted(str(node) for node in stored.subjects(RDF.type, VB.Consortium))
    if len(found) != 1:
        raise SourceFormatError(path, f"one vb:Consortium expected, {len(found)} found")
    landscape = landscape_of(store, language)
    suggestion = recompute(stored, found[0], landscape)
    started_at = _started_at(stored, found[0], path)
    again = consortium_graph(suggestion, started_at)
    return Answered(suggestion, landscape, started_at), _differences(stored, again)


def _parsed(path: Path) -> Graph:
    try:
        return Graph().parse(path, format=_FORMATS.get(path.suffix, "turtle"))
    except (OSError, SyntaxError, ValueError) as error:
        raise SourceFormatError(path, f"cannot be read as a graph: {error}") from error


def _started_at(graph: Graph, consortium: str, path: Path) -> datetime:
    run = graph.value(URIRef(consortium), PROV.wasGeneratedBy)
    value = graph.value(run, PROV.startedAtTime)
    if isinstance(value, Literal) and isinstance(moment := value.toPython(), datetime):
        return moment
    raise SourceFormatError(path, f"the run of {consortium} does not say when it was")


def _differences(stored: Graph, again: Graph) -> tuple[str, ...]:
    before, now = set(stored), set(again)
    lines = [f"- {' '.join(term.n3() for term in statement)}" for statement in before - now]
    lines += [f"+ {' '.join(term.n3() for term in statement)}" for statement in now - before]
    return tuple(sorted(lines))
