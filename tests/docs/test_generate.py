"""The pages made from the ontology are whole and in step."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from graph.vocabulary import VB

DOCS = Path(__file__).parents[2] / "docs"
TERMS = {name for name in VB.__annotations__ if not name.startswith("_")}


def generate(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, str(DOCS / "generate.py"), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Page(HTMLParser):
    """Ids, targets of links, and tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.targets.append(given["href"].removeprefix("#"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("pages")
    generate("terms", str(folder))
    return (folder / "terms.html").read_text(encoding="utf-8")


def test_diagram_is_in_step_with_the_shapes() -> None:
    committed = (DOCS / "diagram.md").read_text(encoding="utf-8")

    assert generate("diagram") == committed, (
        "run: python docs/generate.py diagram > docs/diagram.md"
    )
    assert 'CapabilityClaim --> "1" org_Organization : claimedBy' in committed


def test_every_term_has_a_place_that_is_linked(page: str) -> None:
    parsed = Page(page)

    assert set(parsed.ids) == TERMS - {"din8580"}
    assert sorted(parsed.targets) == sorted(parsed.ids)


def test_term_shows_both_languages_and_its_uses(page: str) -> None:
    start = page.index('<section id="coversCompetence">')
    section = page[start : page.index("</section>", start)]

    assert "covers competence" in section
    assert "deckt Kompetenz" in section
    assert "40-covers-competence" in section
    assert "candidates-for-enquiry" in section


def test_unknown_command_is_refused() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        generate("nothing")
