"""A loaded reference graph, and a small data folder to break."""

import json
from pathlib import Path

import pytest

from graph.loading import Loaded, load_reference

TEAMS = "id,name,founded\nred,Rot,2001\nblue,Blau,\n"
PLAYERS = "id,team,skills,kind\nann,red,Laufen; Werfen,stated\nbob,blue,,product\n"

MAPPING = """\
#+ summary: Players
#+ graph: reference-facts
PREFIX csvw: <http://www.w3.org/ns/csvw#>
PREFIX players: <https://example.org/players.csv#>
PREFIX vb: <https://w3id.org/verbund/def#>
CONSTRUCT { ?player vb:statedTerm ?skill ; vb:claimedBy ?team }
WHERE {
  ?row csvw:describes ?player ; players:team ?team .
  OPTIONAL { ?row players:skills ?skill }
}
"""

LOOKUP = """\
#+ summary: Players without skill
PREFIX row: <https://w3id.org/verbund/data/row#>
PREFIX players: <https://example.org/players.csv#>
SELECT ?table ?line ?column ?value ?reason
WHERE {
  ?row row:table ?table ; row:line ?line ; players:team ?team .
  FILTER NOT EXISTS { ?row players:skills ?skill }
  BIND("skills" AS ?column) BIND(STR(?team) AS ?value) BIND("can do nothing" AS ?reason)
}
"""


def metadata() -> dict[str, object]:
    """Describe two tables, the second of which refers to the first."""
    slug = {"base": "string", "format": "[a-z]+"}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@base": "https://example.org/"}],
        "tables": [
            {
                "url": "players.csv",
                "tableSchema": {
                    "columns": [
                        {"name": "id", "datatype": slug, "required": True},
                        {
                            "name": "team",
                            "datatype": slug,
                            "required": True,
                            "valueUrl": "https://example.org/team-{team}",
                        },
                        {"name": "skills", "separator": "; ", "lang": "de"},
                        {"name": "kind", "datatype": {"base": "string", "format": "[a-z]+"}},
                    ],
                    "primaryKey": ["id"],
                    "aboutUrl": "https://example.org/player-{id}",
                    "foreignKeys": [
                        {
                            "columnReference": ["team"],
                            "reference": {"resource": "teams.csv", "columnReference": ["id"]},
                        }
                    ],
                },
            },
            {
                "url": "teams.csv",
                "tableSchema": {
                    "columns": [
                        {"name": "id", "datatype": slug, "required": True},
                        {"name": "name", "required": True},
                        {"name": "founded", "datatype": {"base": "gYear", "format": r"\d{4}"}},
                    ],
                    "primaryKey": ["id"],
                },
            },
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small data folder of two tables, one mapping and one look-up."""
    (tmp_path / "tables.json").write_text(json.dumps(metadata()), encoding="utf-8")
    (tmp_path / "teams.csv").write_text(TEAMS, encoding="utf-8")
    (tmp_path / "players.csv").write_text(PLAYERS, encoding="utf-8")
    lookups = tmp_path / "mapping" / "lookups"
    lookups.mkdir(parents=True)
    (tmp_path / "mapping" / "player.rq").write_text(MAPPING, encoding="utf-8")
    (lookups / "idle.rq").write_text(LOOKUP, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """Return the shipped reference graph."""
    return load_reference()
