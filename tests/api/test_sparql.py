"""The query part of the SPARQL 1.1 Protocol, after the W3C's cases."""

from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from rdflib import Graph, Namespace, URIRef

from graph.store.formats import GRAPH_MEDIA_TYPES, SOLUTION_MEDIA_TYPES

FACTS = "https://w3id.org/verbund/graph/reference-facts"
JUDGEMENTS = "https://w3id.org/verbund/graph/reference-judgements"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


def get(client: TestClient, query: str, accept: str = "*/*", **more: str) -> Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def is_problem(response: Response, status: int, title: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, object] = response.json()
    assert (content["status"], content["title"]) == (status, title)
    return content


def number(response: Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


# --- the three ways to ask ----------------------------------------------------------------------


def test_query_by_get_form_and_direct_post_answer_alike(client: TestClient) -> None:
    by_get = get(client, COUNT)
    by_form = client.post("/sparql", content=urlencode({"query": COUNT}), headers=FORM)
    direct = client.post("/sparql", content=COUNT, headers=DIRECT)

    assert by_get.content == by_form.content == direct.content
    assert number(by_get) > 100


def test_charset_of_the_content_type_is_read(client: TestClient) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    latin = {"Content-Type": "application/sparql-query; charset=iso-8859-1"}

    assert client.post("/sparql", content=COUNT, headers=headers).status_code == 200
    is_problem(
        client.post("/sparql", content=COUNT, headers=latin), 415, "UnsupportedMediaTypeError"
    )


def test_unicode_survives_every_way(client: TestClient) -> None:
    text = 'SELECT ("Größe 🔧" AS ?x) { }'
    for answer in (
        get(client, text),
        client.post("/sparql", content=urlencode({"query": text}), headers=FORM),
        client.post("/sparql", content=text.encode(), headers=DIRECT),
    ):
        assert answer.json()["results"]["bindings"][0]["x"]["value"] == "Größe 🔧"


def test_relative_iris_are_below_the_base_of_the_house(client: TestClient) -> None:
    answer = get(client, "SELECT (STR(<id/org-x>) AS ?x) { }").json()

    assert answer["results"]["bindings"][0]["x"]["value"] == "https://w3id.org/verbund/id/org-x"


def dataset(way: str, client: TestClient, query: str, graphs: list[tuple[str, str]]) -> Response:
    pairs = [("query", query), *graphs]
    if way == "get":
        return client.get(f"/sparql?{urlencode(pairs)}")
    if way == "form":
        return client.post("/sparql", content=urlencode(pairs), headers=FORM)
    return client.post(f"/sparql?{urlencode(graphs)}", content=query, headers=DIRECT)


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_dataset_of_the_protocol(client: TestClient, way: str) -> None:
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    facts, judgements = ("default-graph-uri", FACTS), ("default-graph-uri", JUDGEMENTS)

    everything = number(dataset(way, client, COUNT, []))
    one = number(dataset(way, client, COUNT, [facts]))
    both = number(dataset(way, client, COUNT, [facts, judgements]))

    assert 0 < one < both < everything
    assert number(dataset(way, client, named, [facts])) == 0
    assert number(dataset(way, client, named, [("named-graph-uri", FACTS)])) == one
    # it replaces the dataset of the query
    clause = COUNT.replace("{", f"FROM <{JUDGEMENTS}> {{", 1)
    assert number(dataset(way, client, clause, [facts])) == one


def test_dataset_outside_is_refused_like_one_that_does_not_exist(client: TestClient) -> None:
    answer = get(client, COUNT, **{"default-graph-uri": "http://169.254.169.254/latest"})

    assert "there is no graph" in str(is_problem(answer, 400, "QueryRefusedError")["detail"])


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", SOLUTION_MEDIA_TYPES)
@pytest.mark.parametrize("query", ["SELECT ?s { ?s ?p ?o } LIMIT 1", "ASK { ?s ?p ?o }"])
def test_solutions_come_as_asked(client: TestClient, media_type: str, query: str) -> None:
    answer = get(client, query, media_type)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["vary"].startswith("Accept")


@pytest.mark.parametrize("media_type", GRAPH_MEDIA_TYPES)
@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{FACTS}> ?s {{ ?s ?p 1 }}"]
)
def test_graphs_come_as_asked(client: TestClient, media_type: str, query: str) -> None:
    answer = get(client, query, media_type)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.content


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/sparql-results+xml;q=0.1, text/csv;q=0.2", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("nonsense, text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("", "application/sparql-results+json"),
    ],
)
def test_accept_is_weighed(client: TestClient, accept: str, media_type: str) -> None:
    assert get(client, "ASK { }", accept).headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "text/csv;q=0", "*/*;q=0"])
def test_unacceptable_is_said(client: TestClient, accept: str) -> None:
    content = is_problem(get(client, "ASK { }", accept), 406, "NotAcceptableError")

    assert "text/csv" in str(content["detail"])


def test_format_of_a_link_wins_over_accept(client: TestClient) -> None:
    assert get(client, "ASK { }", "text/html", format="csv").text == "true"
    is_problem(get(client, "ASK { }", format="turtle"), 406, "NotAcceptableError")


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "said"),
    [
        ("SELECT * { ?s ?p", "QuerySyntaxError", "line 1"),
        ("SELECT * { ?s nope:p ?o }", "QuerySyntaxError", "not declared"),
        ("", "QuerySyntaxError", "found 0"),
        ("ASK { } ASK { }", "QuerySyntaxError", "found 2"),
        ("CLEAR ALL", "QueryRefusedError", "update"),
        ("SELECT * { SERVICE <http://x/> { } }", "QueryRefusedError", "SERVICE"),
        ("SELECT * { ?s <urn:p>* ?o }", "QueryRefusedError", "both ends"),
        ("SELECT * FROM <http://x/secret> { }", "QueryRefusedError", "no graph"),
    ],
)
def test_bad_query_is_a_problem(client: TestClient, query: str, title: str, said: str) -> None:
    for answer in (get(client, query), client.post("/sparql", content=query, headers=DIRECT)):
        assert said in str(is_problem(answer, 400, title)["detail"])


def test_problem_says_where_the_text_goes_wrong(client: TestClient) -> None:
    by_guard = is_problem(get(client, 'ASK {\n "ü" ?p }'), 400, "QuerySyntaxError")
    by_engine = is_problem(get(client, "ASK { ?s nope:p ?o }"), 400, "QuerySyntaxError")

    assert (by_guard["line"], by_guard["column"]) == (2, 8)
    assert (by_engine["line"], by_engine["column"]) == (1, 16)


def test_broken_utf8_is_a_problem(client: TestClient) -> None:
    by_get = client.get("/sparql?query=ASK%7B%22%FF%22%7D")
    by_form = client.post("/sparql", content=b"query=%FF", headers=FORM)
    raw = client.post("/sparql", content=b"query=\xff", headers=FORM)
    direct = client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers=DIRECT)

    for answer in (by_get, by_form, raw, direct):
        assert "UTF-8" in str(is_problem(answer, 400, "QuerySyntaxError")["detail"])


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "", "multipart/form-data"])
def test_body_of_another_kind_is_a_problem(client: TestClient, kind: str) -> None:
    answer = client.post("/sparql", content=COUNT, headers={"Content-Type": kind})

    is_problem(answer, 415, "UnsupportedMediaTypeError")


def test_several_queries_are_a_problem(client: TestClient) -> None:
    twice = urlencode([("query", "ASK { }"), ("query", "ASK { }")])

    is_problem(client.get(f"/sparql?{twice}"), 400, "QuerySyntaxError")
    is_problem(client.post("/sparql", content=twice, headers=FORM), 400, "QuerySyntaxError")
    is_problem(client.post("/sparql", content="a=b", headers=FORM), 400, "QuerySyntaxError")
    both = client.post("/sparql?query=ASK%7B%7D", content="ASK { }", headers=DIRECT)
    is_problem(both, 400, "QuerySyntaxError")


@pytest.mark.parametrize("kind", ["form", "direct", "get"])
def test_update_is_refused_every_way(client: TestClient, kind: str) -> None:
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    answer = {
        "form": lambda: client.post("/sparql", content=f"update={quote(update)}", headers=FORM),
        "direct": lambda: client.post(
            "/sparql", content=update, headers={"Content-Type": "application/sparql-update"}
        ),
        "get": lambda: client.get("/sparql", params={"update": update}),
    }[kind]()

    assert "update" in str(is_problem(answer, 400, "QueryRefusedError")["detail"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: TestClient, method: str) -> None:
    is_problem(client.request(method, "/sparql"), 405, "Method Not Allowed")


def test_long_body_is_a_problem(client: TestClient) -> None:
    long = b"x" * 2_000_000
    announced = client.post("/sparql", content=long, headers=DIRECT)
    streamed = client.post("/sparql", content=iter([long]), headers=DIRECT)

    for answer in (announced, streamed):
        is_problem(answer, 413, "PayloadTooLargeError")


@pytest.mark.parametrize("value", ["0", "-1", "x", "100001", "9" * 30, "٣"])
def test_rows_must_be_a_number(client: TestClient, value: str) -> None:
    is_problem(get(client, "ASK { }", **{"max-rows": value}), 400, "ParameterError")


# --- what else a client relies on ---------------------------------------------------------------


def test_cut_result_says_so(client: TestClient) -> None:
    query = "SELECT ?s { ?s ?p ?o }"
    cut = get(client, query, "text/csv", **{"max-rows": "3"})
    whole = get(client, f"{query} LIMIT 3", "text/csv", **{"max-rows": "3"})

    assert cut.headers["verbund-truncated"] == "rows=3"
    assert cut.text.count("\n") == 4
    assert "verbund-truncated" not in whole.headers


def test_empty_get_describes_the_service(client: TestClient) -> None:
    answer = client.get("/sparql")

    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    graph = Graph().parse(data=answer.text, format="turtle")
    [service] = graph.subjects(SD.endpoint)
    assert str(service) == "http://testserver/sparql"
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.feature, SD.BasicFederatedQuery) not in graph
    assert len(set(graph.objects(service, SD.resultFormat))) == 10
    assert URIRef(FACTS) in set(graph.objects(None, SD.name))


@pytest.mark.parametrize(
    "media_type", ["application/ld+json", "application/rdf+xml", "application/n-triples"]
)
def test_description_in_other_formats(client: TestClient, media_type: str) -> None:
    answer = client.get("/sparql", headers={"Accept": media_type})

    assert answer.headers["content-type"].startswith(media_type)
    # the engine's readers: rdflib 7.6 warns of itself when it reads JSON-LD
    assert len(list(ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type)))) > 20


def test_head_has_the_headers_and_no_body(client: TestClient) -> None:
    query = {"query": "SELECT ?s { ?s ?p ?o }"}
    head, full = client.head("/sparql", params=query), client.get("/sparql", params=query)

    assert head.content == b""
    for name in ("content-type", "etag", "content-length", "verbund-version"):
        assert head.headers[name] == full.headers[name]


def test_options_say_what_there_is(client: TestClient) -> None:
    answer = client.options("/sparql")

    assert answer.status_code == 204
    assert "POST" in answer.headers["allow"]
    assert "application/sparql-query" in answer.headers["accept-post"]


def test_pages_of_others_may_read_without_credentials(client: TestClient) -> None:
    origin = {"Origin": "https://example.org", "Cookie": "a=b"}
    preflight = client.options(
        "/sparql",
        headers={
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    answer = client.get("/sparql", params={"query": "ASK { }"}, headers=origin)

    for one in (preflight, answer):
        assert one.status_code == 200
        assert one.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in one.headers


def test_unchanged_answer_is_not_sent_again(client: TestClient) -> None:
    first = get(client, COUNT)
    again = client.get(
        "/sparql",
        params={"query": COUNT},
        headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'},
    )
    other_form = client.get(
        "/sparql",
        params={"query": COUNT},
        headers={"If-None-Match": first.headers["etag"], "Accept": "text/csv"},
    )

    assert (again.status_code, again.content) == (304, b"")
    assert other_form.status_code == 200
    assert other_form.headers["etag"] != first.headers["etag"]
    assert "etag" not in get(client, "SELECT (NOW() AS ?x) { }").headers


def test_answer_names_its_version(client: TestClient) -> None:
    assert get(client, "ASK { }").headers["verbund-version"] == "small-1"
    assert client.get("/health").json() == {"status": "ok", "version": "small-1"}


def test_runaway_is_a_problem_with_limit_and_advice(client: TestClient) -> None:
    product = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6))

    content = is_problem(
        get(client, f"SELECT (COUNT(*) AS ?n) {{ {product} }}"), 504, "StoreTimeoutError"
    )

    assert content["limit_s"] == 1.0
    assert 1.0 <= float(str(content["elapsed_s"])) < 2.0
    assert "narrow it" in str(content["detail"])
