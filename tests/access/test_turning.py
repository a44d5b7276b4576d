"""What is derived follows the calendar: what has ceased to hold is gone the day after."""

import asyncio
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.renewing import is_outdated, keep_renewed
from api.settings import Settings
from graph.backup import back_up, restore
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, current_version
from graph.store.generations import Origin, read_manifest
from graph.store.turning import turning_days
from graph.writing import Kind, Receipt, Write, write
from tests.disks import files, full_disk

from .written import NET, OFFICE, PREFIXES, company, described

MEMBERS = "SELECT ?o WHERE { GRAPH graph:derived { ?o org:memberOf id:org-club } }"
SPRING, SUMMER, AUTUMN, WINTER = (
    datetime(2026, month, 15, 12, tzinfo=UTC) for month in (3, 6, 9, 12)
)
CLUB = f"""{company("club")}{company("new")}
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
id:membership-new a org:Membership ; org:member id:org-new ; org:organization id:org-club ;
  org:role <https://w3id.org/verbund/scheme/role/member> ;
  schema:validFrom "2026-05-01"^^xsd:date ; schema:validThrough "2026-08-31"^^xsd:date ;
  dct:source <http://example.org/club> .
"""
RENEW = Write(Kind.RENEW)


def join(
    home: Path, now: datetime, graph: str = OFFICE, visibility: Visibility = Visibility.INTERNAL
) -> Receipt:
    change = Write(Kind.PUT, CLUB, graph, description=described(visibility))
    return write(home, change, now=now)


def members(home: Path, visibility: Visibility = Visibility.INTERNAL) -> list[str]:
    rows = EmbeddedStore(home, visibility).select(PREFIXES + MEMBERS)
    return [str(row["o"]).rpartition("/")[2] for row in rows]


def test_member_is_one_from_the_first_day_to_the_last(fresh: Path) -> None:
    join(fresh, SPRING)
    seen = {SPRING: members(fresh)}
    for day in (SUMMER, AUTUMN):
        write(fresh, RENEW, now=day)
        seen[day] = members(fresh)

    assert seen == {SPRING: [], SUMMER: ["org-new"], AUTUMN: []}


def test_each_span_has_a_version_of_its_own(fresh: Path) -> None:
    spring = join(fresh, SPRING)
    summer = write(fresh, RENEW, now=SUMMER)
    again = write(fresh, RENEW, now=SUMMER)
    autumn = write(fresh, RENEW, now=AUTUMN)

    assert len({spring.version, summer.version, autumn.version}) == 3
    assert (summer.before, again.version) == (spring.version, summer.version)
    assert (autumn.changed, autumn.added, autumn.removed) == ((), 0, 0)
    assert write(fresh, RENEW, now=WINTER).version == autumn.version


def test_run_of_the_rules_on_a_full_disk_changes_nothing(fresh: Path) -> None:
    join(fresh, SPRING)
    version, before = current_version(fresh), files(fresh)

    with full_disk(), pytest.raises(StoreUnavailableError, match="cannot write to"):
        write(fresh, RENEW, now=SUMMER)

    assert current_version(fresh) == version
    assert files(fresh) == before
    assert write(fresh, RENEW, now=SUMMER).version != version
    assert members(fresh) == ["org-new"]


def test_who_sees_nothing_of_it_notices_nothing(fresh: Path) -> None:
    join(fresh, SPRING)
    before = EmbeddedStore(fresh).version
    write(fresh, RENEW, now=SUMMER)

    assert EmbeddedStore(fresh).version == before == "ref-1"


def test_small_write_on_a_later_day_takes_the_turn_along(fresh: Path) -> None:
    join(fresh, SPRING)
    keyword = 'INSERT DATA { GRAPH graph:office { id:org-new vb:productKeyword "Drehen"@de } }'
    write(fresh, Write(Kind.UPDATE, PREFIXES + keyword), now=SUMMER)

    assert members(fresh) == ["org-new"]
    assert read_manifest(fresh, current_version(fresh)).until == "2026-09-01"


def test_write_that_others_do_not_see_takes_their_turn_along(fresh: Path) -> None:
    join(fresh, SPRING, NET, Visibility.PUBLIC)
    before = EmbeddedStore(fresh).version
    inside = Write(Kind.PUT, company("own"), OFFICE, description=described(Visibility.INTERNAL))
    write(fresh, inside, now=SUMMER)

    assert members(fresh, Visibility.PUBLIC) == ["org-new"]
    assert EmbeddedStore(fresh).version != before


def test_restored_store_still_knows_when_it_is_outdated(fresh: Path, tmp_path: Path) -> None:
    join(fresh, SUMMER)
    back_up(fresh, tmp_path / "store.tar.gz")
    restore(tmp_path / "other", tmp_path / "store.tar.gz")

    assert current_version(tmp_path / "other") == current_version(fresh)
    assert not is_outdated(tmp_path / "other", SUMMER.date())
    assert is_outdated(tmp_path / "other", date(2026, 9, 1))


def test_server_looks_at_the_calendar(fresh: Path) -> None:
    join(fresh, SPRING)
    asked: list[str] = []

    async def renew() -> None:
        asked.append(current_version(fresh))
        if len(asked) == 1:
            raise StoreUnavailableError("somebody else is writing")
        write(fresh, RENEW)

    async def watch() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keep_renewed(fresh, renew, every_s=0.01), 5)

    asyncio.run(watch())

    assert len(asked) == 2  # refused once, done once, and then there is nothing to do
    assert members(fresh) == []


def test_running_server_renews_what_is_outdated(fresh: Path) -> None:
    join(fresh, SPRING)
    before = current_version(fresh)
    settings = Settings(home=fresh, ad_hoc_workers=1, page_workers=1, warm_pages=False)

    with TestClient(create_app(settings, EmbeddedStore(fresh))):
        until = time.monotonic() + 60
        while current_version(fresh) == before and time.monotonic() < until:
            time.sleep(0.1)

    assert current_version(fresh) != before
    assert not is_outdated(fresh, date.today())


def test_origin_with_nothing_that_turns_is_named_like_its_reference_data() -> None:
    assert Origin("ref", day="2026-01-01").version == "ref"
    assert Origin("ref", turning=("2026-02-01",), day="2026-01-01").version == "ref"
    later = Origin("ref", turning=("2026-02-01",), day="2026-02-01")
    assert later.version != "ref"
    assert (later.until, Origin("ref", turning=("2026-02-01",), day="2026-01-31").until) == (
        *("", "2026-02-01"),
    )


def test_days_are_the_first_of_what_is_new_and_not_the_last_of_what_was() -> None:
    date_type = "<http://www.w3.org/2001/XMLSchema#date>"
    text = f"""<a:a> <https://schema.org/validFrom> "2026-05-01"^^{date_type} <a:g> .
<a:a> <https://schema.org/validThrough> "2026-12-31"^^{date_type} <a:g> .
<a:a> <https://schema.org/validThrough> "2026-02-31"^^{date_type} <a:g> .
<a:a> <https://schema.org/validThrough> "9999-12-31"^^{date_type} <a:g> .
<a:a> <https://schema.org/startDate> "2026-06-01"^^{date_type} <a:g> .
"""
    assert turning_days(text.encode()) == {"2026-05-01", "2027-01-01"}
