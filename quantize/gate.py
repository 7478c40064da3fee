"""The gate: a quantized model beside its reference, both run by the engine itself on text that neither has seen.

What is measured depends on the task, what may be lost stands in thresholds.toml, and whatever could not be measured has
not passed. The result lies in the folder as gate.json and, in short, in the manifest, so that a pack carries it.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from engine import errors
from engine.runtime import hardware, pack_install
from engine.runtime.base import GenerateOptions, joined
from engine.runtime.onnx import OnnxEncoder
from engine.runtime.onnx_head import Label, OnnxHead
from engine.runtime.onnx_seq2seq import OnnxSeq2Seq, Seq2SeqFiles
from engine.runtime.pack_manifest import Manifest
from quantize import clinic_text, ranked_cases
from quantize.pack import listed_files, read_unsigned, write_unsigned
from quantize.verdict import THRESHOLDS, Changed, Figures, GateResult, judged, passed, read_thresholds

GATE = "gate.json"
TIMED_RUNS = 30


@dataclass(frozen=True, slots=True)
class GateRequest:
    """`cases` and `tokens` bound the work: a 1.5B model takes about two seconds a case on two cores."""

    folder: Path
    reference: Path
    thresholds: Path = THRESHOLDS
    cases: int = 163
    tokens: int = 6000
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two models."""

    folder: Path
    manifest: Manifest

    @property
    def model(self) -> Path:
        return self.folder / self.manifest.model

    def part(self, name: str) -> Path:
        return self.folder / self.manifest.parts[name]

    @property
    def tokenizer(self) -> Path:
        return self.folder / (self.manifest.tokenizer or "tokenizer.json")

    @property
    def model_bytes(self) -> int:
        return sum(file.size_bytes for file in self.manifest.files if file.name.endswith((".gguf", ".onnx")))


def run(request: GateRequest) -> GateResult:
    """Measure, judge, and write the result into the folder. Raises BadRequest when the two do not belong together."""
    ours, theirs = _side(request.folder), _side(request.reference)
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
    _keep(ours, result)
    return result


def read_result(folder: Path) -> GateResult:
    """Return the result in a folder. Raises ModelMissing where it was never gated, ModelDamaged."""
    if not (folder / GATE).is_file():
        raise errors.ModelMissing(f"{folder.name} has no {GATE}; run `lantern-quantize gate` first")
    try:
        return msgspec.json.decode((folder / GATE).read_bytes(), type=GateResult)
    except (msgspec.MsgspecError, UnicodeDecodeError) as damaged:
        raise errors.ModelDamaged(f"{GATE}: {damaged}") from damaged


def _side(folder: Path) -> Side:
    side = Side(folder, read_unsigned(folder))
    for file in side.manifest.files:
        pack_install.check_header(folder / file.name, side.manifest.task)
    return side


def _keep(ours: Side, result: GateResult) -> None:
    """Write gate.json and the manifest's short form of it; a signature from before no longer fits and goes."""
    (ours.folder / GATE).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    figures = {line.name: line.value for line in result.lines if line.value is not None}
    manifest = replace(ours.manifest, gate=figures, gate_passed=result.passed, files=listed_files(ours.folder))
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
    reference, quantized = (_open_seq2seq(side, request.threads) for side in (theirs, ours))
    options = GenerateOptions(max_tokens=48)
    said = [
        (joined(reference.generate(case.prompt, options)), joined(quantized.generate(case.prompt, options)))
        for case in cases
    ]
    pair = ranked_cases.compared((ranked_cases.by_first_sentence, reference, quantized), cases)
    values = {"same_text": float(np.mean([one == other for one, other in said]))}
    values |= _time_ratio(
        lambda: reference.score(cases[0].prompt, ["Anemia"]), lambda: quantized.score(cases[0].prompt, ["Anemia"])
    )
    return _with_cases(values, {"same_text": len(cases)}, pair, [])


def _open_seq2seq(side: Side, threads: int) -> OnnxSeq2Seq:
    files = Seq2SeqFiles(
        side.model, side.part("decoder"), side.part("decoder_cached"), side.tokenizer, side.part("settings")
    )
    return OnnxSeq2Seq(files, side.manifest.title, threads)


def _encoder(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    reference, quantized = (
        OnnxEncoder(side.model, side.tokenizer, side.manifest.title, request.threads) for side in (theirs, ours)
    )
    cases = clinic_text.cases("held")[: request.cases]
    lines = [line for case in cases[:40] for line in case.prompt.splitlines()]
    cosines = (reference.encode(lines) * quantized.encode(lines)).sum(axis=1)
    pair = ranked_cases.compared((ranked_cases.by_nearness, reference, quantized), cases)
    values = {"cosine_mean": float(cosines.mean()), "cosine_lowest": float(cosines.min())}
    values |= _time_ratio(lambda: reference.encode([cases[0].prompt]), lambda: quantized.encode([cases[0].prompt]))
    return _with_cases(values, dict.fromkeys(values, len(lines)), pair, [])


def _with_cases(
    values: dict[str, float], counts: dict[str, int], pair: ranked_cases.Pair, notes: list[str]
) -> Figures:
    return Figures(
        values | ranked_cases.figures(pair), counts | ranked_cases.counts(pair), ranked_cases.most_changed(pair), notes
    )


def _heads(ours: Side, theirs: Side, threads: int) -> tuple[OnnxHead, OnnxHead]:
    reference, quantized = (
        OnnxHead(
            side.model, side.tokenizer, side.manifest.title,
            side.part("labels") if "labels" in side.manifest.parts else None, threads,
        )
        for side in (theirs, ours)
    )
    return reference, quantized


def _classifier(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    reference, quantized = _heads(ours, theirs, request.threads)
    texts = [case.prompt for case in clinic_text.cases("held")[: request.cases]]
    moved, same, changed = [], [], []
    for text in texts:
        before, after = (model.classify(text) for model in (reference, quantized))
        chances = {label.name: label.probability for label in after}
        moved.append(sum(abs(label.probability - chances.get(label.name, 0.0)) for label in before) / 2)
        same.append(before[0].name == after[0].name)
        changed.append(Changed(moved[-1], text, "", _spoken(before[:3]), _spoken(after[:3])))
    values = {"same_first": float(np.mean(same)), "probability_change_mean": float(np.mean(moved))}
    values |= _time_ratio(lambda: reference.classify(texts[0]), lambda: quantized.classify(texts[0]))
    return Figures(values, dict.fromkeys(values, len(texts)), _top(changed))


def _tagger(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    reference, quantized = _heads(ours, theirs, request.threads)
    texts = [text[:600] for text, _ in zip(clinic_text.passages("held"), range(request.cases), strict=False)]
    hits = found = wanted = 0
    changed = []
    for text in texts:
        before, after = ({(label.name, label.start, label.end) for label in model.tag(text) if label.name != "O"}
                         for model in (reference, quantized))
        hits, wanted, found = hits + len(before & after), wanted + len(before), found + len(after)
        moved = len(before ^ after) / max(len(before | after), 1)
        changed.append(Changed(moved, text, "", f"{len(before)} labels", f"{len(after)} labels"))
    values = {"entity_f1": 2 * hits / (found + wanted) if found + wanted else float("nan")}
    values |= _time_ratio(lambda: reference.tag(texts[0]), lambda: quantized.tag(texts[0]))
    notes = ["Entity F1 is measured against what the reference finds, label by label."]
    return Figures(values, {"entity_f1": len(texts)}, _top(changed), notes)


def _answer(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    reference, quantized = _heads(ours, theirs, request.threads)
    texts = [text[:1200] for text, _ in zip(clinic_text.passages("held"), range(request.cases), strict=False)]
    same, changed = [], []
    for text in texts:
        question = f"What is known about {text.split('(')[0].strip()}?"
        before, after = (model.answer(question, text) for model in (reference, quantized))
        places = [(each.start, each.end) if each else None for each in (before, after)]
        same.append(places[0] == places[1])
        changed.append(Changed(float(not same[-1]), question, "", str(places[0]), str(places[1])))
    values = {"exact_span": float(np.mean(same))}
    values |= _time_ratio(lambda: reference.answer("What?", texts[0]), lambda: quantized.answer("What?", texts[0]))
    return Figures(values, {"exact_span": len(texts)}, _top(changed))


def _spoken(labels: list[Label]) -> str:
    return ", ".join(f"{label.name} {label.probability:.0%}" for label in labels)


def _top(changed: list[Changed]) -> list[Changed]:
    return sorted(changed, key=lambda each: -each.moved)[: ranked_cases.MOST_CHANGED]


def _time_ratio(reference: Callable[[], object], quantized: Callable[[], object]) -> dict[str, float]:
    """Return medians over alternating runs with one text at a time, in milliseconds, and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(TIMED_RUNS + 3):
        for place in (0, 1) if number % 2 else (1, 0):
            begun = time.perf_counter()
            (reference, quantized)[place]()
            times[place].append((time.perf_counter() - begun) * 1000)
    before, after = (statistics.median(each[3:]) for each in times)
    return {"time_ratio_batch_1": after / before, "ms_reference": before, "ms_quantized": after}


MEASURES: dict[str, Callable[[Side, Side, GateRequest], Figures]] = {
    "text": _text, "seq2seq": _seq2seq, "encoder": _encoder, "classifier": _classifier, "tagger": _tagger,
    "answer": _answer,
}
