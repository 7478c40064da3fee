"""The foot of the window names patient, model, device and network block, and warns where one is missing."""

import pytest

from desktop.case.record import CaseRecord, DrugAllergy, Patient, Sex
from desktop.views.status_line import StatusLine
from engine import api


def hello(block="seccomp", models=None, problems=()):
    return api.Hello(1, api.Versions("0.1.0", "k"), block, "CPU, 4 threads",
                     {"text": "SmolLM2"} if models is None else models, list(problems))


@pytest.fixture
def line(qtbot, languages):
    line = StatusLine()
    qtbot.addWidget(line)
    return line


def words(segment):
    return segment.words.text()


def test_without_a_case_and_an_engine(line):
    assert (words(line.patient), words(line.engine)) == ("No case open", "Engine starting…")
    assert "waiting" in words(line.network)


def test_patient_with_age_sex_and_allergy(line):
    line.show_patient(CaseRecord(patient=Patient(name="Li Wei", sex=Sex.FEMALE), age_years=31.4,
                                 allergies=(DrugAllergy("Penicillin"),)))
    assert words(line.patient) == "Li Wei · 31 years · female · Allergy: Penicillin"
    assert line.patient.accessibleName() == words(line.patient)
    line.show_patient(None)
    assert words(line.patient) == "No case open"


def test_patient_without_a_name_is_still_named(line):
    line.show_patient(CaseRecord(age_years=0.4))
    assert words(line.patient) == "(no name) · 5 months"


def test_model_and_device(line):
    line.show_engine(hello())
    assert words(line.engine) == "SmolLM2 · CPU, 4 threads"
    line.show_engine(hello(models={}))
    assert words(line.engine) == "no language model · CPU, 4 threads"


def test_small_models_are_counted_not_listed(line):
    line.show_engine(hello(models={"text": "SmolLM2", "encoder": "MiniLM", "entities": "tagger"}))
    assert words(line.engine) == "SmolLM2 and 2 small models · CPU, 4 threads"


def test_problems_of_the_engine_stand_in_the_tool_tip(line):
    line.show_engine(hello(problems=[api.Bilingual("GPU not used", "未使用 GPU")]))
    assert words(line.engine).endswith("1 note")
    assert "GPU not used" in line.engine.words.toolTip()
    assert "GPU not used" in line.engine.accessibleName()


@pytest.mark.parametrize(("block", "text"), [
    ("seccomp", "Network blocked (seccomp)"), ("audit_hook", "Network blocked (tripwire)"),
    ("none", "Network is not blocked")])
def test_network_block_in_force(line, block, text):
    line.show_engine(hello(block))
    assert words(line.network) == text


def test_stopped_engine_is_said_even_after_it_had_started(line):
    line.show_engine(hello())
    line.show_engine_state("stopped")
    assert words(line.engine) == "Engine stopped"
    line.show_engine_state("ready")
    assert words(line.engine) == "SmolLM2 · CPU, 4 threads"


def test_speaks_chinese_after_a_switch(line, languages, qtbot):
    line.show_engine(hello())
    languages.use("zh")
    qtbot.waitUntil(lambda: words(line.network) == "网络已阻断（seccomp）")


def test_patient_is_not_cut_while_there_is_other_text_to_cut(line):
    line.show_patient(CaseRecord(patient=Patient(name="Li Wei"), allergies=(DrugAllergy("Penicillin"),)))
    line.show_engine(hello(models={"text": "a very long name of a model " * 5}))
    line.resize(700, 30)
    line.show()
    patient = line.patient.words
    assert patient.width() >= patient.fontMetrics().horizontalAdvance(patient.text())
