"""Terms of others that stand for ours, and the terms that this house has rules for."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from graph.resources import alignment_texts, ontology_texts, shape_texts
from graph.visibility import passable_policies
from graph.vocabulary import BASE, GRAPH, SCHEME

__all__ = ["Alignment", "known_conditions", "known_terms", "read_alignment"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_FIRM = frozenset(
    {f"{_SKOS}exactMatch", f"{_OWL}equivalentClass", f"{_OWL}equivalentProperty", f"{_OWL}sameAs"}
)
_WEAK = frozenset({f"{_SKOS}closeMatch", f"{_RDFS}seeAlso"})
_POLICY = ox.NamedNode("http://www.w3.org/ns/odrl/2/Set")
_DEFINITION = f"{BASE}def#"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Our term for each term of others, by IRI.

    Attributes:
        classes: For classes.
        properties: For properties.
        concepts: For concepts of schemes.
        ambiguous: Terms of others that several of ours are linked to, which are left alone.
    """

    classes: Mapping[str, str]
    properties: Mapping[str, str]
    concepts: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]


@cache
def known_conditions() -> Mapping[str, bool]:
    """Return the slugs of ``scheme/use-condition``, and whether each lets data be passed on."""
    store = ox.Store()
    for name, text in ontology_texts():
        if name == "schemes/use-condition":
            store.load(text, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH["ontology"]))
    passable = passable_policies(store)
    policies = store.quads_for_pattern(None, ox.NamedNode(f"{_RDF}type"), _POLICY, None)
    found = {str(getattr(quad.subject, "value", "")) for quad in policies}
    return {iri.removeprefix(f"{SCHEME}use-condition/"): iri in passable for iri in found}


@cache
def read_alignment(*, weak: bool = False) -> Alignment:
    """Read the alignment files.

    Args:
        weak: Take links that claim no equivalence, too.
    """
    followed = _FIRM | _WEAK if weak else _FIRM
    found: dict[str, set[str]] = defaultdict(set)
    for _, text in alignment_texts():
        for quad in ox.parse(text, ox.RdfFormat.TURTLE):
            if quad.predicate.value in followed and isinstance(quad.object, ox.NamedNode):
                found[quad.object.value].add(str(getattr(quad.subject, "value", "")))
    ours = {theirs: next(iter(terms)) for theirs, terms in found.items() if len(terms) == 1}
    terms = {theirs: our for theirs, our in ours.items() if our.startswith(_DEFINITION)}
    return Alignment(
        classes={theirs: our for theirs, our in terms.items() if _is_class(our)},
        properties={theirs: our for theirs, our in terms.items() if not _is_class(our)},
        concepts={theirs: our for theirs, our in ours.items() if theirs not in terms},
        ambiguous={theirs: tuple(sorted(t)) for theirs, t in found.items() if len(t) > 1},
    )


def _is_class(iri: str) -> bool:
    """Tell a class from a property by the convention of the ontology."""
    return iri.removeprefix(_DEFINITION)[:1].isupper()


_VOCABULARY = {
    "http://www.w3.org/ns/org#": ("Membership", "Organization", "FormalOrganization", "Site"),
    "http://www.w3.org/ns/locn#": ("Address",),
    "http://www.w3.org/ns/adms#": ("Identifier",),
    _DEFINITION: (
        *("Association", "CapabilityClaim", "Certificate", "Cluster", "Company"),
        *("EligibilityCriterion", "FundingProgramme", "Limit", "Observation", "Project"),
        *("PublicAuthority", "Relation", "ResearchInstitution", "ResearchNeed"),
        *("ResearchProject", "TransferCentre"),
    ),
}
_MORE = frozenset(
    {
        "http://www.w3.org/ns/locn#address",
        "http://www.w3.org/ns/locn#addressArea",
        f"{_SKOS}altLabel",
        "https://schema.org/unitText",
    }
)
"""Properties of docs/model.md that no shape speaks of."""

_OURS = frozenset(
    f"{_DEFINITION}{name}"
    for name in (
        *("betweenness", "collaboratedWith", "concerns", "coversCompetence", "decision"),
        *("inCommunity", "numberOfPartners", "partsWithout", "precedesTransitively"),
        *("sameOrganisationAs",),
    )
)
"""What only this house says: what is derived, measured or decided here."""


@cache
def known_terms() -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes of things that a source may describe, and the properties it may use.

    The properties are those that ontology and shapes speak of, but for what is derived or decided
    here. Concepts, decisions on identity, runs and descriptions of graphs are of this house alone.
    """
    properties: set[str] = set()
    for _, text in (*ontology_texts(), *shape_texts()):
        for quad in ox.parse(text, ox.RdfFormat.TURTLE):
            subject = str(getattr(quad.subject, "value", ""))
            named = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            if quad.predicate.value == f"{_RDFS}isDefinedBy" and not _is_class(subject):
                properties.add(subject)
            elif quad.predicate.value in (f"{_SH}path", f"{_SH}targetSubjectsOf", f"{_RDF}first"):
                properties.add(named)
    classes = frozenset(f"{base}{name}" for base, names in _VOCABULARY.items() for name in names)
    return classes, frozenset((properties | _MORE) - _OURS - {"", f"{_RDF}type"})
