"""The workbench in a real browser: written, completed, run, cancelled, drawn, shared, saved."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import serving

from .visiting import DARK, LIGHT, PHONE, Visit, violations

DISTRICTS = "workbench?catalogue=coverage-by-step-and-district"
TIES = "workbench?catalogue=collaborations-of-organisation"
# some 10^13 rows: no limit but ours ends it
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PICTURES = {"table": "table.rows", "map": "svg.map", "chart": "svg.chart", "graph": "svg.network"}
SMALL = 'SELECT ?a ?b { VALUES (?a ?b) { ("x" 1) ("y" 2) } }'


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbench") / "home"
    shutil.copytree(home, folder)
    return folder


@pytest.fixture(scope="module")
def base(own_home: Path) -> Iterator[str]:
    """Address of an application with a single worker for queries."""
    settings = Settings(home=own_home, ad_hoc_workers=1, query_timeout_s=20)
    app = create_app(settings, EmbeddedStore(own_home))
    with serving(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    settings = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    opened = Visit(browser, base, **settings)
    yield opened
    # a query that is wrong on purpose is an error to the console
    opened.errors = [error for error in opened.errors if "400" not in error]
    opened.close()


def ready(visit: Visit, path: str) -> Page:
    page = visit.open(path)
    page.wait_for_selector("[data-ready]")
    page.wait_for_selector("[data-names]")
    return page


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")  # Chromium styles what is put in place of a selection, in vain
    page.keyboard.insert_text(text)


def run(page: Page, text: str | None = None) -> None:
    if text is not None:
        write(page, text)
    page.locator("#run").click()
    page.wait_for_selector("#result[aria-busy=false]")


def show(page: Page, view: str) -> None:
    page.locator(f"#tab-{view}").click()
    page.wait_for_selector(f"#tab-{view}[aria-selected=true]")
    shown(page, PICTURES[view])


def shown(page: Page, picture: str) -> None:
    expect(page.locator(f"#panel {picture}")).to_be_visible()


# --- writing and running ------------------------------------------------------------------------


def test_query_is_written_and_run_with_the_keyboard_alone(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    page.locator("#query-label").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(SMALL)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#state")).to_contain_text("2 rows in")
    assert page.locator("#panel tbody tr").count() == 2
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('cm-content')")


COMPLETED = [
    ("angegeben", "vb:claimedBy", "PREFIX vb: <https://w3id.org/verbund/def#>"),
    ("claimed", "vb:claimedBy", "PREFIX vb:"),
    ("skos:prefL", "skos:prefLabel", "PREFIX skos:"),
    ("milling", "<https://w3id.org/verbund/scheme/competence/fraesen>", ""),
    ("asphericon", "id:org-asphericon", "PREFIX id:"),
]


def test_terms_are_completed_by_their_names_in_both_languages(visit: Visit) -> None:
    page = ready(visit, "/de/workbench")
    for typed, put, prefix in COMPLETED:
        write(page, "SELECT * { ?s ")
        page.keyboard.type(typed)
        options = page.locator(".cm-tooltip-autocomplete li")
        options.filter(has_text=put.rpartition("/")[2].strip("<>")).first.click()

        text = page.locator("#query").input_value()
        assert put in text
        assert text.startswith(prefix)


def test_class_is_offered_where_a_class_belongs(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    write(page, "PREFIX vb: <https://w3id.org/verbund/def#> SELECT * { ?s a ")
    page.keyboard.type("vb:C")
    page.wait_for_selector(".cm-tooltip-autocomplete li")

    options = page.locator(".cm-tooltip-autocomplete li .cm-completionLabel").all_inner_texts()
    assert "vb:Company" in options
    assert not any(option.startswith("vb:c") for option in options)


def test_prefix_that_is_not_declared_can_be_declared(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    write(page, "SELECT * { ?s skos:prefLabel ?o } # dct:x is a comment")
    page.wait_for_selector(".cm-lintRange-warning")
    assert page.locator(".cm-lintRange-warning").all_inner_texts() == ["skos"]

    page.locator(".cm-lintRange-warning").hover()
    page.get_by_role("button", name="Declare it").click()

    declared = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT"
    assert page.locator("#query").input_value().startswith(declared)
    expect(page.locator(".cm-lintRange-warning")).to_have_count(0)


def test_error_is_marked_at_its_place(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")

    run(page, 'SELECT *\n{ "ü" ?p }')

    expect(page.locator(".trouble")).to_contain_text("This is not SPARQL 1.1.")
    assert page.locator(".trouble pre").text_content() == '{ "ü" ?p }\n        ^'
    expect(page.locator(".cm-activeLine")).to_contain_text('{ "ü" ?p }')
    page.wait_for_timeout(800)  # the editor looks for other faults meanwhile
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    page.keyboard.type("x")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_cancel_stops_the_query_here_and_on_the_server(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    write(page, RUNAWAY)
    page.locator("#run").click()
    expect(page.locator("#cancel")).to_be_visible()
    expect(page.locator("#clock")).not_to_be_empty()
    page.wait_for_timeout(500)

    page.locator("#cancel").click()

    expect(page.locator("#state")).to_contain_text("Cancelled")
    begun = time.monotonic()
    run(page, SMALL)
    expect(page.locator("#state")).to_contain_text("2 rows")
    assert time.monotonic() - begun < 4, "the only worker was still at work"


def test_cut_result_says_so(visit: Visit) -> None:
    page = ready(visit, "/de/workbench")

    run(page, "SELECT * { ?s ?p ?o }")

    expect(page.locator("#state")).to_contain_text("Nach 500 Zeilen abgeschnitten")


def test_query_runs_without_javascript(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, java_script_enabled=False)
    page = visit.page
    page.goto("/de/workbench")
    page.get_by_label("SPARQL-Abfrage").fill(SMALL)
    page.get_by_role("button", name="Ausführen").click()

    assert page.get_by_text("2 Zeilen.").is_visible()
    assert not page.locator("#share").is_visible()
    visit.close()


# --- results ------------------------------------------------------------------------------------


def test_data_never_becomes_markup_or_a_script(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")

    run(page, 'SELECT ?x { VALUES ?x { "<img src=x onerror=fail()>" <javascript:fail()> } }')

    assert page.locator("#panel td").first.inner_text() == "<img src=x onerror=fail()>"
    assert page.locator("#panel img").count() == 0
    assert page.locator("#panel td a").count() == 0


def test_table_is_sorted_by_number_and_filtered(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    run(page, "SELECT ?n { VALUES ?n { 10 9 1 2 3 4 5 6 7 8 100 } }")

    page.get_by_role("button", name="n", exact=True).click()
    numbers = page.locator("#panel tbody td").all_inner_texts()
    page.get_by_label("Filter the rows").fill("10")

    assert numbers == [str(n) for n in [*range(1, 11), 100]]
    assert page.locator("#panel tbody td").all_inner_texts() == ["10", "100"]


def test_map_adds_up_what_belongs_to_a_district(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    key = "http://dcat-ap.de/def/politicalGeocoding/districtKey/"
    rows = f"(<{key}16053> 3) (<{key}16053> 4) (<{key}16051> 1)"
    run(page, f"SELECT ?d ?n {{ VALUES (?d ?n) {{ {rows} }} }}")

    show(page, "map")

    assert "Jena: 7" in page.locator(".map title").all_text_contents()
    assert page.locator(".map .count").all_text_contents() == ["1", "7"]
    page.get_by_label("Shaded by", exact=True).select_option("")
    assert page.locator(".map .count").all_text_contents() == ["1", "2"]


def test_organisations_and_coordinates_are_drawn_on_the_map(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    run(page, "SELECT ?o { VALUES ?o { <https://w3id.org/verbund/id/org-asphericon> } }")
    show(page, "map")
    assert page.locator(".map .count").all_text_contents() == ["1"]

    run(page, 'SELECT ?name ?lat ?long { VALUES (?name ?lat ?long) { ("Jena" 50.93 11.59) } }')
    shown(page, ".map circle")
    assert page.locator(".map circle title").text_content() == "Jena"


def test_chart_adds_up_equal_categories(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    run(page, 'SELECT ?c ?n { VALUES (?c ?n) { ("a" 1) ("a" 2) ("b" 5) } }')

    show(page, "chart")

    assert page.locator(".chart .value").all_text_contents() == ["3", "5"]
    page.get_by_label("Kind").select_option("line")
    assert page.locator(".chart .point title").all_text_contents() == ["a: 3", "b: 5"]


def test_network_is_drawn_of_a_graph_and_of_two_columns(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    run(page, "CONSTRUCT { <urn:a> <urn:p> <urn:b> . <urn:b> <urn:p> <urn:c> } {}")
    show(page, "graph")
    assert page.locator(".network circle").count() == 3
    assert page.locator(".network line").count() == 2

    run(page, "SELECT ?x ?y { VALUES (?x ?y) { (<urn:a> <urn:b>) } }")
    expect(page.locator(".network circle")).to_have_count(2)


def test_tabs_are_moved_along_with_arrow_keys(visit: Visit) -> None:
    page = ready(visit, f"/en/{DISTRICTS}")
    run(page)
    page.locator("#tab-table").focus()

    page.keyboard.press("ArrowRight")

    expect(page.locator("#tab-map")).to_be_focused()
    shown(page, ".map")
    page.keyboard.press("End")
    expect(page.locator("#tab-graph")).to_have_attribute("aria-selected", "true")


def test_whole_result_can_be_downloaded_for_spreadsheets(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    run(page, 'SELECT ?x { VALUES ?x { "=1+1" } }')

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV for spreadsheets").click()

    assert Path(download.value.path()).read_bytes() == b"\xef\xbb\xbfx\r\n'=1+1\r\n"


# --- questions, sharing, saving -----------------------------------------------------------------


def test_question_is_searched_opened_and_asked_with_other_values(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    page.get_by_label("Search the questions").fill("weak-claims")
    links = page.locator("#questions a:visible")
    assert links.count() == 1

    links.first.click()
    page.wait_for_selector("#panel tbody tr")
    rows = page.locator("#state").inner_text()
    assert "catalogue=weak-claims" in page.url
    page.get_by_label("Threshold of confidence, 0 to 1").fill("0.3")
    page.get_by_role("button", name="Put values in").click()

    expect(page.locator("#query")).to_have_value(re.compile('"0.3"'))
    expect(page.locator("#state")).not_to_have_text(rows)


def test_link_opens_the_same_query(visit: Visit, browser: Browser, base: str) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ready(visit, "/en/workbench")
    write(page, SMALL + " # ü & + #")
    page.locator("#share").click()
    expect(page.locator("#state")).to_contain_text("clipboard")
    address = page.evaluate("navigator.clipboard.readText()")

    other = Visit(browser, base)
    again = ready(other, address)

    assert again.locator("#query").input_value() == SMALL + " # ü & + #"
    other.close()


def test_query_is_saved_shared_and_removed(
    visit: Visit, browser: Browser, base: str, own_home: Path
) -> None:
    _, token = KeyStore(own_home).make(Role.PARTNER, "an analyst in a test")
    page = visit.open("/en/workbench")
    page.locator("#saved").get_by_role("link", name="Sign in").click()
    page.get_by_label("Key").fill(token)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("[data-ready]")

    run(page, SMALL)
    page.get_by_label("Save this query as").fill("Two rows")
    page.get_by_label("Whoever has the address may read it").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#state")).to_have_text("Saved.")
    visit.picture("workbench-query-saved")
    assert page.locator("#panel tbody tr").count() == 2
    assert "?saved=" in page.url

    other = Visit(browser, base)
    assert ready(other, page.url).locator("#query").input_value() == SMALL
    other.close()

    page.get_by_role("button", name="Remove Two rows").click()
    expect(page.locator("#state")).to_have_text("Removed.")
    assert page.locator("#saved .queries").count() == 0


@pytest.mark.parametrize("kind", ["curl", "Python"])
def test_snippets_run_as_they_are(visit: Visit, kind: str) -> None:
    page = ready(visit, "/en/workbench")
    for query, rows in ((SMALL, 2), (SMALL + " # ''' \\ )\" ü", 2), ("DESCRIBE <urn:x>", 0)):
        write(page, query)
        page.locator("#elsewhere").click()
        page.get_by_role("tab", name=kind).click()
        snippet = page.locator("#snippet").text_content() or ""
        page.keyboard.press("Escape")

        command = ["bash", "-c"] if kind == "curl" else [sys.executable, "-c"]
        found = subprocess.run(  # noqa: S603 - what the page says
            [*command, snippet], capture_output=True, text=True, timeout=60, check=True
        )

        assert len(re.findall(r"\b[xy]\b", found.stdout)) == rows


def test_snippet_for_r_keeps_the_query_whole(visit: Visit) -> None:
    page = ready(visit, "/en/workbench")
    write(page, 'SELECT (")-" AS ?x) (")" AS ?y) {}')
    page.locator("#elsewhere").click()
    page.get_by_role("tab", name="R", exact=True).click()

    assert (
        'r"--(\nSELECT (")-" AS ?x) (")" AS ?y) {}\n)--"' in page.locator("#snippet").inner_text()
    )


# --- everybody, everywhere ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit", "language"),
    [(LIGHT, "de"), (DARK, "en")],
    indirect=["visit"],
    ids=["light-de", "dark-en"],
)
def test_workbench_is_accessible_in_every_state(visit: Visit, language: str) -> None:
    page = ready(visit, f"/{language}/{DISTRICTS}")
    run(page)
    for view in ("table", "map", "chart", "graph"):
        show(page, view)
        assert violations(page) == [], view
        visit.picture(f"workbench-{language}-{view}")

    page.locator("#elsewhere").click()
    assert violations(page) == [], "snippets"
    page.keyboard.press("Escape")
    write(page, "SELECT * { ?s skos:prefLabel ")
    page.keyboard.type("vb:c")
    page.wait_for_selector(".cm-tooltip-autocomplete li")
    assert violations(page) == [], "completion"
    page.keyboard.press("Escape")
    page.locator("#run").click()
    page.wait_for_selector(".trouble")
    assert violations(page) == [], "trouble"


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_phone_never_scrolls_sideways(visit: Visit) -> None:
    page = ready(visit, f"/de/{DISTRICTS}")
    run(page)
    for view in ("table", "map", "chart", "graph"):
        show(page, view)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, view


def test_first_view_is_small_enough(visit: Visit) -> None:
    answers: list[Response] = []
    visit.page.on("response", lambda answer: answers.append(answer))
    ready(visit, "/de/workbench")

    sizes = {a.url: a.request.sizes()["responseBodySize"] for a in answers}

    assert any(url.endswith("editor.js") for url in sizes)
    assert sum(sizes.values()) < 350_000, sizes
