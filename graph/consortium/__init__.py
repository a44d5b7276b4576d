"""From an enquiry to the best provable consortium."""

from graph.consortium.answer import Suggestion
from graph.consortium.batch import suggest_all
from graph.consortium.suggest import suggest
from graph.consortium.unlocking import Unlocking, UnlockingStep, unlocking

__all__ = ["Suggestion", "Unlocking", "UnlockingStep", "suggest", "suggest_all", "unlocking"]
