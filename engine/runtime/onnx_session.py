"""How every ONNX model is opened: which devices are asked, and settings that suit a small clinic PC.

The processor comes last in the list and is always there, so a graphics card whose driver fails costs a log line,
not the answer. int8 models gain nothing from a card at batch 1; a card is asked only where ONNX Runtime was built
for one.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import onnxruntime

from engine import errors
from engine.runtime import hardware

log = logging.getLogger(__name__)

CPU = "CPUExecutionProvider"
PREFERRED = ("CUDAExecutionProvider", "DmlExecutionProvider", CPU)
DEVICE_SETTING = "LANTERN_DEVICE"
"""Environment variable: `cpu` keeps every model off graphics cards."""
_ERRORS_ONLY = 3


def providers() -> list[str]:
    """Return the execution providers to ask, in order; the processor is always the last of them."""
    if os.environ.get(DEVICE_SETTING, "").lower() == "cpu":
        return [CPU]
    present = onnxruntime.get_available_providers()
    return [name for name in PREFERRED if name in present or name == CPU]


def open_session(path: Path, threads: int) -> Any:
    """Open a model whose header has been checked. Raises ModelDamaged when no device can run it."""
    asked = providers()
    try:
        session = onnxruntime.InferenceSession(str(path), _options(threads), providers=asked)
    except Exception as refused:  # the library's exceptions share no public base
        if asked == [CPU]:
            raise errors.ModelDamaged(path.name) from refused
        log.warning("%s could not be used (%s); the processor is used instead", asked[0], type(refused).__name__)
        session = _open_on_cpu(path, threads)
    hardware.return_freed_memory()  # unpacking int8 weights leaves 60 MB of free heap behind
    return session


def _open_on_cpu(path: Path, threads: int) -> Any:
    try:
        return onnxruntime.InferenceSession(str(path), _options(threads), providers=[CPU])
    except Exception as damaged:
        raise errors.ModelDamaged(path.name) from damaged


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # The arena would keep the largest batch's memory for good: 985 MB after one long batch, 240 MB without.
    options.enable_cpu_mem_arena = False
    # Waiting threads sleep instead of spinning: the desktop and the language model share these few cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
