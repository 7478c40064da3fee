"""Time and memory of two ONNX models: what a clinic saves by the smaller one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from engine.runtime import trial_onnx
from quantize.gate_sides import Side

TIMED_RUNS = 30


def time_ratio(reference: Callable[[], object], quantized: Callable[[], object]) -> dict[str, float]:
    """Return medians over alternating runs with one text at a time, in milliseconds, and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(TIMED_RUNS + 3):
        for place in (0, 1) if number % 2 else (1, 0):
            begun = time.perf_counter()
            (reference, quantized)[place]()
            times[place].append((time.perf_counter() - begun) * 1000)
    before, after = (statistics.median(each[3:]) for each in times)
    return {"time_ratio_batch_1": after / before, "ms_reference": before, "ms_quantized": after}


def memory(ours: Side, theirs: Side) -> dict[str, float]:
    """Return what each model adds to a process that has nothing else, in MB, and their ratio.

    Nothing where the system does not tell: the gate then has not passed what it must keep.
    """
    before, after = (trial_onnx.run(side.folder, side.manifest).model_bytes for side in (theirs, ours))
    if not (before and after):
        return {}
    return {"memory_ratio": after / before, "rss_mb_reference": before / 1e6, "rss_mb_quantized": after / 1e6}
