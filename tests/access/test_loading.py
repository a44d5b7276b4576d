"""New reference data takes along what coordinators wrote."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest

import graph.building
from graph.building import Build, build, is_current
from graph.errors import NonConformingError, StoreUnavailableError
from graph.loading import Loaded
from graph.store import EmbeddedStore, Visibility, current_version
from graph.store.generations import read_manifest
from graph.store.publication import is_intact
from graph.writing import Kind, Write, write
from tests.disks import files, full_disk

from .written import NET, OFFICE, company, put

HIDDEN = "https://w3id.org/verbund/id/org-hidden"

Load = Callable[..., Loaded]
Loading = Callable[[str, Load], Build]


def loading(*changes: tuple[str, str]) -> Load:
    """Return a loader of the landscape with some words replaced."""

    def load(folder: Path | None = None, **_: object) -> Loaded:
        text = Path(__file__).with_name("landscape.trig").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        store = ox.Store()
        store.load(text, ox.RdfFormat.TRIG)
        return Loaded(store, (), {})

    return load


@pytest.fixture
def load(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """What loads a reference version into the fresh store."""

    def loaded(version: str, loader: Load) -> Build:
        monkeypatch.setattr(graph.building, "fingerprint", lambda folder: version)
        monkeypatch.setattr("graph.loading.load_reference", loader)
        # its terms are not in the small ontology of these tests
        monkeypatch.setattr("graph.catalogue_rdf.catalogue_quads", list)
        return build(fresh)

    return loaded


def test_written_graphs_outlive_a_load(fresh: Path, load: Loading) -> None:
    put(fresh, company("hidden"), OFFICE, Visibility.INTERNAL)
    put(fresh, company("friend"), NET, Visibility.PARTNERS)
    written = current_version(fresh)

    load("ref-2", loading(("Offen GmbH", "Offen AG")))

    assert current_version(fresh) not in ("ref-2", written)
    assert read_manifest(fresh, current_version(fresh)).reference == "ref-2"
    assert is_current(fresh)
    names = "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?l"
    internal = EmbeddedStore(fresh, Visibility.INTERNAL)
    labels = {str(row["l"]) for row in internal.select(names)}
    assert {"Offen AG", "Hidden GmbH", "Friend GmbH"} <= labels
    assert NET in EmbeddedStore(fresh, Visibility.PARTNERS).graphs()
    assert OFFICE not in EmbeddedStore(fresh, Visibility.PARTNERS).graphs()
    # and it can be taken back after that
    write(fresh, Write(Kind.DELETE, graph=OFFICE))
    assert write(fresh, Write(Kind.DELETE, graph=NET)).version == "ref-2"


def test_write_that_no_longer_fits_is_carried_and_reported(fresh: Path, load: Loading) -> None:
    more = "id:org-hidden org:subOrganizationOf id:org-open ."
    put(fresh, company("hidden") + more, OFFICE, Visibility.INTERNAL)

    found = load("ref-3", loading(("org-open", "org-other")))

    assert [f.focus for f in found.findings if f.severity == "Violation"] == [HIDDEN]
    assert OFFICE in EmbeddedStore(fresh, Visibility.INTERNAL).graphs()


def test_reference_that_violates_is_refused_with_or_without_writes(
    fresh: Path, load: Loading
) -> None:
    broken = loading(("dct:source <http://example.org/open>", "dct:title 'x'"))
    with pytest.raises(NonConformingError):
        load("ref-4", broken)
    put(fresh, company("hidden"), OFFICE, Visibility.INTERNAL)
    before = current_version(fresh)

    with pytest.raises(NonConformingError):
        load("ref-4", broken)

    assert current_version(fresh) == before


def test_reference_must_not_take_the_name_of_a_written_graph(fresh: Path, load: Loading) -> None:
    put(fresh, company("hidden"), OFFICE, Visibility.INTERNAL)

    with pytest.raises(NonConformingError, match="written graph"):
        load("ref-5", loading(("graph:reference-facts", "graph:office")))


def test_load_on_a_full_disk_changes_nothing(fresh: Path, load: Loading) -> None:
    put(fresh, company("hidden"), OFFICE, Visibility.INTERNAL)
    version, before = current_version(fresh), files(fresh)

    with full_disk(), pytest.raises(StoreUnavailableError, match="cannot write to"):
        load("ref-2", loading(("Offen GmbH", "Offener GmbH")))

    assert current_version(fresh) == version
    assert files(fresh) == before
    assert load("ref-2", loading(("Offen GmbH", "Offener GmbH"))).version != version


def test_load_heals_a_damaged_store_without_writes(fresh: Path, load: Loading) -> None:
    (fresh / "generations" / "ref-1" / "manifest.json").write_bytes(b"{}")
    assert not is_current(fresh)

    load("ref-1", loading())

    assert is_current(fresh)
    assert EmbeddedStore(fresh).version == "ref-1"


def test_load_writes_again_what_cannot_be_read_and_keeps_what_was_written(
    fresh: Path, load: Loading
) -> None:
    put(fresh, company("hidden"), OFFICE, Visibility.INTERNAL)
    version = current_version(fresh)
    assert not load("ref-1", loading()).was_loaded
    for table in (fresh / "generations" / version).glob("*/*.sst"):
        table.write_bytes(b"\0" * table.stat().st_size)

    assert load("ref-1", loading()).was_loaded

    assert current_version(fresh) == version
    assert is_intact(fresh, version)
    assert OFFICE in EmbeddedStore(fresh, Visibility.INTERNAL).graphs()


def test_reference_data_that_turns_is_loaded_again_on_that_day(fresh: Path, load: Loading) -> None:
    today = date.today()
    tomorrow = today + timedelta(days=1)
    member = (
        "id:org-club a vb:Company ; skos:prefLabel 'Club e.V.'@de ;\n"
        "  org:classification kind:company ; dct:source <http://example.org/club> .\n"
        "id:membership-open a org:Membership ; org:member id:org-open ;\n"
        "  org:organization id:org-club ; org:role role:member ;\n"
        f"  <https://schema.org/validFrom> '{tomorrow}'^^xsd:date ;\n"
        "  dct:source <http://example.org/club> .\n"
    )
    load("ref-6", loading(("id:org-open a vb:Company", f"{member} id:org-open a vb:Company")))
    manifest = read_manifest(fresh, current_version(fresh))

    assert (manifest.version, manifest.turning, manifest.until) == (
        *("ref-6", (str(tomorrow),), str(tomorrow)),
    )
    assert is_current(fresh, today=today)
    assert not is_current(fresh, today=tomorrow)
    # and a write of another day knows it, too
    assert put(fresh, company("new"), OFFICE, Visibility.INTERNAL).version != "ref-6"
    assert read_manifest(fresh, current_version(fresh)).until == str(tomorrow)
