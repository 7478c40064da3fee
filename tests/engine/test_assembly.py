"""An engine put together from fit and unfit parts."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.assembly import Engine
from engine.runtime import packs
from engine.text.named import Guideline


def test_damaged_models_do_not_stop_reading(tmp_path: Path, knowledge_path: Path, models: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    for weights in folder.rglob("*.onnx"):
        weights.chmod(0o600)
        damaged = bytearray(weights.read_bytes())
        damaged[1000] ^= 1
        weights.write_bytes(bytes(damaged))
    engine = Engine(knowledge_path, folder)
    assert (engine.encoder, engine.tagger) == (None, None)
    text = "Fever, and a feeling like ants under the skin"
    read = engine.reader.read(text, suggest=True, guideline=Guideline.CLINIC)
    assert read[0].text == "Fever"


def test_fit_models_are_used(knowledge_path: Path, models: Path) -> None:
    engine = Engine(knowledge_path, models)
    assert engine.encoder is not None
    assert engine.tagger is not None
    assert packs.versions(models).keys() == engine.versions().models.keys()
