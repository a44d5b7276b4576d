"""Who can serve what, of everybody, and nothing else: no cost, no best claim.

Of a million companies a few hundred can be in a consortium of the fewest members. To find them
it is enough to know of each which requirements it can serve; only then is anything priced.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from graph.matching.demands import Demands
from graph.matching.enquiries import check_enquiry
from graph.matching.index import Index
from graph.matching.match import related_rows
from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["claims_of", "reach"]


def claims_of(enquiry: Enquiry, index: Index) -> int:
    """Return how many claims matching has to look at, one several requirements meet as often.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
    """
    check_enquiry(enquiry, index)
    return sum(len(related_rows(r.competence, index)[0]) for r in enquiry.requirements)


def reach(
    enquiry: Enquiry, index: Index, settings: Settings, check: Callable[[], None]
) -> NDArray[np.int64]:
    """Return for each organisation of the index which requirements it can serve, as bits.

    Bit ``n`` is set for exactly those who are candidates of requirement ``n`` in
    :func:`graph.matching.match`.

    Args:
        enquiry: A valid enquiry.
        index: The landscape.
        settings: The reference year.
        check: Called before each requirement; what it raises ends the work.
    """
    masks = np.zeros(len(index.organisations), dtype=np.int64)
    for bit, requirement in enumerate(enquiry.requirements):
        check()
        rows, _ = related_rows(requirement.competence, index)
        demands = Demands(requirement, enquiry, index, settings.reference_year)
        is_fit = demands.outcomes(rows).is_fit(enquiry.strict_unknowns)
        masks[index.claim_organisation[rows[is_fit]]] |= 1 << bit
    return masks
