"""The enquiry page: a text becomes requirements that a person confirms and changes."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from api.pages.marking import mark
from api.schemas.understanding import PlaceReadingOut, ProposalOut, WordsOut

from .test_pages import Page, read

WIDER = "spanen-mit-geometrisch-bestimmten-schneiden"
NOTHING = ProposalOut(
    language="de",
    requirements=[],
    limits=[],
    materials=[],
    certificates=[],
    places=[],
    max_distance_km=None,
    due_date=None,
    dates=[],
    gaps=[],
    rejected=[],
    enquiry=None,
)

TEXT = (
    "Wir suchen einen Partner für CNC-Drehen und Rundschleifen von Wellen aus 42CrMo4, Ra 0,2, "
    "500 Stück/Jahr. ISO 9001 erforderlich. Umkreis 80 km um Jena. Kein Lackieren."
)
ROW = {"row-1": "1", "requiredCompetence-1": "Drehen", "mandatory-1": "true"}


def reading(text: str, language: str = "de") -> str:
    return f"/{language}/enquiry?{urlencode({'text': text})}"


def send(client: TestClient, given: dict[str, str], language: str = "de") -> Response:
    return client.post(f"/{language}/enquiry", data=given)


def asked(response: Response) -> dict[str, list[str]]:
    """The parameters of the address that an answer leads to."""
    assert response.status_code == 303
    return parse_qs(urlsplit(response.headers["location"]).query)


def test_text_of_the_start_page_gets_an_address_of_its_own(client: TestClient) -> None:
    response = send(client, {"text": TEXT, "read": "yes"})

    assert response.headers["location"] == reading(TEXT)
    assert response.headers["cache-control"] == "no-store"
    assert read(client, response.headers["location"]).language == "de"


def test_text_too_long_for_an_address_is_read_all_the_same(client: TestClient) -> None:
    response = send(client, {"text": TEXT + " Guten Tag." * 900, "read": "yes"})

    assert response.status_code == 200
    assert 'value="Drehen"' in response.text


def test_words_that_were_understood_are_marked_with_their_requirement(client: TestClient) -> None:
    html = client.get(reading(TEXT)).text

    assert '<mark class="competence" title="Drehen">CNC-Drehen<a href="#row-1"' in html
    assert '<mark class="competence" title="Rundschleifen">Rundschleifen<a href="#row-2"' in html
    assert '<mark class="material" title="Vergütungsstahl">42CrMo4' in html
    assert '<mark class="rejected"' in html


@given(st.text(max_size=120), st.lists(st.tuples(st.integers(0, 130), st.integers(0, 20))))
def test_marks_leave_the_text_as_it_is(text: str, spans: list[tuple[int, int]]) -> None:
    places = [
        PlaceReadingOut(
            evidence=WordsOut(words="", start=start, end=min(start + length, len(text))),
            latitude=None,
            longitude=None,
            district=None,
            condition=False,
        )
        for start, length in spans
    ]

    pieces = mark(text, NOTHING.model_copy(update={"places": places}))

    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_form_holds_what_the_text_says(client: TestClient) -> None:
    html = client.get(reading(TEXT)).text

    assert '<option value="surface-roughness" selected>' in html
    assert 'name="requiredLimit-2-maxValue" value="0,2"' in html
    assert 'id="near" name="near" value="Jena"' in html
    assert 'id="within" name="within" value="80"' in html


def test_what_is_read_and_not_in_the_form_is_said(client: TestClient) -> None:
    page = read(client, reading(TEXT))

    assert "“Lackieren”: der Text sagt, dass es nicht gebraucht wird" in page.text
    assert "“500 Stück” (Jahresstückzahl)" in page.text


def test_text_without_a_competence_is_said_to_be_none(client: TestClient) -> None:
    page = read(client, reading("Guten Tag!"))

    assert "In diesem Text wurde keine Kompetenz erkannt" in page.text


def test_fields_come_from_the_shapes_in_both_languages(client: TestClient) -> None:
    german = read(client, "/de/enquiry?requirement=drehen").text
    english = read(client, "/en/enquiry?requirement=drehen").text

    for word in ("Wertschöpfungsstufe", "Werkstoffe", "Zertifikate", "Grenzen", "Merkmal"):
        assert word in german
    for word in ("Value-chain step", "Materials", "Certificates", "Limits", "Dimension"):
        assert word in english


def test_confirmed_form_leads_to_the_consortium(client: TestClient) -> None:
    response = send(client, ROW | {"requiredMaterial-1": "Stahl", "near": "jena", "do": "find"})

    assert response.headers["location"].startswith("/de/consortia?")
    assert asked(response) == {"requirement": ["drehen;material=stahl"], "near": ["jena"]}
    assert "Drehen" in read(client, response.headers["location"]).text


def test_every_part_of_a_requirement_arrives(client: TestClient) -> None:
    given = {
        "requiredStep-1": "zerspanen",
        "requiredCertificateType-1": "ISO 9001",
        "requiredLimit-1-dimension": "surface-roughness",
        "requiredLimit-1-minValue": "",
        "requiredLimit-1-maxValue": "0,2",
        "district": "16053",
        "within": "80",
        "near": "Jena",
        "max_members": "3",
    }
    wished = {name: value for name, value in ROW.items() if name != "mandatory-1"}

    found = asked(send(client, wished | given | {"do": "find"}))

    wanted = "drehen;step=zerspanen;limit=surface-roughness:..0.2;certificate=iso-9001;wished"
    assert found == {
        "requirement": [wanted],
        "district": ["16053"],
        "near": ["Jena"],
        "within": ["80"],
        "max_members": ["3"],
    }


def test_form_and_address_say_the_same(client: TestClient) -> None:
    query = (
        "requirement=drehen;step=zerspanen;material=stahl;limit=surface-roughness:..0.2;"
        "certificate=iso-9001;wished&district=16053&near=Jena&within=80&max_members=3"
    )
    html = client.get(f"/de/enquiry?{query}").text

    assert '<option value="zerspanen" selected>' in html
    assert 'name="requiredMaterial-1" value="stahl" checked' in html
    assert 'name="requiredCertificateType-1" value="iso-9001" checked' in html
    assert 'name="mandatory-1" value="true">' in html  # not ticked
    assert 'name="district" value="16053" checked' in html
    assert 'name="max_members" value="3"' in html


def test_change_keeps_the_text(client: TestClient) -> None:
    found = asked(send(client, ROW | {"text": TEXT, "do": "update"}))

    assert found == {"requirement": ["drehen"], "text": [TEXT]}


@pytest.mark.parametrize(
    ("pressed", "requirements"),
    [
        ({"set-1": "spanen-mit-geometrisch-bestimmten-schneiden"}, 2),
        ({"drop-1": "yes"}, 1),
        ({"row-3": "3", "requiredCompetence-3": "Milling", "mandatory-3": "true"}, 3),
        ({"set-9": "drehen", "drop-x": "yes"}, 2),
    ],
)
def test_requirement_is_widened_removed_or_added(
    client: TestClient, pressed: dict[str, str], requirements: int
) -> None:
    second = {"row-2": "2", "requiredCompetence-2": "haerten", "mandatory-2": "true"}

    found = asked(send(client, ROW | second | pressed | {"do": "update"}))["requirement"]

    assert len(found) == requirements
    assert ("drehen" in found) is not ("set-1" in pressed or "drop-1" in pressed)
    assert "haerten" in found


def test_buttons_lead_up_and_down_the_tree(client: TestClient) -> None:
    html = client.get("/en/enquiry?requirement=fraesen").text

    assert 'name="set-1" value="spanen-mit-geometrisch-bestimmten-schneiden"' in html
    assert '<span class="unseen">wider: </span>' in html
    assert '<span class="unseen">narrower: </span>' not in html  # nobody offers anything narrower
    assert 'name="set-1" value="fraesen"' in client.get(f"/en/enquiry?requirement={WIDER}").text


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"requiredCompetence-1": "Fräßen"}, "requiredCompetence-1", "genau eine Kompetenz"),
        (
            {"requiredCompetence-1": "", "requiredMaterial-1": "Stahl"},
            "requiredCompetence-1",
            "genau eine Kompetenz",
        ),
        (
            {"requiredMaterial-1": "Unobtainium"},
            "requiredMaterial-1",
            "kein Eintrag des Werkstoffbaums",
        ),
        (
            {"requiredCertificateType-1": "ISO 1"},
            "requiredCertificateType-1",
            "steht nicht in der Liste",
        ),
        ({"requiredStep-1": "no-such"}, "requiredStep-1", "Wertschöpfungsstufe der Liste"),
        (
            {
                "requiredLimit-1-dimension": "surface-roughness",
                "requiredLimit-1-minValue": "rau",
                "requiredLimit-1-maxValue": "1",
            },
            "requiredLimit-1-1-minValue",
            "keine einzelne Dezimalzahl",
        ),
        (
            {
                "requiredLimit-1-dimension": "surface-roughness",
                "requiredLimit-1-minValue": "3",
                "requiredLimit-1-maxValue": "2",
            },
            "requiredLimit-1-1-minValue",
            "liegt über der Obergrenze",
        ),
        (
            {
                "requiredLimit-1-dimension": "surface-roughness",
                "requiredLimit-1-minValue": "",
                "requiredLimit-1-maxValue": "",
            },
            "requiredLimit-1-1-minValue",
            "Untergrenze oder eine Obergrenze",
        ),
        (
            {
                "requiredLimit-1-dimension": "",
                "requiredLimit-1-minValue": "3",
                "requiredLimit-1-maxValue": "4",
            },
            "requiredLimit-1-1-dimension",
            "genau ein Merkmal aus der Liste",
        ),
        ({"near": "Atlantis"}, "near", "in diesem Ort keine Organisation"),
        ({"within": "80"}, "near", "der Ort, von dem aus gemessen wird"),
        ({"within": "far", "near": "Jena"}, "within", "ganze Zahl von Kilometern"),
        ({"max_members": "0"}, "max_members", "ganze Zahl von 1 bis 24"),
    ],
)
def test_fault_stands_at_its_field_in_the_language_of_the_page(
    client: TestClient, given: dict[str, str], field: str, message: str
) -> None:
    response = send(client, ROW | given | {"do": "find"})

    assert response.status_code == 422
    [start] = [
        place
        for place in range(len(response.text))
        if response.text.startswith(f'id="fault-{field}"', place)
    ]
    assert message in response.text[start : start + 250]
    page = Page(response.text)
    assert f"#{field}" in page.links  # the summary leads to the field
    assert field in page.ids
    assert 'aria-invalid="true"' in response.text


def test_fault_is_said_in_english_and_keeps_what_was_filled_in(client: TestClient) -> None:
    response = send(client, ROW | {"requiredCompetence-1": "Millling", "near": "Jena"}, "en")

    assert "exactly one competence from the competence tree" in response.text
    assert "Did you mean: Milling" in response.text
    assert 'value="Millling"' in response.text
    assert 'name="near" value="Jena"' in response.text


@pytest.mark.parametrize("given", [{"text": "", "read": "yes"}, {"row-1": "1", "do": "find"}])
def test_empty_form_is_no_enquiry(client: TestClient, given: dict[str, str]) -> None:
    response = send(client, given)

    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_enquiry_of_the_graph_can_be_changed(client: TestClient) -> None:
    html = client.get("/de/enquiry?enquiry=E13").text

    assert 'value="Kältetechnik"' in html


def test_what_somebody_writes_stays_text(client: TestClient) -> None:
    hostile = 'Drehen <script>alert(1)</script> "><img src=x onerror=alert(2)>'
    for response in (
        client.get(reading(hostile)),
        send(
            client, {"row-1": "1", "requiredCompetence-1": hostile, "text": hostile, "do": "find"}
        ),
    ):
        page = Page(response.text)
        assert page.inline == 0
        assert "<script>alert(1)</script>" in page.text
        assert "<img" not in response.text


def test_detailed_enquiry_can_be_taken_as_a_document(client: TestClient) -> None:
    query = "requirement=drehen;certificate=iso-9001&near=Jena&within=80"
    page = read(client, f"/de/consortia?{query}")
    links = [link for link in page.links if "/consortia/document?" in link]

    types = [client.get(link).headers["content-type"] for link in links]

    assert [t.partition(";")[0] for t in types] == ["application/json", "text/turtle", "text/csv"]
    document = client.get(links[0]).json()["data"]
    assert all(member["name"] in page.text for member in document["members"])


def test_form_of_a_thousand_rows_is_cut(client: TestClient) -> None:
    rows = range(1, 1000)
    given = {f"row-{n}": str(n) for n in rows}
    given |= {f"requiredCompetence-{n}": f"Fräßen {n}" for n in rows}

    response = send(client, given | {"do": "find"})

    assert response.status_code == 422
    assert response.text.count('class="need"') == 24
    # names that look alike are looked up for a few words only, since each takes a while
    assert response.text.count("Meinten Sie:") <= 12
