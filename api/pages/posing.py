"""From the address of a page to the question that the engine answers."""

from api.asking import Asked, from_graph
from api.i18n import noop as _noop
from api.pages.addresses import AddressError, ConsortiumAddress
from api.pages.options import options, towns
from api.schemas.enquiry import EnquiryIn, PlaceIn, RequirementIn
from graph.store import Store

__all__ = ["UNKNOWN_TOWN", "pose"]

_LONGEST_TITLE = 300


UNKNOWN_TOWN = _noop("The graph knows no organisation in this town, so no place to measure from.")


def pose(store: Store, address: ConsortiumAddress, language: str) -> Asked:
    """Return the question of an address.

    Words and names of organisations are resolved later, when the question is answered.

    Args:
        store: Where the graph lives; it knows the towns.
        address: What is asked.
        language: Language of the title.

    Raises:
        AddressError: The town to measure from is not known.
    """
    if address.enquiry:
        asked = from_graph(address.enquiry)
    else:
        asked = Asked(given=_given(store, address, language))
    programme = address.programme if address.is_demanded else None
    pinned, excluded = list(address.pinned), list(address.excluded)
    return asked.narrowed(pinned, excluded, address.max_members, programme)


def _given(store: Store, address: ConsortiumAddress, language: str) -> EnquiryIn:
    labels = options(store, language, "competence")
    names = [labels.get(wanted.competence, wanted.competence) for wanted in address.requirements]
    place = _place(store, address)
    return EnquiryIn(
        title=", ".join([*address.competences, *names])[:_LONGEST_TITLE],
        requirements=[
            *(RequirementIn(competence=word) for word in address.competences),
            *(wanted.given() for wanted in address.requirements),
        ],
        place=place,
        max_distance_km=float(address.within_km) if address.within_km and place else None,
        districts=list(address.districts),
    )


def _place(store: Store, address: ConsortiumAddress) -> PlaceIn | None:
    if not address.near:
        return None
    found = towns(store).get(address.near.casefold())
    if found is None:
        raise AddressError(UNKNOWN_TOWN)
    return PlaceIn(latitude=found.latitude, longitude=found.longitude)
