"""The options table: every cell in plain words, the blocked one in its place with the reason."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from desktop.models.options import Column, OptionModel
from tests.desktop import samples


def _model() -> OptionModel:
    model = OptionModel()
    model.set_plan(samples.plan())
    return model


def _cell(model: OptionModel, row: int, column: Column) -> str:
    return str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole))


def test_keeps_the_rules_of_qt_models(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(_model())


def test_regimen_and_its_working_stand_under_the_name(qapp: object) -> None:
    lines = _cell(_model(), 0, Column.OPTION).splitlines()
    assert lines == ["Doxycycline", "100 mg by mouth every 12 hours for 5 days",
                     "Worked out: adult dose 100 mg; no change for eGFR 38", "utility 0.9"]


def test_verdict_is_a_sign_a_word_and_the_reason(qapp: object) -> None:
    assert _cell(_model(), 2, Column.VERDICT) == "✕ blocked\nPenicillin allergy with swelling."
    assert _cell(_model(), 3, Column.VERDICT).startswith("? not checked")


def test_blocked_option_says_so_to_a_screen_reader(qapp: object) -> None:
    model = _model()
    spoken = model.index(2, Column.OPTION).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("blocked: Amoxicillin")


def test_sources_are_numbered_as_in_the_list(qapp: object) -> None:
    assert _cell(_model(), 0, Column.SOURCES) == "[1]"
    assert _cell(_model(), 4, Column.SOURCES) == "[3]"


def test_cells_follow_the_language(qapp: object) -> None:
    model = _model()
    model.set_language("zh")
    assert _cell(model, 0, Column.OPTION).startswith("多西环素")
    assert _cell(model, 1, Column.VERDICT).startswith("△ 谨慎")


def test_a_utility_of_nothing_has_no_sign(qapp: object) -> None:
    model = _model()
    first = model.option(model.index(0, Column.OPTION))
    assert first is not None
    assert model.standing(replace(first, utility=-0.0)).endswith("utility 0")
    assert model.standing(replace(first, utility=-1.5)).endswith("utility −1.5")
