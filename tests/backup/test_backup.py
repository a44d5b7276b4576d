"""Archives: there and back again, and what is done with damaged ones."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.backup import back_up, is_restored, restore
from graph.errors import SourceFormatError, StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, publish
from graph.store.generations import open_engine, read_manifest, read_origin, versions
from graph.visibility import parts
from graph.vocabulary import GRAPH, ID
from graph.writing import Description, Kind, Write, write

OFFICE, AGENT = str(GRAPH["office"]), str(ID["agent-verbund"])
ALL = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p STR(?o)"


@pytest.fixture(scope="module")
def archive(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the invented landscape."""
    path = tmp_path_factory.mktemp("backup") / "graph.tar.gz"
    back_up(small_home, path)
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def repacked(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as file:
        return {m.name: f.read() for m in file if (f := file.extractfile(m))}


def test_restored_graph_is_the_same(
    archive: Path, small_store: EmbeddedStore, tmp_path: Path
) -> None:
    manifest = restore(tmp_path / "home", archive)

    restored = EmbeddedStore(tmp_path / "home")
    assert restored.version == small_store.version == manifest.version
    assert restored.select(ALL) == small_store.select(ALL)
    assert restored.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == small_store.select(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    )


def test_each_visibility_comes_back(tmp_path: Path, small_store: EmbeddedStore) -> None:
    quads = list(small_store.engine)
    named = [quad for quad in quads if isinstance(quad.graph_name, ox.NamedNode)]
    publish(tmp_path / "a", {Visibility.PUBLIC: named[:9], Visibility.PARTNERS: named[:20]}, "two")

    back_up(tmp_path / "a", tmp_path / "two.tar.gz")
    restore(tmp_path / "b", tmp_path / "two.tar.gz")

    assert read_manifest(tmp_path / "b", "two") == read_manifest(tmp_path / "a", "two")
    for seen in (Visibility.PUBLIC, Visibility.PARTNERS):
        assert set(open_engine(tmp_path / "b", "two", seen)) == set(
            open_engine(tmp_path / "a", "two", seen)
        )


def test_what_coordinators_wrote_stays_theirs(tmp_path: Path) -> None:
    """Otherwise a restored graph of theirs could not be written, and a load would forget it."""
    home, again = tmp_path / "home", tmp_path / "again"
    engine = ox.Store()
    engine.load(path=str(Path(__file__).parent.parent / "access" / "landscape.trig"))
    publish(home, parts(engine, "ref-1"), "ref-1")
    said = Description({"de": "Büro"}, Visibility.INTERNAL, "http://example.org/l", AGENT)
    text = "<http://example.org/a> <http://purl.org/dc/terms/title> 'x'@de ."
    receipt = write(home, Write(Kind.PUT, text, OFFICE, description=said))

    back_up(home, tmp_path / "graph.tar.gz")
    restore(again, tmp_path / "graph.tar.gz")

    assert EmbeddedStore(again, Visibility.INTERNAL).version == receipt.version
    assert EmbeddedStore(again).version == EmbeddedStore(home).version == "ref-1"
    assert read_origin(again, receipt.version) == read_origin(home, receipt.version)
    assert write(again, Write(Kind.DELETE, graph=OFFICE)).version == "ref-1"


def test_same_generation_gives_the_same_bytes(
    archive: Path, small_home: Path, tmp_path: Path
) -> None:
    back_up(small_home, tmp_path / "again.tar.gz")

    assert (tmp_path / "again.tar.gz").read_bytes() == archive.read_bytes()


def test_archive_is_plain_tar_and_n_quads(archive: Path) -> None:
    members = unpacked(archive)

    assert list(members) == ["manifest.json", "public.nq"]
    part = json.loads(members["manifest.json"])["parts"]["public"]
    assert part["statements"] == members["public.nq"].count(b" .\n")
    assert part["size_bytes"] == len(members["public.nq"])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_archive_cut_short_changes_nothing(
    archive: Path, small_home: Path, tmp_path: Path, share: float
) -> None:
    content = archive.read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(content[: int(len(content) * share)])

    require_refused(cut, tmp_path)


@pytest.mark.parametrize("missing", [1, 4, 8, 9])
def test_last_bytes_count(archive: Path, tmp_path: Path, missing: int) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-missing])

    require_refused(cut, tmp_path)


def require_refused(path: Path, tmp_path: Path, match: str | None = None) -> None:
    home = tmp_path / "home"
    node = ox.NamedNode("http://example.org/n")
    publish(home, {Visibility.PUBLIC: [ox.Quad(node, node, node, node)]}, "before")
    before = snapshot(home)

    with pytest.raises(SourceFormatError, match=match) as refused:
        restore(home, path)

    assert snapshot(home) == before
    assert versions(home) == ["before"]
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_any_flipped_byte_is_found_or_harmless(
    archive: Path, small_store: EmbeddedStore, tmp_path: Path
) -> None:
    content = archive.read_bytes()
    refused = 0
    for position in range(0, len(content), max(1, len(content) // 60)):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        path, home = tmp_path / "damaged.tar.gz", tmp_path / f"home-{position}"
        path.write_bytes(damaged)
        try:
            restore(home, path)
        except SourceFormatError:
            refused += 1
            assert not home.exists()
        else:  # a byte of the header that means nothing, such as the operating system
            assert EmbeddedStore(home).select(ALL) == small_store.select(ALL)
    assert refused > 50


def test_content_that_is_not_what_the_manifest_says(archive: Path, tmp_path: Path) -> None:
    members = unpacked(archive)
    changed = members["public.nq"].replace(b"Alpha", b"Omega")
    assert changed != members["public.nq"]
    path = repacked(
        tmp_path / "changed.tar.gz",
        [("manifest.json", members["manifest.json"]), ("public.nq", changed)],
    )

    require_refused(path, tmp_path, r"public\.nq is not what was written")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format": 99}, "format 99"),
        ({"parts": {"everybody": {}}}, "manifest cannot be read"),
        ({"parts": {}}, "other files"),
        ({"parts": []}, "manifest cannot be read"),
        ({"version": "../../etc"}, "not of the version that it names"),
        ({"version": "../../etc", "reference": "../../etc"}, "not a version name"),
    ],
)
def test_manifest_is_not_trusted(
    archive: Path, tmp_path: Path, change: dict[str, object], match: str
) -> None:
    members = unpacked(archive)
    manifest = json.dumps(json.loads(members["manifest.json"]) | change).encode()
    path = repacked(
        tmp_path / "changed.tar.gz",
        [("manifest.json", manifest), ("public.nq", members["public.nq"])],
    )

    require_refused(path, tmp_path, match)


def test_other_files_are_no_backup(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "text.tar.gz").write_text("hello")
    (tmp_path / "text.gz").write_bytes(gzip.compress(b"hello"))
    (tmp_path / "empty.tar.gz").write_bytes(b"")
    repacked(tmp_path / "other.tar.gz", [("readme", b"hello")])
    repacked(tmp_path / "more.tar.gz", [*unpacked(archive).items(), ("../evil", b"x")])
    repacked(tmp_path / "less.tar.gz", list(unpacked(archive).items())[:1])

    for name in (
        "text.tar.gz",
        "text.gz",
        "empty.tar.gz",
        "other.tar.gz",
        "more.tar.gz",
        "less.tar.gz",
        "absent.tar.gz",
    ):
        require_refused(tmp_path / name, tmp_path)


def test_file_that_is_there_is_not_replaced(archive: Path, small_home: Path) -> None:
    before = archive.read_bytes()

    with pytest.raises(StoreUnavailableError, match="there already"):
        back_up(small_home, archive)
    back_up(small_home, archive, replace=True)

    assert archive.read_bytes() == before


def test_place_that_cannot_be_written(small_home: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"cannot write .*No such file"):
        back_up(small_home, tmp_path / "absent" / "graph.tar.gz")


def test_nothing_loaded(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="no graph has been loaded"):
        back_up(tmp_path / "home", tmp_path / "graph.tar.gz")
    assert list(tmp_path.iterdir()) == []


def test_backup_leaves_nothing_beside_the_archive(archive: Path) -> None:
    assert list(archive.parent.iterdir()) == [archive]


def test_restored_generation_is_known_until_another_answers(
    archive: Path, tmp_path: Path, small_store: EmbeddedStore
) -> None:
    home = tmp_path / "home"
    assert not is_restored(home)

    restore(home, archive)
    assert is_restored(home)

    publish(
        home,
        {
            Visibility.PUBLIC: list(
                small_store.engine.quads_for_pattern(
                    None, None, None, next(iter(small_store.engine.named_graphs()))
                )
            )
        },
        "later",
    )
    assert not is_restored(home)
