"""The query catalogue as pages."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.pages.questions import Cell, read_table
from graph.catalogue import catalogue, find

from .test_pages import read

ORGANISATION = "https://w3id.org/verbund/id/org-ann"


def result(*rows: dict[str, dict[str, str]]) -> dict[str, dict[str, list[object]]]:
    return {"results": {"bindings": list(rows)}}


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def literal(value: str, kind: str = "") -> dict[str, str]:
    datatype = {"datatype": f"http://www.w3.org/2001/XMLSchema#{kind}"} if kind else {}
    return {"type": "literal", "value": value, **datatype}


# What the shipped data has nothing of: needs, referrals, proposals, milestones, dated certificates.
UNANSWERED = {
    "certificates-ending",
    "certified-at-site",
    "collaborations-of-candidates",
    "contacts-for-enquiry",
    "limits-of-candidates",
    "members-of-consortium",
    "needs-without-partner",
    "overdue-replies",
    "partners-with-budget",
    "programmes-for-consortium",
    "projects-by-phase",
    "reasons-of-consortium",
    "referrals-without-outcome",
    "research-for-needs",
    "topics-to-bundle",
    "vocabulary-gaps-by-frequency",
}
NOTHING = {
    "de": "Nichts im Graphen beantwortet das.",
    "en": "Nothing in the graph answers this.",
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_question_is_answered_with_its_examples(
    client: TestClient, name: str, language: str
) -> None:
    html = client.get(f"/{language}/queries/{name}")

    assert html.status_code == 200
    assert find(name).question[language] in html.text
    assert ("<tbody>" in html.text) is (name not in UNANSWERED)
    assert (NOTHING[language] in html.text) is (name in UNANSWERED)


def test_all_questions_are_listed(client: TestClient) -> None:
    links = read(client, "/en/queries").links

    assert {f"/en/queries/{name}" for name in catalogue()} <= set(links)


def test_a_competence_may_be_given_by_its_name(client: TestClient) -> None:
    by_name = read(client, "/en/queries/organisations-by-competence?competence=Milling")
    by_slug = read(client, "/en/queries/organisations-by-competence?competence=fraesen")

    assert "/en/organisations/coexal" in by_name.links
    assert by_name.text == by_slug.text


def test_an_organisation_may_be_given_by_its_name(client: TestClient) -> None:
    path = "/de/queries/claims-of-organisation?organisation=asphericon GmbH"

    assert "/de/competences/asphaerenfertigung" in read(client, path).links


def test_answer_and_document_have_the_same_rows(client: TestClient) -> None:
    page = read(client, "/de/queries/single-points-of-failure")
    [link] = [x for x in page.links if "format=json" in x]

    rows = client.get(link).json()["results"]["bindings"]

    assert f"{len(rows)} Zeilen." in page.text


def test_value_of_the_wrong_kind_is_said_at_the_field(client: TestClient) -> None:
    response = client.get("/en/queries/weak-claims?threshold=<b>high</b>")

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "<b>high" not in response.text


def test_label_leads_to_its_thing_and_stands_for_it() -> None:
    row = {
        "organisation": uri(ORGANISATION),
        "label": literal("Ann"),
        "confidence": literal("0.9", "decimal"),
    }

    table = read_table(find("organisations-by-competence"), result(row), {}, "en")

    assert "Organisation" not in table.heads
    assert Cell("Ann", "/en/organisations/ann", False) in table.rows[0]
    assert Cell("0.9", "", True) in table.rows[0]


def test_identifiers_without_a_page_are_left_to_the_documents() -> None:
    row = {"claim": uri("https://w3id.org/verbund/id/claim-1"), "label": literal("Ann")}

    table = read_table(find("organisations-by-competence"), result(row), {}, "en")

    assert "Claim" not in table.heads


def test_names_stand_for_identifiers() -> None:
    query = find("weak-claims")
    row = {"organisation": uri(ORGANISATION)}

    table = read_table(query, result(row), {ORGANISATION: "Ann"}, "de")

    assert Cell("Ann", "/de/organisations/ann", False) in table.rows[0]


def test_answer_without_rows_still_says_what_columns_there_are() -> None:
    assert read_table(find("weak-claims"), result(), {}, "de").heads


def test_value_that_cannot_be_taken_is_explained_in_the_language_of_the_page(
    client: TestClient,
) -> None:
    answer = client.get("/de/queries/weak-claims?threshold=hoch")

    assert answer.status_code == 422
    assert "Richtig wäre etwa 0.7." in answer.text
    assert "such as" not in answer.text


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (["organisation", "label", "town"], "organisation"),
        (["competence", "label", "organisation"], "competence"),
        (["confidence", "claim", "organisation", "label"], "organisation"),
        (["label", "member", "role"], "member"),
    ],
)
def test_label_takes_the_place_of_what_it_names(columns: list[str], named: str) -> None:
    returns = {column: {"de": column, "en": column} for column in columns}
    query = replace(find("weak-claims"), returns=returns)
    row = {named: uri(ORGANISATION), "label": literal("Ann")}

    table = read_table(query, result(row), {}, "de")

    assert Cell("Ann", "/de/organisations/ann", False) in table.rows[0]
    assert named not in table.heads


def test_decimals_are_written_as_the_language_does() -> None:
    row = {"confidence": literal("0.25", "decimal")}

    found = [
        read_table(find("weak-claims"), result(row), {}, language).rows[0][0].text
        for language in ("de", "en")
    ]

    assert found == ["0,25", "0.25"]
