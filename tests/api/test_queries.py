import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, SH, Graph

from graph.catalogue import catalogue

MACHINING = "http://example.org/scheme/machining"


def test_catalogue_is_listed_in_both_languages(client: TestClient) -> None:
    german, english = (
        client.get("/api/v1/queries?limit=500").json()["data"],
        client.get("/api/v1/queries?limit=500&lang=en").json()["data"],
    )

    assert [one["name"] for one in german] == sorted(catalogue())
    assert german[0]["question"] != english[0]["question"]


def test_catalogue_is_filtered_by_tag(client: TestClient) -> None:
    names = {one["name"] for one in client.get("/api/v1/queries?tag=funding").json()["data"]}

    assert names == {name for name, query in catalogue().items() if "funding" in query.tags}
    assert "funding-rules-of-programme" in names


def test_catalogue_is_served_as_turtle(client: TestClient) -> None:
    answer = client.get("/api/v1/queries", headers={"Accept": "text/turtle"})

    assert answer.headers["content-type"].startswith("text/turtle")
    assert "Accept" in answer.headers["vary"].split(", ")
    graph = Graph().parse(data=answer.text, format="turtle")
    executables = set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert len(executables) == len(catalogue())


def test_catalogue_is_json_for_a_browser(client: TestClient) -> None:
    answer = client.get("/api/v1/queries", headers={"Accept": "text/html,*/*;q=0.8"})

    assert answer.headers["content-type"] == "application/json"


def test_catalogue_has_no_other_form(client: TestClient) -> None:
    assert client.get("/api/v1/queries", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_shown_query_runs_as_it_is(client: TestClient, name: str) -> None:
    shown = client.get(f"/api/v1/queries/{name}/about").json()["data"]

    answer = client.get("/sparql", params={"query": shown["sparql"]})

    assert answer.status_code == 200
    assert answer.json()["head"]["vars"] == list(shown["returns"])


def test_query_is_answered_with_values_of_the_address(client: TestClient) -> None:
    answer = client.get(
        "/api/v1/queries/organisations-by-competence",
        params={"competence": MACHINING, "language": "en", "format": "csv"},
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.text.splitlines()[0].startswith("organisation,label,town")
    assert "Milling" in answer.text
    assert len(answer.text.splitlines()) == 4


def test_answer_is_negotiated_and_tagged(client: TestClient) -> None:
    path = "/api/v1/queries/cluster-members"
    first = client.get(path, headers={"Accept": "application/sparql-results+xml"})
    again = client.get(
        path,
        headers={"If-None-Match": first.headers["etag"], "Accept": first.headers["content-type"]},
    )
    other = client.get(f"{path}?cluster=http://example.org/id/cluster-two")

    assert first.headers["content-type"] == "application/sparql-results+xml"
    assert again.status_code == 304
    assert other.headers["etag"] != first.headers["etag"]


def test_answer_can_be_cut_and_says_so(client: TestClient) -> None:
    answer = client.get("/api/v1/queries/cluster-members?max-rows=1&format=csv")

    assert len(answer.text.splitlines()) == 2
    assert answer.headers["verbund-truncated"] == "rows=1"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/queries/cluster-member", 404, "did you mean cluster-members"),
        ("/api/v1/queries/cluster-member/about", 404, "did you mean cluster-members"),
        ("/api/v1/queries/organisations-by-competence", 400, "is missing"),
        ("/api/v1/queries/organisations-by-competence?competense=x", 400, "did you mean"),
        (
            "/api/v1/queries/organisations-by-competence?competence=a&competence=b",
            400,
            "given twice",
        ),
        ("/api/v1/queries/organisations-by-competence?competence=a%20b", 400, "no iri"),
        ("/api/v1/queries/weak-claims?threshold=high", 400, "no decimal"),
        ("/api/v1/queries?lang=fr", 422, "lang"),
        ("/api/v1/queries/weak-claims?format=pdf", 406, "text/csv"),
    ],
)
def test_bad_question_is_a_problem(client: TestClient, path: str, status: int, said: str) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_every_query_is_a_typed_operation(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    for name, query in catalogue().items():
        operation = document["paths"][f"/api/v1/queries/{name}"]["get"]
        described = {p["name"]: p for p in operation["parameters"]}
        assert operation["summary"] == query.question["en"]
        assert set(described) == set(query.parameters)
        for parameter in query.parameters.values():
            assert described[parameter.name]["example"] == parameter.example
            assert described[parameter.name]["schema"]["type"]
    identifiers = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(identifiers) == len(set(identifiers))
