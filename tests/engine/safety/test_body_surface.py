"""Mosteller's formula against values worked out by hand."""

import pytest

from engine.safety.body_surface import surface_m2


@pytest.mark.parametrize(("height_cm", "weight_kg", "expected"), [(180, 80, 2.0), (100, 36, 1.0), (170, 75, 1.8819)])
def test_surface(height_cm: float, weight_kg: float, expected: float) -> None:
    assert surface_m2(height_cm, weight_kg) == pytest.approx(expected, abs=1e-4)
