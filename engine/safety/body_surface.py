"""Body surface area by Mosteller's formula (N Engl J Med 1987;317:1098), for doses per square metre."""

from __future__ import annotations

import math

SOURCE = "bsa-mosteller"


def surface_m2(height_cm: float, weight_kg: float) -> float:
    """Return the body surface area in square metres. Source: row `bsa-mosteller`."""
    return math.sqrt(height_cm * weight_kg / 3600)
