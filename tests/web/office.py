"""An office at work in an invented valley: one of everything that the pages of the desk show."""

import shutil
from datetime import timedelta
from pathlib import Path

from api.access.keys import KeyStore
from api.access.roles import Role
from api.access.sessions import COOKIE, SessionStore
from graph.desk import confirm_requirements, receive, refer
from graph.desk.referring import NewReferral
from graph.model import Requirement
from graph.needs import NewInitiative, NewNeed, record_initiative, record_need
from graph.profiles import Profile, describe, form_of, submit
from graph.projects import Plan, add_partner, find_project, start
from graph.projects.changes import Edit
from graph.reading import read_landscape
from graph.records import Entry
from graph.vocabulary import SCHEME
from tests.desk.houses import NOW, House, competence, enquiry, org

__all__ = ["at_work", "session_cookie"]

_SOURCE = "https://example.org/profil"
_PROFILE = {
    "organisation": [
        {
            "type": ["Company"],
            "prefLabel": ["Neu & Söhne GmbH"],
            "classification": ["company"],
            "source": [_SOURCE],
        }
    ],
    "claim": [
        {"competence": [competence("drehen")], "statedTerm": ["Drehen"], "source": [_SOURCE]}
    ],
}
_HARVESTED = """
kind = "dump"
addresses = ["https://partner.example/data.ttl"]
licence = "https://creativecommons.org/licenses/by/4.0/"
visibility = "public"
attributed_to = "https://partner.example/"
organisation_kind = "company"
title = { de = "Partnernetz", en = "Partner network" }
"""


def at_work(valley: Path, home: Path) -> dict[str, str]:
    """Copy the valley to a home and do there what an office does.

    Returns:
        For each kind of record the end of its address.
    """
    shutil.copytree(valley, home)
    house = House(home)
    _enquiry(house)
    _source(home)
    names = _need_and_initiative(house)
    return names | {"project": _project(house), "submission": _submission(house)}


def _enquiry(house: House) -> None:
    house.do(receive(house(), enquiry(text="Wir suchen Drehen."), now=NOW).write)
    scheme = read_landscape(house()).scheme
    wanted = [Requirement("x", competence("drehen"))]
    house.do(confirm_requirements(house(), "2026-0001", wanted, scheme, now=NOW).write)
    house.do(refer(house(), "2026-0001", NewReferral(org("netz")), now=NOW).write)


def _recorded(house: House, entry: Entry) -> str:
    house.do(entry.write)
    return entry.record


def _name(iri: str) -> str:
    return iri.rpartition("/")[2]


def _number(iri: str) -> str:
    return _name(iri).partition("-")[2]


def _need_and_initiative(house: House) -> dict[str, str]:
    said = {"de": "Härtere Wellen", "en": "Harder shafts"}
    wanted = NewNeed(said, raised_by=(org("dreherei"),), competences=(competence("hartdrehen"),))
    need = _recorded(house, record_need(wanted, today=NOW.date()))
    topic = str(SCHEME["ris-field/industrial-production-systems"])
    bundled = NewInitiative({"de": "Harte Kante", "en": "Hard edge"}, (topic,), (need,))
    return {
        "need": _number(need),
        "initiative": _number(_recorded(house, record_initiative(bundled))),
    }


def _project(house: House) -> str:
    iri, begun = start(Plan("Trockenlauf"), NOW)
    house.do(begun)
    edit = Edit(house(), find_project(house(), iri))
    house.do(add_partner(edit, org("dreherei"), "coordinator")[1])
    return _name(iri)


def _submission(house: House) -> str:
    described = describe(form_of(house()), Profile("", _PROFILE), NOW.year, {})
    iri, staged = submit(described, NOW)
    house.do(staged)
    return _name(iri)


def _source(home: Path) -> None:
    folder = home / "harvest" / "sources"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(_HARVESTED, encoding="utf-8")


def session_cookie(home: Path, base: str, role: Role) -> dict[str, object]:
    """Begin a session; return its cookie for the context of a browser.

    A browser trusts its own machine with Secure cookies, but takes them for https only.
    """
    key, _ = KeyStore(home).make(role, "a browser in a test")
    value = SessionStore(home, timedelta(hours=1)).begin(key)
    address = base.replace("http:", "https:")
    return {"name": COOKIE, "value": value, "url": address, "secure": True, "httpOnly": True}
