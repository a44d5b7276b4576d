"""Renew the pictures of the README: ``python -m tests.web.renew`` after ``verbund load``.

They show the pages as they are on a desktop, with few colours so that they stay small.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import chromium, serving

from .visiting import LIGHT, Visit

__all__ = ["PICTURES", "main"]

_FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_WINDOW = {"width": 1200, "height": 1130}
_TEXT = "CNC-Drehen+und+Härten+von+Wellen+aus+42CrMo4,+Ra+0,2,+80+km+um+Jena"
_COLOURS = 96

PICTURES = {
    "start": "/de/",
    "enquiry": f"/de/enquiry?text={_TEXT}",
    "consortium": "/de/consortia?enquiry=E13",
}
"""Name of each picture and the page that it shows."""


def main() -> None:
    """Take each picture anew."""
    settings = Settings()
    app = create_app(settings, EmbeddedStore(settings.home))
    with serving(app) as address, chromium() as browser:
        for name, path in PICTURES.items():
            visit = Visit(browser, address, viewport=_WINDOW, locale="de", **LIGHT)
            content = visit.open(path).screenshot()
            visit.close()
            picture = Image.open(BytesIO(content)).convert("RGB")
            few = picture.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(_FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
