"""The change feed as a Linked Data Event Stream: pages of the latest versions of things.

Each member is a named graph with everything the graph says of one thing at that time. The stream
keeps the latest version of each thing only (``ldes:LatestVersionSubset`` of amount 1) and the
tombstones of what has gone, so a follower that begins from empty ends with the graph itself.

Source: Linked Data Event Streams (https://w3id.org/ldes/specification) and TREE
(https://w3id.org/tree/specification).
"""

from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import RDF, XSD, Namespace
from rdflib.namespace import DCTERMS

from graph.publishing.changes import Change, ChangePage
from graph.publishing.describing import statements_about

__all__ = ["MEDIA_TYPE", "PAGE_SIZE", "feed_page"]

MEDIA_TYPE = "application/trig"
PAGE_SIZE = 500

_LDES = Namespace("https://w3id.org/ldes#")
_TREE = Namespace("https://w3id.org/tree#")
_AS = Namespace("https://www.w3.org/ns/activitystreams#")
_PREFIXES = {
    "as": str(_AS),
    "dct": str(DCTERMS),
    "ldes": str(_LDES),
    "tree": str(_TREE),
    "xsd": str(XSD),
}
_NODE = ox.NamedNode


def feed_page(engine: ox.Store, page: ChangePage, address: str) -> bytes:
    """Write one page as TriG; the same page is the same text in every generation.

    Args:
        engine: The generation that the changes were read with.
        page: The changes.
        address: Address of the stream.
    """
    quads = [*_about_stream(address), *_about_page(page, address)]
    for change in page.changes:
        quads += _member(engine, change, address)
    written = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=_PREFIXES)
    if written is None:  # only with an output to write to
        raise TypeError("the engine returned nothing")
    return written


def _quad(
    subject: ox.NamedNode, predicate: object, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Quad:
    return ox.Quad(subject, _NODE(str(predicate)), value)


def _about_stream(address: str) -> Iterator[ox.Quad]:
    stream, policy = _NODE(address), _NODE(f"{address}#retention")
    root = _NODE(f"{address}?after=0")
    yield _quad(stream, RDF.type, _NODE(str(_LDES.EventStream)))
    yield _quad(stream, _LDES.timestampPath, _NODE(str(DCTERMS.modified)))
    yield _quad(stream, _LDES.versionOfPath, _NODE(str(DCTERMS.isVersionOf)))
    yield _quad(stream, _TREE.view, root)
    yield _quad(root, _LDES.retentionPolicy, policy)
    yield _quad(policy, RDF.type, _NODE(str(_LDES.LatestVersionSubset)))
    yield _quad(policy, _LDES.amount, ox.Literal(1))


def _about_page(page: ChangePage, address: str) -> Iterator[ox.Quad]:
    """Link to the next page; a plain relation, so that equal times cannot part members.

    The link names the place, not what is there now: that changes, and this page must not.
    """
    here = f"/{page.name}" if page.is_full else f"?after={page.after}"
    node = _NODE(f"{address}{here}")
    yield _quad(node, RDF.type, _NODE(str(_TREE.Node)))
    if page.next is not None:
        relation = _NODE(f"{node.value}#next")
        yield _quad(node, _TREE.relation, relation)
        yield _quad(relation, RDF.type, _NODE(str(_TREE.Relation)))
        yield _quad(relation, _TREE.node, _NODE(f"{address}?after={page.next}"))


def _member(engine: ox.Store, change: Change, address: str) -> Iterator[ox.Quad]:
    """Describe a member in the default graph, and the thing in a graph named like the member."""
    member = _NODE(f"{address}#{change.sequence}")
    time = ox.Literal(change.changed_at.isoformat(), datatype=_NODE(str(XSD.dateTime)))
    yield _quad(_NODE(address), _TREE.member, member)
    yield _quad(member, DCTERMS.isVersionOf, _NODE(change.thing))
    yield _quad(member, DCTERMS.modified, time)
    if change.is_deleted:
        yield _quad(member, RDF.type, _NODE(str(_AS.Delete)))
        return
    for triple in statements_about(engine, _NODE(change.thing)):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, member)
