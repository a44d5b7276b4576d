"""The workbench without JavaScript: queries run, errors are shown at their place, queries kept."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.pages.geography import project
from api.pages.workbench import shortened
from api.settings import Settings
from graph.catalogue import catalogue
from graph.errors import StoreBusyError
from graph.store import EmbeddedStore

from .test_pages import read

VENDOR = files("api").joinpath("static/vendor/workbench")
WEB = Path(__file__).parents[2] / "web"
HERE = "https://testserver"
OPTICS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?competence ?label { ?competence skos:notation ?n ; skos:prefLabel ?label } ORDER BY ?label
"""


def opened(query: str, **more: str) -> str:
    return f"/en/workbench?{urlencode({'query': query, 'run': '1', **more})}"


def test_query_runs_without_javascript(client: TestClient) -> None:
    page = read(client, opened(OPTICS + "LIMIT 7"))

    assert "7 rows." in page.text
    assert any(link.startswith("/en/competences/") for link in page.links)
    assert {"csv", "spreadsheet", "json"} <= {
        link.rpartition("format=")[2] for link in page.links if link.startswith("/sparql?")
    }


def test_every_question_of_the_catalogue_can_be_opened(client: TestClient) -> None:
    links = read(client, "/de/workbench").links

    assert {f"/de/workbench?catalogue={name}" for name in catalogue()} <= set(links)


@pytest.mark.parametrize("name", ["weak-claims", "organisations-by-competence", "thin-steps"])
def test_question_is_opened_with_its_parameters_and_runs(client: TestClient, name: str) -> None:
    page = client.get(f"/en/workbench?catalogue={name}&run=1")

    assert page.status_code == 200
    assert "<tbody>" in page.text
    for parameter in catalogue()[name].parameters:
        assert (f'name="{parameter}"' in page.text) is (parameter != "language")
    assert "#+" not in page.text


def test_parameter_may_be_given_by_its_name(client: TestClient) -> None:
    page = client.get("/de/workbench?catalogue=organisations-by-competence&competence=Fräsen")

    assert "scheme/competence/fraesen" in page.text


def test_wrong_parameter_is_said_at_its_field(client: TestClient) -> None:
    page = client.get("/en/workbench?catalogue=weak-claims&threshold=<b>much")

    assert page.status_code == 422
    assert 'aria-describedby="parameter-error"' in page.text
    assert "<b>much" not in page.text


def test_error_is_shown_at_its_place_in_the_text(client: TestClient) -> None:
    page = client.get(opened("SELECT *\n{ ?s ?p }"))

    assert page.status_code == 400
    assert "This is not SPARQL 1.1." in page.text
    assert "<pre>{ ?s ?p }\n       ^</pre>" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("CLEAR ALL", "This query is not run here."),
        ("SELECT * { SERVICE <http://x/> {} }", "This query is not run here."),
        ("", "This is not SPARQL 1.1."),
        ("SELECT * { ?s nope:p ?o }", "is not declared"),
    ],
)
def test_refusal_is_explained(client: TestClient, query: str, said: str) -> None:
    page = client.get(opened(query))

    assert page.status_code == 400
    assert said in page.text


def test_query_is_shown_as_it_was_and_never_as_markup(client: TestClient) -> None:
    page = client.get(opened('SELECT ("</textarea><script>x</script>" AS ?x) {}'))

    assert page.status_code == 200
    assert "<script>x" not in page.text
    assert "&lt;/textarea&gt;&lt;script&gt;x" in page.text


def test_links_of_results_are_web_links_only(client: TestClient) -> None:
    query = "SELECT ?x { VALUES ?x { <javascript:alert(1)> <http://example.org/a> <data:,x> } }"

    page = read(client, opened(query))

    assert "http://example.org/a" in page.links
    assert not any(link.startswith(("javascript:", "data:")) for link in page.links)


def test_graph_is_shown_as_turtle(client: TestClient) -> None:
    query = "CONSTRUCT { ?s a <urn:x> } WHERE { ?s a <https://w3id.org/verbund/def#District> }"

    page = read(client, opened(query))

    assert "<urn:x>" in page.text
    assert any(link.endswith("format=turtle") for link in page.links)


def test_long_result_is_cut_and_says_so(client: TestClient) -> None:
    page = client.get(opened("SELECT ?s { ?s ?p ?o }"))

    assert "Only the first 500 rows are shown" in page.text
    assert page.text.count("<tr>") == 501


def test_busy_workers_are_said_as_a_page(
    home: Path, reference: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(home=home), reference)

    async def busy(_: object) -> None:
        raise StoreBusyError("all are taken")

    with TestClient(app) as client:
        monkeypatch.setattr(app.state.runner, "run", busy)
        page = client.get(opened("ASK {}"))

    assert page.status_code == 503
    assert "All workers are busy." in page.text


def test_only_the_style_sheet_of_the_editor_may_be_made_by_a_script(client: TestClient) -> None:
    first, second = client.get("/en/workbench"), client.get("/en/workbench")

    policy = first.headers["content-security-policy"]
    [nonce] = re.findall(r"style-src 'self' 'nonce-([^']+)'", policy)
    assert f'nonce="{nonce}"' in first.text
    assert nonce not in second.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_language_is_chosen_by_the_browser(client: TestClient) -> None:
    answer = client.get("/workbench?catalogue=thin-steps", headers={"Accept-Language": "en"})

    assert answer.headers["location"] == "/en/workbench?catalogue=thin-steps"


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/verbund/scheme/role/lead", "scheme:role/lead"),
        ("https://w3id.org/verbund/def#Company", "vb:Company"),
        ("urn:x", "urn:x"),
    ],
)
def test_iris_are_shown_short(iri: str, short: str) -> None:
    assert shortened(iri) == short


# --- saved queries ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store that keys and queries may be kept beside."""
    folder = tmp_path_factory.mktemp("saved") / "home"
    shutil.copytree(home, folder)
    return folder


@pytest.fixture
def browser(own_home: Path) -> Iterator[TestClient]:
    """A browser over HTTPS, signed in as partner."""
    with TestClient(
        create_app(Settings(home=own_home), EmbeddedStore(own_home)), base_url=HERE
    ) as client:
        sign_in(own_home, client)
        yield client


def sign_in(home: Path, client: TestClient) -> None:
    client.cookies.clear()
    _, token = KeyStore(home).make(Role.PARTNER, "a browser in a test")
    form = hidden(client.get("/en/sign-in"), "form")
    client.post("/en/sign-in", data={"form": form, "key": token}, headers={"Origin": HERE})


def hidden(page: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found
    return found[1]


def save(client: TestClient, title: str, query: str, **more: str) -> Response:
    fields = {"title": title, "query": query, **more}
    fields.setdefault("form_token", hidden(client.get("/en/workbench"), "form_token"))
    return client.post("/en/workbench/saved", data=fields, headers={"Origin": HERE})


def test_saved_query_is_listed_opened_and_removed(browser: TestClient) -> None:
    page = save(browser, "Alle <b>Stufen", OPTICS)

    assert page.status_code == 200
    assert "?saved=" in str(page.url)
    assert "skos:notation" in page.text
    assert "Alle &lt;b&gt;Stufen" in page.text

    [path] = re.findall(r'action="(/en/workbench/saved/[^"]+/remove)"', page.text)
    token = {"form_token": hidden(page, "form_token")}
    gone = browser.post(path, data=token, headers={"Origin": HERE})

    assert "Stufen" not in gone.text
    assert browser.post(path, data=token, headers={"Origin": HERE}).status_code == 404


def test_shared_query_is_open_to_whoever_has_the_address(
    own_home: Path, browser: TestClient
) -> None:
    own = str(save(browser, "own", OPTICS).url)
    shared = str(save(browser, "shared", OPTICS, shared="1").url)

    sign_in(own_home, browser)
    assert browser.get(own).status_code == 404
    assert browser.get(shared).status_code == 200
    browser.cookies.clear()
    assert "no saved query at this address" in browser.get(own).text
    assert "skos:notation" in browser.get(shared).text
    assert "own" not in re.findall(r"data-load[^>]*>([^<]+)<", browser.get("/en/workbench").text)


def test_saving_needs_the_token_of_the_session(browser: TestClient) -> None:
    assert save(browser, "x", OPTICS, form_token="0" * 64).status_code == 403


def test_saving_needs_a_session(client: TestClient) -> None:
    answer = client.post("/en/workbench/saved", data={"title": "x", "query": OPTICS})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/sign-in"


def test_what_cannot_be_saved_stays_in_the_editor(browser: TestClient) -> None:
    page = save(browser, "x" * 201, OPTICS)

    assert page.status_code == 422
    assert "This cannot be saved." in page.text
    assert "skos:notation" in page.text


# --- what scripts ask for -----------------------------------------------------------------------


KINDS = ("class", "property", "concept")


def test_vocabulary_names_terms_concepts_and_organisations(client: TestClient) -> None:
    answer = client.get("/api/v1/vocabulary?lang=en")
    terms = {(term["kind"], term["iri"]): term for term in answer.json()["data"]["terms"]}

    milling = terms["concept", "https://w3id.org/verbund/scheme/competence/fraesen"]
    assert (milling["label"], milling["also"]) == ("Milling", "Fräsen")
    company = terms["class", "https://w3id.org/verbund/def#Company"]
    assert company["label"] == "company"
    assert company["definition"]
    assert ("property", "http://www.w3.org/2004/02/skos/core#prefLabel") in terms
    asphericon = terms["organisation", "https://w3id.org/verbund/id/org-asphericon"]
    assert asphericon["district"].endswith("/16053")
    named = [key for key in terms if key[0] != "organisation"]
    assert named == sorted(named, key=lambda key: (KINDS.index(key[0]), key[1]))
    assert answer.json()["data"]["prefixes"]["vb"] == "https://w3id.org/verbund/def#"


def test_vocabulary_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/api/v1/vocabulary")

    again = client.get("/api/v1/vocabulary", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert first.headers["etag"] != client.get("/api/v1/vocabulary?lang=en").headers["etag"]


def test_map_has_every_district_and_projects_points_as_the_pages_do(client: TestClient) -> None:
    drawn = client.get("/api/v1/districts").json()["data"]
    frame = drawn["projection"]

    x = frame["margin"] + (11.59 - frame["west"]) * frame["squeeze"] * frame["scale"]
    y = frame["margin"] + (frame["north"] - 50.93) * frame["scale"]
    assert project(50.93, 11.59) == (round(x, 1), round(y, 1))
    assert len(drawn["districts"]) == 22


@pytest.mark.parametrize(
    "name", ["app.css", "icon.svg", "workbench/main.js", "vendor/workbench/editor.js"]
)
def test_texts_are_sent_compressed_and_whole(client: TestClient, name: str) -> None:
    plain = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
    sent = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})

    assert sent.headers["content-encoding"] == "gzip"
    assert int(sent.headers["content-length"]) < len(plain.content) or name == "icon.svg"
    assert sent.content == plain.content
    assert sent.headers["content-type"] == plain.headers["content-type"]
    again = {"If-None-Match": sent.headers["etag"], "Accept-Encoding": "gzip"}
    assert client.get(f"/static/{name}", headers=again).status_code == 304


@pytest.mark.parametrize(
    "path", ["fonts/inter-latin.woff2", "none.css", "../app.py", "..%2fapp.css"]
)
def test_nothing_else_is_compressed(client: TestClient, path: str) -> None:
    answer = client.get(f"/static/{path}", headers={"Accept-Encoding": "gzip"})

    assert answer.headers.get("content-encoding") != "gzip" or "/static/" not in str(answer.url)


def test_vendored_modules_are_those_that_were_built() -> None:
    lines = VENDOR.joinpath("SHA256SUMS").read_text(encoding="utf-8").splitlines()

    names = {line.split()[1] for line in lines}
    assert names == {"LICENSES", "ORIGIN", "drawing.js", "editor.js"}
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256(VENDOR.joinpath(name).read_bytes()).hexdigest() == digest


@pytest.mark.skipif(not WEB.exists(), reason="an installed package has no web folder")
def test_vendored_modules_are_those_of_the_lock_file() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    locked = {
        (path.rpartition("node_modules/")[2], package["version"])
        for path, package in lock["packages"].items()
        if path  # without one it is our own
    }
    origin = VENDOR.joinpath("ORIGIN").read_text(encoding="utf-8").splitlines()
    built = {tuple(line.partition(",")[0].rsplit(" ", 1)) for line in origin}

    assert built
    assert built <= locked
    assert "://" not in "".join(
        package.get("resolved", "") for package in lock["packages"].values()
    )
