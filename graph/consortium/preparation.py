"""What is derived of a landscape once, so that no enquiry pays for it."""

from graph.consortium.groups import facts_of
from graph.matching import Index, index_of
from graph.matching.holders import holders_of
from graph.matching.match import names_of, worth_of
from graph.matching.points import points_of
from graph.model import Landscape
from graph.network import Cooperation
from graph.settings import Settings

__all__ = ["prepared"]


def prepared(landscape: Landscape, settings: Settings) -> Index:
    """Return the index of a landscape, with all that enquiries derive of it.

    Nobody looks at a clock while it is made: who must answer in time calls this before. Later
    calls return what the first one made; other weights cost some milliseconds.
    """
    index = index_of(landscape)
    holders_of(index)
    names_of(index)
    points_of(index)
    worth_of(index, settings)
    facts_of(index)
    Cooperation.of(index, settings)
    return index
