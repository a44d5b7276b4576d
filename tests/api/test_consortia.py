"""Suggestions over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, Graph

from api.app import create_app
from api.schemas.consortium import ConsortiumOut
from api.settings import Settings
from graph.store import EmbeddedStore
from graph.vocabulary import VB


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    app = create_app(Settings(home=reference.home), reference)
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


def test_enquiry_of_the_graph(client: TestClient) -> None:
    response = client.get("/api/v1/consortia", params={"enquiry": "E05"})

    found = ConsortiumOut.model_validate(response.json()["data"])
    assert response.status_code == 200
    assert found.status == "optimal"
    assert found.coverage == 1.0
    assert len(found.alternatives) == 3


def test_words_in_english(client: TestClient) -> None:
    response = client.get(
        "/api/v1/consortia",
        params=[("competence", "Turning"), ("competence", "Milling"), ("lang", "en")],
    )

    found = ConsortiumOut.model_validate(response.json()["data"])
    assert response.headers["content-language"] == "en"
    assert [r.competence.name for r in found.enquiry.requirements] == ["Turning", "Milling"]
    assert len(found.members) == 1


def test_rules_of_a_programme_can_be_demanded_by_name(client: TestClient) -> None:
    free = client.get("/api/v1/consortia", params={"competence": "Schweißen"}).json()["data"]
    bound = client.get(
        "/api/v1/consortia", params={"competence": "Schweißen", "programme": "zim"}
    ).json()["data"]

    assert len(free["members"]) == 1
    # the programme asks for two companies, and one requirement employs one
    assert bound["status"] == "infeasible"


ALL_CONDITIONS: dict[str, Any] = {
    "requirements": [
        {"competence": "CNC-Fräsen", "second_source": True},
        {"competence": "Drehen", "certificates": ["ISO 9001"]},
    ],
    "place": {"latitude": 50.9, "longitude": 11.6},
    "max_distance_km": 200,
    "member_certificates": ["ISO 9001"],
    "groups": [
        {"trait": "small", "at_least": 1},
        {"trait": "state", "values": ["Thüringen"], "at_least": 2},
        {"trait": "sector", "values": ["25", "Maschinenbau"], "at_least": 1},
        {"trait": "kind", "values": ["company"], "at_most": 3, "strict": True},
    ],
}


def test_every_condition_of_the_model_can_be_sent(client: TestClient) -> None:
    found = client.post("/api/v1/consortia", json=ALL_CONDITIONS).json()["data"]
    first, second = (member["iri"] for member in found["members"][:2])

    changed = ALL_CONDITIONS | {"conflicts": [[first, second]], "lead": second}
    other = client.post("/api/v1/consortia", json=changed).json()["data"]
    sure = client.post("/api/v1/consortia", json=ALL_CONDITIONS | {"strict_unknowns": True})

    assert found["status"] == other["status"] == "optimal"
    assert len(found["members"]) > 1  # for the second source
    assert first not in [m["iri"] for m in other["members"]]
    assert other["lead"]["organisation"]["iri"] == second
    assert sure.json()["data"]["coverage"] < 1  # hardly any certificate is known


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ({"trait": "sector", "at_least": 1}, "needs values"),
        ({"trait": "small", "values": ["x"], "at_least": 1}, "has none"),
        ({"trait": "kind", "values": ["Company"], "at_least": 2, "at_most": 1}, "below at_least"),
        ({"trait": "size", "at_least": 1}, "trait"),
    ],
)
def test_rule_that_cannot_be_is_refused(
    client: TestClient, group: dict[str, Any], said: str
) -> None:
    body = {"requirements": [{"competence": "Drehen"}], "groups": [group]}

    response = client.post("/api/v1/consortia", json=body)

    assert response.status_code == 422
    assert said in response.text


@pytest.mark.parametrize("word", ["Thüringen", "Thuringia", "DEG", "16"])
def test_state_by_any_of_its_names(client: TestClient, word: str) -> None:
    asked = {"competence": "Drehen", "at_least": f"1 state={word}"}

    found = client.get("/api/v1/consortia", params=asked).json()["data"]

    assert found["status"] == "optimal"
    assert {m["district"]["iri"].rpartition("/")[2][:2] for m in found["members"]} == {"16"}


def test_rules_on_members_in_an_address(client: TestClient) -> None:
    plain = client.get("/api/v1/consortia", params={"enquiry": "E05"}).json()["data"]
    names = [m["iri"] for m in plain["members"][:2]]

    apart = client.get(
        "/api/v1/consortia", params={"enquiry": "E05", "apart": " | ".join(names)}
    ).json()["data"]
    wrong = client.get("/api/v1/consortia", params={"enquiry": "E05", "at_least": "1 sector=99"})

    assert not set(names) <= {m["iri"] for m in apart["members"]}
    assert wrong.status_code == 404  # with look-alikes


def test_enquiry_as_json_with_conditions(client: TestClient) -> None:
    first = client.post(
        "/api/v1/consortia", json={"requirements": [{"competence": "Schweißen"}]}
    ).json()["data"]
    chosen = first["members"][0]["iri"]

    response = client.post(
        "/api/v1/consortia",
        json={"requirements": [{"competence": "Schweißen"}], "excluded": [chosen]},
    )

    assert response.status_code == 200
    assert chosen not in [m["iri"] for m in response.json()["data"]["members"]]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/csv", "text/csv"),
        ("application/ld+json", "application/ld+json"),
        ("text/html;q=0.9, text/csv;q=0.5, */*;q=0.1", "text/csv"),
    ],
)
def test_form_follows_accept(client: TestClient, accept: str, media_type: str) -> None:
    response = client.get(
        "/api/v1/consortia", params={"enquiry": "E26"}, headers={"Accept": accept}
    )

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_turtle_is_linked_data(client: TestClient) -> None:
    response = client.get("/api/v1/consortia", params={"enquiry": "E26", "format": "turtle"})

    graph = Graph().parse(data=response.text, format="turtle")
    assert len(set(graph.subjects(RDF.type, VB.Assignment))) == 5


def test_known_answer_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/consortia", params={"enquiry": "E26"})
    again = client.get(
        "/api/v1/consortia",
        params={"enquiry": "E26"},
        headers={"If-None-Match": first.headers["etag"]},
    )

    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    ("params", "status", "title"),
    [
        ({}, 400, "EnquiryError"),
        ({"enquiry": "E05", "competence": "Drehen"}, 400, "EnquiryError"),
        ({"enquiry": "E99"}, 404, "UnknownEnquiryError"),
        ({"competence": "Laserschneidn"}, 404, "UnknownTermError"),
        ({"enquiry": "E05", "pin": "Nobody GmbH"}, 404, "UnknownTermError"),
        ({"enquiry": "E05", "programme": "nothing"}, 404, "UnknownTermError"),
        ({"enquiry": "E05", "max_members": "0"}, 422, "RequestValidationError"),
        ({"enquiry": "E05", "lang": "fr"}, 422, "RequestValidationError"),
        ({"enquiry": "E05", "format": "pdf"}, 422, "RequestValidationError"),
    ],
)
def test_problem(client: TestClient, params: dict[str, str], status: int, title: str) -> None:
    response = client.get("/api/v1/consortia", params=params)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"] == title


def test_problem_carries_look_alikes(client: TestClient) -> None:
    response = client.get("/api/v1/consortia", params={"competence": "Laserschneidn"})

    assert "Laserschneiden" in response.json()["suggestions"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "requirements"),
        ({"requirements": []}, "requirements"),
        ({"requirements": [{"competence": "Drehen", "colour": "red"}]}, "colour"),
        ({"requirements": [{"competence": "Drehen"}], "max_distance_km": 10}, "place"),
        (
            {
                "requirements": [
                    {
                        "competence": "Drehen",
                        "limits": [{"dimension": "Werkstücklänge", "minimum": 9, "maximum": 1}],
                    }
                ]
            },
            "minimum",
        ),
        ({"requirements": [{"competence": "Drehen"}] * 25}, "requirements"),
    ],
)
def test_malformed_enquiry(client: TestClient, body: dict[str, Any], where: str) -> None:
    response = client.post("/api/v1/consortia", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert where in response.json()["detail"]


def test_unacceptable_form(client: TestClient) -> None:
    response = client.get(
        "/api/v1/consortia", params={"enquiry": "E26"}, headers={"Accept": "application/pdf"}
    )

    assert response.status_code == 406


def test_openapi_describes_the_answer(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    answer = document["paths"]["/api/v1/consortia"]["post"]["responses"]["200"]["content"]
    assert {"application/json", "text/turtle", "text/csv"} <= set(answer)
    assert "ConsortiumOut" in document["components"]["schemas"]
