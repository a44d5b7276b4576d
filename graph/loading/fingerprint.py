"""One short text that changes whenever the graph would."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

from graph import resources

__all__ = ["MAKERS", "fingerprint"]

MAKERS = (
    *("catalogue_rdf.py", "communities.py", "network.py", "rules.py", "visibility.py"),
    *("loading/mapping.py", "loading/reference.py", "loading/rows.py", "loading/staging.py"),
)
"""Modules of this package by whose change other statements may be made of the same texts."""

_ENDINGS = (".csv", ".geojson", ".json", ".rq")


def fingerprint(folder: Path | None = None) -> str:
    """Hash everything that the loaded graph depends on.

    That is the reference data with metadata and mapping, the ontology, the rules, checks,
    shapes and catalogue, the modules that make statements of these (:data:`MAKERS`), and the
    version of the package. Names and lengths are hashed with the
    contents, so that moving text from one file to the next changes the result.

    Args:
        folder: Folder of the reference data; the shipped one by default.

    Returns:
        SHA-256 as 64 hexadecimal digits; the same on every machine for the same texts.
    """
    digest = hashlib.sha256(version("verbund").encode())
    for name, content in _contents(resources.data_folder() if folder is None else folder):
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    yield from _files(folder, "data/")
    for kind, texts in (
        ("ontology", resources.ontology_texts()),
        ("shapes", resources.shape_texts()),
        ("rules", resources.query_texts("rules")),
        ("checks", resources.query_texts("checks")),
        ("catalogue", resources.query_texts("catalogue")),
    ):
        for name, text in texts:
            yield f"{kind}/{name}", text.encode()
    for name in MAKERS:
        yield f"graph/{name}", resources.module_bytes(name)


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_ENDINGS):
            yield prefix + entry.name, entry.read_bytes()
