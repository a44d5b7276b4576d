"""Dumps of a generation on disk: RDF in five forms, tables, network, check sums, licence.

::

    <home>/dumps/<version>/<visibility>/
      index.json          what is here, for machines
      SHA256SUMS          for ``sha256sum --check``
      LICENCE.txt         what one may do with it
      verbund-<version>-<content>.<form>[.gz|.zst]

A set is written beside the others and renamed, so it is there as a whole or not at all. It is
written once for a version, and goes when its version has gone.
"""

import errno
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from graph.errors import StoreBusyError, StoreCorruptError, StoreUnavailableError
from graph.publishing.facts import DatasetFacts, GraphFacts, read_facts
from graph.publishing.parquet import has_parquet, write_parquet
from graph.publishing.serialising import RdfForm, Sink, write_graphs
from graph.publishing.tables import network_files, table_files, table_queries
from graph.store import EmbeddedStore
from graph.store.generations import living_versions

__all__ = [
    "MEDIA_TYPES",
    "DumpFile",
    "DumpSet",
    "dump_folder",
    "prepare_dumps",
    "read_dumps",
    "write_dumps",
]

MEDIA_TYPES = {
    **{form.value: form.media_type for form in RdfForm},
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "json": "application/json",
    "txt": "text/plain",
    "gz": "application/gzip",
    "zst": "application/zstd",
}
"""Media type of each suffix."""

_FORMAT = 2
_ALL = "all"
_ZSTD_LEVEL = 3
_RETRY_S = 10

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a set.

    Attributes:
        name: File name.
        content: ``all``, the last part of a graph's IRI, or the name of a table or network.
        form: Suffix of its form, such as ``nq`` or ``csv``.
        compression: ``gz``, ``zst`` or an empty string.
        graph: IRI of the named graph; ``None`` when it holds all of them.
        licences: IRIs of the licences of what it holds.
        conditions: IRIs of the policies (ODRL) under which it may be used.
        bytes: Length of the file.
        sha256: Check sum of the file, hexadecimal.
    """

    name: str
    content: str
    form: str
    compression: str
    graph: str | None
    licences: tuple[str, ...]
    conditions: tuple[str, ...]
    bytes: int
    sha256: str

    @property
    def media_type(self) -> str:
        """Media type of what is in the file once it is unpacked."""
        return MEDIA_TYPES[self.form]


@dataclass(frozen=True, slots=True)
class DumpSet:
    """All files made of one version for one visibility, in the order they were written."""

    version: str
    folder: Path
    files: tuple[DumpFile, ...]


def dump_folder(store: EmbeddedStore) -> Path:
    """Return where the dumps of a store's version lie, whether they are there yet or not."""
    return store.home / "dumps" / store.version / store.visibility


def read_dumps(folder: Path) -> DumpSet:
    """Read the index of a set.

    Raises:
        StoreUnavailableError: There is none.
        StoreCorruptError: It was not written by this software.
    """
    try:
        content: dict[str, Any] = json.loads((folder / "index.json").read_bytes())
        files = [_file(said) for said in content["files"]]
        version = {_FORMAT: content["version"]}[content["format"]]
        return DumpSet(version, folder, tuple(files))
    except FileNotFoundError:
        raise StoreUnavailableError(f"there are no dumps in {folder} yet") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreCorruptError(f"{folder} is no set of dumps; remove it") from error


def _file(said: dict[str, Any]) -> DumpFile:
    lists = {name: tuple(said[name]) for name in ("licences", "conditions")}
    return DumpFile(**said | lists)


def prepare_dumps(store: EmbeddedStore, report: Report | None = None) -> DumpSet:
    """Return the dumps of a store's version, writing them when they are not there yet.

    Raises:
        StoreBusyError: Somebody else is writing them just now.
        StoreUnavailableError: The disk is full or not writable.
    """
    folder = dump_folder(store)
    if (folder / "index.json").exists() and not _is_outdated(folder):
        return read_dumps(folder)
    with _disk_errors(folder), _writing(store.home / "dumps"):
        if _is_outdated(folder):
            shutil.rmtree(folder)
        if not folder.exists():
            _remove_old(store)
            folder.parent.mkdir(exist_ok=True)
            write_dumps(store, folder, report)
    return read_dumps(folder)


def _is_outdated(folder: Path) -> bool:
    """Tell whether earlier software has written a set, so that it is to be written again."""
    try:
        said = json.loads((folder / "index.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("format") in range(1, _FORMAT)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Say in one sentence what is wrong with the disk."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreUnavailableError(f"cannot write dumps to {folder}: {reason}") from error


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Hold the lock of whoever writes dumps; the kernel releases it when the process dies."""
    root.mkdir(exist_ok=True)
    with (root / "writer.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusyError("the dumps are being written", _RETRY_S) from None
        yield


def _remove_old(store: EmbeddedStore) -> None:
    """Remove the dumps of versions that are no longer there, and drafts of writers that died."""
    living = {store.version, *living_versions(store.home)}
    for folder in (store.home / "dumps").iterdir():
        if folder.is_dir() and folder.name not in living:
            shutil.rmtree(folder)
    for draft in (store.home / "dumps").glob("*/.draft-*"):
        shutil.rmtree(draft)


def write_dumps(store: EmbeddedStore, folder: Path, report: Report | None = None) -> DumpSet:
    """Write every dump of a store into a new folder, which is there as a whole or not at all.

    Memory stays flat for RDF, however large the graph: the engine writes block by block. Tables
    and network hold one table at a time.

    Args:
        store: What to dump, as far as its visibility goes.
        folder: Made here, beside it first; its parent must be there.
        report: Called with the name of each file, its position and the number of files.

    Raises:
        StoreUnavailableError: The folder is there already, or the disk is full or not writable.
    """
    with _disk_errors(folder):
        if folder.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder.parent) as draft:
            made = Path(draft) / "dumps"
            made.mkdir()
            _Writer(store, made, report).write()
            made.rename(folder)
    return read_dumps(folder)


class _Writer:
    """Writes one set."""

    def __init__(self, store: EmbeddedStore, folder: Path, report: Report | None) -> None:
        self._store = store
        self._folder = folder
        self._report = report
        self._facts: DatasetFacts = read_facts(store)
        self._files: list[DumpFile] = []

    def write(self) -> None:
        jobs: list[tuple[GraphFacts | None, RdfForm]] = [
            (graph, form) for graph in (None, *self._facts.graphs) for form in RdfForm
        ]
        for done, (graph, form) in enumerate(jobs, 1):
            self._tell(f"{graph.name if graph else _ALL}.{form}", done, len(jobs) + 1)
            self._rdf(graph, form)
        self._tell("tables and network", len(jobs) + 1, len(jobs) + 1)
        for name, content in table_files(self._store.engine):
            self._plain(name, "csv", content)
        if has_parquet():
            for name, query in table_queries():
                self._parquet(name, query)
        made = self._facts.generated_at
        for suffix, content in network_files(self._store, made.date() if made else date.today()):
            self._plain("collaboration", suffix, content)
        self._index()

    def _tell(self, name: str, done: int, total: int) -> None:
        if self._report:
            self._report(name, done, total)

    def _name(self, content: str, form: str, compression: str = "") -> str:
        end = f".{compression}" if compression else ""
        return f"verbund-{self._store.version[:12]}-{content}.{form}{end}"

    def _rdf(self, graph: GraphFacts | None, form: RdfForm) -> None:
        """Write one form of one graph, or of all, into both kinds of compressed file at once."""
        content = graph.name if graph else _ALL
        names = [self._name(content, form, end) for end in ("gz", "zst")]
        with ExitStack() as stack:
            packed = [stack.enter_context(_Packed(self._folder / name)) for name in names]
            graphs = [graph.iri] if graph else list(self._store.graphs())
            write_graphs(self._store.engine, graphs, form, _Both(packed))
        for name, file in zip(names, packed, strict=True):
            self._add(name, content, form, graph, file.sha256)

    def _plain(self, content: str, form: str, data: bytes) -> None:
        name = self._name(content, form)
        (self._folder / name).write_bytes(data)
        self._add(name, content, form, None, hashlib.sha256(data).hexdigest())

    def _parquet(self, content: str, query: str) -> None:
        name = self._name(content, "parquet")
        write_parquet(self._store.engine, query, self._folder / name)
        with (self._folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._add(name, content, "parquet", None, digest)

    def _add(
        self, name: str, content: str, form: str, graph: GraphFacts | None, sha256: str
    ) -> None:
        own = (graph.licence,) if graph and graph.licence else ()
        file = DumpFile(
            name=name,
            content=content,
            form=str(form),
            compression=name.rpartition(".")[2] if name.endswith((".gz", ".zst")) else "",
            graph=graph.iri if graph else None,
            licences=own if graph else self._facts.licences,
            conditions=(graph or self._facts).conditions,
            bytes=(self._folder / name).stat().st_size,
            sha256=sha256,
        )
        self._files.append(file)

    def _index(self) -> None:
        licence = _licence_text(self._facts)
        (self._folder / "LICENCE.txt").write_text(licence, encoding="utf-8")
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in self._files)
        (self._folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
        index = {
            "format": _FORMAT,
            "version": self._store.version,
            "licences": self._facts.licences,
            "conditions": self._facts.conditions,
            "triples": self._facts.triples,
            "files": [asdict(file) for file in self._files],
        }
        text = json.dumps(index, indent=1, ensure_ascii=False) + "\n"
        (self._folder / "index.json").write_text(text, encoding="utf-8")


def _licence_text(facts: DatasetFacts) -> str:
    lines = ["Licences of the named graphs in these files.", ""]
    for graph in facts.graphs:
        lines.append(f"{graph.iri}")
        lines.append(f"  licence: {graph.licence or 'none stated; ask before passing it on'}")
        lines += [f"  condition: {condition}" for condition in graph.conditions]
        lines += [f"  answers for it: {graph.publisher}"] if graph.publisher else []
        lines += [f"  made from: {source}" for source in graph.sources]
    return "\n".join([*lines, ""])


class _Hashed:
    """A file that knows the check sum of what was written to it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class _Packed:
    """A compressed file; gzip holds no time or name, so that the same graph has the same sum."""

    def __init__(self, path: Path) -> None:
        self._file = _Hashed(path)
        raw = cast(IO[bytes], self._file)  # both write nothing but bytes to it
        if path.suffix == ".gz":
            self._packer: Sink = gzip.GzipFile("", "wb", 6, raw, 0)
        else:
            packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
            self._packer = packer.stream_writer(raw, closefd=False)

    def __enter__(self) -> "_Packed":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            cast(IO[bytes], self._packer).close()
        finally:  # on a full disk, it is here that the last bytes do not fit
            self._file.close()

    def write(self, data: bytes) -> None:
        self._packer.write(data)

    @property
    def sha256(self) -> str:
        return self._file.digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Both:
    """Writes everything to several places."""

    places: list[_Packed]

    def write(self, data: bytes) -> None:
        for place in self.places:
            place.write(data)
