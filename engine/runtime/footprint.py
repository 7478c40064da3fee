"""Load one language model in a throw-away child: how much memory it really takes, and whether it works at all.

A native crash, a hang or a driver that fails ends the child and nothing else. The same child serves to measure
memory, to run the golden prompt at installation and to try a graphics card.

    lantern-engine try-model MODEL CONTEXT_TOKENS GPU_LAYERS GOLDEN.json|- TEMPLATE|-
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import errors
from engine.locations import engine_command
from engine.runtime.base import Template

TRY_MODEL = "try-model"
TIMEOUT_S = 300
TRIAL_CONTEXT_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the child reports. `problem` says what the golden prompt found, empty when all is well."""

    model_bytes: int
    """Resident memory that loading, reading a full batch and answering added."""
    decode_tps: float
    problem: str = ""


def measure(model: Path, context_tokens: int) -> int:
    """Return the memory that the model takes with its context, in bytes; 0 where the system does not say."""
    return run(model, context_tokens).model_bytes


def run(
    model: Path, context_tokens: int, gpu_layers: int = 0, golden: Path | None = None,
    template: Template | None = None, timeout_s: float = TIMEOUT_S,
) -> Footprint:
    """Return what a child found. Raises ModelDamaged with one line that says why when the child did not come back."""
    given = [str(model), str(context_tokens), str(gpu_layers), str(golden or "-"), template or "-"]
    try:
        finished = subprocess.run(
            [*engine_command(), TRY_MODEL, *given], stdin=subprocess.DEVNULL, capture_output=True,
            timeout=timeout_s, check=False,
        )
    except subprocess.TimeoutExpired as hung:
        raise errors.ModelDamaged(f"{model.name} did not answer within {timeout_s:.0f} s") from hung
    if finished.returncode:
        said = finished.stderr.decode("utf-8", "replace").strip().splitlines()
        ended = f"ended by signal {-finished.returncode}" if finished.returncode < 0 else "failed"
        raise errors.ModelDamaged(f"{model.name}: the trial {ended}{': ' + said[-1][:200] if said else ''}")
    try:
        return msgspec.json.decode(finished.stdout, type=Footprint)
    except (msgspec.MsgspecError, UnicodeDecodeError) as unread:
        raise errors.ModelDamaged(f"{model.name}: the trial said nothing that can be read") from unread


def main(arguments: list[str]) -> int:
    """Run in the child; prints one JSON object."""
    import time

    from engine.runtime import golden, hardware
    from engine.runtime.base import GenerateOptions
    from engine.runtime.gguf import BATCH_TOKENS, GgufRuntime

    model, context, layers = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    before = hardware.resident_bytes()
    runtime = GgufRuntime(model, model.name, context, threads=1, gpu_layers=layers)
    runtime.prefill(" pain" * min(BATCH_TOKENS, context // 2))
    begun = time.perf_counter()
    tokens = sum(1 for _ in runtime.generate("The patient", GenerateOptions(max_tokens=16, ignore_end=True)))
    speed = tokens / (time.perf_counter() - begun)
    used, problem = hardware.resident_bytes() - before, ""
    try:
        known = None if arguments[3] == "-" else golden.read(Path(arguments[3]))
        wanted: Template | None = "chatml" if arguments[4] == "chatml" else None
        golden.check(runtime, known, wanted)
    except errors.ModelDamaged as found:
        problem = found.detail
    sys.stdout.write(msgspec.json.encode(Footprint(max(used, 0), speed, problem)).decode())
    return 0

