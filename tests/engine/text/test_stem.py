"""Spelling, number and word family of medical words."""

from __future__ import annotations

import pytest

from engine.text.stem import Roots, base_form

ROOTS = Roots({"kidney": "kidney", "renal": "kidney"})


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("tumours", "tumor"),
        ("haemorrhage", "hemorrhage"),
        ("oedema", "edema"),
        ("diarrhoea", "diarrhea"),
        ("neurofibromas", "neurofibroma"),
        ("polyps", "polyp"),
        ("pancreas", "pancreas"),
        ("biceps", "biceps"),
        ("nigricans", "nigricans"),
        ("pelvis", "pelvis"),
        ("vertebrae", "vertebra"),
        ("anomalies", "anomaly"),
    ],
)
def test_base_form_is_singular_and_american(written: str, base: str) -> None:
    assert base_form(written) == base


@pytest.mark.parametrize(
    ("one", "other"),
    [("hypoplastic", "hypoplasia"), ("epileptic", "epilepsy"), ("granulomatous", "granuloma"), ("renal", "kidney")],
)
def test_words_of_one_family_share_a_root(one: str, other: str) -> None:
    assert ROOTS(base_form(one)) == ROOTS(base_form(other))


def test_rounding_words_have_no_root_and_only_curated_words_stand_alone() -> None:
    assert ROOTS("morphology") == ""
    assert ROOTS.is_curated("renal")
    assert not ROOTS.is_curated("hypoplasia")
