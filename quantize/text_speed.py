"""Speed and memory of two language models in turns: what a clinic pays for the bits it keeps."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from engine.runtime import footprint
from engine.runtime.base import GenerateOptions, Part, Prompt
from engine.runtime.gguf import GgufRuntime

ROUNDS, NEW_TOKENS = 3, 32
TEXT = "The patient has had a cough and a fever for three days. " * 16


def side_by_side(reference: GgufRuntime, quantized: GgufRuntime) -> dict[str, float]:
    """Return tokens a second of both, medians of alternating rounds after one that warms up."""
    speeds: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        pairs = [("reference", reference), ("quantized", quantized)]
        for name, runtime in pairs if number % 2 else reversed(pairs):
            prefill, decode = _speeds(runtime)
            if number:
                speeds.setdefault(f"prefill_tps_{name}", []).append(prefill)
                speeds.setdefault(f"decode_tps_{name}", []).append(decode)
    return {name: statistics.median(values) for name, values in speeds.items()}


def memory(reference: Path, quantized: Path) -> dict[str, float]:
    """Return the resident memory of a process that has nothing but the model, in MB; nothing where it is unknown."""
    found = {name: footprint.measure(path, 1024) for name, path in (("reference", reference), ("quantized", quantized))}
    return {f"rss_mb_{name}": used / 1e6 for name, used in found.items() if used}


def _speeds(runtime: GgufRuntime) -> tuple[float, float]:
    prompt = Prompt(head=(), tail=(Part(TEXT),))
    options = GenerateOptions(max_tokens=NEW_TOKENS, ignore_end=True)
    count = len(runtime.plain_tokens(TEXT))
    with runtime.sampler(options) as sampler:
        begun = time.perf_counter()
        position = runtime.prefill(prompt) or 0
        read = time.perf_counter()
        for _ in runtime.answer(position, sampler, options):
            pass
        done = time.perf_counter()
    return count / (read - begun), NEW_TOKENS / (done - read)
