"""Whether a programme could fund the members of a consortium, as the page shows it."""

from dataclasses import dataclass

from api.asking import landscape_of
from api.funding import check_funding
from api.keeping import kept
from api.pages.addresses import ConsortiumAddress, slug_of
from api.schemas.consortium import ConsortiumOut
from api.schemas.funding import ProgrammeOut
from graph.eligibility import ProjectFacts
from graph.funding import find_programme, read_programmes
from graph.store import Store

__all__ = ["ALL", "Support", "programmes", "view_support"]

ALL = "all"
"""The word that asks for every programme."""


@dataclass(frozen=True, slots=True)
class Support:
    """The answers of the programmes that were asked for.

    Attributes:
        choices: Every programme as (end of its IRI, name), by name.
        chosen: End of the IRI of the programme asked for; ``all``, or an empty string for none.
        answers: The answer of each, those that fit first.
        caution: What always holds.
    """

    choices: tuple[tuple[str, str], ...]
    chosen: str
    answers: tuple[ProgrammeOut, ...] = ()
    caution: str = ""


@kept
def programmes(store: Store, language: str) -> tuple[tuple[str, str], ...]:
    """Return every programme as (end of its IRI, name), by name."""
    found = read_programmes(store, landscape_of(store, language).labels)
    pairs = ((_slug(programme.iri), programme.name) for programme in found)
    return tuple(sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0])))


def _slug(iri: str) -> str:
    return slug_of(iri).removeprefix("programme-")


def view_support(
    store: Store, document: ConsortiumOut, address: ConsortiumAddress, language: str
) -> Support:
    """Hold the members against the programme of the address; the proposed lead leads.

    Raises:
        UnknownTermError: No programme is called so.
    """
    choices = programmes(store, language)
    if not address.programme or not document.members:
        return Support(choices, "")
    wanted = None if address.programme == ALL else address.programme
    if wanted is not None:
        found = read_programmes(store, landscape_of(store, language).labels)
        wanted = _slug(find_programme(found, wanted).iri)
    lead = document.lead.organisation.iri if document.lead else None
    members = [member.iri for member in document.members]
    checked = check_funding(store, members, ProjectFacts(lead=lead), wanted, language)
    return Support(choices, wanted or ALL, tuple(checked.programmes), checked.caution)
