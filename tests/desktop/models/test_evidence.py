"""The evidence model: for before against, signed numbers, and the sign in words."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop.models.evidence import EvidenceModel, signed
from desktop.words import field_word, source_name
from tests.desktop import samples


def test_strongest_support_first_and_strongest_objection_last(qapp: object) -> None:
    model = EvidenceModel()
    model.set_hypothesis(samples.hypotheses()[0])
    ratios = [entry.log_lr for entry in model.records()]
    assert ratios == sorted(ratios, reverse=True)
    assert model.widest() == 1.93


def test_denied_findings_read_as_absent_in_both_languages(qapp: object) -> None:
    model = EvidenceModel()
    model.set_hypothesis(samples.hypotheses()[0])
    denied = next(entry for entry in model.records() if entry.finding == "Swelling of one leg")
    assert model.finding(denied) == "absent: Swelling of one leg"


def test_spoken_row_says_for_or_against_with_source(qapp: object) -> None:
    model = EvidenceModel()
    model.set_hypothesis(samples.hypotheses()[0])
    last = model.index(model.rowCount() - 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert last.startswith("Wheezing, speaks against it")
    assert "row pneumonia" in last


def test_nothing_to_show_without_a_hypothesis(qapp: object) -> None:
    model = EvidenceModel()
    model.set_hypothesis(None)
    assert model.rowCount() == 0
    assert model.widest() == 1.0


def test_ratios_carry_a_true_minus() -> None:
    assert signed(-0.5) == "\N{MINUS SIGN}0.50"
    assert signed(0.5) == "+0.50"


def test_fields_and_sources_read_as_words() -> None:
    assert field_word("vitals.temperature_c", "zh") == "体温"
    assert field_word("weight_kg", "en") == "Weight"
    assert source_name("src:news2-2017") == "news2-2017"
