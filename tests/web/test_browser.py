"""The pages in a real browser: accessibility, sizes, keyboard, no request to elsewhere."""

from pathlib import Path

import pytest

from .visiting import ARGUMENTS, DARK, LIGHT, PHONE, Visit, chromium_path, violations

__all__ = ["ARGUMENTS", "DARK", "LIGHT", "PHONE", "Visit", "chromium_path", "violations"]

PAGES = [
    "",
    "enquiry?text=CNC-Drehen+und+Quuxen+von+Wellen+aus+42CrMo4,+Ra+0,2,+80+km+um+Jena",
    "enquiry",
    "consortia?enquiry=E13",
    "consortia?enquiry=E01&programme=zim",
    "consortia?enquiry=E01&programme=all",
    "consortia/comparison?enquiry=E13&other=rr-beth",
    "consortia?enquiry=E19&max_members=3",
    "consortia?competence=quux",
    "organisations?q=a",
    "organisations/asphericon",
    "organisations/optonet",
    "clusters",
    "competences?q=zerspan",
    "competences",
    "competences/optikfertigung",
    "queries",
    "queries/weak-claims",
    "resources/id/site-asphericon",
    "resources/shape/graph-visibility",
    "profiles/new",
    "problems",
    "about",
    "no/such/page",
]


@pytest.mark.parametrize(
    ("visit", "language"),
    [(LIGHT, "de"), (DARK, "en")],
    indirect=["visit"],
    ids=["light-de", "dark-en"],
)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(visit: Visit, language: str, path: str) -> None:
    assert violations(visit.open(f"/{language}/{path}")) == []


def test_check_of_accessibility_can_fail(visit: Visit) -> None:
    page = visit.open("/de/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert any("html-has-lang" in line for line in violations(page))


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_phone_never_scrolls_sideways(visit: Visit, path: str) -> None:
    page = visit.open(f"/de/{path}")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_keyboard_begins_with_the_skip_link_and_is_always_seen(visit: Visit) -> None:
    page = visit.open("/de/consortia?enquiry=E13")
    words = []
    for _ in range(15):
        page.keyboard.press("Tab")
        focus = "(() => { const e = document.activeElement; return [e.textContent.trim(), "
        focus += "getComputedStyle(e).outlineStyle]; })()"
        text, outline = page.evaluate(focus)
        words.append(text)
        assert outline != "none", text

    assert words[0] == "Zum Inhalt springen"
    page.keyboard.press("Shift+Tab")


def test_lanes_are_a_table_that_names_its_gap(visit: Visit) -> None:
    page = visit.open("/en/consortia?enquiry=E13")

    row = page.get_by_role("table", name="Which member serves which requirement").get_by_role(
        "row", name="Kältetechnik"
    )

    assert row.get_by_text("Gap").is_visible()


def test_font_is_our_own(visit: Visit) -> None:
    page = visit.open("/de/")

    assert page.evaluate("document.fonts.check('16px Inter')")


def test_print_fits_a4_landscape(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/de/consortia?enquiry=E13")
    page.emulate_media(media="print")

    content = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, tagged=True)

    assert content.startswith(b"%PDF")
    assert not page.locator("nav[aria-label=Hauptmenü]").is_visible()
    assert page.locator("figure svg.map").is_visible()
