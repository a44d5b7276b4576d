"""Queries of the command line: a text, a file, or a name of the catalogue."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from graph.catalogue import catalogue, find
from graph.enquiries import read_enquiries
from graph.errors import SourceFormatError
from graph.store import Store

__all__ = ["enquiry_listing", "listing", "run"]

Rows = tuple[Sequence[str], Sequence[Mapping[str, str]]]
