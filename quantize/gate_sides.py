"""What a gate is asked for, and its two sides: the folder of the quantized model and that of its reference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.runtime import pack_install
from engine.runtime.pack_manifest import Manifest
from quantize.pack import read_unsigned
from quantize.verdict import THRESHOLDS


@dataclass(frozen=True, slots=True)
class GateRequest:
    """`cases` and `tokens` bound the work: a 1.5B model takes about two seconds a case on two cores.

    `gold` is a file of texts with their right labels, spans or answers (see gold.py).
    """

    folder: Path
    reference: Path
    thresholds: Path = THRESHOLDS
    cases: int = 163
    tokens: int = 6000
    threads: int = 1
    gold: Path | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two models."""

    folder: Path
    manifest: Manifest

    @property
    def model(self) -> Path:
        return self.folder / self.manifest.model

    def part(self, name: str) -> Path:
        return self.folder / self.manifest.parts[name]

    @property
    def tokenizer(self) -> Path:
        return self.folder / (self.manifest.tokenizer or "tokenizer.json")

    @property
    def labels(self) -> Path | None:
        return self.part("labels") if "labels" in self.manifest.parts else None

    @property
    def model_bytes(self) -> int:
        return sum(file.size_bytes for file in self.manifest.files if file.name.endswith((".gguf", ".onnx")))


def read_side(folder: Path) -> Side:
    """Return a folder with its manifest, every file's header checked. Raises ModelMissing, ModelDamaged."""
    side = Side(folder, read_unsigned(folder))
    for file in side.manifest.files:
        pack_install.check_header(folder / file.name, side.manifest.task)
    return side
