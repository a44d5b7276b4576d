"""The enquiries of a generation with the text in which they are found."""

from api.asking import landscape_of
from api.keeping import kept
from graph.directory import folded
from graph.enquiries import read_enquiries
from graph.model import Enquiry
from graph.store import Store

__all__ = ["enquiries_of"]


@kept
def enquiries_of(store: Store, language: str) -> tuple[tuple[Enquiry, str], ...]:
    """Return every enquiry by IRI, each with the folded text that a search looks at."""
    competences = landscape_of(store, language).scheme.competences
    found = []
    for iri, enquiry in sorted(read_enquiries(store, language).items()):
        needs = enquiry.requirements
        labels = [competences[n.competence].label for n in needs if n.competence in competences]
        text = "\n".join([iri, enquiry.title, *(need.label for need in needs), *labels])
        found.append((enquiry, folded(text)))
    return tuple(found)
