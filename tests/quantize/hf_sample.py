"""A Hugging Face folder as it lies in somebody's downloads: real formats, a few bytes of weights."""

from __future__ import annotations

import json
import struct
from pathlib import Path

CARD = "---\nlicense: apache-2.0\ntags: [test]\n---\n# Tiny\n"


def safetensors(tensors: dict[str, tuple[str, list[int], int]], data_bytes: int | None = None) -> bytes:
    """Return a file with tensors given as name -> (dtype, shape, bytes), laid out one after the other."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, (kind, shape, size) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * (at if data_bytes is None else data_bytes)


def make(folder: Path) -> Path:
    """Write a small sound folder and return it."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"]}))
    (folder / "README.md").write_text(CARD)
    (folder / "LICENSE").write_text("Apache License")
    (folder / "model.safetensors").write_bytes(safetensors({"a.weight": ("F16", [4, 8], 64), "b": ("F32", [2], 8)}))
    return folder
