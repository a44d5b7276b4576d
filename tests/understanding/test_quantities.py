"""Numbers, units and bounds."""

from datetime import date

import pytest

from graph.understanding.dates import days
from graph.understanding.numbers import parse_number
from graph.understanding.quantities import measures
from graph.understanding.tolerances import grade_um
from graph.understanding.values import DateRole
from tests.understanding.conftest import TODAY, Read

Bounds = tuple[str, float | None, float | None]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("500 Stück/Jahr", "de", ("annual-quantity", 500, 500)),
        ("Jahresbedarf 10.000 Stück", "de", ("annual-quantity", 10_000, 10_000)),
        ("30 Teile pro Monat", "de", ("annual-quantity", 360, 360)),
        ("2 Mio. Stück p.a.", "de", ("annual-quantity", 2e6, 2e6)),
        ("10,000 pieces per year", "en", ("annual-quantity", 10_000, 10_000)),
        ("mindestens 20 Stück", "de", ("lot-size", 20, None)),
        ("50-100 units", "en", ("lot-size", 50, 100)),
        ("sieben Kammern", "de", ("lot-size", 7, 7)),
        ("bis 2 m lang", "de", ("workpiece-length", None, 2000)),
        ("1200 x 800 x 20 mm", "de", ("workpiece-length", 1200, 1200)),
        ("Ø 30 mm", "de", ("workpiece-diameter", 30, 30)),
        ("30 mm diameter", "en", ("workpiece-diameter", 30, 30)),
        ("Blech 1,5 mm dick", "de", ("sheet-thickness", 1.5, 1.5)),
        ("Drahtdurchmesser 0,5 bis 2 mm", "de", ("wire-diameter", 0.5, 2)),
        ("Ra 0,2", "de", ("surface-roughness", None, 0.2)),
        ("±5 µm", "de", ("tolerance", None, 5)),
        ("tolerance of 0.01 mm", "en", ("tolerance", None, 10)),
        ("bis 11 t", "de", ("part-mass", None, 11_000)),
        ("20 kg bis 1 t", "de", ("part-mass", 20, 1000)),
        ("5000 t/Jahr", "de", ("annual-tonnage", 5000, 5000)),
        ("2000 bar", "de", ("pressure", 2000, 2000)),
        ("unter 1E-7 mbar", "de", ("vacuum-pressure", None, 1e-7)),
        ("below 5 x 10^-9 mbar", "en", ("vacuum-pressure", None, 5e-9)),
        ("bei -196 °C", "de", ("temperature", -196, -196)),
        ("4 K", "en", ("temperature", -269.15, -269.15)),
        ("400 V", "de", ("voltage", 400, 400)),
        ("5-Achs-Fräsen", "de", ("axes", 5, 5)),
        ("Volumen 5 l", "de", ("volume", 5, 5)),
        ("Arbeitshöhe bis 45 m", "de", ("working-height", None, 45)),
    ],
)
def test_limit_in_reference_unit(text: str, language: str, wanted: Bounds) -> None:
    [found] = measures(text, language)

    assert found.dimension == wanted[0]
    assert found.minimum == (None if wanted[1] is None else pytest.approx(wanted[1]))
    assert found.maximum == (None if wanted[2] is None else pytest.approx(wanted[2]))


@pytest.mark.parametrize(
    "text",
    ["3D-Druck von Prototypen", "Leckrate 1E-9 mbar l/s", "Zugfestigkeit 500 MPa", "3 m/s",
     "in sieben Varianten", "20 Jahre", "Rz 6,3", "Fläche 20 m²", "im Umkreis von 50 m"],
)  # fmt: skip
def test_no_limit_where_none_is_meant(text: str) -> None:
    assert measures(text, "de") == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.250", "de", 1250.0),
        ("1.250", "en", 1.25),
        ("1,250", "en", 1250.0),
        ("0.250", "de", 0.25),
        ("1.250,5", "de", 1250.5),
        ("1,250.5", "en", 1250.5),
        ("20 000", "de", 20_000.0),
    ],
)
def test_decimal_comma_and_point(text: str, language: str, value: float) -> None:
    assert parse_number(text, language) == value


def test_number_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        parse_number("zwölf", "de")


@pytest.mark.parametrize(
    ("grade", "size_mm", "width_um"),
    [(6, 30, 13), (7, 30, 21), (6, 50, 16), (7, 100, 35), (8, 200, 72), (11, 10, 90)],
)
def test_tolerance_grades_as_in_iso_286(grade: int, size_mm: float, width_um: float) -> None:
    assert grade_um(grade, size_mm) == pytest.approx(width_um, abs=1)


def test_tolerance_grade_outside_the_table_is_unknown() -> None:
    assert grade_um(6, 501) is None
    assert grade_um(4, 30) is None


def test_grade_needs_a_size(read: Read) -> None:
    assert [m.dimension for m in measures("Wellen Ø 30 mm, IT6", "de")] == [
        "workpiece-diameter",
        "tolerance",
    ]
    assert measures("Qualität IT6", "de") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Liefertermin 30.06.2027", date(2027, 6, 30)),
        ("bis Ende März 2027", date(2027, 3, 31)),
        ("bis Ende März", date(2027, 3, 31)),
        ("Mitte Mai 2027", date(2027, 5, 20)),
        ("by 30 June 2027", date(2027, 6, 30)),
        ("by June 30, 2027", date(2027, 6, 30)),
        ("Termin: KW 12/2027", date(2027, 3, 26)),
        ("im 2. Quartal 2027", date(2027, 6, 30)),
        ("2027-06-30", date(2027, 6, 30)),
        ("bis 15. Dezember", date(2026, 12, 15)),
    ],
)
def test_last_day(text: str, day: date) -> None:
    assert [d.day for d in days(text, TODAY)] == [day]


@pytest.mark.parametrize("text", ["seit 12.03.2028", "31.02.2027", "am 01.01.2020", "1.4404"])
def test_no_day_where_none_is_meant(text: str) -> None:
    assert days(text, TODAY) == []


def test_day_of_an_offer_is_no_delivery(read: Read) -> None:
    proposal = read("Drehen. Angebote bis 10.01.2027, Lieferung bis 30.06.2027.")

    assert [d.role for d in proposal.dates] == [DateRole.OFFER, DateRole.DELIVERY]
    assert proposal.due_date == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("250 welded frames made of S355 per year.", "annual-quantity", 250),
        ("Stückzahl: 15 pro Monat, lackiert.", "annual-quantity", 180),
        ("Gehäuse 1,2 kg, Jahresbedarf 25.000 Stück.", "part-mass", 1.2),
        ("Ground rings, lot size 500.", "lot-size", 500),
        ("Rohr, OD 60 mm.", "workpiece-diameter", 60),
    ],
)
def test_counts_and_sizes_that_stand_apart_from_their_words(
    text: str, dimension: str, value: float
) -> None:
    language = "en" if " of " in text or "rings" in text else "de"
    found = {m.dimension: m.maximum for m in measures(text, language)}

    assert found[dimension] == value
    assert "annual-tonnage" not in found


def test_stroke_of_a_machine_is_no_size_of_a_part() -> None:
    assert not measures("Verfahrweg 1.000 mm", "de")


@pytest.mark.parametrize(
    "text", ["Lieferung spätestens 30.04.2027", "Lieferfrist: bis spätestens 30.04.2027"]
)
def test_spaetestens_is_no_standard(text: str) -> None:
    assert [d.day for d in days(text, TODAY)] == [date(2027, 4, 30)]


@pytest.mark.parametrize(
    "text",
    [
        "Lieferung ab Juni 2027",
        "Start KW 20/2027",
        "Beginn: 01.03.2027",
        "Vertragsbeginn 1. Juli 2027",
    ],
)
def test_begin_is_no_last_day(text: str) -> None:
    assert days(text, TODAY) == []
