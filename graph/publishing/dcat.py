"""The catalogue of the data in DCAT-AP 3 with the parts of DCAT-AP.de that we can state.

Made from :mod:`graph.publishing.facts` and the list of dumps, so it says nothing that they do not.
``shapes/catalogue.ttl`` checks what it claims.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rdflib import DCAT, FOAF, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, ODRL2, PROV

from graph.publishing.dumps import DumpFile, DumpSet
from graph.publishing.facts import DatasetFacts, GraphFacts
from graph.publishing.serialising import RdfForm
from graph.vocabulary import ID, PREFIXES

__all__ = ["Site", "catalogue_graph", "dataset_iri"]

_DCATAP = Namespace("http://data.europa.eu/r5r/")
_DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_THURINGIA = URIRef("http://dcat-ap.de/def/politicalGeocoding/stateKey/16")
_LANGUAGES = tuple(URIRef(f"{_EU}language/{code}") for code in ("DEU", "ENG"))
_THEMES = tuple(URIRef(f"{_EU}data-theme/{code}") for code in ("ECON", "TECH"))
_PUBLIC = URIRef(f"{_EU}access-right/PUBLIC")

_DCAT_VERSION = URIRef(f"{DCAT}version")  # of DCAT 3, which rdflib does not know yet

_FILE_TYPES = {
    RdfForm.N_QUADS.value: "RDF_N_QUADS",
    RdfForm.TRIG.value: "RDF_TRIG",
    RdfForm.TURTLE.value: "RDF_TURTLE",
    RdfForm.JSON_LD.value: "JSON_LD",
    RdfForm.RDF_XML.value: "RDF_XML",
    "csv": "CSV",
    "parquet": "PARQUET",
    "graphml": "XML",
    "gexf": "XML",
}
"""Codes of the EU's table of file types."""

_COMPRESSION = {"gz": "application/gzip", "zst": "application/zstd"}

_TITLES = {
    "de": "Verbund: Wertschöpfungskette Maschinenbau Thüringen",
    "en": "Verbund: Thuringian mechanical-engineering value chain",
}
_DESCRIPTIONS = {
    "de": "Organisationen, belegte Kompetenzen, Vorhaben, Förderregeln und Anfragen als "
    "Wissensgraph.",
    "en": "Organisations, evidenced competences, projects, funding rules and enquiries as a "
    "knowledge graph.",
}
_SERVICE_TITLES = {"de": "SPARQL-Abfrage", "en": "SPARQL queries"}
_AGENT = URIRef(ID["agent-verbund"])


@dataclass(frozen=True, slots=True)
class Site:
    """Where the data is served.

    Attributes:
        base: Address of the server, without a slash at the end.
        publisher: Label of the publisher by language tag.
    """

    base: str
    publisher: Mapping[str, str]


def dataset_iri(site: Site) -> URIRef:
    """Return the IRI of the data set that holds all graphs."""
    return URIRef(f"{site.base}/catalog#all")


def catalogue_graph(facts: DatasetFacts, dumps: DumpSet | None, site: Site) -> Graph:
    """Return the catalogue: one data set for each named graph, one for all, and the endpoint.

    Args:
        facts: What the store says of itself, as far as the caller may see.
        dumps: What can be downloaded; ``None`` when no dumps have been written.
        site: Where it is served.
    """
    writer = _Writer(facts, site)
    writer.describe_catalogue()
    writer.describe_whole()
    for graph in facts.graphs:
        writer.describe_graph(graph)
    writer.describe_service()
    for dataset in (writer.whole, *(URIRef(graph.iri) for graph in facts.graphs)):
        writer.describe_access(dataset)
    for file in dumps.files if dumps else ():
        writer.describe_file(file, dumps.version if dumps else "")
    return writer.graph


class _Writer:
    """Fills the graph of one catalogue."""

    def __init__(self, facts: DatasetFacts, site: Site) -> None:
        self.facts = facts
        self.site = site
        self.graph = _empty()
        self.catalogue = URIRef(f"{site.base}/catalog")
        self.whole = dataset_iri(site)
        self.service = URIRef(f"{site.base}/sparql")
        self.contact = URIRef(f"{site.base}/catalog#contact")

    def add(self, subject: URIRef, *pairs: tuple[URIRef, URIRef | Literal | None]) -> None:
        """State what has a value."""
        for predicate, value in pairs:
            if value is not None:
                self.graph.add((subject, predicate, value))

    def describe_catalogue(self) -> None:
        self.add(
            self.catalogue,
            (RDF.type, DCAT.Catalog),
            *_texts(DCTERMS.title, _TITLES),
            *_texts(DCTERMS.description, _DESCRIPTIONS),
            (DCTERMS.publisher, _AGENT),
            (FOAF.homepage, URIRef(f"{self.site.base}/")),
            (DCTERMS.spatial, _THURINGIA),
            (DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme")),
            (DCTERMS.modified, self._modified()),
            (DCAT.service, self.service),
            *((DCTERMS.language, language) for language in _LANGUAGES),
            *((DCTERMS.license, URIRef(licence)) for licence in self.facts.licences),
        )
        self.add(URIRef(f"{_EU}data-theme"), (RDF.type, SKOS.ConceptScheme))
        self.add(_AGENT, (RDF.type, FOAF.Agent), *_texts(FOAF.name, self.site.publisher))
        name = next(iter(self.site.publisher.values()), "Verbund")
        self.add(
            self.contact,
            (RDF.type, _VCARD.Organization),
            (_VCARD.fn, Literal(name)),
            (_VCARD.hasURL, URIRef(f"{self.site.base}/")),
        )

    def _modified(self) -> Literal | None:
        made = self.facts.generated_at
        return Literal(made) if made else None

    def describe_whole(self) -> None:
        self._describe_dataset(self.whole, self.facts.version)
        rights = {graph.access_rights for graph in self.facts.graphs}
        self.add(
            self.whole,
            *_texts(DCTERMS.title, _TITLES),
            *_texts(DCTERMS.description, _DESCRIPTIONS),
            (DCTERMS.modified, self._modified()),
            (DCTERMS.accessRights, _PUBLIC if rights == {str(_PUBLIC)} else None),
            *((DCTERMS.hasPart, URIRef(graph.iri)) for graph in self.facts.graphs),
            *((DCTERMS.license, URIRef(licence)) for licence in self.facts.licences),
            *_policies(self.facts.conditions),
        )

    def describe_graph(self, graph: GraphFacts) -> None:
        dataset = URIRef(graph.iri)
        self._describe_dataset(dataset, graph.name)
        titles = graph.titles or {"": graph.name}
        made = graph.generated_at
        self.add(
            dataset,
            *_texts(DCTERMS.title, titles),
            *_texts(DCTERMS.description, graph.descriptions or titles),
            (DCTERMS.license, URIRef(graph.licence) if graph.licence else None),
            *_policies(graph.conditions),
            (DCTERMS.accessRights, URIRef(graph.access_rights) if graph.access_rights else None),
            (PROV.wasAttributedTo, URIRef(graph.publisher) if graph.publisher else None),
            (DCTERMS.modified, Literal(made) if made else None),
            (DCAT.landingPage, URIRef(f"{self.site.base}/dumps")),
            *((DCTERMS.source, URIRef(source)) for source in graph.sources),
        )

    def _describe_dataset(self, dataset: URIRef, identifier: str) -> None:
        self.add(self.catalogue, (DCAT.dataset, dataset))
        self.add(
            dataset,
            (RDF.type, DCAT.Dataset),
            (DCTERMS.identifier, Literal(identifier)),
            (_DCAT_VERSION, Literal(self.facts.version)),
            (DCTERMS.publisher, _AGENT),
            (DCAT.contactPoint, self.contact),
            (DCTERMS.spatial, _THURINGIA),
            (_DCATDE.politicalGeocodingURI, _THURINGIA),
            (_DCATAP.availability, URIRef(f"{_EU}planned-availability/AVAILABLE")),
            (DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/IRREG")),
            *((DCAT.theme, theme) for theme in _THEMES),
            *((DCTERMS.language, language) for language in _LANGUAGES),
        )

    def describe_service(self) -> None:
        datasets = [self.whole, *(URIRef(graph.iri) for graph in self.facts.graphs)]
        self.add(
            self.service,
            (RDF.type, DCAT.DataService),
            *_texts(DCTERMS.title, _SERVICE_TITLES),
            (DCAT.endpointURL, self.service),
            (DCAT.endpointDescription, self.service),
            (DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")),
            (DCTERMS.publisher, _AGENT),
            (DCTERMS.accessRights, _PUBLIC),
            *((DCTERMS.license, URIRef(licence)) for licence in self.facts.licences),
            *((DCAT.servesDataset, dataset) for dataset in datasets),
        )

    def describe_access(self, dataset: URIRef) -> None:
        """State that a data set can be queried, whether dumps have been written or not."""
        name = dataset.rpartition("/")[2].rpartition("#")[2]
        access = URIRef(f"{self.catalogue}#sparql-{name}")
        licences = [str(one) for one in self.graph.objects(dataset, DCTERMS.license)]
        self.add(dataset, (DCAT.distribution, access))
        self.add(
            access,
            (RDF.type, DCAT.Distribution),
            *_texts(DCTERMS.title, _SERVICE_TITLES),
            (DCAT.accessURL, self.service),
            (DCAT.accessService, self.service),
            (_DCATAP.availability, URIRef(f"{_EU}planned-availability/AVAILABLE")),
            *self._licence(sorted(licences)),
            *((ODRL2.hasPolicy, one) for one in self._policies_of(dataset)),
        )

    def describe_file(self, file: DumpFile, version: str) -> None:
        address = URIRef(f"{self.site.base}/dumps/{version}/{file.name}")
        checksum = URIRef(f"{address}#checksum")
        dataset = URIRef(file.graph) if file.graph else self.whole
        self.add(dataset, (DCAT.distribution, address))
        self.add(
            address,
            (RDF.type, DCAT.Distribution),
            (DCTERMS.title, Literal(_file_title(file))),
            (DCAT.accessURL, URIRef(f"{self.site.base}/dumps")),
            (DCAT.downloadURL, address),
            (DCTERMS["format"], URIRef(f"{_EU}file-type/{_FILE_TYPES[file.form]}")),
            (DCAT.mediaType, URIRef(_IANA + file.media_type)),
            (DCAT.compressFormat, _compress_format(file.compression)),
            (DCAT.byteSize, Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)),
            (_SPDX.checksum, checksum),
            (_DCATAP.availability, URIRef(f"{_EU}planned-availability/AVAILABLE")),
            *self._licence(file.licences),
            *_policies(file.conditions),
        )
        self.add(
            checksum,
            (RDF.type, _SPDX.Checksum),
            (_SPDX.algorithm, _SPDX.checksumAlgorithm_sha256),
            (_SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
        )

    def _policies_of(self, dataset: URIRef) -> list[URIRef]:
        found = self.graph.objects(dataset, ODRL2.hasPolicy)
        return sorted(one for one in found if isinstance(one, URIRef))

    def _licence(self, licences: Sequence[str]) -> Iterable[tuple[URIRef, URIRef | Literal]]:
        yield from ((DCTERMS.license, URIRef(licence)) for licence in licences)
        if licences:
            name = next(iter(self.site.publisher.values()), "Verbund")
            yield _DCATDE.licenseAttributionByText, Literal(name)


def _empty() -> Graph:
    graph = Graph(bind_namespaces="none")
    spaces = {"dcatap": _DCATAP, "dcatde": _DCATDE, "spdx": _SPDX, "vcard": _VCARD}
    for prefix, namespace in (PREFIXES | {k: str(v) for k, v in spaces.items()}).items():
        graph.bind(prefix, namespace)
    return graph


def _texts(predicate: URIRef, said: Mapping[str, str]) -> Iterable[tuple[URIRef, Literal]]:
    for language, text in sorted(said.items()):
        yield predicate, Literal(text, lang=language or None)


def _policies(conditions: Iterable[str]) -> Iterable[tuple[URIRef, URIRef]]:
    """Yield the conditions that partners state, as ODRL has them."""
    yield from ((ODRL2.hasPolicy, URIRef(condition)) for condition in conditions)


def _file_title(file: DumpFile) -> str:
    return ".".join(part for part in (file.content, file.form, file.compression) if part)


def _compress_format(compression: str) -> URIRef | None:
    return URIRef(_IANA + _COMPRESSION[compression]) if compression else None
