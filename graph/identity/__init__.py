"""The same organisation in several sources: found, proposed, decided by people, never merged."""

from graph.identity.decisions import Judgement, decide, decisions, revise, withdraw
from graph.identity.entries import Entry, make_entry, read_entries
from graph.identity.evidence import Evidence, Reason
from graph.identity.proposals import LIKELY, Decision, Proposal, open_proposals, propose
from graph.identity.wording import rationale, sentence

__all__ = [
    "LIKELY",
    "Decision",
    "Entry",
    "Evidence",
    "Judgement",
    "Proposal",
    "Reason",
    "decide",
    "decisions",
    "make_entry",
    "open_proposals",
    "propose",
    "rationale",
    "read_entries",
    "revise",
    "sentence",
    "withdraw",
]
