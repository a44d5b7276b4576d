"""What coordinators write in these tests."""

from pathlib import Path

from graph.store import EmbeddedStore, Visibility, current_version
from graph.vocabulary import GRAPH, ID
from graph.writing import Description, Kind, Receipt, Write, write

OFFICE = str(GRAPH["office"])
NET = str(GRAPH["friends"])
FACTS = str(GRAPH["reference-facts"])
META = str(GRAPH["meta"])
LICENCE = "http://example.org/licence"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PREFIXES = """
PREFIX access-right: <http://publications.europa.eu/resource/authority/access-right/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX id: <https://w3id.org/verbund/id/>
PREFIX kind: <https://w3id.org/verbund/scheme/organisation-kind/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
"""


def company(name: str, *keywords: str) -> str:
    """Return the Turtle of a company that conforms."""
    more = "".join(f' ; vb:productKeyword "{word}"@de' for word in keywords)
    return (
        f'{PREFIXES}\nid:org-{name} a vb:Company ; skos:prefLabel "{name.title()} GmbH"@de ;\n'
        f"  org:classification kind:company ; dct:source <http://example.org/{name}>{more} .\n"
    )


def described(visibility: Visibility, title: str = "Büro") -> Description:
    """Return a complete description of a graph."""
    return Description({"de": title}, visibility, LICENCE, str(ID["agent-verbund"]))


def put(
    home: Path, content: str, graph: str = OFFICE, visibility: Visibility | None = None
) -> Receipt:
    """Put a graph, new when a visibility is given."""
    said = described(visibility) if visibility else None
    return write(home, Write(Kind.PUT, content, graph, description=said))


def update(home: Path, text: str, *expected: str) -> Receipt:
    """Run an update with the prefixes."""
    return write(home, Write(Kind.UPDATE, PREFIXES + text, expected=expected))


def number(home: Path, query: str = COUNT, visibility: Visibility = Visibility.INTERNAL) -> int:
    """Return the one number that a query gives."""
    [row] = EmbeddedStore(home, visibility).select(query)
    return int(row["n"])


def state(home: Path) -> tuple[str, list[str]]:
    """Return what must not change when a write is refused."""
    folder = home / "generations"
    return current_version(home), sorted(path.name for path in folder.iterdir())


_KEYWORDS = f"""SELECT ?k {{ GRAPH <{OFFICE}> {{
  ?s <https://w3id.org/verbund/def#productKeyword> ?k }} }}"""


def keywords(home: Path) -> set[str]:
    """Return the keywords that the office has written."""
    rows = EmbeddedStore(home, Visibility.INTERNAL).select(_KEYWORDS)
    return {str(row["k"]) for row in rows}


def keyword(*words: str) -> Write:
    """Return the change that puts keywords of ``id:org-new`` in place of those there are."""
    new = " , ".join(f'"{word}"@de' for word in words)
    text = f"""{PREFIXES}
      DELETE {{ GRAPH graph:office {{ id:org-new vb:productKeyword ?old }} }}
      INSERT {{ GRAPH graph:office {{ id:org-new vb:productKeyword {new} }} }}
      WHERE {{ OPTIONAL {{ GRAPH graph:office {{ id:org-new vb:productKeyword ?old }} }} }}"""
    return Write(Kind.UPDATE, text)
