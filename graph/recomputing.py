"""A stored consortium computed again from what its run recorded."""

import json

from rdflib import Graph, URIRef
from rdflib.namespace import PROV

from graph.consortium import Suggestion, suggest
from graph.consortium.record import enquiry_of, settings_of
from graph.errors import SourceFormatError
from graph.model import Landscape
from graph.vocabulary import VB

__all__ = ["recompute"]


def recompute(graph: Graph, consortium: str, landscape: Landscape) -> Suggestion:
    """Answer again the enquiry that a stored consortium answers, with the settings of its run.

    Args:
        graph: Statements about the consortium and its run, as ``consortium_graph`` makes them.
        consortium: IRI of the consortium.
        landscape: The landscape of the graph version that the run names.

    Returns:
        The suggestion: the same, but for the time taken, when the run had time enough.

    Raises:
        SourceFormatError: The graph does not say how the consortium came about, or the run read
            another version of the graph.
    """
    run = graph.value(URIRef(consortium), PROV.wasGeneratedBy)
    parameters = graph.value(run, VB.parameters)
    version = str(graph.value(run, VB.graphVersion))
    if parameters is None:
        raise SourceFormatError("<consortium>", f"no run with parameters generated {consortium}")
    if version != landscape.version:
        reason = f"it was computed on graph version {version}, this is {landscape.version}"
        raise SourceFormatError("<consortium>", reason)
    try:
        record = json.loads(str(parameters))
        enquiry, settings = enquiry_of(record["enquiry"]), settings_of(record)
    except (KeyError, TypeError, ValueError) as error:
        raise SourceFormatError("<consortium>", f"parameters of {run}: {error}") from error
    return suggest(enquiry, landscape, settings)
