"""The gate runs through the engine on real models: like with like passes, damage does not, strangers are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import packs
from engine.runtime.pack_manifest import MANIFEST
from quantize import gate, ranked_cases
from quantize.__main__ import main
from quantize.gate import GATE
from quantize.gate_sides import GateRequest
from quantize.pack import read_unsigned


def copy_of(models: Path, name: str, target: Path) -> Path:
    (version,) = (packs.packs_folder(models) / name).glob("[0-9]*")
    shutil.copytree(version, target)
    for path in (target, *target.iterdir()):
        path.chmod(0o755)
    return target


@pytest.fixture
def encoder(models: Path, tmp_path: Path) -> Path:
    return copy_of(models, "minilm-l6-v2", tmp_path / "encoder")


def test_an_encoder_against_itself_keeps_all_but_the_time(
    encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text(
        "[encoder]\ncosine_mean = { at_least = 0.98 }\ndiagnosis_top3_loss = { at_most = 0.01 }\n"
        "cant_miss_recall_loss = { at_most = 0 }\nsize_ratio = { at_most = 1 }\n"
    )
    command = ["gate", str(encoder), "--against", str(encoder), "--cases", "12", "--threads", "1"]
    assert main([*command, "--thresholds", str(limits)]) == 0
    assert "passed" in capsys.readouterr().out
    manifest = read_unsigned(encoder)
    assert manifest.gate_passed is True
    assert manifest.gate["diagnosis_same_first"] == 1
    assert GATE in {file.name for file in manifest.files}
    assert main([*command]) == 1  # int8 against itself takes the same time, and .6 is asked
    assert "time_ratio_batch_1" in capsys.readouterr().out
    assert main(["report", str(encoder)]) == 0
    assert "Not passed" in encoder.with_name("encoder-report.html").read_text()
    assert main(["report", str(encoder)]) == 1
    models = ["--models-dir", str(tmp_path / "m")]
    assert main(["pack", str(encoder), *models]) == 1
    assert main(["pack", str(encoder), "--despite-gate", *models]) == 0
    assert "GATE NOT PASSED" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_language_model_against_itself_is_the_same_in_every_figure(models: Path, tmp_path: Path) -> None:
    folder = copy_of(models, "smollm2-135m-instruct", tmp_path / "lm")
    result = gate.run(GateRequest(folder, folder, cases=2, tokens=300))
    values = {line.name: line.value for line in result.lines}
    assert values["kl_mean_nats"] == pytest.approx(0, abs=1e-6)
    assert values["perplexity_ratio"] == pytest.approx(1)
    assert values["same_next_word"] == values["diagnosis_same_first"] == 1
    assert values["diagnosis_top3_loss"] == 0
    assert (values["decode_tps_quantized"] or 0) > 0
    assert "no claim about quality" in result.notes[0]
    assert len(result.changed) == 2


def test_models_for_different_tasks_are_not_compared(encoder: Path, models: Path, tmp_path: Path) -> None:
    other = copy_of(models, "smollm2-135m-instruct", tmp_path / "lm")
    with pytest.raises(errors.BadRequest):
        gate.run(GateRequest(encoder, other))


def test_a_folder_without_a_manifest_or_with_a_bad_model_is_refused(encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.ModelMissing):
        gate.read_result(encoder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(errors.ModelMissing):
        gate.run(GateRequest(encoder, tmp_path / "empty"))
    (encoder / "model.onnx").write_bytes(b"\0" * 100)
    with pytest.raises(errors.ModelDamaged):
        gate.run(GateRequest(encoder, encoder))
    assert (encoder / MANIFEST).is_file()


def pair(quantized: np.ndarray) -> ranked_cases.Pair:
    cases = [ranked_cases.WrittenCase("a", "One", 1), ranked_cases.WrittenCase("b", "Two", 5)]
    names = ["One", "Two", "Three", "Four", "Five", "Six"]
    reference = np.array([[0.9, 0.02, 0.02, 0.02, 0.02, 0.02], [0.1, 0.5, 0.1, 0.1, 0.1, 0.1]])
    return ranked_cases.Pair(cases, names, reference, quantized)


def test_a_dangerous_disease_that_leaves_the_first_five_is_counted() -> None:
    lost = pair(np.array([[0.0, 0.2, 0.2, 0.2, 0.2, 0.2], [0.1, 0.5, 0.1, 0.1, 0.1, 0.1]]))
    found = ranked_cases.figures(lost)
    assert (found["cant_miss_recall_reference"], found["cant_miss_recall_quantized"]) == (1, 0)
    assert found["cant_miss_recall_loss"] == 1
    assert found["diagnosis_top3_loss"] == 0.5
    assert ranked_cases.counts(lost)["cant_miss_recall_loss"] == 1
    worst = ranked_cases.most_changed(lost)
    assert (worst[0].truth, worst[0].moved) == ("One", pytest.approx(0.9))


def test_a_table_of_nan_finds_nothing() -> None:
    found = ranked_cases.figures(pair(np.full((2, 6), np.nan)))
    assert found["diagnosis_top3_quantized"] == 0
    assert found["cant_miss_recall_loss"] == 1
