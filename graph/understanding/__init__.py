"""Understanding an enquiry: from free text to a proposal that a person confirms.

Plain values only: what can be looked up comes in as a :class:`Lexicon`.
"""

from graph.understanding.lexicon import Lexicon, build_lexicon
from graph.understanding.understand import count_gaps, understand
from graph.understanding.values import LabelKind, Proposal, RequirementProposal, WordLabel

__all__ = [
    "LabelKind",
    "Lexicon",
    "Proposal",
    "RequirementProposal",
    "WordLabel",
    "build_lexicon",
    "count_gaps",
    "understand",
]
