"""The gate's figures for models with a head: a label a text, a label a token, the span that answers.

What the original says is one yardstick, what is right another: right answers come from a file (gold.py), of a
classifier whose labels are the 49 common conditions also from the held patients. Without them those figures are
missing, and what is missing has not passed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.diagnosis.cant_miss import WORST_SEVERITIES
from engine.runtime import open_onnx
from engine.runtime.onnx_head import Label, OnnxHead
from quantize import clinic_text, gold, onnx_cost, ranked_cases
from quantize.clinic_text import WrittenCase
from quantize.gate_sides import GateRequest, Side
from quantize.gold import AnsweredQuestion, LabelledText, MarkedText
from quantize.verdict import Changed, Figures

HARMLESS = max(WORST_SEVERITIES) + 1
NO_GOLD = "Not measured against right answers: give texts with them by --gold FILE (lantern-quantize gate --help)."


def classifier(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    """Return agreement with the original and, where right labels are known, what both overlook."""
    reference, quantized = _heads(ours, theirs, request.threads)
    cases = _labelled_cases(request, reference.labels)
    texts = [case.prompt for case in cases or clinic_text.cases("held")[: request.cases]]
    moved, same, changed = [], [], []
    for text in texts:
        before, after = (model.classify(text) for model in (reference, quantized))
        chances = {label.name: label.probability for label in after}
        moved.append(sum(abs(label.probability - chances.get(label.name, 0.0)) for label in before) / 2)
        same.append(before[0].name == after[0].name)
        changed.append(Changed(moved[-1], text, "", _spoken(before[:3]), _spoken(after[:3])))
    values = {"same_first": float(np.mean(same)), "probability_change_mean": float(np.mean(moved))}
    counts = dict.fromkeys(values, len(texts))
    values |= onnx_cost.time_ratio(lambda: reference.classify(texts[0]), lambda: quantized.classify(texts[0]))
    values |= onnx_cost.memory(ours, theirs)
    if cases is None:
        return Figures(values, counts, top(changed), [NO_GOLD])
    names = list(reference.labels)
    pair = ranked_cases.Pair(cases, names, *(_chances(model, cases, names) for model in (reference, quantized)))
    return Figures(
        values | ranked_cases.figures(pair), counts | ranked_cases.counts(pair), ranked_cases.most_changed(pair), []
    )


def _labelled_cases(request: GateRequest, labels: Sequence[str]) -> list[WrittenCase] | None:
    """Return texts with their right labels, or None where none are known."""
    if request.gold is not None:
        lines = gold.read(request.gold, LabelledText, request.cases)
        gold.check_labels({line.label for line in lines}, labels, request.gold.name)
        worst = min(WORST_SEVERITIES)
        return [WrittenCase(line.text, line.label, worst if line.cant_miss else HARMLESS) for line in lines]
    held = clinic_text.cases("held")[: request.cases]
    return held if {case.diagnosis for case in held} <= set(labels) else None


def _chances(model: OnnxHead, cases: Sequence[WrittenCase], names: list[str]) -> ranked_cases.Table:
    place = {name: n for n, name in enumerate(names)}
    table = np.zeros((len(cases), len(names)))
    for row, case in zip(table, cases, strict=True):
        for label in model.classify(case.prompt):
            row[place[label.name]] = label.probability
    return table


def tagger(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    """Return whole entities: as the original marks them and, with a gold file, as they are right."""
    reference, quantized = _heads(ours, theirs, request.threads)
    marked = gold.read(request.gold, MarkedText, request.cases) if request.gold else []
    texts = [line.text for line in marked] or [text[:600] for text in _passages(request.cases)]
    found = [
        tuple(gold.entities_of(model.tag(text), text) for model in (reference, quantized)) for text in texts
    ]
    values = {"entity_agreement": gold.f1([(after, before) for before, after in found])}
    if marked:
        kinds = {label.rpartition("-")[2] for label in reference.labels}
        gold.check_labels({span.label for line in marked for span in line.entities}, kinds, str(request.gold))
        right = [line.spans for line in marked]
        for side, name in enumerate(("reference", "quantized")):
            pairs = [(each[side], spans) for each, spans in zip(found, right, strict=True)]
            values[f"entity_f1_{name}"] = gold.f1(pairs)
        values["entity_f1_loss"] = values["entity_f1_reference"] - values["entity_f1_quantized"]
    counts = dict.fromkeys(values, len(texts))
    values |= onnx_cost.time_ratio(lambda: reference.tag(texts[0]), lambda: quantized.tag(texts[0]))
    values |= onnx_cost.memory(ours, theirs)
    changed = [
        Changed(
            len(before ^ after) / max(len(before | after), 1), text, "", _listed(before, text), _listed(after, text)
        )
        for (before, after), text in zip(found, texts, strict=True)
    ]
    return Figures(values, counts, top(changed), [] if marked else [NO_GOLD])


def answer(ours: Side, theirs: Side, request: GateRequest) -> Figures:
    """Return answering spans: where the original puts them and, with a gold file, where they are right."""
    reference, quantized = _heads(ours, theirs, request.threads)
    asked = gold.read(request.gold, AnsweredQuestion, request.cases) if request.gold else _questions(request.cases)
    found = [
        tuple(_place(model.answer(each.question, each.passage)) for model in (reference, quantized)) for each in asked
    ]
    values = {"same_span": float(np.mean([before == after for before, after in found]))}
    if request.gold:
        for side, name in enumerate(("reference", "quantized")):
            right = [gold.is_right(each[side], line) for each, line in zip(found, asked, strict=True)]
            values[f"exact_span_{name}"] = float(np.mean(right))
        values["exact_span_loss"] = values["exact_span_reference"] - values["exact_span_quantized"]
    counts = dict.fromkeys(values, len(asked))
    first = asked[0]
    values |= onnx_cost.time_ratio(
        lambda: reference.answer(first.question, first.passage), lambda: quantized.answer(first.question, first.passage)
    )
    values |= onnx_cost.memory(ours, theirs)
    changed = [
        Changed(float(before != after), line.question, _right(line), _quoted(before, line), _quoted(after, line))
        for (before, after), line in zip(found, asked, strict=True)
    ]
    return Figures(values, counts, top(changed), [] if request.gold else [NO_GOLD])


def _questions(most: int) -> list[AnsweredQuestion]:
    """Return questions to passages whose answers nobody has marked: good for comparing two models."""
    texts = [text[:1200] for text in _passages(most)]
    return [AnsweredQuestion(f"What is known about {text.split('(')[0].strip()}?", text, []) for text in texts]


def _passages(most: int) -> list[str]:
    return [text for text, _ in zip(clinic_text.passages("held"), range(most), strict=False)]


def _heads(ours: Side, theirs: Side, threads: int) -> tuple[OnnxHead, OnnxHead]:
    reference, quantized = (open_onnx.open_head(side.folder, side.manifest, threads) for side in (theirs, ours))
    return reference, quantized


def _place(found: Label | None) -> gold.Place | None:
    return (found.start, found.end) if found else None


def _quoted(place: gold.Place | None, line: AnsweredQuestion) -> str:
    return line.passage[place[0] : place[1]] if place else "nothing"


def _right(line: AnsweredQuestion) -> str:
    return "; ".join(line.passage[span.start : span.end] for span in line.answers)


def _listed(found: gold.Found, text: str) -> str:
    return "; ".join(f"{text[start:end]} ({label})" for label, start, end in sorted(found, key=lambda each: each[1]))


def _spoken(labels: list[Label]) -> str:
    return ", ".join(f"{label.name} {label.probability:.0%}" for label in labels)


def top(changed: list[Changed]) -> list[Changed]:
    """Return the cases that moved most, furthest first."""
    return sorted(changed, key=lambda each: -each.moved)[: ranked_cases.MOST_CHANGED]
