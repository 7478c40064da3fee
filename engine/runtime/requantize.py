"""Write a copy of an installed model in another type, to measure how fast this machine is with it.

Such a copy is made of weights that were rounded already: good for speed, never for answers. Nothing installs it; real
conversions start from 16 bits (`lantern-quantize gguf`).
"""

from __future__ import annotations

import ctypes
from pathlib import Path

import llama_cpp.llama_cpp as native

from engine import errors
from engine.runtime.llama_native import start_backend

TYPES = {"Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q4_K_M": 15}
"""llama.cpp's number of each type (llama.h, llama_ftype)."""


def requantize(source: Path, target: Path, kind: str, threads: int = 2) -> Path:
    """Write `source` as `kind` to `target` and return it. Raises ModelDamaged."""
    start_backend()
    params = native.llama_model_quantize_default_params()
    params.ftype, params.nthread, params.allow_requantize = TYPES[kind], threads, True
    if native.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(params)):
        raise errors.ModelDamaged(f"llama.cpp could not write {source.name} as {kind}")
    return target
