"""Backups of a generation: one archive that any RDF tool can read, and back again.

An archive is a gzipped tar file::

    manifest.json   format, graph version, and for each part its statements, bytes and SHA-256
    public.nq       N-Quads of what the public may see; further visibilities where they are there
    written.nq      what coordinators wrote, if anything; it stays theirs to write

Generations are immutable, so a backup needs no pause: it reads one of them while others are
written. Restoring checks everything before it touches the store, then publishes a generation.
"""

import errno
import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from graph.errors import SourceFormatError, StoreUnavailableError
from graph.store import EmbeddedStore, Manifest, Visibility, current_version
from graph.store.generations import Origin, open_engine, read_manifest, read_origin
from graph.store.publication import loaded, writing
from graph.store.publication import replace as put_in_place

__all__ = ["Part", "back_up", "is_restored", "restore"]

_FORMAT = 1
_MANIFEST = "manifest.json"
_MANIFEST_MAX_BYTES = 65_536
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BLOCK = 1024 * 1024
_WRITTEN = "written"
_RESTORED = "restored"
_DAMAGE = (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive.

    Attributes:
        statements: Number of its statements.
        size_bytes: Its length.
        sha256: Its digest, hexadecimal.
    """

    statements: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the manifest of an archive says.

    Attributes:
        version: Graph version.
        parts: The files without their ending: visibilities, and what coordinators wrote.
        reference: Version of the reference data; empty when nothing was written to it.
        salt: See :class:`graph.store.generations.Origin`.
        names: Versions of the parts, where they have other ones.
        turning: See :class:`graph.store.generations.Origin`.
        day: See :class:`graph.store.generations.Origin`.
    """

    version: str
    parts: Mapping[str, Part]
    reference: str = ""
    salt: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    turning: tuple[str, ...] = ()
    day: str = ""

    def origin(self, folder: Path) -> Origin:
        """Return what the generation is made from, with the files unpacked into a folder."""
        written = b""
        if _WRITTEN in self.parts:
            written = (folder / f"{_WRITTEN}.nq").read_bytes()
        return Origin(self.reference or self.version, written, self.salt, self.turning, self.day)


def back_up(home: Path, path: Path, *, replace: bool = False) -> Manifest:
    """Write the generation that answers now into an archive.

    The archive appears under its name only when it is whole and on the disk.

    Args:
        home: Directory of the store; readers and writers may go on.
        path: The archive, customarily ``*.tar.gz``.
        replace: Replace a file of this name.

    Raises:
        StoreUnavailableError: Nothing is loaded, the file is there, or it cannot be written.
        StoreCorruptError: The files of the store cannot be read.
    """
    if path.exists() and not replace:
        raise StoreUnavailableError(f"{path} is there already; choose another name")
    store = EmbeddedStore(home)  # holds the lock that keeps its generation from being removed
    manifest = read_manifest(home, store.generation)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
            draft = Path(folder) / "archive"
            parts = {
                seen.value: _dump(open_engine(home, store.generation, seen), folder, seen)
                for seen in manifest.quads
            }
            if written := read_origin(home, store.generation).written:
                (Path(folder) / f"{_WRITTEN}.nq").write_bytes(written)
                parts[_WRITTEN] = _measure(iter((written,)))
            names = {part.value: name for part, name in manifest.names.items()}
            said = (manifest.reference, manifest.salt, names, manifest.turning, manifest.day)
            _pack(draft, Path(folder), _Contents(store.generation, parts, *said))
            draft.replace(path)
            _synchronise(path.parent)
    except OSError as error:
        raise StoreUnavailableError(f"cannot write {path}: {error.strerror or error}") from error
    return manifest


def _dump(engine: ox.Store, folder: str, name: str) -> Part:
    """Write the named graphs as N-Quads; the default graph is their merge and follows."""
    path = Path(folder) / f"{name}.nq"
    with path.open("wb") as file:
        for graph in sorted(engine.named_graphs(), key=str):
            ox.serialize(
                engine.quads_for_pattern(None, None, None, graph),
                cast("IO[bytes]", file),
                format=ox.RdfFormat.N_QUADS,
            )
    with path.open("rb") as file:
        return _measure(iter(lambda: file.read(_BLOCK), b""))


def _measure(blocks: Iterator[bytes]) -> Part:
    digest, size, statements = hashlib.sha256(), 0, 0
    for block in blocks:
        digest.update(block)
        size += len(block)
        statements += block.count(b"\n")  # N-Quads: a line each; line feeds in texts are escaped
    return Part(statements, size, digest.hexdigest())


def _pack(draft: Path, folder: Path, contents: _Contents) -> None:
    said = {name: value for name, value in asdict(contents).items() if value}
    manifest = {"format": _FORMAT, **said}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    with draft.open("wb") as file:
        # no time and no name of the machine: the same generation gives the same archive
        with (
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            for name in (_MANIFEST, *(f"{seen}.nq" for seen in contents.parts)):
                member = tarfile.TarInfo(name)
                member.size = (folder / name).stat().st_size
                with (folder / name).open("rb") as content:
                    archive.addfile(member, content)
        file.flush()
        os.fsync(file.fileno())


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def restore(home: Path, path: Path) -> Manifest:
    """Let the generation of an archive answer.

    Nothing of the store changes unless the whole archive is as it was written.

    Args:
        home: Directory of the store; made when missing.
        path: The archive.

    Raises:
        SourceFormatError: It is no backup, or it is damaged.
        StoreUnavailableError: The store cannot be written.
        StoreCorruptError: The directory holds something else.
    """
    with tempfile.TemporaryDirectory(prefix="verbund-restore-") as folder:
        contents = _unpack(path, Path(folder))
        origin = contents.origin(Path(folder))
        if origin.version != contents.version:
            raise SourceFormatError(path, "is damaged: it is not of the version that it names")
        try:
            manifest = _published(home, Path(folder), contents, origin)
        except (ValueError, SyntaxError) as error:
            raise SourceFormatError(path, f"is no backup of a graph: {error}") from error
    (home / _RESTORED).write_text(contents.version, encoding="utf-8")
    return manifest


def _published(home: Path, folder: Path, contents: _Contents, origin: Origin) -> Manifest:
    names = {Visibility(part): name for part, name in contents.names.items()}
    seen = [Visibility(part) for part in contents.parts if part != _WRITTEN]
    with ExitStack() as files, writing(home):
        opened = {part: files.enter_context((folder / f"{part}.nq").open("rb")) for part in seen}
        parts = {part: loaded(_quads(file)) for part, file in opened.items()}
        return put_in_place(home, parts, origin, names=names)


def is_restored(home: Path) -> bool:
    """Tell whether what answers came from an archive, so that it is not to be loaded anew."""
    try:
        return (home / _RESTORED).read_text(encoding="utf-8") == current_version(home)
    except (OSError, StoreUnavailableError):
        return False


def _quads(file: IO[bytes]) -> Iterator[ox.Quad]:
    return iter(ox.parse(file, format=ox.RdfFormat.N_QUADS))


def _unpack(path: Path, folder: Path) -> _Contents:
    """Write the parts of an archive into a folder and check each against the manifest."""
    with _opened(path) as (packed, archive):
        contents = _read_manifest(path, archive)
        for seen, part in contents.parts.items():
            member = archive.next()
            if member is None or member.name != f"{seen}.nq":
                raise SourceFormatError(path, f"is damaged: {seen}.nq is missing")
            if _write(archive, member, folder / f"{seen}.nq", part.size_bytes) != part:
                raise SourceFormatError(path, f"is damaged: {seen}.nq is not what was written")
        if archive.next() is not None:
            raise SourceFormatError(path, "is no backup: it holds other files")
        while packed.read(_BLOCK):  # up to the checksum of the compression
            pass
    return contents


@contextmanager
def _opened(path: Path) -> Iterator[tuple[gzip.GzipFile, tarfile.TarFile]]:
    try:
        with gzip.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            yield packed, archive
    except _DAMAGE as error:
        raise SourceFormatError(path, f"is no backup or is damaged: {error}") from error
    except OSError as error:
        if error.errno in _NO_ROOM:  # to unpack it; nothing is wrong with the archive
            raise StoreUnavailableError(f"cannot unpack {path}: {error.strerror}") from error
        raise SourceFormatError(path, f"cannot be read: {error.strerror or error}") from error


def _read_manifest(path: Path, archive: tarfile.TarFile) -> _Contents:
    member = archive.next()
    content = archive.extractfile(member) if member and member.name == _MANIFEST else None
    if content is None:
        raise SourceFormatError(path, "is no backup: it does not begin with a manifest")
    try:
        manifest: dict[str, Any] = json.loads(content.read(_MANIFEST_MAX_BYTES))
        if manifest["format"] != _FORMAT:
            raise SourceFormatError(
                path, f"has format {manifest['format']!r}, this software reads {_FORMAT}"
            )
        parts = {_part_name(name): Part(**part) for name, part in manifest["parts"].items()}
        kept = ("reference", "salt", "day")
        reference, salt, day = (str(manifest.get(name, "")) for name in kept)
        turning = tuple(map(str, manifest.get("turning", ())))
        names = {_part_name(part): str(name) for part, name in manifest.get("names", {}).items()}
        version = str(manifest["version"])
        return _Contents(version, parts, reference, salt, names, turning, day)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceFormatError(path, "is no backup: its manifest cannot be read") from error


def _part_name(name: str) -> str:
    """Return the name of a part as it is.

    Raises:
        ValueError: There is no such part.
    """
    return name if name == _WRITTEN else Visibility(name).value


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path, most: int) -> Part:
    """Write a member to a file, reading no more than is announced; return what was read."""
    content = archive.extractfile(member)
    if content is None:
        return Part(0, 0, "")

    def blocks() -> Iterator[bytes]:
        left = most + 1
        with path.open("wb") as file:
            while left > 0 and (block := content.read(min(_BLOCK, left))):
                left -= len(block)
                file.write(block)
                yield block

    return _measure(blocks())
