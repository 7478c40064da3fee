"""The gate: a quantized model beside its reference, both run by the engine itself on text that neither has seen.

What is measured depends on the task, what may be lost stands in thresholds.toml, and whatever could not be measured has
not passed. The result lies in the folder as gate.json and, in short, in the manifest, so that a pack carries it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from engine import errors
from engine.runtime import hardware, open_onnx
from engine.runtime.base import GenerateOptions, joined
from quantize import clinic_text, gate_heads, onnx_cost, onnx_golden, ranked_cases
from quantize.gate_sides import GateRequest, Side, read_side
from quantize.pack import listed_files, write_unsigned
from quantize.verdict import Figures, GateResult, judged, passed, read_thresholds

GATE = "gate.json"
TELLINGS, MOST_LINES = 8, 400
"""An encoder's patients are each told so many times, with other findings: once alone decides no less than 3 points."""
NOT_KEPT = "The cases that changed most are not shown: texts given by --gold may be patients', and packs travel."



def run(request: GateRequest) -> GateResult:
    """Measure, judge, and write the result into the folder. Raises BadRequest when the two do not belong together."""
    ours, theirs = read_side(request.folder), read_side(request.reference)
    task = ours.manifest.task
    if task != theirs.manifest.task:
        raise errors.BadRequest(f"a model for {task} cannot be compared with one for {theirs.manifest.task}")
    limits = read_thresholds(request.thresholds, task)
    measured = MEASURES[task](ours, theirs, request)
    measured.values["size_ratio"] = ours.model_bytes / theirs.model_bytes
    measured.values["size_mb"], measured.values["size_mb_reference"] = ours.model_bytes / 1e6, theirs.model_bytes / 1e6
    lines = judged(measured, limits, task)
    result = GateResult(
        ours.manifest.title, theirs.manifest.title, task, passed(lines), lines, measured.changed,
        [*measured.notes, *_doubts(theirs)], datetime.now(UTC).date().isoformat(),
        f"{platform.system()} {platform.machine()}, {hardware.describe()}",
    )
    _keep(ours, result if request.gold is None else replace(result, changed=[], notes=[*result.notes, NOT_KEPT]))
    return result


def read_result(folder: Path) -> GateResult:
    """Return the result in a folder. Raises ModelMissing where it was never gated, ModelDamaged."""
    if not (folder / GATE).is_file():
        raise errors.ModelMissing(f"{folder.name} has no {GATE}; run `lantern-quantize gate` first")
    try:
        return msgspec.json.decode((folder / GATE).read_bytes(), type=GateResult)
    except (msgspec.MsgspecError, UnicodeDecodeError) as damaged:
        raise errors.ModelDamaged(f"{GATE}: {damaged}") from damaged


def _keep(ours: Side, result: GateResult) -> None:
    """Write gate.json and the manifest's short form of it; a signature from before no longer fits and goes.

    An ONNX model that says something also leaves what it says of the golden texts, for every installation to ask again.
    """
    (ours.folder / GATE).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    figures = {line.name: line.value for line in result.lines if line.value is not None}
    promised = onnx_golden.promise(ours.folder, ours.manifest)
    manifest = replace(promised, gate=figures, gate_passed=result.passed, files=listed_files(ours.folder))
    write_unsigned(ours.folder, manifest)


def _doubts(reference: Side) -> list[str]:
    """Say when the reference was itself quantized: then the comparison carries no claim about quality."""
    name = reference.manifest.model.upper()
    sound = any(mark in name for mark in ("F16", "F32", "BF16")) or "fp32" in reference.manifest.title
    return [] if sound else ["The reference is itself quantized: these figures carry no claim about quality."]


def _text(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    from engine.runtime.gguf import GgufRuntime
    from quantize import likeness, text_speed

    text = clinic_text.running_text("held", request.tokens * 6)
    near = likeness.compare(theirs.model, ours.model, text, request.tokens, request.threads)
    values = {
        "perplexity_ratio": near.perplexity_ratio, "perplexity": near.perplexity,
        "perplexity_reference": near.perplexity_reference, "kl_mean_nats": near.kl_mean, "kl_p99_nats": near.kl_p99,
        "same_next_word": near.same_first,
    }
    counts = dict.fromkeys(values, near.tokens)
    cases = clinic_text.cases("held")[: request.cases]
    with ExitStack() as stack:
        made = [GgufRuntime(side.model, side.model.stem, 1024, request.threads) for side in (theirs, ours)]
        for runtime in made:
            stack.callback(runtime.close)
        reference, quantized = made
        pair = ranked_cases.compared((ranked_cases.by_likelihood, reference, quantized), cases)
        values |= text_speed.side_by_side(reference, quantized)
    values |= text_speed.memory(theirs.model, ours.model)
    return _with_cases(values, counts, pair, [])


def _seq2seq(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    cases = clinic_text.cases("held")[: request.cases]
    reference, quantized = (
        open_onnx.open_seq2seq(side.folder, side.manifest, request.threads) for side in (theirs, ours)
    )
    options = GenerateOptions(max_tokens=48)
    said = [
        (joined(reference.generate(case.prompt, options)), joined(quantized.generate(case.prompt, options)))
        for case in cases
    ]
    pair = ranked_cases.compared((ranked_cases.by_first_sentence, reference, quantized), cases)
    values = {"same_text": float(np.mean([one == other for one, other in said]))}
    values |= onnx_cost.time_ratio(
        lambda: reference.score(cases[0].prompt, ["Anemia"]), lambda: quantized.score(cases[0].prompt, ["Anemia"])
    )
    values |= onnx_cost.memory(ours, theirs)
    return _with_cases(values, {"same_text": len(cases)}, pair, [])


def _encoder(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    reference, quantized = (
        open_onnx.open_encoder(side.folder, side.manifest, request.threads) for side in (theirs, ours)
    )
    cases = [
        case for seed in range(TELLINGS) for case in clinic_text.cases("held", seed)[: request.cases]
    ]
    lines = list(dict.fromkeys(line for case in cases for line in case.prompt.splitlines()))[:MOST_LINES]
    cosines = (reference.encode(lines) * quantized.encode(lines)).sum(axis=1)
    pair = ranked_cases.compared((ranked_cases.by_nearness, reference, quantized), cases)
    values = {"cosine_mean": float(cosines.mean()), "cosine_lowest": float(cosines.min())}
    values |= onnx_cost.time_ratio(
        lambda: reference.encode([cases[0].prompt]), lambda: quantized.encode([cases[0].prompt])
    )
    values |= onnx_cost.memory(ours, theirs)
    notes = [f"Each patient was told {TELLINGS} times, with other findings."]
    return _with_cases(values, dict.fromkeys(values, len(lines)), pair, notes)


def _with_cases(
    values: dict[str, float], counts: dict[str, int], pair: ranked_cases.Pair, notes: list[str]
) -> Figures:
    return Figures(
        values | ranked_cases.figures(pair), counts | ranked_cases.counts(pair), ranked_cases.most_changed(pair), notes
    )


MEASURES: dict[str, Callable[[Side, Side, GateRequest], Figures]] = {
    "text": _text, "seq2seq": _seq2seq, "encoder": _encoder, "classifier": gate_heads.classifier,
    "tagger": gate_heads.tagger, "answer": gate_heads.answer,
}
