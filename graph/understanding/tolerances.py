"""Standard tolerance grades of ISO 286-1: from IT6 and a size to a width."""

import math

__all__ = ["grade_um"]

# Upper ends of the size steps of ISO 286-1, millimetres; the first step begins at 1.
_STEPS_MM = (3, 6, 10, 18, 30, 50, 80, 120, 180, 250, 315, 400, 500)
# Multiples of the tolerance factor i for IT5 to IT18.
_MULTIPLES = (7, 10, 16, 25, 40, 64, 100, 160, 250, 400, 640, 1000, 1600, 2500)
_FIRST_GRADE = 5


def grade_um(grade: int, size_mm: float) -> float | None:
    """Return the width of a standard tolerance in micrometres, rounded to whole ones.

    The factor is ``i = 0.45 * D^(1/3) + 0.001 * D`` micrometres with ``D`` the geometric mean of
    the size step in millimetres (ISO 286-1). The standard rounds a few values by hand, so a
    width can differ from its table by one micrometre.

    Args:
        grade: 5 to 18.
        size_mm: Nominal size, above 0 up to 500.

    Returns:
        The width, or ``None`` outside these grades and sizes.
    """
    if not _FIRST_GRADE <= grade < _FIRST_GRADE + len(_MULTIPLES):
        return None
    if not 0.0 < size_mm <= _STEPS_MM[-1]:
        return None
    upper = next(step for step in _STEPS_MM if size_mm <= step)
    lower = 1 if upper == _STEPS_MM[0] else _STEPS_MM[_STEPS_MM.index(upper) - 1]
    mean = math.sqrt(lower * upper)
    factor = 0.45 * mean ** (1 / 3) + 0.001 * mean
    return float(round(factor * _MULTIPLES[grade - _FIRST_GRADE]))
