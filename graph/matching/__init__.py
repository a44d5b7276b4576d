"""Matching: which organisations can serve which requirement of an enquiry."""

from graph.matching.index import Index, index_of
from graph.matching.match import Matches, match
from graph.matching.values import Candidate, Check, CheckKind, CheckReason, Grade, Relation

__all__ = [
    "Candidate",
    "Check",
    "CheckKind",
    "CheckReason",
    "Grade",
    "Index",
    "Matches",
    "Relation",
    "index_of",
    "match",
]
