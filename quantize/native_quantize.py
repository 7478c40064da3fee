"""Quantize one GGUF file with llama.cpp, in a child process: a crash in native code costs a message, not the run.

    python -m quantize.native_quantize SOURCE TARGET TYPE THREADS [IMPORTANCE.npz]
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from engine import errors
from quantize.gguf_types import TYPES
from quantize.steps import Progress

_TENSOR = re.compile(rb"\[\s*(\d+)\s*/\s*(\d+)\]")
TIMEOUT_S = 6 * 3600


def quantize(source: Path, target: Path, kind: str, threads: int, importance: Path | None = None) -> None:
    """Write `source` as `kind` to `target`. Raises ModelDamaged with llama.cpp's last words when it fails."""
    command = [sys.executable, "-m", "quantize.native_quantize", source, target, kind, threads]
    if importance is not None:
        command.append(importance)
    finished = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S,
        check=False,
    )
    if finished.returncode:
        said = finished.stdout.decode("utf-8", "replace").strip().splitlines() or [f"code {finished.returncode}"]
        raise errors.ModelDamaged(f"llama.cpp could not quantize to {kind}: {said[-1]}")


def main() -> int:
    """Run in the child. Progress goes to stderr, the last native error to stdout."""
    from llama_cpp import llama_cpp as native

    source, target, kind, threads = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    progress: list[Progress] = []

    def said(level: int, text: bytes, _data: object) -> None:
        if found := _TENSOR.search(text):
            if not progress:
                progress.append(Progress(kind, int(found[2])))
            progress[0].show(int(found[1]))
        elif level >= 4 and text.strip():
            sys.stdout.write(text.decode("utf-8", "replace"))

    callback = native.llama_log_callback(said)
    native.llama_log_set(callback, ctypes.c_void_p(0))
    native.llama_backend_init()
    params = native.llama_model_quantize_default_params()
    params.ftype, params.nthread = TYPES[kind].number, threads
    kept_alive = _give_importance(native, params, Path(sys.argv[5])) if len(sys.argv) > 5 else None
    code = native.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(params))
    del kept_alive
    return int(code)


def _give_importance(native: Any, params: Any, file: Path) -> object:
    """Hand the matrix over as llama.cpp's array that ends with an empty name; the result must be kept alive."""
    with np.load(file, allow_pickle=False) as stored:
        rows = {name: np.ascontiguousarray(stored[name], dtype=np.float32) for name in stored.files}
    entries = (native.llama_model_imatrix_data * (len(rows) + 1))()
    for entry, (name, values) in zip(entries, rows.items(), strict=False):
        entry.name = name.encode()
        entry.data = values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        entry.size = len(values)
    params.imatrix = entries
    return entries, rows


if __name__ == "__main__":
    sys.exit(main())
