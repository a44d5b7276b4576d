"""The federal states of Germany by their official key, names and NUTS code (level 1)."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["STATES", "State", "state_of"]

_BASE = "http://dcat-ap.de/def/politicalGeocoding/"


@dataclass(frozen=True, slots=True)
class State:
    """A federal state.

    Attributes:
        iri: Its key in the vocabulary of DCAT-AP.de.
        german: Name in German.
        english: Name in English.
        nuts: Code of NUTS level 1.
    """

    iri: str
    german: str
    english: str
    nuts: str

    @property
    def words(self) -> tuple[str, ...]:
        """What the state may be called: key, NUTS code, names and IRI."""
        return self.iri.rpartition("/")[2], self.nuts, self.german, self.english, self.iri


_NAMES = (
    ("01", "Schleswig-Holstein", "Schleswig-Holstein", "DEF"),
    ("02", "Hamburg", "Hamburg", "DE6"),
    ("03", "Niedersachsen", "Lower Saxony", "DE9"),
    ("04", "Bremen", "Bremen", "DE5"),
    ("05", "Nordrhein-Westfalen", "North Rhine-Westphalia", "DEA"),
    ("06", "Hessen", "Hesse", "DE7"),
    ("07", "Rheinland-Pfalz", "Rhineland-Palatinate", "DEB"),
    ("08", "Baden-Württemberg", "Baden-Württemberg", "DE1"),
    ("09", "Bayern", "Bavaria", "DE2"),
    ("10", "Saarland", "Saarland", "DEC"),
    ("11", "Berlin", "Berlin", "DE3"),
    ("12", "Brandenburg", "Brandenburg", "DE4"),
    ("13", "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania", "DE8"),
    ("14", "Sachsen", "Saxony", "DED"),
    ("15", "Sachsen-Anhalt", "Saxony-Anhalt", "DEE"),
    ("16", "Thüringen", "Thuringia", "DEG"),
)

STATES: Mapping[str, State] = {
    key: State(f"{_BASE}stateKey/{key}", german, english, nuts)
    for key, german, english, nuts in _NAMES
}
"""The sixteen states by key."""


def state_of(district: str | None) -> str | None:
    """Return the IRI of the state of a district, ``None`` for what is no district key.

    The key of a district begins with that of its state.
    """
    if district is None or not district.startswith(f"{_BASE}districtKey/"):
        return None
    state = STATES.get(district.rpartition("/")[2][:2])
    return None if state is None else state.iri
