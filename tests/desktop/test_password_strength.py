"""Length counts first; a Chinese character counts double; what everybody tries first is weak."""

import pytest

from desktop.password_strength import Strength, strength


@pytest.mark.parametrize(("password", "expected"), [
    ("", Strength.TOO_SHORT), ("1234567", Strength.TOO_SHORT), ("12345678", Strength.WEAK),
    ("aaaaaaaaaaaaaaaa", Strength.WEAK), ("Password", Strength.WEAK), ("h7#kw9qz", Strength.WEAK),
    ("h7#kw9qzv2", Strength.FAIR), ("lamp river copper", Strength.GOOD), ("灯笼河流铜七山", Strength.GOOD),
    ("灯笼河", Strength.TOO_SHORT),
])
def test_strength_of(password, expected):
    assert strength(password) is expected


def test_own_name_in_the_password_makes_it_weak():
    assert strength("okafor okafor 2026", "Okafor") is Strength.WEAK
    assert strength("copper lamp river", "Li") is Strength.GOOD
