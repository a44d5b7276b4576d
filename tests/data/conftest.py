"""The shipped reference graph and its tables."""

import csv
import io

import pytest

from graph import resources
from graph.loading import Loaded, load_reference


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """Return the shipped reference graph."""
    return load_reference()


@pytest.fixture(scope="session")
def tables() -> dict[str, list[dict[str, str]]]:
    """Return the rows of every table as text, read without the loader."""
    return {
        entry.name: list(csv.DictReader(io.StringIO(entry.read_text(encoding="utf-8"))))
        for entry in resources.data_folder().iterdir()
        if entry.name.endswith(".csv")
    }
