"""Classifiers, taggers and answering models are measured against right answers; what is not measured has not passed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import packs
from quantize import clinic_text, gate
from quantize.__main__ import main
from quantize.gate_sides import GateRequest
from quantize.pack import read_unsigned
from quantize.verdict import GateResult
from tests.quantize import tiny_onnx

LIMITS = """
[classifier]
same_first = { at_least = 0.9 }
cant_miss_recall_loss = { at_most = 0.01 }
memory_ratio = { at_most = 20 }
[tagger]
entity_agreement = { at_least = 0.9 }
entity_f1_loss = { at_most = 0.01 }
[answer]
same_span = { at_least = 0.9 }
exact_span_loss = { at_most = 0.01 }
"""


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    path = tmp_path / "limits.toml"
    path.write_text(LIMITS)
    return path


def gold_file(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def judged(request: GateRequest) -> tuple[GateResult, dict[str, float | None]]:
    result = gate.run(request)
    return result, {line.name: line.value for line in result.lines}


WORDS = ("[UNK]", "fever", "cough", "chest", "pain")
ILLNESSES = ("flu", "infarct")
ROWS = np.array([[0, 0], [3, -3], [3, -3], [-3, 3], [-2, 2]], dtype=np.float32)
STORIES = (
    {"text": "fever cough", "label": "flu"},
    {"text": "chest pain", "label": "infarct", "cant_miss": True},
    {"text": "chest chest", "label": "infarct", "cant_miss": True},
    {"text": "cough", "label": "flu"},
)


def classifier(folder: Path, rows: np.ndarray = ROWS, *, int8: bool = True) -> Path:
    return tiny_onnx.make(folder, "classifier", WORDS, [rows], ILLNESSES, int8=int8)


def test_an_int8_classifier_that_overlooks_nothing_passes_and_its_pack_proves_itself(
    tmp_path: Path, limits: Path
) -> None:
    original, small = classifier(tmp_path / "fp32", int8=False), classifier(tmp_path / "int8")
    request = GateRequest(small, original, limits, gold=gold_file(tmp_path, *STORIES))
    result, values = judged(request)
    assert result.passed
    assert (values["cant_miss_recall_reference"], values["cant_miss_recall_loss"]) == (1, 0)
    assert next(line.count for line in result.lines if line.name == "cant_miss_recall_loss") == 2
    assert values["diagnosis_top1_quantized"] == 1
    assert (values["memory_ratio"] or 0) > 0
    assert read_unsigned(small).golden == "golden.json"
    assert main(["pack", str(small), "--models-dir", str(tmp_path / "m")]) == 0
    packs.install(small, tmp_path / "m")
    assert packs.open_head(tmp_path / "m", "classifier").classify("chest pain")[0].name == "infarct"


def test_words_of_given_texts_are_in_no_file_of_the_pack(
    tmp_path: Path, limits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They may be a patient's; the pack goes to every clinic."""
    original, small = classifier(tmp_path / "fp32", int8=False), classifier(tmp_path / "int8")
    gold = gold_file(tmp_path, *STORIES, {"text": "fever of Jane Roe", "label": "flu"})
    options = ["--against", str(original), "--thresholds", str(limits), "--gold", str(gold)]
    assert main(["gate", str(small), *options]) == 0
    assert "fever of Jane Roe" in capsys.readouterr().out
    assert not [path.name for path in small.iterdir() if b"Jane Roe" in path.read_bytes()]
    assert "not shown" in gate.read_result(small).notes[-1]


def test_a_classifier_that_overlooks_a_dangerous_disease_does_not_pass(tmp_path: Path, limits: Path) -> None:
    blind = ROWS.copy()
    blind[3] = [1, -1]  # "chest" no longer speaks for the infarct
    original, small = classifier(tmp_path / "fp32", int8=False), classifier(tmp_path / "int8", blind)
    stories = (*STORIES, *({"text": "fever", "label": "flu"} for _ in range(20)))
    result, values = judged(GateRequest(small, original, limits, gold=gold_file(tmp_path, *stories)))
    assert values["same_first"] == pytest.approx(23 / 24)
    assert values["cant_miss_recall_loss"] == 0.5
    assert not result.passed


def test_without_right_labels_or_without_a_dangerous_one_a_classifier_has_not_passed(
    tmp_path: Path, limits: Path
) -> None:
    original, small = classifier(tmp_path / "fp32", int8=False), classifier(tmp_path / "int8")
    result, _ = judged(GateRequest(small, original, limits, cases=5))
    unmeasured = next(line for line in result.lines if line.name == "cant_miss_recall_loss")
    assert (unmeasured.passed, unmeasured.reason) == (False, "was not measured")
    assert not result.passed
    assert "--gold" in result.notes[0]
    result, _ = judged(GateRequest(small, original, limits, gold=gold_file(tmp_path, STORIES[0])))
    assert not result.passed
    with pytest.raises(errors.BadRequest, match="measles"):
        gate.run(GateRequest(small, original, limits, gold=gold_file(tmp_path, {"text": "a", "label": "measles"})))


def test_a_classifier_of_the_common_conditions_is_measured_on_the_held_patients(tmp_path: Path, limits: Path) -> None:
    names = tuple(clinic_text.diagnoses())
    words = ("[UNK]", *sorted({word for case in clinic_text.cases("tune")[:40] for word in case.prompt.split()}))
    rows = np.random.default_rng(1).normal(size=(len(words), len(names))).astype(np.float32)
    folders = [
        tiny_onnx.make(tmp_path / name, "classifier", words, [rows], names, int8=name == "int8")
        for name in ("fp32", "int8")
    ]
    result, values = judged(GateRequest(folders[1], folders[0], limits, cases=60))
    assert values["cant_miss_recall_loss"] == pytest.approx(0, abs=0.1)
    assert next(line.count for line in result.lines if line.name == "diagnosis_top3_loss") == 60
    assert len(result.changed) == 20


MARKS = ("O", "B-Drug", "I-Drug")
MARKED = ("[UNK]", "amoxicillin", "clavulanic", "acid", "give")
MARK_ROWS = np.array([[3, 0, 0], [0, 3, 0], [0, 3, 0], [0, 0, 3], [3, 0, 0]], dtype=np.float32)
PRESCRIPTIONS = (
    {"text": "give amoxicillin", "entities": [{"start": 5, "end": 16, "label": "Drug"}]},
    {"text": "give clavulanic acid", "entities": [{"start": 5, "end": 20, "label": "Drug"}]},
)


def tagger(folder: Path, rows: np.ndarray, *, int8: bool) -> Path:
    return tiny_onnx.make(folder, "tagger", MARKED, [rows], MARKS, int8=int8)


@pytest.mark.parametrize(("acid", "loss"), [([0, 0, 3], 0), ([3, 0, 0], 0.5)])
def test_a_tagger_is_measured_by_whole_names_as_they_are_right(
    tmp_path: Path, limits: Path, acid: list[float], loss: float
) -> None:
    rows = MARK_ROWS.copy()
    rows[3] = acid
    folders = tagger(tmp_path / "int8", rows, int8=True), tagger(tmp_path / "fp32", MARK_ROWS, int8=False)
    result, values = judged(GateRequest(*folders, limits, gold=gold_file(tmp_path, *PRESCRIPTIONS)))
    assert (values["entity_f1_reference"], values["entity_f1_loss"]) == (1, loss)
    assert result.passed == (loss == 0)
    assert result.changed[0].reference.startswith("clavulanic acid (Drug)" if loss else "amoxicillin (Drug)")


ASKED = ("[UNK]", "fever", "since", "monday", "when")
QUESTIONS = (
    {"question": "since when", "passage": "fever since monday", "answers": [{"start": 12, "end": 18}]},
    {"question": "when since", "passage": "fever fever", "answers": []},
)


def answering(folder: Path, monday: float, *, int8: bool) -> Path:
    begin = np.array([0, -2, 1, monday, 2], dtype=np.float32)
    return tiny_onnx.make(folder, "answer", ASKED, [begin, begin], int8=int8)


@pytest.mark.parametrize(("monday", "loss"), [(6.0, 0), (-6.0, 0.5)])
def test_an_answering_model_is_measured_by_exactly_right_places(
    tmp_path: Path, limits: Path, monday: float, loss: float
) -> None:
    folders = answering(tmp_path / "int8", monday, int8=True), answering(tmp_path / "fp32", 6.0, int8=False)
    result, values = judged(GateRequest(*folders, limits, gold=gold_file(tmp_path, *QUESTIONS)))
    assert (values["exact_span_reference"], values["exact_span_loss"]) == (1, loss)
    assert result.passed == (loss == 0)
    if loss:
        assert (result.changed[0].truth, result.changed[0].reference) == ("monday", "monday")


def test_taggers_and_answering_models_without_right_answers_have_not_passed(tmp_path: Path, limits: Path) -> None:
    for folders in (
        (tagger(tmp_path / "t8", MARK_ROWS, int8=True), tagger(tmp_path / "t32", MARK_ROWS, int8=False)),
        (answering(tmp_path / "a8", 6.0, int8=True), answering(tmp_path / "a32", 6.0, int8=False)),
    ):
        result, _ = judged(GateRequest(*folders, limits, cases=4))
        assert not result.passed
        assert "--gold" in result.notes[0]
