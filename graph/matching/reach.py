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
from graph.matching.match import related_rows, related_spans
from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["claims_of", "reach"]


def claims_of(enquiry: Enquiry, index: Index) -> int:
    """Return how many claims matching has to look at, one several requirements meet as often.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
    """
    check_enquiry(enquiry, index)
    asked = enquiry.requirements
    return sum(len(span) for r in asked for span in related_spans(r.competence, index))


def reach(
    enquiry: Enquiry, index: Index, settings: Settings, check: Callable[[], None]
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int64], ...]]:
    """Return who can serve which requirement, and the rows of their claims.

    Args:
        enquiry: A valid enquiry.
        index: The landscape.
        settings: The reference year.
        check: Called before each requirement; what it raises ends the work.

    Returns:
        For each organisation of the index its requirements as bits: bit ``n`` is set for exactly
        those who are candidates of requirement ``n`` in :func:`graph.matching.match`. For each
        requirement the rows of the claims that no check excludes.
    """
    masks = np.zeros(len(index.organisations), dtype=np.int32)
    fit = []
    for bit, requirement in enumerate(enquiry.requirements):
        check()
        rows = related_rows(requirement.competence, index)
        demands = Demands(requirement, enquiry, index, settings.reference_year)
        rows = rows[demands.outcomes(rows).is_fit(enquiry.strict_unknowns)]
        masks[index.claim_organisation[rows]] |= 1 << bit
        fit.append(rows)
    return masks, tuple(fit)
