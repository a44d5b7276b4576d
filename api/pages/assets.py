"""Static files as they are sent: compressed once, where that helps."""

import gzip
from functools import cache
from importlib.resources import files

__all__ = ["compressed"]

_TEXTS = (".css", ".js", ".svg")


@cache
def compressed(path: str) -> bytes | None:
    """Return a file of ``api/static`` as gzip; ``None`` when it is no text or not there.

    Args:
        path: Path below the folder, with slashes.
    """
    parts = path.split("/")
    if not path.endswith(_TEXTS) or not all(part.strip(".") for part in parts):
        return None
    file = files("api").joinpath("static", *parts)
    return gzip.compress(file.read_bytes(), mtime=0) if file.is_file() else None
