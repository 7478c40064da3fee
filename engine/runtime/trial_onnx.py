"""Open one ONNX model in a throw-away child: how much memory it takes, and whether it says what its pack promises.

As footprint does for language models on llama.cpp: whatever native code makes of a file ends the child alone.

    lantern-engine try-onnx < {"folder": ..., "manifest": {...}}
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import errors
from engine.runtime import trial_child
from engine.runtime.pack_manifest import MAX_MANIFEST_BYTES, Manifest, Task

TASKS: tuple[Task, ...] = ("classifier", "tagger", "answer", "seq2seq")
"""Whose models say something that can be compared; vectors do not."""
TRY_ONNX = "try-onnx"
TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What the child reports. `problem` is empty when all is well."""

    model_bytes: int
    """Resident memory that opening and reading added; 0 where the system does not say."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    folder: str
    manifest: Manifest


def run(folder: Path, manifest: Manifest, timeout_s: float = TIMEOUT_S) -> Trial:
    """Return what a child found. Raises ModelDamaged with one line that says why when it did not come back."""
    asked = msgspec.json.encode(_Asked(str(folder), manifest))
    return trial_child.ask([TRY_ONNX], manifest.model, Trial, timeout_s, asked)


def main() -> int:
    """Run in the child; reads one JSON object, prints one, or one line that says why not."""
    try:
        asked = msgspec.json.decode(sys.stdin.buffer.read(2 * MAX_MANIFEST_BYTES), type=_Asked)
        found = _tried(Path(asked.folder), asked.manifest)
    except errors.EngineError as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(msgspec.json.encode(found).decode())
    return 0


def _tried(folder: Path, manifest: Manifest) -> Trial:
    """Return what opening and reading took, and what is wrong with the answers. Raises ModelDamaged."""
    from engine.runtime import golden_onnx, hardware, open_onnx  # load ONNX Runtime, before memory is measured
    from engine.runtime.onnx import OnnxEncoder

    before, problem = hardware.resident_bytes(), ""
    model = open_onnx.open_model(folder, manifest, threads=1)
    if isinstance(model, OnnxEncoder):
        model.encode(list(golden_onnx.TEXTS))
    else:
        promised = golden_onnx.read(folder / manifest.golden) if manifest.golden else []
        try:
            for text in golden_onnx.TEXTS:
                golden_onnx.ask(model, manifest.task, text)
            golden_onnx.check(model, manifest.task, promised)
        except errors.ModelDamaged as found:
            problem = found.detail
    return Trial(max(hardware.resident_bytes() - before, 0), problem)
