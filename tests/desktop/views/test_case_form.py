"""The form shows a record and reads it back unchanged, marks what cannot be, and every input has a name."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from desktop.case.record import (
    CaseRecord,
    Course,
    DrugAllergy,
    DrugTaken,
    FamilyIllness,
    FollowUpVisit,
    LabValue,
    Lifestyle,
    PastIllness,
    Patient,
    Sex,
    VitalSigns,
)
from desktop.views.case_form import CaseForm

FULL = CaseRecord(
    revision=3, visit_date="2026-11-22", age_years=31.5, region="Yunnan", text="kept as it is",
    patient=Patient(name="Li Wei", birth_date="1995-02-11", sex=Sex.FEMALE, local_number="1042", address="kept"),
    vitals=VitalSigns(38.6, 104, 22, 118, 76, 94, 5.6, "alert", "2026-11-22T09:00"),
    labs=(LabValue("CRP", 48.0, "mg/l", "2026-11-22"), LabValue("Malaria test", "negative")),
    history=(PastIllness("Asthma", "J45", "2010"),), family_history=(FamilyIllness("Diabetes", "mother"),),
    lifestyle=Lifestyle("never", "rarely", "walks", "mixed", "teacher"), travel=("Laos", "Mengla"),
    medications=(DrugTaken("Warfarin", 5.0, "mg", "oral", "daily", "2025"),),
    allergies=(DrugAllergy("Penicillin", "rash"),), weight_kg=61.5, height_cm=164.0, creatinine_umol_l=70.0,
    egfr_ml_min_1_73m2=90.0, child_pugh="A", pregnant=True, lactating=False,
    follow_up=(FollowUpVisit("2026-11-20", Course.WORSE, "all doses", ("nausea", "rash")),), emergency=True,
)


@pytest.fixture
def form(qtbot):
    form = CaseForm()
    qtbot.addWidget(form)
    return form


def test_full_record_comes_back_unchanged(form):
    form.show_record(FULL)
    assert form.record(FULL) == FULL


def test_empty_record_comes_back_unchanged(form):
    form.show_record(FULL)
    empty = CaseRecord()
    form.show_record(empty)
    assert form.record(empty) == empty


def test_showing_is_no_edit_and_typing_is(form, qtbot):
    with qtbot.assertNotEmitted(form.edited):
        form.show_record(FULL)
    with qtbot.waitSignal(form.edited):
        form.fields["weight_kg"].editor.setText("62")


def test_units_are_read_into_the_fields_unit(form):
    form.show_record(CaseRecord())
    form.fields["temperature_c"].editor.setText("101.3 F")
    form.fields["weight_kg"].editor.setText("61,5")
    read = form.record(CaseRecord())
    assert read.vitals.temperature_c == pytest.approx(38.5, abs=0.01)
    assert read.weight_kg == 61.5


def test_words_in_a_number_field_are_named_and_not_taken_for_a_number(form):
    form.fields["height_cm"].editor.setText("tall")
    assert form.unreadable() == ("height_cm",)
    assert form.record(CaseRecord()).height_cm is None


def test_asked_and_denied_allergies_differ_from_not_asked(form):
    assert not form.record(CaseRecord()).no_known_allergies
    form.no_known_allergies.setChecked(True)
    assert form.record(CaseRecord()).no_known_allergies


@pytest.mark.parametrize(("choice", "meaning"), [("", None), ("yes", True), ("no", False)])
def test_pregnancy_unknown_is_not_no(form, choice, meaning):
    form.fields["pregnant"].editor.set_value(choice)
    assert form.record(CaseRecord()).pregnant is meaning


def test_rows_can_be_added_and_removed(form, qtbot):
    rows = form.lists["medications"]
    rows.add_empty()
    rows.rows[0].inputs[0].setText("Metformin")
    assert [drug.name for drug in form.record(CaseRecord()).medications] == ["Metformin"]
    with qtbot.waitSignal(form.edited):
        rows.rows[0].remove_button.click()
    assert form.record(CaseRecord()).medications == ()


def test_unfinished_row_is_marked_and_not_dropped_in_silence(form):
    rows = form.lists["medications"]
    rows.add_empty()
    assert not rows.unfinished()
    rows.rows[0].inputs[1].setText("5")
    assert rows.unfinished()
    assert rows.problem
    rows.rows[0].inputs[0].setText("Metformin")
    assert not rows.problem


def test_edited_row_keeps_its_id_and_what_it_does_not_show(form):
    form.show_record(FULL)
    form.lists["history"].rows[0].inputs[0].setText("Asthma, mild")
    read = form.record(FULL).history[0]
    assert (read.id, read.code, read.name) == (FULL.history[0].id, "J45", "Asthma, mild")


def test_problem_stands_under_its_field_and_goes_away(form):
    form.show_problems({"age_years": "Not possible."})
    assert form.fields["age_years"].problem == "Not possible."
    assert form.fields["age_years"].editor.accessibleDescription() == "Not possible."
    form.show_problems({})
    assert form.fields["age_years"].problem == ""


def test_age_that_follows_from_the_birth_date_is_hinted(form):
    form.show_age(31.78)
    assert form.fields["age_years"].editor.placeholderText() == "31.8"
    form.show_age(None)
    assert form.fields["age_years"].editor.placeholderText() == ""


def test_every_input_has_a_name_for_screen_readers(form, languages, qtbot):
    for rows in form.lists.values():
        rows.add_empty()
    inputs = form.findChildren(QLineEdit) + form.findChildren(QComboBox)
    assert len(inputs) > 40
    for name in ("en", "zh"):
        languages.use(name)
        form.retranslate()
        assert [edit for edit in inputs if not edit.accessibleName()] == []


def test_stored_value_that_is_not_offered_is_not_lost(form):
    odd = replace(FULL, vitals=replace(FULL.vitals, consciousness="sleepy"))
    form.show_record(odd)
    assert form.record(odd).vitals.consciousness == "sleepy"


def test_tab_order_follows_the_eye(form):
    first = form.fields["name"].editor
    order, current = [first], first.nextInFocusChain()
    while current is not first and len(order) < 2000:
        order.append(current)
        current = current.nextInFocusChain()
    places = [order.index(form.fields[name].editor) for name in ("name", "birth_date", "age_years", "sex",
                                                                 "temperature_c", "weight_kg", "smoking", "travel")]
    assert places == sorted(places)
