"""Today's table: words for state and notes, ages of children in months, nothing empty without a word."""

import pytest
from PySide6.QtCore import Qt

from desktop.models.today_model import COLUMNS, TodayModel, TodayRow


def row(**changes):
    given = {"case_id": "c1", "name": "Li Wei", "local_number": "1042", "sex": "female", "age_years": 31.4,
             "visit_date": "2026-11-22", "status": "ranked", "own_diagnosis": None, "flags": frozenset()}
    return TodayRow(**(given | changes))


def texts(model, number=0):
    return {name: model.index(number, place).data() for place, name in enumerate(COLUMNS)}


@pytest.fixture
def model(languages):
    return TodayModel()


def test_keeps_the_rules_of_qt_models(model, qtmodeltester):
    model.show_rows((row(), row(case_id="c2")))
    qtmodeltester.check(model)


def test_a_row_in_words(model):
    model.show_rows((row(flags=frozenset({"allergy", "emergency"})),))
    assert texts(model) == {"patient": "Li Wei  ·  1042", "age": "31 years, female", "visit": "2026-11-22",
                            "diagnosis": "–", "status": "ranked", "flags": "emergency  ·  allergy"}


@pytest.mark.parametrize(("age", "words"), [
    (0.4, "5 months"), (1.0, "12 months"), (2.0, "2 years"), (1 / 12, "1 month"),
    (5 / 365.25, "5 days"), (0.0, "0 days")])
def test_ages(model, age, words):
    model.show_rows((row(age_years=age, sex="unknown"),))
    assert texts(model)["age"] == words


def test_unknown_patient_is_named_as_such(model):
    model.show_rows((row(name="", local_number="", age_years=None, sex="unknown"),))
    assert (texts(model)["patient"], texts(model)["age"]) == ("(no name)", "–")


def test_chinese_words(model, languages):
    model.show_rows((row(flags=frozenset({"draft"})),))
    languages.use("zh")
    assert texts(model)["age"] == "31 岁，女"
    assert texts(model)["flags"] == "草稿未保存"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "患者"


def test_screen_reader_hears_the_column_with_the_value(model):
    model.show_rows((row(),))
    spoken = model.index(0, COLUMNS.index("status")).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "State: ranked"


def test_open_emergencies_of_the_latest_day_come_first(model):
    urgent = frozenset({"emergency"})
    model.show_rows((row(case_id="plain"), row(case_id="signed", status="signed", flags=urgent),
                     row(case_id="urgent", flags=urgent),
                     row(case_id="last year", visit_date="2025-11-22", flags=urgent)))
    assert [model.row(place).case_id for place in range(4)] == ["urgent", "plain", "signed", "last year"]
