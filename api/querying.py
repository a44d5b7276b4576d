"""Queries of the command line: a text, a file, or a name of the catalogue."""

from collections.abc import Mapping, Sequence

from graph.enquiries import read_enquiries
from graph.store import Store

__all__ = ["Rows", "enquiry_listing"]

Rows = tuple[Sequence[str], Sequence[Mapping[str, str]]]
"""Column names, and for each row a text for each column that has a value."""


def enquiry_listing(store: Store, language: str) -> Rows:
    """Return number, title and size of every enquiry of the graph."""
    columns = ("enquiry", "title", "requirements", "source")
    found = [
        {
            "enquiry": iri.rpartition("/enquiry-")[2],
            "title": enquiry.title,
            "requirements": str(len(enquiry.requirements)),
            "source": enquiry.source,
        }
        for iri, enquiry in sorted(read_enquiries(store, language).items())
    ]
    return columns, found
