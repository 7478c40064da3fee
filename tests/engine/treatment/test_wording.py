"""Fixed phrases of the plan read as sentences."""

from __future__ import annotations

import pytest

from engine.api import Bilingual
from engine.treatment import wording


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Surgery", "Consider surgery."),
        ("Stop smoking", "To consider: stop smoking."),
        ("Watch, if small and without symptoms", "To consider: watch, if small and without symptoms."),
        ("Watchful waiting (few symptoms, men)", "Consider watchful waiting (few symptoms, men)."),
        ("Severe signs: hospital at once", "Severe signs: hospital at once."),
    ],
)
def test_an_option_without_a_dose_is_worded_by_what_its_name_says(name: str, said: str) -> None:
    assert wording.consider(Bilingual(name, "手术"), None).en == said
