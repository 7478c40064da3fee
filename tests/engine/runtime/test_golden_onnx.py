"""An ONNX pack that no longer says what it promised is not installed, nor one that ends the process that opens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine import errors
from engine.runtime import golden_onnx, open_onnx, packs, trial_onnx
from engine.runtime.golden_onnx import Said
from engine.runtime.pack_manifest import Task
from quantize.__main__ import main
from quantize.pack import listed_files, read_unsigned, write_unsigned
from tests.quantize import tiny_onnx

WORDS = ("[UNK]", "patient", "cough", "fever", "three", "days", ".")
LABELS = ("mild", "severe", "unclear")
TABLES: dict[Task, list[np.ndarray]] = {
    "classifier": [np.array([[0, 0, 0], [5, 0, 0], [0, 10, 0], [0, 30, 0], [5, 0, 0], [5, 0, 0], [0, 0, 0]])],
    "tagger": [np.array([[4, 0, 0], [4, 0, 0], [0, 4, 0], [0, 4, 0], [4, 0, 0], [4, 0, 0], [4, 0, 0]])],
    "answer": [np.array([0, 0, 0, 0, 9, 0, 0]), np.array([0, 0, 0, 0, 0, 9, 0])],
}


def promising(folder: Path, task: Task) -> Path:
    """Write a folder whose model says what its golden file promises."""
    tiny_onnx.make(folder, task, WORDS, TABLES[task], LABELS if task != "answer" else (), int8=True)
    manifest = read_unsigned(folder)
    model = open_onnx.open_head(folder, manifest, 1)
    said = [golden_onnx.ask(model, task, text) for text in golden_onnx.TEXTS]
    promise(folder, said)
    return folder


def promise(folder: Path, said: list[Said]) -> None:
    (folder / "golden.json").write_bytes(golden_onnx.written(said))
    write_unsigned(folder, replace(read_unsigned(folder), golden="golden.json", files=listed_files(folder)))


def install(folder: Path, models: Path) -> None:
    assert main(["pack", str(folder), "--models-dir", str(models)]) == 0
    packs.install(folder, models)


@pytest.mark.parametrize("task", ["classifier", "tagger", "answer"])
def test_a_model_that_says_what_it_promised_is_installed(tmp_path: Path, task: Task) -> None:
    install(promising(tmp_path / "pack", task), tmp_path / "models")
    assert [pack.task for pack in packs.installed(tmp_path / "models")] == [task]


@pytest.mark.parametrize("task", ["classifier", "tagger", "answer"])
def test_signing_writes_the_promise_where_there_is_none(tmp_path: Path, task: Task) -> None:
    folder = tiny_onnx.make(tmp_path / "pack", task, WORDS, TABLES[task], LABELS if task != "answer" else (), int8=True)
    install(folder, tmp_path / "models")
    assert [each.text for each in golden_onnx.read(folder / "golden.json")] == list(golden_onnx.TEXTS)
    another_vocabulary(folder)
    write_unsigned(folder, replace(read_unsigned(folder), version="2.0", files=listed_files(folder)))
    with pytest.raises(errors.ModelDamaged, match="says something else"):
        install(folder, tmp_path / "models")


def labels_in_another_order(folder: Path) -> None:
    if (folder / "labels.json").exists():
        (folder / "labels.json").write_bytes(msgspec.json.encode(("severe", "mild", "unclear")))
    else:
        another_vocabulary(folder)


def another_vocabulary(folder: Path) -> None:
    text = (folder / "tokenizer.json").read_text()
    (folder / "tokenizer.json").write_text(text.replace('"three"', '"seven"').replace('"fever"', '"toes"'))


@pytest.mark.parametrize("task", ["classifier", "tagger", "answer"])
@pytest.mark.parametrize("damage", [labels_in_another_order, another_vocabulary])
def test_a_whole_and_signed_pack_of_a_changed_model_is_refused(tmp_path: Path, task: Task, damage: object) -> None:
    folder = promising(tmp_path / "pack", task)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(errors.ModelDamaged, match="says something else"):
        install(folder, tmp_path / "models")
    assert packs.installed(tmp_path / "models") == []


def test_a_probability_may_move_as_far_as_kernels_differ(tmp_path: Path) -> None:
    folder = promising(tmp_path / "pack", "classifier")
    manifest = read_unsigned(folder)
    model, said = open_onnx.open_head(folder, manifest, 1), golden_onnx.read(folder / "golden.json")
    first = said[0]
    for moved, fits in ((golden_onnx.MOST_MOVED - 0.01, True), (golden_onnx.MOST_MOVED + 0.01, False)):
        name, chance = first.labels[0]
        other = replace(first, labels=[(name, chance - moved), *first.labels[1:]])
        if fits:
            golden_onnx.check(model, "classifier", [other])
        else:
            with pytest.raises(errors.ModelDamaged):
                golden_onnx.check(model, "classifier", [other])


def test_numbers_that_are_none_are_damage(tmp_path: Path) -> None:
    rows = TABLES["classifier"][0].astype(np.float32)
    rows[3, 0] = np.nan
    folder = tiny_onnx.make(tmp_path / "pack", "classifier", WORDS, [rows], LABELS)
    assert "no numbers" in trial_onnx.run(folder, read_unsigned(folder)).problem
    assert main(["pack", str(folder), "--models-dir", str(tmp_path / "models")]) == 1


def test_a_model_that_cannot_be_opened_or_hangs_ends_the_child_and_is_named(tmp_path: Path) -> None:
    folder = promising(tmp_path / "pack", "classifier")
    with pytest.raises(errors.ModelDamaged, match=r"model\.onnx did not answer"):
        trial_onnx.run(folder, read_unsigned(folder), timeout_s=0.01)
    (folder / "model.onnx").write_bytes(b"\x08\x08")
    with pytest.raises(errors.ModelDamaged, match=r"model\.onnx: the trial failed"):
        trial_onnx.run(folder, read_unsigned(folder))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"said": [{"text": 1}]}'])
def test_a_golden_file_that_cannot_be_read_is_damage(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "golden.json").write_bytes(data)
    with pytest.raises(errors.ModelDamaged):
        golden_onnx.read(tmp_path / "golden.json")
