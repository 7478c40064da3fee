"""Chips say how they stand in words, for eyes and for screen readers."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt

from desktop.case.record import CaseFinding, FindingOrigin, FindingState
from desktop.models.chips_model import ChipsModel


def finding(code="E_91", **changes):
    given = CaseFinding(code, "fever", "发热", FindingState.SUGGESTED, FindingOrigin.TEXT, start=0, end=5)
    return replace(given, **changes)


def test_keeps_the_rules_of_qt_models(qapp, qtmodeltester):
    model = ChipsModel()
    model.show_findings((finding(), finding("E_201", start=9, end=14)))
    qtmodeltester.check(model)


@pytest.mark.parametrize(("changes", "words"), [
    ({}, "Fever: read, not confirmed"), ({"negated": True}, "Fever: read as absent, not confirmed"),
    ({"state": FindingState.CONFIRMED}, "Fever: present"), ({"state": FindingState.DENIED}, "Fever: absent"),
])
def test_standing_in_words(qapp, changes, words):
    model = ChipsModel()
    model.show_findings((finding(**changes),))
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == words


def test_name_follows_the_language(qapp):
    model = ChipsModel()
    model.show_findings((finding(),))
    QLocale.setDefault(QLocale("zh_CN"))
    assert model.index(0).data() == "发热"


def test_code_is_shown_where_no_name_is_known(qapp):
    model = ChipsModel()
    model.show_findings((finding(name_en="", name_zh=""),))
    assert model.index(0).data() == "E_91"


def test_chip_at_a_place_of_the_text(qapp):
    model = ChipsModel()
    model.show_findings((finding(), finding("E_201", start=9, end=14)))
    assert (model.row_at(0), model.row_at(5), model.row_at(13)) == (0, None, 1)


def test_same_number_of_chips_keeps_the_place_of_the_keyboard(qapp, qtbot):
    model = ChipsModel()
    model.show_findings((finding(),))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_findings((finding(state=FindingState.CONFIRMED),))
