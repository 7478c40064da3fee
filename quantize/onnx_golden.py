"""Write into a pack what its ONNX model says of the golden texts, so that every installation can ask it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.runtime import golden_onnx, open_onnx, pack_install, trial_onnx
from engine.runtime.onnx_head import OnnxHead
from engine.runtime.onnx_seq2seq import OnnxSeq2Seq
from engine.runtime.pack_manifest import Manifest
from quantize.pack import listed_files

GOLDEN = "golden.json"


def promise(folder: Path, manifest: Manifest) -> Manifest:
    """Write the golden file and return the manifest that names it; for a model of vectors the manifest as it was.

    Raises ModelDamaged where the model's header, files or answers are unfit.
    """
    if manifest.task not in trial_onnx.TASKS:
        return manifest
    for file in manifest.files:
        pack_install.check_header(folder / file.name, manifest.task)
    model = open_onnx.open_model(folder, manifest, threads=1)
    assert isinstance(model, OnnxHead | OnnxSeq2Seq)
    try:
        said = [golden_onnx.ask(model, manifest.task, text) for text in golden_onnx.TEXTS]
    finally:
        model.close()
    (folder / GOLDEN).write_bytes(golden_onnx.written(said))
    return replace(manifest, golden=GOLDEN, files=listed_files(folder))
