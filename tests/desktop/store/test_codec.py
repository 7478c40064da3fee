"""Records to JSON and back, and what a damaged column becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import errors
from desktop.case.record import CaseFinding, CaseRecord, FindingOrigin, FindingState, LabValue, Patient
from desktop.store.codec import from_json, storable, to_json

TEXT = st.text(max_size=30)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
FINDINGS = st.builds(
    CaseFinding, code=TEXT, name_en=TEXT, name_zh=TEXT, state=st.sampled_from(FindingState),
    origin=st.sampled_from(FindingOrigin), value=st.none() | TEXT | NUMBER, start=st.none() | st.integers(0, 10**6),
)
ANSWERS = st.none() | st.booleans() | st.integers(-9, 9) | TEXT | st.lists(TEXT, max_size=3).map(tuple)
RECORDS = st.builds(
    CaseRecord, patient=st.builds(Patient, name=TEXT, phone=TEXT), text=TEXT, weight_kg=st.none() | NUMBER,
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    answers=st.lists(st.tuples(TEXT, ANSWERS), max_size=3).map(tuple),
    labs=st.lists(st.builds(LabValue, name=TEXT, value=TEXT | NUMBER), max_size=2).map(tuple),
)


@given(RECORDS)
def test_every_record_comes_back_equal(record: CaseRecord) -> None:
    assert from_json(to_json(record), CaseRecord) == record
    assert storable(record) is record


def test_a_field_of_a_later_release_is_ignored_and_a_missing_one_gets_its_default() -> None:
    assert from_json('{"id": "x", "new_field": 1}', CaseRecord).id == "x"
    assert from_json("{}", CaseRecord).labs == ()


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"findings": 3}', '{"patient": {"sex": "robot"}}'])
def test_a_damaged_column_is_a_damaged_file(damaged: str) -> None:
    with pytest.raises(errors.CaseFileDamaged):
        from_json(damaged, CaseRecord)


def test_half_characters_become_question_marks_wherever_they_are() -> None:
    record = CaseRecord(patient=Patient(name="a\ud83d"), travel=("\udc00b",), answers=(("E_1", ("\ud83d",)),))
    mended = storable(record)
    assert (mended.patient.name, mended.travel, mended.answers) == ("a?", ("?b",), (("E_1", ("?",)),))
    assert mended.id == record.id
