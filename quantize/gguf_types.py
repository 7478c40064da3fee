"""The quantization types that `gguf` offers: llama.cpp's number for each, its size, and when to take it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GgufType:
    """`number` is llama.cpp's `llama_ftype`; `bits` are bits a weight over a whole model, measured on 1-2B models."""

    number: int
    bits: float
    advice: str
    wants_importance: bool = False


TYPES = {
    "F16": GgufType(1, 16.0, "the reference that a gate compares with"),
    "Q8_0": GgufType(7, 8.5, "practically lossless; for models under 500 M parameters"),
    "Q6_K": GgufType(18, 6.6, "hardly a loss"),
    "Q5_K_M": GgufType(17, 5.7, "small loss"),
    "Q5_K_S": GgufType(16, 5.5, "small loss"),
    "Q4_K_M": GgufType(15, 4.9, "the usual choice from 1 B parameters on"),
    "Q4_K_S": GgufType(14, 4.6, "a little smaller than Q4_K_M"),
    "Q4_0": GgufType(2, 4.6, "fastest prompt reading on CPUs (repacked at loading), a little less exact", True),
    "Q4_1": GgufType(3, 5.0, "not repacked: prompts are read more slowly than with Q4_0 or Q4_K"),
    "IQ4_NL": GgufType(25, 4.6, "like Q4_0 in speed, more exact with an importance matrix", True),
    "IQ4_XS": GgufType(30, 4.3, "smallest without a serious loss, slower", True),
    "Q3_K_M": GgufType(12, 3.9, "visible loss; only where memory decides", True),
    "Q2_K": GgufType(10, 3.2, "serious loss", True),
}


def estimated_bytes(parameters: int, kind: str) -> int:
    """Return about how large the file of a model with so many parameters will be (vocabulary and names included)."""
    return int(parameters * TYPES[kind].bits / 8) + (16 << 20)
