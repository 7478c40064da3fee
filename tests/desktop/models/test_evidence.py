"""The evidence model: for before against, signed numbers, and the sign in words."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from desktop.models.evidence import EvidenceModel, signed
from desktop.words import field_word, source_name
from engine.api import SourceRecord
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
    assert model.finding(denied) == "Absent: Swelling of one leg"


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


def test_small_contributions_wait_until_they_are_asked_for(qapp: object) -> None:
    model = EvidenceModel()
    model.set_hypothesis(samples.hypotheses()[0])
    assert (model.rowCount(), model.small_count()) == (6, 1)
    model.show_small(True)
    assert (model.rowCount(), model.small_count()) == (7, 0)


def test_a_hypothesis_with_small_contributions_only_shows_them(qapp: object) -> None:
    model = EvidenceModel()
    first = samples.hypotheses()[0]
    model.set_hypothesis(replace(first, evidence=[replace(entry, log_lr=0.05) for entry in first.evidence]))
    assert (model.rowCount(), model.small_count()) == (7, 0)


def test_a_source_is_named_by_its_title_and_once_where_all_rows_share_it(qapp: object) -> None:
    model = EvidenceModel()
    first = samples.hypotheses()[0]
    record = SourceRecord("DDXPlus", "2022", "", "", reviewed=False)
    model.set_hypothesis(first, {first.evidence[0].source: record})
    assert model.common_source() == "DDXPlus"
    other = replace(first, evidence=[*first.evidence, replace(first.evidence[0], source="src:hpo")])
    model.set_hypothesis(other, {first.evidence[0].source: record})
    assert model.common_source() == ""
    assert model.source(other.evidence[-1]) == "hpo"
