"""What would unlock the open enquiries of the graph, with names."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from api.asking import landscape_of
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.unlocking import UnlockingOut, UnlockingStepOut
from graph.consortium import unlocking
from graph.enquiries import read_enquiries
from graph.settings import Settings
from graph.store import Store

__all__ = ["unlocking_of", "unlocking_table"]

_COLUMNS = ("competence", "enquiries", "requirements", "unlocks", "near")


def unlocking_of(store: Store, language: str = "de", most: int = 5) -> UnlockingOut:
    """Return which new competences would unlock most of the graph's enquiries.

    Args:
        store: Where the graph lives.
        language: Language of labels, ``de`` or ``en``.
        most: Competences at most.
    """
    return _unlocking(store, language, most, datetime.now(UTC).year)


@kept
def _unlocking(store: Store, language: str, most: int, year: int) -> UnlockingOut:
    landscape = landscape_of(store, language)
    enquiries = read_enquiries(store, language)
    found = unlocking(
        [enquiries[iri] for iri in sorted(enquiries)],
        landscape,
        Settings(reference_year=year),
        most,
    )
    titles = {iri: NamedOut(iri=iri, name=e.title) for iri, e in enquiries.items()}
    names = {iri: NamedOut(iri=iri, name=o.name) for iri, o in landscape.organisations.items()}
    labels = landscape.scheme.competences
    return UnlockingOut(
        graph_version=store.version,
        enquiries=found.enquiries,
        open=[titles[iri] for iri in found.open],
        steps=[
            UnlockingStepOut(
                competence=NamedOut(iri=s.competence, name=labels[s.competence].label),
                unlocked=[titles[iri] for iri in s.unlocked],
                closed=list(s.closed),
                near=[names[iri] for iri in s.near],
            )
            for s in found.steps
        ],
    )


def unlocking_table(
    store: Store, language: str, most: int
) -> tuple[Sequence[str], Sequence[Mapping[str, str]]]:
    """Return the same as columns and rows, one for each competence."""
    return _COLUMNS, [
        {
            "competence": step.competence.name,
            "enquiries": str(len(step.unlocked)),
            "requirements": str(len(step.closed)),
            "unlocks": "; ".join(e.name for e in step.unlocked),
            "near": "; ".join(o.name for o in step.near),
        }
        for step in unlocking_of(store, language, most).steps
    ]
