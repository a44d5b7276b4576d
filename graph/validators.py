"""SHACL processors behind one interface: pySHACL, the reference, and a fast one.

The fast one is ``pyshacl-turbo``, an optional dependency (``pip install verbund[fast]``). It
compiles the shapes once and then checks a submission in a few milliseconds. Tests hold its
findings against those of pySHACL, on every case of every shape and on the reference graph.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Protocol

from rdflib import Graph, URIRef

from graph.errors import SourceFormatError
from graph.validation import Finding, findings_of, shapes_graph, validate

__all__ = ["FastValidator", "ReferenceValidator", "Validator", "has_fast_engine", "validator"]


class Validator(Protocol):
    """Checks graphs against the shapes that it was made with."""

    @property
    def name(self) -> str:
        """Name of the engine."""
        ...

    def validate(
        self, data: Graph, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data and leave it as it was.

        Args:
            data: What to check, with the class hierarchy that ``sh:class`` needs.
            focus: IRIs of the only nodes to report, for an extract whose other nodes are
                incomplete; ``None`` reports every target.
            language: Language of the messages, ``de`` or ``en``.

        Returns:
            All findings, the gravest first; the same ones from every validator, but for the
            words where a shape has no message of its own.
        """
        ...


class ReferenceValidator:
    """pySHACL."""

    name = "pyshacl"

    def __init__(self, shapes: Graph | None = None) -> None:
        """Take the shapes; those of ``shapes/`` by default."""
        self._shapes = shapes_graph() if shapes is None else shapes

    def validate(
        self, data: Graph, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data; see :class:`Validator`.

        Raises:
            SourceFormatError: The shapes are not SHACL.
        """
        return validate(data, self._shapes, focus=focus, language=language)


class FastValidator:
    """pyshacl-turbo, with shapes compiled once."""

    name = "pyshacl-turbo"

    def __init__(self, shapes: Graph | None = None) -> None:
        """Compile the shapes; those of ``shapes/`` by default.

        Raises:
            ImportError: The optional dependency is not installed.
            SourceFormatError: The shapes are not SHACL.
        """
        import pyshacl_turbo

        self._shapes = shapes_graph() if shapes is None else shapes
        try:
            # the engine has types, but not on this function
            self._compiled = pyshacl_turbo.compile_shapes(self._shapes + Graph())  # type: ignore[no-untyped-call]
        except (RuntimeError, ValueError) as error:
            raise SourceFormatError("shapes", f"not SHACL that can be run: {error}") from error

    def validate(
        self, data: Graph, *, focus: Iterable[str] | None = None, language: str = "de"
    ) -> list[Finding]:
        """Check data; see :class:`Validator`.

        The engine checks only the nodes in focus, and unlike pySHACL 0.40 it does not filter
        the values of nested shapes by them; tests hold it to that.

        Raises:
            SourceFormatError: The shapes cannot be run on the data.
        """
        nodes = None if focus is None else set(focus)
        chosen = None if nodes is None else [URIRef(iri) for iri in sorted(nodes)]
        _, report, text = self._compiled.validate(data, focus_nodes=chosen)
        if not isinstance(report, Graph):
            raise SourceFormatError("shapes", f"not SHACL that can be run: {text}")
        return findings_of(report, self._shapes, focus=nodes, language=language)


def has_fast_engine() -> bool:
    """Tell whether the optional dependency is installed."""
    try:
        return find_spec("pyshacl_turbo") is not None
    except ValueError:  # the module is marked as not to be imported
        return False


def validator(shapes: Graph | None = None) -> Validator:
    """Return the fast validator where it is installed, the reference elsewhere."""
    return FastValidator(shapes) if has_fast_engine() else ReferenceValidator(shapes)
