"""Documents of others: fetched with conditions and limits, and continued where they broke off."""

import bz2
import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import zstandard

from graph.errors import SourceRefusedError, SourceUnavailableError
from graph.harvest.connection import Policy, opener_for
from graph.harvest.sources import Limits

__all__ = ["Document", "Fetcher", "unpacked"]

_BLOCK = 65_536
_ACCEPT = (
    "application/n-quads, application/n-triples, text/turtle;q=0.9, application/trig;q=0.9, "
    "application/ld+json;q=0.8, application/rdf+xml;q=0.7, text/html;q=0.5, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class Document:
    """What was fetched.

    Attributes:
        address: Where it was asked for.
        path: Where it lies now.
        media_type: What the server says that it is, without parameters; empty when it does not.
        final_address: Where it was in the end, after redirects.
        tag: Entity tag of the server; empty when it gave none.
        modified: When the server says it was changed last; empty when it does not.
        is_new: It was sent now; else it is the one of last time, which the server confirmed.
    """

    address: str
    path: Path
    media_type: str
    final_address: str
    tag: str = ""
    modified: str = ""
    is_new: bool = True


class Fetcher:
    """Fetches documents into a folder and remembers what servers said of them."""

    def __init__(
        self,
        policy: Policy,
        limits: Limits,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; the time of the whole harvest runs from here.

        Args:
            policy: Whom to ask.
            limits: What it may take.
            folder: Where documents are kept.
            clock: What time it is, seconds.
        """
        self.policy = policy
        self.opener = opener_for(policy)
        self._limits = limits
        self._folder = folder
        self._clock = clock
        self._end = clock() + limits.seconds
        self._count = 0

    def require_time(self, address: str) -> float:
        """Return the seconds that are left.

        Raises:
            SourceRefusedError: There are none.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise SourceRefusedError(address, f"took longer than {self._limits.seconds:g} s")
        return left

    def fetch(self, address: str, accept: str = _ACCEPT) -> Document:
        """Fetch a document, or find that the one of last time still holds.

        A fetch that broke off is continued when the server has given a strong tag and says that
        the document is still the same.

        Raises:
            SourceRefusedError: It is not allowed, or too long, or too many, or takes too long.
            SourceUnavailableError: The server does not send it.
        """
        self._count += 1
        if self._count > self._limits.documents:
            raise SourceRefusedError(address, f"more than {self._limits.documents} documents")
        self.policy.require(address)
        self._folder.mkdir(parents=True, exist_ok=True)
        kept, part = self._known(address, ""), self._known(address, ".part")
        request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310
        request.add_header("Accept-Encoding", "identity")
        if part is not None and part.tag and not part.tag.startswith("W/"):
            request.add_header("Range", f"bytes={part.path.stat().st_size}-")
            request.add_header("If-Range", part.tag)
        elif kept is not None:
            for name, value in (("If-None-Match", kept.tag), ("If-Modified-Since", kept.modified)):
                if value:
                    request.add_header(name, value)
        return self._answer(request, kept)

    def _answer(self, request: urllib.request.Request, kept: Document | None) -> Document:
        address = request.full_url
        try:
            limit_s = min(self._limits.request_s, self.require_time(address))
            with self.opener.open(request, timeout=limit_s) as response:
                return self._received(address, response)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 304 and kept is not None:
                    return Document(**asdict(kept) | {"is_new": False})
                if error.code == 416:  # the part that is here is no part of what is there
                    self._path(address, ".part").unlink(missing_ok=True)
                if 300 <= error.code < 400:
                    where = "redirects to where nothing is asked, or in a circle"
                    raise SourceRefusedError(address, where) from error
                raise SourceUnavailableError(address, f"answered {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise SourceUnavailableError(address, str(reason) or type(error).__name__) from error

    def _received(self, address: str, response: http.client.HTTPResponse) -> Document:
        """Write what a server sends, block by block, and put it in its place when it is whole."""
        path = self._path(address, ".part")
        is_rest = response.status == 206
        has = path.stat().st_size if is_rest else 0
        document = self._described(address, path, response)
        self._remember(document, ".part")
        with path.open("ab" if is_rest else "wb") as target:
            while block := response.read1(_BLOCK):
                has += len(block)
                if has > self._limits.bytes:
                    raise SourceRefusedError(address, f"longer than {self._limits.megabytes} MiB")
                self.require_time(address)
                target.write(block)
        if response.length:  # http.client does not mind a body that ends early
            raise SourceUnavailableError(address, "ended early")
        whole = self._path(address, "")
        path.replace(whole)
        found = Document(**asdict(document) | {"path": whole})
        self._remember(found, "")
        return found

    @staticmethod
    def _described(address: str, path: Path, response: http.client.HTTPResponse) -> Document:
        headers = response.headers
        coding = headers.get("Content-Encoding", "identity").lower()
        if coding not in ("identity", "gzip", "x-gzip"):
            raise SourceRefusedError(address, f"comes in the unknown encoding {coding!r}")
        return Document(
            address=address,
            path=path,
            media_type=headers.get_content_type() if headers.get("Content-Type") else "",
            final_address=response.url,
            tag=headers.get("ETag", ""),
            modified=headers.get("Last-Modified", ""),
        )

    def _path(self, address: str, ending: str) -> Path:
        return self._folder / (hashlib.sha256(address.encode()).hexdigest()[:24] + ending)

    def _remember(self, document: Document, ending: str) -> None:
        said = asdict(document) | {"path": document.path.name}
        path = self._path(document.address, f"{ending}.json")
        new = path.with_suffix(".new")
        new.write_text(json.dumps(said), encoding="utf-8")
        new.replace(path)

    def _known(self, address: str, ending: str) -> Document | None:
        """Return what was remembered of a document that is still there."""
        path, content = self._path(address, f"{ending}.json"), self._path(address, ending)
        if not (path.is_file() and content.is_file()):
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        return Document(**said | {"path": content})


def unpacked(document: Document, limits: Limits) -> Iterator[bytes]:
    """Yield the content of a document, unpacked when it is gzip, bzip2 or Zstandard.

    Raises:
        SourceRefusedError: It is longer than allowed, or is not what it begins as.
    """
    length = 0
    try:
        with document.path.open("rb") as packed:
            for block in _blocks(packed):
                length += len(block)
                if length > limits.bytes:
                    raise SourceRefusedError(
                        document.address, f"unpacks to more than {limits.megabytes} MiB"
                    )
                yield block
    except (zlib.error, EOFError, zstandard.ZstdError, OSError, ValueError) as error:
        raise SourceRefusedError(document.address, f"cannot be unpacked: {error}") from error


def _blocks(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield blocks of bounded length, however much a block unpacks to."""
    start = packed.read(4)
    packed.seek(0)
    if start.startswith(b"\x1f\x8b"):
        yield from _gzip(packed)
    elif start.startswith(b"BZh"):
        yield from _read(bz2.BZ2File(packed))
    elif start == b"\x28\xb5\x2f\xfd":
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
            packed, read_across_frames=True
        )
        yield from _read(reader)
    else:
        yield from _read(packed)


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _gzip(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield what a gzip file of one or more members holds."""
    unpacker = zlib.decompressobj(wbits=31)
    rest = packed.read(_BLOCK)
    while rest:
        yield unpacker.decompress(rest, _BLOCK)
        rest = unpacker.unconsumed_tail
        if unpacker.eof:
            rest = unpacker.unused_data or packed.read(_BLOCK)
            unpacker = zlib.decompressobj(wbits=31)
        elif not rest:
            rest = packed.read(_BLOCK)
            if not rest:
                raise EOFError("the file ends early")
