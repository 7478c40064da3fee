"""What the gate and an installation make of models that PyTorch made: text from text, and a label a token."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import golden_onnx, packs
from quantize import gate
from quantize.__main__ import main
from quantize.gate_sides import GateRequest
from quantize.pack import listed_files, read_unsigned, write_unsigned
from quantize.to_onnx import OnnxRequest, convert

LIMITS = """
[seq2seq]
same_text = { at_least = 0.9 }
memory_ratio = { at_most = 1.5 }
[tagger]
entity_agreement = { at_least = 0 }
entity_f1_loss = { at_most = 1 }
memory_ratio = { at_most = 1.5 }
"""


def gated(folder: Path, reference: Path, tmp_path: Path, gold: Path | None = None) -> dict[str, float | None]:
    (tmp_path / "limits.toml").write_text(LIMITS)
    result = gate.run(GateRequest(folder, reference, tmp_path / "limits.toml", cases=4, gold=gold))
    return {line.name: line.value for line in result.lines}


def installed(folder: Path, models: Path) -> None:
    assert main(["pack", str(folder), "--despite-gate", "--force", "--models-dir", str(models)]) == 0
    packs.install(folder, models)


def test_text_from_text_promises_its_golden_texts_and_is_refused_without_them(t5_folder: Path, tmp_path: Path) -> None:
    original, small = tmp_path / "fp32", tmp_path / "int8"
    convert(OnnxRequest(t5_folder, "seq2seq", original, "none"))
    convert(OnnxRequest(t5_folder, "seq2seq", small, "dynamic"))
    assert (gated(small, original, tmp_path)["memory_ratio"] or 0) > 0
    said = golden_onnx.read(small / "golden.json")
    assert [each.text for each in said] == list(golden_onnx.TEXTS)
    installed(small, tmp_path / "models")
    other = [replace(each, answer="Anemia" if each.answer != "Anemia" else "Gout", nats=-0.001) for each in said]
    (small / "golden.json").write_bytes(golden_onnx.written(other))
    write_unsigned(small, replace(read_unsigned(small), version="2.0", files=listed_files(small)))
    with pytest.raises(errors.ModelDamaged, match="says something else"):
        installed(small, tmp_path / "models")
    assert [pack.version for pack in packs.installed(tmp_path / "models")] == ["1.0"]


def test_a_tagger_is_measured_against_gold_names(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    original, small = tmp_path / "fp32", tmp_path / "int8"
    for out, method in ((original, "none"), (small, "dynamic")):
        convert(OnnxRequest(bert_folders["token-classification"], "token-classification", out, method))
    gold = tmp_path / "gold.jsonl"
    names = [{"start": 14, "end": 19, "label": "Disease"}]
    gold.write_text(json.dumps({"text": "Do you have a cough?", "entities": names}))
    values = gated(small, original, tmp_path, gold)
    assert 0 <= (values["entity_f1_quantized"] or 0) <= 1
    assert values["entity_f1_loss"] is not None
    installed(small, tmp_path / "models")
