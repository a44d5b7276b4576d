"""From an enquiry to the best provable consortium."""

from graph.consortium.answer import Suggestion
from graph.consortium.suggest import suggest

__all__ = ["Suggestion", "suggest"]
