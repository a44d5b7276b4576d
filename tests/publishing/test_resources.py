import json
import re

import httpx2
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.pages.structured import script_json
from graph.publishing.documents import SUFFIXES
from graph.store import EmbeddedStore
from graph.vocabulary import BASE

ALPHA = "/id/org-alpha"
FORMS = list(SUFFIXES.items())


def get(client: TestClient, path: str, accept: str = "*/*", **headers: str) -> httpx2.Response:
    answer: httpx2.Response = client.get(path, headers={"Accept": accept, **headers})
    return answer


def read(answer: httpx2.Response) -> set[ox.Triple]:
    form = ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    assert form is not None
    return {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(answer.content, form)}


@pytest.mark.parametrize(("suffix", "media_type"), FORMS)
@pytest.mark.parametrize(
    "path",
    ["/id/org-alpha", "/scheme/competence", "/scheme/competence/milling", "/graph/meta"],
)
def test_thing_leads_to_a_document_in_the_form_asked_for(
    client: TestClient, path: str, suffix: str, media_type: str
) -> None:
    first = get(client, path, media_type)
    second = get(client, first.headers["location"])

    assert first.status_code == 303
    assert first.headers["location"] == f"/data{path}.{suffix}"
    assert first.headers["vary"].startswith("Accept, Accept-Language")
    assert second.status_code == 200
    assert second.headers["content-type"].startswith(media_type)
    assert any(str(t.subject) == f"<{BASE}{path[1:]}>" for t in read(second))


def test_every_form_says_the_same(client: TestClient) -> None:
    documents = [read(get(client, f"/data{ALPHA}.{suffix}")) for suffix in ("ttl", "rdf", "nt")]
    plain = [{t for t in one if "_:" not in str(t)} for one in documents]

    assert plain[0] == plain[1] == plain[2]
    assert len(plain[0]) > 20


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (ALPHA, "/de/organisations/alpha"),
        ("/scheme/competence/milling", "/de/competences/milling"),
        ("/id/claim-alpha-milling", "/de/resources/id/claim-alpha-milling"),
        ("/graph/meta", "/de/resources/graph/meta"),
        ("/shape/claim-source", "/de/resources/shape/claim-source"),
        ("/shape/step-cycle", "/de/resources/shape/step-cycle"),
        ("/def", "/de/resources/def"),
        ("/data/id/org-alpha", "/de/organisations/alpha"),
        ("/data/id/org-alpha.html", "/de/organisations/alpha"),
    ],
)
def test_browser_gets_a_page_in_its_language(client: TestClient, path: str, page: str) -> None:
    german = get(client, path, "text/html,*/*;q=0.8")
    english = get(client, path, "text/html", **{"Accept-Language": "en-GB,de;q=0.5"})

    assert german.status_code == english.status_code == 303
    assert german.headers["location"] == page
    assert english.headers["location"] == page.replace("/de/", "/en/")
    shown = get(client, english.headers["location"], "text/html")
    assert shown.status_code == 200
    assert shown.headers["content-language"] == "en"


def test_suffix_of_a_thing_names_the_document_itself(client: TestClient) -> None:
    answer = get(client, f"{ALPHA}.nt", "text/html")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/n-triples"
    assert answer.headers["content-location"] == f"/data{ALPHA}.nt"


@pytest.mark.parametrize("path", ["/def", "/def.ttl", "/data/def", "/def/1.0.0"])
def test_vocabulary_is_a_document_with_all_terms(client: TestClient, path: str) -> None:
    answer = get(client, path)

    assert answer.status_code == 200
    assert f"<{BASE}def#Company>" in {str(triple.subject) for triple in read(answer)}


def test_fragment_of_a_term_leads_into_the_page(client: TestClient) -> None:
    assert '<h3 id="Company">' in client.get("/de/resources/def").text


def test_headers_name_other_forms_thing_and_licence(client: TestClient) -> None:
    link = get(client, f"/data{ALPHA}").headers["link"]

    assert f'<{BASE}id/org-alpha>; rel="describes"' in link
    for suffix, media_type in FORMS:
        assert f'</data{ALPHA}.{suffix}>; rel="alternate"; type="{media_type}"' in link
    assert '</de/organisations/alpha>; rel="alternate"; type="text/html"' in link
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in link
    assert 'rel="describedby"' in get(client, ALPHA).headers["link"]


def test_document_names_where_it_is_served_and_the_thing_by_its_own_name(
    client: TestClient,
) -> None:
    text = get(client, f"/data{ALPHA}.nt").text

    topic = "http://xmlns.com/foaf/0.1/primaryTopic"
    assert f"<http://testserver/data/id/org-alpha> <{topic}> <{BASE}id/org-alpha> ." in text


def test_copy_of_the_client_is_confirmed_and_belongs_to_one_version(
    client: TestClient, store: EmbeddedStore
) -> None:
    first = get(client, f"/data{ALPHA}.ttl")
    again = get(client, f"/data{ALPHA}.ttl", **{"If-None-Match": first.headers["etag"]})
    other = get(client, f"/data{ALPHA}.nt", **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert store.version in first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        *("/id/nothing", "/data/id/nothing", "/data/id/nothing.ttl", "/id/nothing.html"),
        *(
            "/scheme/nothing/x",
            "/graph/nothing",
            "/shape/nothing",
            "/data/",
            "/def.pdf",
            "/def/9.9.9",
        ),
        *("/data/..%2F..%2Fetc/passwd", "/id/a%20b", "/data/id/%00", "/id/%3Cx%3E"),
    ],
)
def test_what_is_not_there_is_a_problem_document(client: TestClient, path: str) -> None:
    answer = get(client, path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_page_of_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert get(client, "/de/resources/id/nothing", "text/html").status_code == 404


@pytest.mark.parametrize("path", ["/scheme/competence/chipping", "/id/org-gone"])
def test_withdrawn_thing_is_gone_and_leaves_a_tombstone(client: TestClient, path: str) -> None:
    answers = [get(client, path), get(client, f"/data{path}"), get(client, f"{path}.ttl")]
    to_page = get(client, path, "text/html")
    to_page = to_page if to_page.status_code == 410 else get(client, f"/data{path}", "text/html")
    page = get(client, to_page.headers["location"], "text/html")

    for answer in answers:
        assert answer.status_code == 410
        assert any(path in str(triple.subject) for triple in read(answer))
    assert page.status_code == 410
    if "chipping" in path:
        assert 'href="/de/competences/milling"' in page.text


def test_form_that_is_not_there_is_not_acceptable(client: TestClient) -> None:
    assert get(client, ALPHA, "image/png").status_code == 406


def test_json_means_json_ld(client: TestClient) -> None:
    answer = get(client, f"/data{ALPHA}", "application/json")

    assert answer.headers["content-type"] == "application/ld+json"
    assert isinstance(answer.json(), list)


def test_head_has_the_headers_and_no_body(client: TestClient) -> None:
    for path in (ALPHA, f"/data{ALPHA}.ttl", "/def"):
        head, full = client.head(path), client.get(path)
        assert head.content == b""
        assert head.headers["link"] == full.headers["link"]
        assert head.status_code == full.status_code


def test_page_names_the_thing_and_keeps_links_on_this_server(client: TestClient) -> None:
    html = client.get("/en/resources/id/claim-alpha-milling").text

    assert f"{BASE}id/claim-alpha-milling" in html
    assert 'href="/en/organisations/alpha"' in html
    assert 'href="/en/competences/milling"' in html
    assert f'href="{BASE}' not in html
    assert "bis 2,5 m" in html
    assert '<link rel="alternate" type="text/turtle"' in html


def test_page_is_headed_by_what_a_reader_knows(client: TestClient) -> None:
    claim = client.get("/en/resources/id/claim-alpha-milling").text
    membership = client.get("/de/resources/id/membership-1").text

    assert "<h1>5-Achs-Fräsen</h1>" in claim
    assert ">Source</dt>" in claim
    assert ">Quelle</dt>" in membership
    assert "dct:source" not in claim


def test_page_shows_lists_of_shapes(client: TestClient) -> None:
    html = client.get("/de/resources/shape/graph-visibility").text

    assert "access-right/PUBLIC, " in html


def test_page_of_an_organisation_carries_schema_org(client: TestClient) -> None:
    html = client.get("/de/organisations/alpha").text
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    document = json.loads(found)

    assert document["@context"] == "https://schema.org/"
    assert document["@id"] == f"{BASE}id/org-alpha"
    assert document["name"] == "Alpha </script> & Söhne"
    assert document["knowsAbout"] == ["Fräsen"]
    assert document["location"][0]["address"]["postalCode"] == "00000"
    assert "url" not in document


def test_no_value_ends_the_script() -> None:
    text = script_json({"a": "</script><!-- & \u2028"})

    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_site_map_lists_every_page_in_both_languages(client: TestClient) -> None:
    xml = client.get("/sitemap.xml").text
    places = re.findall(r"<loc>(.*?)</loc>", xml)
    times = set(re.findall(r"<lastmod>(.*?)</lastmod>", xml))

    assert len(places) == len(set(places))
    assert "http://testserver/en/organisations/alpha" in places
    assert "http://testserver/de/competences/milling" in places
    assert len(times) == 1
    for place in places:
        if "/dumps" not in place:
            assert client.get(place).status_code == 200, place


def test_robots_are_told_of_the_site_map(client: TestClient) -> None:
    text = client.get("/robots.txt").text

    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /sparql" in text
