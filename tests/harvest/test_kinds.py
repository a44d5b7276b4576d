"""Pages, catalogues and tables: how each kind of source comes to statements."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from graph.errors import SourceFormatError, SourceRefusedError
from graph.harvest.catalogues import distributions
from graph.harvest.connection import Policy
from graph.harvest.fetching import Document, Fetcher
from graph.harvest.mapping import map_statements
from graph.harvest.parsing import parse_document
from graph.harvest.sources import Kind, Limits, Source
from graph.harvest.tables import read_table_source
from graph.harvest.terms import known_terms, read_alignment
from graph.store import Visibility
from graph.vocabulary import SCHEME, VB

from .servers import Page, Site

ADDRESS = "https://partner.example/"
SOURCE = Source(
    name="partner",
    kind=Kind.DUMP,
    addresses=(ADDRESS,),
    title={"de": "Partner"},
    licence="https://creativecommons.org/licenses/by/4.0/",
    visibility=Visibility.PUBLIC,
    attributed_to=ADDRESS,
    organisation_kind="company",
)

PAGE = """<!doctype html><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
  {"@id": "https://partner.example/eins", "@type": ["Organization", "Corporation"],
   "legalName": "Eins Fertigung GmbH", "name": "Eins", "url": "https://eins.example/",
   "leiCode": "529900T8BM49AURSDO55", "sameAs": "https://ror.org/01weqhp73",
   "knowsAbout": ["Fräsen", {"@type": "Thing", "name": "x"}], "email": "info@eins.example",
   "location": {"@type": "Place", "address":
     {"@type": "PostalAddress", "addressLocality": "Jena", "postalCode": "07743"}}}]}
</script>"""


def mapped(content: bytes, kind: str, tmp_path: Path, source: Source = SOURCE) -> ox.Store:
    path = tmp_path / "document"
    path.write_bytes(content)
    document = Document(ADDRESS, path, kind, ADDRESS)
    store = ox.Store()
    for triple in map_statements(source, parse_document(document, Limits())).triples:
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    return store


def values(store: ox.Store, predicate: str) -> set[str]:
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
    return {str(getattr(quad.object, "value", "")) for quad in found}


SKOS = "http://www.w3.org/2004/02/skos/core#"


def test_a_page_of_schema_org(tmp_path: Path) -> None:
    store = mapped(PAGE.encode(), "text/html", tmp_path)

    assert values(store, f"{SKOS}prefLabel") == {"Eins Fertigung GmbH", "Jena"}
    assert values(store, f"{SKOS}altLabel") == {"Eins"}
    assert values(store, str(VB.productKeyword)) == {"Fräsen"}
    assert values(store, "http://xmlns.com/foaf/0.1/homepage") == {"https://eins.example/"}
    assert values(store, f"{SKOS}notation") == {
        "529900T8BM49AURSDO55",
        "https://ror.org/01weqhp73",
    }
    assert values(store, "http://www.w3.org/ns/locn#postCode") == {"07743"}
    assert len(values(store, "http://www.w3.org/ns/org#hasPrimarySite")) == 1
    assert not any("info@" in str(quad) for quad in store)


def test_http_and_https_of_schema_org_are_one(tmp_path: Path) -> None:
    text = PAGE.replace('"https://schema.org"', '{"@vocab": "http://schema.org/"}')
    store = mapped(text.encode(), "text/html", tmp_path)

    assert "Eins Fertigung GmbH" in values(store, f"{SKOS}prefLabel")


def test_terms_of_others_become_ours_by_the_alignments(tmp_path: Path) -> None:
    nace = "http://data.europa.eu/ux2/nace2/"
    assert any(theirs.startswith(nace) for theirs in read_alignment().concepts)
    theirs, ours = next(iter(sorted(read_alignment().concepts.items())))
    text = f"<https://partner.example/a> a <{VB.Company}> ; <{VB.economicActivity}> <{theirs}> ."
    store = mapped(text.encode(), "text/turtle", tmp_path)

    assert values(store, str(VB.economicActivity)) == {ours}
    assert ours.startswith(str(SCHEME))


def test_weak_links_are_followed_when_the_source_says_so(tmp_path: Path) -> None:
    firm, weak = read_alignment(), read_alignment(weak=True)
    theirs = "https://schema.org/ResearchOrganization"
    assert theirs not in firm.classes
    assert weak.classes[theirs] == str(VB.ResearchInstitution)
    text = f'<https://partner.example/a> a <{theirs}> ; <https://schema.org/name> "A" .'
    plainly = mapped(text.encode(), "text/turtle", tmp_path)
    trusting = replace(SOURCE, trusts_weak_links=True)
    trusted = mapped(text.encode(), "text/turtle", tmp_path, trusting)

    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert str(VB.ResearchInstitution) in values(trusted, rdf_type) - values(plainly, rdf_type)


def test_what_only_this_house_says() -> None:
    classes, properties = known_terms()

    assert not {str(VB.IdentityDecision), str(VB.Competence), str(VB.Consortium)} & classes
    assert not {str(VB.sameOrganisationAs), str(VB.concerns), str(VB.coversCompetence)} & properties
    assert {str(VB.CapabilityClaim), str(VB.Company)} <= classes
    assert {str(VB.claimedBy), f"{SKOS}prefLabel", f"{SKOS}altLabel"} <= properties


CATALOGUE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix e: <https://partner.example/> .
e:one a dcat:Dataset ; dcat:distribution e:one-ttl , e:one-nt , e:one-pdf .
e:one-ttl dcat:downloadURL e:one.ttl ;
  dcat:mediaType <https://www.iana.org/assignments/media-types/text/turtle> .
e:one-nt dcat:downloadURL e:one.nt ; dcat:mediaType "application/n-triples" .
e:one-pdf dcat:downloadURL e:one.pdf ; dcat:mediaType "application/pdf" .
e:two a dcat:Dataset ; dcat:distribution e:two-xml .
e:two-xml dcat:downloadURL e:two.rdf ;
  dct:format <http://publications.europa.eu/resource/authority/file-type/RDF_XML> .
e:three a dcat:Dataset ; dcat:distribution e:one-pdf .
"""


def test_files_of_a_catalogue() -> None:
    quads = list(ox.parse(CATALOGUE, ox.RdfFormat.TURTLE))

    assert distributions(quads) == [f"{ADDRESS}one.nt", f"{ADDRESS}two.rdf"]
    assert distributions(quads, [f"{ADDRESS}two"]) == [f"{ADDRESS}two.rdf"]
    assert distributions(quads, [f"{ADDRESS}three"]) == []


METADATA = {
    "@context": ["http://www.w3.org/ns/csvw", {"@base": "https://partner.example/tables/"}],
    "tables": [
        {
            "url": "firms.csv",
            "tableSchema": {
                "columns": [
                    {"name": "id", "datatype": {"base": "string", "format": "[a-z]+"},
                     "required": True},
                    {"name": "name", "required": True, "lang": "de"},
                    {"name": "staff", "datatype": "integer"},
                ],
                "primaryKey": "id",
                "aboutUrl": "https://partner.example/firms/{id}",
            },
        }
    ],
}  # fmt: skip
MAPPING = """#+ summary: Firms
#+ graph: source
PREFIX csvw: <http://www.w3.org/ns/csvw#>
PREFIX firms: <https://partner.example/tables/firms.csv#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
CONSTRUCT { ?firm a vb:Company ; skos:prefLabel ?name }
WHERE { ?row csvw:describes ?firm ; firms:name ?name }
"""
ROWS = "id,name,staff\na,Eins GmbH,3\nb,Zwei GmbH,viele\nc,Drei GmbH,\n"


@pytest.fixture
def table(tmp_path: Path) -> Source:
    folder = tmp_path / "firms"
    (folder / "mapping").mkdir(parents=True)
    (folder / "tables.json").write_text(json.dumps(METADATA), encoding="utf-8")
    (folder / "mapping" / "firm.rq").write_text(MAPPING, encoding="utf-8")
    return replace(SOURCE, kind=Kind.TABLE, table=folder)


def read(source: Source, content: bytes, tmp_path: Path) -> tuple[set[str], list[str]]:
    path = tmp_path / "sent"
    path.write_bytes(content)
    documents = [Document(ADDRESS, path, "", ADDRESS)]
    quads, rows = read_table_source(source, documents, tmp_path / "laid-out")
    names = {str(getattr(q.object, "value", "")) for q in quads if "prefLabel" in str(q.predicate)}
    return names, [str(row) for row in rows]


def workbook(sheet: str = "Firmen") -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("Deckblatt", 0)
    page = book.create_sheet(sheet)
    for line in ROWS.splitlines():
        page.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(",")])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_csv_file_with_metadata_and_mapping(table: Source, tmp_path: Path) -> None:
    names, rows = read(table, ROWS.encode(), tmp_path)

    assert names == {"Eins GmbH", "Drei GmbH"}
    assert len(rows) == 1
    assert rows[0].startswith("firms.csv:3")


def test_a_workbook_is_read_as_its_sheet_would_be_as_csv(table: Source, tmp_path: Path) -> None:
    source = replace(table, sheets={"firms.csv": "Firmen"})

    assert read(source, workbook(), tmp_path) == read(table, ROWS.encode(), tmp_path)


@pytest.mark.parametrize("sheet", ["Andere", "Deckblatt"])
def test_a_sheet_that_is_not_there(table: Source, tmp_path: Path, sheet: str) -> None:
    with pytest.raises((SourceRefusedError, SourceFormatError)):
        read(replace(table, sheets={"firms.csv": sheet}), workbook(), tmp_path)


def test_workbooks_that_grow_or_declare(table: Source, tmp_path: Path) -> None:
    source = replace(table, sheets={"firms.csv": "Firmen"})
    with pytest.raises(SourceRefusedError, match="unpacks to more"):
        read(replace(source, limits=Limits(megabytes=1)), bomb(2 * 1024**2), tmp_path)
    with pytest.raises(SourceRefusedError, match="document type"):
        read(source, bomb(100, b"<!DOCTYPE x []>"), tmp_path)
    with pytest.raises(SourceRefusedError, match="no workbook"):
        read(source, workbook()[:400], tmp_path)


def bomb(length: int, start: bytes = b"") -> bytes:
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/more.xml", start + bytes(length))
    return target.getvalue()


def test_tables_that_metadata_do_not_describe(table: Source, tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError):
        read(table, b"id,title\na,b\n", tmp_path)
    with pytest.raises(SourceFormatError, match="describes no table"):
        read(replace(table, sheets={"others.csv": "Firmen"}), workbook(), tmp_path)


def test_a_host_of_a_catalogue_is_checked_too(partner: Site, tmp_path: Path) -> None:
    partner.pages["/catalogue"] = Page(CATALOGUE.encode())
    fetcher = Fetcher(Policy(frozenset({"127.0.0.1"}), allows_private=True), Limits(), tmp_path)
    catalogue = fetcher.fetch(f"{partner.base}/catalogue")
    [address, *_] = distributions(parse_document(catalogue, Limits()))

    with pytest.raises(SourceRefusedError, match="not among the hosts"):
        fetcher.fetch(address)
