"""The page of a suggestion, on real enquiries and on an invented one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.asking import Asked
from api.pages.consortium import Answer
from api.routes.consortium import answering
from api.schemas.consortium import AdditionOut, NamedOut
from graph.model import CompetenceScheme, Landscape

from .invented import invent
from .test_pages import Page, read


@contextmanager
def answers(
    app: FastAPI, additions: Sequence[AdditionOut] = (), **changes: str
) -> Iterator[TestClient]:
    """Answer every enquiry with the invented suggestion."""
    invented = invent(**changes)  # type: ignore[arg-type]
    document = invented.model_copy(update={"additions": list(additions)})
    landscape = Landscape("1", CompetenceScheme({}), {}, ())

    def answer_invented() -> Callable[[Asked, str], Answer]:
        return lambda asked, language: Answer(document, landscape)

    app.dependency_overrides[answering] = answer_invented
    try:
        yield TestClient(app)
    finally:
        app.dependency_overrides.clear()


def test_suggestion_names_coverage_members_and_proof(client: TestClient) -> None:
    page = read(client, "/de/consortia?enquiry=E05")

    assert "DESY Teleskop-Tragstruktur CTA-MST" in page.text
    assert "Bewiesen: Kein Konsortium deckt mehr" in page.text
    assert "CNC-Fräsen" in page.text
    assert "volle Passung" in page.text


@pytest.mark.parametrize(("language", "word"), [("de", "Lücke"), ("en", "Gap")])
def test_gap_is_a_row_with_the_word(client: TestClient, language: str, word: str) -> None:
    html = client.get(f"/{language}/consortia?enquiry=E13").text

    assert f'<div class="hatch"><strong>{word}</strong>' in html


def test_suggestion_without_gaps_shows_none(client: TestClient) -> None:
    assert 'class="hatch"' not in client.get("/de/consortia?enquiry=E05").text


def test_every_assignment_has_its_source_as_a_link(client: TestClient) -> None:
    document = client.get("/api/v1/consortia?enquiry=E05&format=json").json()["data"]
    links = read(client, "/de/consortia?enquiry=E05").links

    sources = [a["evidence"]["source"] for m in document["members"] for a in m["assignments"]]
    assert sources
    assert set(sources) <= set(links)


def test_page_and_document_give_the_same_answer(client: TestClient) -> None:
    page = read(client, "/de/consortia?enquiry=E09")
    [link] = [x for x in page.links if "format=json" in x]

    document = client.get(link).json()["data"]

    for member in document["members"]:
        assert member["name"] in page.text


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("json", "application/json"), ("turtle", "text/turtle"), ("csv", "text/csv")],
)
def test_suggestion_can_be_taken_as_a_document(
    client: TestClient, form: str, media_type: str
) -> None:
    page = read(client, "/de/consortia?competence=Fräsen&competence=Kleben&max_members=2")
    [link] = [x for x in page.links if f"format={form}" in x]

    response = client.get(link)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)


def test_leaving_a_member_out_solves_again_without_it(client: TestClient) -> None:
    page = read(client, "/de/consortia?enquiry=E01")
    leave_out = next(x for x in page.links if "exclude=" in x)
    slug = leave_out.rpartition("exclude=")[2]

    again = read(client, leave_out)

    assert f"exclude={slug}" not in page.text
    members = client.get(f"/api/v1/consortia?enquiry=E01&exclude={slug}&format=json").json()[
        "data"
    ]["members"]
    assert not any(m["iri"].endswith(f"/org-{slug}") for m in members)
    assert "Bedingungen:" in again.text
    assert "/de/consortia?enquiry=E01" in again.links  # the way back


def test_keeping_an_alternative_shows_exactly_its_members(client: TestClient) -> None:
    document = client.get("/api/v1/consortia?enquiry=E01&format=json").json()["data"]
    wanted = {o["iri"] for o in document["alternatives"][0]["organisations"]}
    page = read(client, "/de/consortia?enquiry=E01")
    slugs = {iri.rpartition("/org-")[2] for iri in wanted}
    link = next(x for x in page.links if slugs == set(pinned(x)))

    again = client.get(link.replace("/de/consortia?", "/api/v1/consortia?format=json&")).json()[
        "data"
    ]

    assert {m["iri"] for m in again["members"]} == wanted


def pinned(link: str) -> list[str]:
    return [part[4:] for part in link.partition("?")[2].split("&") if part.startswith("pin=")]


def test_unknown_words_come_with_look_alikes_as_links(client: TestClient) -> None:
    response = client.get("/en/consortia?competence=Adhesive bondng, Millling, zzzzqqq")

    page = Page(response.text)
    assert response.status_code == 422
    assert "“Adhesive bondng”" in page.text
    assert "“zzzzqqq”" in page.text
    fixed = [x for x in page.links if "Adhesive+bonding" in x]
    assert fixed
    assert "Millling" in fixed[0]  # the other words stay


def test_word_of_somebody_else_stays_text(client: TestClient) -> None:
    response = client.get("/en/consortia?competence=<script>alert(1)</script>")

    page = Page(response.text)
    assert response.status_code == 422
    assert page.inline == 0
    assert "<script>alert(1)</script>" in page.text


def test_names_and_sources_of_the_data_stay_text(app: FastAPI) -> None:
    with answers(app, name="<script>x</script>", source="javascript:alert(1)") as client:
        page = read(client, "/en/consortia?enquiry=E05")

    assert page.inline == 0
    assert "<script>x</script>" in page.text
    assert not [link for link in page.links if link.startswith("javascript")]


def test_hollow_dot_shows_who_could_do_it_as_well(app: FastAPI) -> None:
    with answers(app) as client:
        html = unescape(client.get("/en/consortia?enquiry=E05").text)

    assert html.count('<span class="dot"></span><span class="unseen">could do it as well') == 1


def test_same_question_has_the_same_page_but_for_the_time_it_took(client: TestClient) -> None:
    texts = [client.get("/de/consortia?enquiry=E03").text for _ in range(2)]

    first, second = (text.partition("Gerechnet in")[0] for text in texts)
    assert first == second


def test_lanes_say_what_is_demanded_beside_the_competence(client: TestClient) -> None:
    wanted = "drehen;material=stahl;limit=surface-roughness:..0.2;limit=workpiece-diameter:10..30"
    html = client.get(f"/de/consortia?requirement={wanted};certificate=iso-9001").text
    english = client.get("/en/consortia?requirement=drehen;limit=pressure:2..").text

    assert "Stahl, Rauheit ≤ 0,2 µm, Werkstückdurchmesser 10\u201330 mm, ISO 9001" in html
    assert "pressure ≥ 2" in english


def test_lanes_name_who_else_qualifies_and_take_them(client: TestClient) -> None:
    page = read(client, "/de/consortia?enquiry=E01")
    taking = [link for link in page.links if "pin=" in link]
    document = client.get("/api/v1/consortia?enquiry=E01&format=json").json()["data"]
    members = {member["iri"].rpartition("/org-")[2] for member in document["members"]}

    others = {slug for link in taking for slug in pinned(link)} - members
    assert others
    assert f"/de/organisations/{min(others)}" in page.links


def test_gap_names_who_could_develop_it_with_whom_and_which_network_to_ask(
    client: TestClient,
) -> None:
    document = client.get("/api/v1/consortia?enquiry=E19&format=json&lang=en").json()["data"]
    html = unescape(client.get("/en/consortia?enquiry=E19").text)
    [gap] = [found for found in document["gaps"] if found["networks"]]

    section = html.partition('<h2 id="gaps">')[2].partition("</section>")[0]
    assert gap["developers"][0]["partners"]
    for developer in gap["developers"]:
        for named in (developer["organisation"], *developer["partners"]):
            assert f'/en/organisations/{named["iri"].rpartition("/org-")[2]}">' in section
    assert "have worked together" in section
    assert f"{gap['networks'][0]['cluster']['name']}</a>" in section


def test_member_that_a_small_addition_would_save_says_so(client: TestClient) -> None:
    document = client.get("/api/v1/consortia?enquiry=E13&format=json&lang=en").json()["data"]
    [addition] = [found for found in document["additions"] if found["saves"]]
    html = unescape(client.get("/en/consortia?enquiry=E13").text)

    [article] = [
        text
        for text in html.split('<article class="member"')[1:]
        if f">{addition['saves']['name']}</a></h3>" in text
    ]
    told = article.partition("Not needed if")[2].partition("</dd>")[0]
    assert addition["organisation"]["name"] in told
    assert addition["competence"]["name"] in told


def test_addition_that_closes_a_gap_stands_at_the_gap(app: FastAPI) -> None:
    addition = AdditionOut(
        requirement="sawing",
        label="sawing",
        organisation=NamedOut(iri="https://example.org/org-ann", name="Ann"),
        competence=NamedOut(iri="https://example.org/cutting", name="cutting"),
        steps_away=1,
        saves=None,
    )
    with answers(app, additions=[addition]) as client:
        html = client.get("/en/consortia?enquiry=E05").text

    section = html.partition('<h2 id="gaps">')[2].partition("</section>")[0]
    assert "Smallest addition" in section
    assert "1 step away in the tree" in section


def test_gap_of_own_words_can_be_asked_for_in_another_way(client: TestClient) -> None:
    page = read(client, "/de/consortia?competence=Kältetechnik&competence=Fräsen")
    [link] = [x for x in page.links if "requirement=anlagenbau" in x][:1]

    again = read(client, link)

    assert "competence=Fr%C3%A4sen" in link
    assert "Anlagenbau" in again.text


def test_comparison_says_who_differs_and_what_is_better(client: TestClient) -> None:
    page = read(client, "/en/consortia?enquiry=E01")
    link = next(x for x in page.links if "/comparison?" in x)

    html = client.get(link).text

    assert html.count('class="same"') < html.count('scope="row"')
    assert '<span class="flag">better</span>' in html
    assert client.get(link).text == html


def test_funding_says_the_rule_the_answer_and_the_source(client: TestClient) -> None:
    page = read(client, "/en/consortia?enquiry=E01&programme=zim")
    checked = client.get("/api/v1/funding/checks?enquiry=E01&programme=zim&lang=en").json()["data"]
    [programme] = checked["programmes"]

    assert programme["text"] in page.text
    for rule in programme["rules"]:
        assert rule["rule"]["label"] in page.text
        assert rule["text"] in page.text
        assert rule["rule"]["source"] in page.links
    assert checked["caution"] in page.text


def test_members_can_be_searched_by_the_rules_of_a_programme(client: TestClient) -> None:
    page = read(client, "/en/consortia?enquiry=E01&programme=thzm")
    [link] = [x.partition("#")[0] for x in page.links if "demand=yes" in x]

    again = read(client, link)

    assert "does not fit" in page.text
    assert "by the rules of ThZM founding rule" in again.text
    assert link.replace("&demand=yes", "") in again.links  # the way back
