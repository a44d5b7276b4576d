"""Numbers as German and English write them, and the units of the dimensions."""

import re
from dataclasses import dataclass

__all__ = ["NUMBER", "UNITS", "Unit", "parse_number"]

NUMBER = r"[-+]?\d{1,3}(?:[ .,']\d{3})+(?![\d])(?:[.,]\d+)?|[-+]?\d+(?:[.,]\d+)?"
"""Pattern of a plain number; powers of ten are added where a quantity is read."""

_GROUPED = re.compile(r"^\d{1,3}(?:\.\d{3})+$|^\d{1,3}(?:,\d{3})+$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written.

    Attributes:
        kind: ``length``, ``mass``, ``pressure``, ``temperature``, ``voltage`` or ``volume``.
        factor: Multiplied with it a value is in mm, kg, mbar, °C, V or l.
        offset: Added after that; only temperatures have one.
    """

    kind: str
    factor: float
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "nm": Unit("length", 1e-6),
    "µm": Unit("length", 1e-3),
    "um": Unit("length", 1e-3),
    "my": Unit("length", 1e-3),
    "micron": Unit("length", 1e-3),
    "microns": Unit("length", 1e-3),
    "mm": Unit("length", 1.0),
    "millimeter": Unit("length", 1.0),
    "cm": Unit("length", 10.0),
    "dm": Unit("length", 100.0),
    "m": Unit("length", 1000.0),
    "meter": Unit("length", 1000.0),
    "metern": Unit("length", 1000.0),
    "metre": Unit("length", 1000.0),
    "metres": Unit("length", 1000.0),
    "meters": Unit("length", 1000.0),
    "g": Unit("mass", 1e-3),
    "kg": Unit("mass", 1.0),
    "t": Unit("mass", 1000.0),
    "to": Unit("mass", 1000.0),
    "tonne": Unit("mass", 1000.0),
    "tonnen": Unit("mass", 1000.0),
    "tonnes": Unit("mass", 1000.0),
    "tons": Unit("mass", 1000.0),
    "pa": Unit("pressure", 0.01),
    "hpa": Unit("pressure", 1.0),
    "kpa": Unit("pressure", 10.0),
    "mpa": Unit("pressure", 10_000.0),
    "bar": Unit("pressure", 1000.0),
    "mbar": Unit("pressure", 1.0),
    "psi": Unit("pressure", 68.947_572_9),
    "torr": Unit("pressure", 1.333_223_68),
    "°c": Unit("temperature", 1.0),
    "grad celsius": Unit("temperature", 1.0),
    "grad c": Unit("temperature", 1.0),
    "k": Unit("temperature", 1.0, -273.15),
    "v": Unit("voltage", 1.0),
    "kv": Unit("voltage", 1000.0),
    "volt": Unit("voltage", 1.0),
    "ml": Unit("volume", 1e-3),
    "cm³": Unit("volume", 1e-3),
    "l": Unit("volume", 1.0),
    "liter": Unit("volume", 1.0),
    "litre": Unit("volume", 1.0),
    "litres": Unit("volume", 1.0),
    "litern": Unit("volume", 1.0),
    "m³": Unit("volume", 1000.0),
}


def parse_number(text: str, language: str, *, is_count: bool = False) -> float:
    """Return the value of a number as written.

    ``1.250`` is a thousand and more in a German text and ``1,250`` in an English one; a count is
    never a fraction, so there both are thousands. ``0.250`` is a fraction everywhere.

    Raises:
        ValueError: The text is no number.
    """
    plain = text.replace(" ", "").replace("'", "")
    sign = -1.0 if plain.startswith("-") else 1.0
    plain = plain.lstrip("+-")
    if "." in plain and "," in plain:
        decimal = max(plain.rfind("."), plain.rfind(","))
        whole = re.sub(r"[.,]", "", plain[:decimal])
        return sign * float(f"{whole}.{plain[decimal + 1 :]}")
    mark = "." if language == "de" else ","
    is_grouped = bool(_GROUPED.match(plain)) and not plain.startswith("0")
    if is_grouped and (is_count or mark in plain):
        return sign * float(re.sub(r"[.,]", "", plain))
    return sign * float(plain.replace(",", "."))
