"""Examples of how to ask for data, as the page shows them; a test runs every one of them.

``{base}`` stands for the address of the server and ``{language}`` for the language of the page.
"""

from dataclasses import dataclass

from api.i18n import noop as _noop

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """Something to copy.

    Attributes:
        title: What it does; a message of the catalogue.
        text: The command or programme, with its fields to fill in.
        is_program: A Python programme; otherwise a command with curl.
    """

    title: str
    text: str
    is_program: bool = False

    def filled(self, base: str, language: str) -> str:
        """Return the text for one server and language."""
        return self.text.replace("{base}", base).replace("{language}", language)


EXAMPLES = (
    Example(
        _noop("A suggestion for a published enquiry, as JSON"),
        "curl '{base}/api/v1/consortia?enquiry=E05&format=json&lang={language}'",
    ),
    Example(
        _noop("A suggestion for competences, as a table"),
        "curl '{base}/api/v1/consortia?competence=Fräsen&competence=Härten&format=csv'",
    ),
    Example(
        _noop("A suggestion with limits, certificates and a distance"),
        """curl '{base}/api/v1/consortia?lang={language}' -H 'Content-Type: application/json' -d '{
  "title": "Wellen",
  "requirements": [
    {"competence": "Drehen", "materials": ["Stahl"], "certificates": ["ISO 9001"]},
    {"competence": "Schleifen", "limits": [{"dimension": "Rauheit", "maximum": 0.4}]}
  ],
  "place": {"latitude": 50.93, "longitude": 11.59}, "max_distance_km": 80
}'""",
    ),
    Example(
        _noop("What a text asks for"),
        """curl '{base}/api/v1/enquiries/understanding?lang={language}' \\
  -H 'Content-Type: application/json' \\
  -d '{"text": "CNC-Drehen von Wellen aus 42CrMo4, Ra 0,2"}'""",
    ),
    Example(
        _noop("A question of the catalogue, as a table"),
        "curl '{base}/api/v1/queries/thin-steps?format=csv'",
    ),
    Example(
        _noop("An organisation as linked data"),
        "curl -L '{base}/id/org-asphericon' -H 'Accept: text/turtle'",
    ),
    Example(
        _noop("A question of your own in SPARQL, as a table"),
        """curl '{base}/sparql' -H 'Accept: text/csv' --data-urlencode 'query=
PREFIX vb: <https://w3id.org/verbund/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?step (COUNT(DISTINCT ?organisation) AS ?organisations) WHERE {
  ?claim vb:claimedBy ?organisation ; vb:valueChainStep ?s .
  ?s skos:prefLabel ?step . FILTER(LANG(?step) = "{language}")
} GROUP BY ?step ORDER BY DESC(?organisations)'""",
    ),
    Example(
        _noop("The same from Python"),
        '''from SPARQLWrapper import JSON, SPARQLWrapper

endpoint = SPARQLWrapper("{base}/sparql", returnFormat=JSON)
endpoint.setQuery("""
    PREFIX vb: <https://w3id.org/verbund/def#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?name (COUNT(?claim) AS ?claims) WHERE {
      ?claim vb:claimedBy ?organisation .
      ?organisation skos:prefLabel ?name .
    } GROUP BY ?name ORDER BY DESC(?claims) LIMIT 10
""")
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print(row["name"]["value"], row["claims"]["value"])''',
        is_program=True,
    ),
)
