"""The trained ranker as one int8 ONNX file that gives the vectors of pieces, as the engine's encoder expects them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quantize.fused_encoder import dynamic_int8, export_hidden, fused

HEADS, WIDTH = 12, 384


def export(network: Any, target: Path, work: Path) -> None:
    """Write the network as an int8 ONNX file; `work` is a folder for the steps in between."""
    plain = work / "plain.onnx"
    export_hidden(network, plain)
    dynamic_int8(fused(plain, HEADS, WIDTH), target, work)
