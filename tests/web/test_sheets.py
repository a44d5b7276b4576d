"""Sheets with a picture of every page, for people to look at before a change of looks is done.

They are made when ``VERBUND_SHEETS`` names a folder: a file for each language and manner, such as
``de-phone-dark-1.png``, with the pages in the order of :data:`tests.web.every_page.ADDRESSES`,
and a folder of that name with each page at its full length.
"""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from api.i18n import LANGUAGES
from tests.desk.conftest import valley

from .every_page import ADDRESSES
from .houses import Houses, houses_of
from .visiting import DARK, LIGHT, PHONE

__all__ = ["valley"]

pytestmark = pytest.mark.skipif(
    "VERBUND_SHEETS" not in os.environ, reason="VERBUND_SHEETS names no folder for sheets"
)

MANNERS: dict[str, tuple[dict[str, Any], str, int]] = {
    "desktop-light": (LIGHT, "screen", 460),
    "desktop-dark": (DARK, "screen", 460),
    "phone-light": (PHONE | LIGHT, "screen", 240),
    "phone-dark": (PHONE | DARK, "screen", 240),
    "print": ({"viewport": {"width": 760, "height": 1070}}, "print", 400),
}
"""Settings of the window, medium, and width of each picture in pixels."""

_SHEET_WIDTH, _PICTURE_HEIGHT = 1900, 900


@pytest.fixture(scope="module")
def houses(home: Path, valley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    with houses_of(home, valley, tmp_path_factory.mktemp("office") / "home") as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("manner", MANNERS)
def test_sheets_are_made(browser: Browser, houses: Houses, manner: str, language: str) -> None:
    settings, medium, width = MANNERS[manner]
    pictures = []
    for address in ADDRESSES:
        visit = houses.visit(browser, address.visitor, locale=language, **settings)
        visit.page.emulate_media(media=medium)  # type: ignore[arg-type]
        page = visit.open(houses.path(address, language))
        pictures.append((str(address), page.screenshot(full_page=True)))
        visit.close()

    folder = Path(os.environ["VERBUND_SHEETS"])
    keep_each(folder / f"{language}-{manner}", pictures)
    a_row = _SHEET_WIDTH // width
    for number, start in enumerate(range(0, len(pictures), a_row), start=1):
        sheet(pictures[start : start + a_row], width).save(
            folder / f"{language}-{manner}-{number}.png"
        )


def keep_each(folder: Path, pictures: list[tuple[str, bytes]]) -> None:
    """Write pictures at their full size, numbered in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, content) in enumerate(pictures, start=1):
        slug = re.sub(r"[^A-Za-z0-9]+", "-", name)[:60].strip("-")
        (folder / f"{number:02}-{slug}.png").write_bytes(content)


def sheet(pictures: list[tuple[str, bytes]], width: int) -> Image.Image:
    """Return pictures side by side, the tops of long ones, with their addresses above."""
    whole = Image.new("RGB", (_SHEET_WIDTH, _PICTURE_HEIGHT + 20), "gray")
    for column, (name, content) in enumerate(pictures):
        picture = Image.open(BytesIO(content)).convert("RGB")
        height = round(picture.height * (width - 8) / picture.width)
        small = picture.resize((width - 8, height)).crop((0, 0, width - 8, _PICTURE_HEIGHT))
        whole.paste(small, (column * width, 20))
        ImageDraw.Draw(whole).text((column * width + 4, 4), name[:60], fill="white")
    return whole
