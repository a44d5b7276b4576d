"""The pages in a real browser: accessibility, sizes, keyboard, no request to elsewhere."""

from pathlib import Path

import pytest

from .visiting import PHONE, Visit, violations


def test_check_of_accessibility_can_fail(visit: Visit) -> None:
    page = visit.open("/de/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert any("html-has-lang" in line for line in violations(page))


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


STATEMENT = "#fold-evidence td"
NO_SCRIPT = {"java_script_enabled": False}


@pytest.mark.parametrize("visit", [NO_SCRIPT | PHONE], indirect=True)
def test_phone_folds_and_opens_without_script(visit: Visit) -> None:
    page = visit.page
    page.goto("/de/consortia?enquiry=E13")
    shut = page.locator(STATEMENT).first.is_visible()
    page.locator("#fold-evidence > summary").click()

    assert not shut
    assert page.locator(STATEMENT).first.is_visible()


@pytest.mark.parametrize("visit", [NO_SCRIPT], indirect=True)
def test_wide_screens_and_paper_show_what_a_phone_folds(visit: Visit) -> None:
    page = visit.page
    page.goto("/de/consortia?enquiry=E13")
    assert page.locator(STATEMENT).first.is_visible()
    assert not page.locator("#fold-evidence > summary").is_visible()

    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.locator(STATEMENT).first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(STATEMENT).first.is_visible()
    assert page.locator(".standbys li").first.is_visible()


def test_printed_list_has_the_whole_width(visit: Visit) -> None:
    page = visit.open("/de/organisations")
    page.emulate_media(media="print")

    widths = [page.locator(one).first.bounding_box() for one in ("main table", "main")]

    assert widths[0] is not None
    assert widths[1] is not None
    assert widths[0]["width"] > 0.9 * widths[1]["width"]


def test_print_fits_a4_landscape(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/de/consortia?enquiry=E13")
    page.emulate_media(media="print")

    content = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, tagged=True)

    assert content.startswith(b"%PDF")
    assert not page.locator("nav[aria-label=Hauptmenü]").is_visible()
    assert page.locator("figure svg.map").is_visible()
