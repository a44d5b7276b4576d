"""The only place that knows where the files lie that are read: Turtle, queries, data, sources."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = [
    "alignment_texts",
    "completeness_text",
    "data_folder",
    "data_text",
    "migration_texts",
    "module_bytes",
    "ontology_texts",
    "query_texts",
    "shape_texts",
    "weights_text",
    "words_text",
]


def _walk(folder: Traversable, ending: str, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _walk(entry, ending, f"{prefix}{entry.name}/")
        elif entry.name.endswith(ending):
            yield prefix + entry.name.removesuffix(ending), entry


def ontology_texts() -> Iterator[tuple[str, str]]:
    """Yield name and Turtle text of every ontology file, such as ``schemes/competence/logistik``.

    Alignments are left out: they are loaded for export only.
    """
    for name, entry in _walk(files("ontology"), ".ttl"):
        if not name.startswith("alignments/"):
            yield name, entry.read_text(encoding="utf-8")


def alignment_texts() -> Iterator[tuple[str, str]]:
    """Yield name and Turtle text of every alignment of ``ontology/alignments/``, sorted by name."""
    for name, entry in _walk(files("ontology").joinpath("alignments"), ".ttl"):
        yield name, entry.read_text(encoding="utf-8")


def migration_texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every SPARQL update of ``ontology/migrations/``, sorted by name."""
    for name, entry in _walk(files("ontology").joinpath("migrations"), ".ru"):
        yield name, entry.read_text(encoding="utf-8")


def shape_texts() -> Iterator[tuple[str, str]]:
    """Yield name and Turtle text of every shapes file, sorted by name.

    Shapes of completeness are left out: what they miss is not faulty.
    """
    for name, entry in _walk(files("shapes"), ".ttl"):
        if not name.startswith("completeness/"):
            yield name, entry.read_text(encoding="utf-8")


def module_bytes(name: str) -> bytes:
    """Return the source of a module of ``graph``, such as ``loading/rows.py``."""
    return files("graph").joinpath(name).read_bytes()


def completeness_text() -> str:
    """Return the Turtle text of the shapes that say what makes a profile complete."""
    return files("shapes").joinpath("completeness/profiles.ttl").read_text(encoding="utf-8")


def query_texts(folder: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of every query in ``catalogue``, ``rules`` or ``checks``, sorted."""
    root = files("queries").joinpath(folder)
    if root.is_dir():
        for name, entry in _walk(root, ".rq"):
            yield name, entry.read_text(encoding="utf-8")


def data_folder() -> Traversable:
    """Return the folder of the shipped reference data."""
    return files("data")


def data_text(name: str) -> str:
    """Return the text of one file of the reference data, such as ``mapping/claim.rq``."""
    return data_folder().joinpath(name).read_text(encoding="utf-8")


def weights_text() -> str:
    """Return the TOML text of the weights that consortium assembly uses unless told otherwise."""
    return files("graph").joinpath("weights.toml").read_text(encoding="utf-8")


def words_text() -> str:
    """Return the TOML text of the words that the understanding of enquiries needs."""
    return files("graph").joinpath("understanding/words.toml").read_text(encoding="utf-8")
