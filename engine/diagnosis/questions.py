"""The arithmetic of asking: what every open question is expected to bring, in information and in better treatment.

Worth: the expected information about the condition, and how much the first place is expected to gain by the answer.
Information alone likes questions that tell unlikely conditions apart and leave the first place as it was.

Benefit: where the probability `t` from which a condition is worth treating is known, treating a patient who has it is
counted as 1 and treating one who has not as -t/(1-t), so that both balance at `t` (Pauker and Kassirer's threshold).
A question is worth how much better the choice between treating and not treating is expected to be with its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.answer_model import AnswerModel, Heard

Array = npt.NDArray[np.float64]
Array32 = npt.NDArray[np.float32]


FIRST_PLACE_BITS = 5.0
"""A first place that becomes likelier by p counts like this many times p bits; by cross-validation (NOTES.md)."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What asking question number `question` is expected to bring. `decides` is the condition it may decide most.

    `worth` is what questions are ordered by, in bits.
    """

    question: int
    bits: float
    worth: float
    benefit: float = 0.0
    decides: int | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """The open questions: their rows, where each one's patterns start, and the chance of (pattern, condition)."""

    rows: list[int]
    start: npt.NDArray[np.int64]
    joint: Array32
    now: Array32


def expected_gains(
    model: AnswerModel,
    log_joint: Array,
    heard: Heard,
    closed: Iterable[int],
    treat_from: Mapping[int, float] | None = None,
) -> list[Gain]:
    """Return the open questions by what they are worth, best first.

    `log_joint` has shape (kinds of patient, conditions); `closed` are questions already answered or put in vain;
    `treat_from` holds treatment thresholds by condition.
    """
    asked = _open_questions(model, log_joint, heard, frozenset(closed))
    if not asked.rows:
        return []
    bits = _bits(asked)
    worth = bits + FIRST_PLACE_BITS * _firmer(asked)
    benefit, decides = _benefits(asked, treat_from or {})
    return [
        Gain(
            asked.rows[place],
            max(0.0, float(bits[place])),
            max(0.0, float(worth[place])),
            float(benefit[place]),
            decides[place],
        )
        for place in np.argsort(-worth, kind="stable")
    ]


def _open_questions(model: AnswerModel, log_joint: Array, heard: Heard, shut: frozenset[int]) -> _Open:
    posterior = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=None)).astype(np.float32)
    rows = [row for row in range(len(model.questions)) if row not in shut]
    tables = [model.table_of(row, heard) for row in rows]
    start = np.cumsum([0, *(len(table) for table in tables[:-1])])
    joint = np.einsum("pkc,kc->pc", np.concatenate(tables), posterior) if tables else posterior[:0]
    return _Open(rows, start, joint, posterior.sum(axis=0))


def _bits(asked: _Open) -> Array:
    joint, answer = asked.joint, asked.joint.sum(axis=1)
    known = (joint * np.log2(np.maximum(joint, 1e-30))).sum(axis=1) - answer * np.log2(np.maximum(answer, 1e-30))
    before = -float((asked.now * np.log2(np.maximum(asked.now, 1e-30))).sum())
    gained: Array = before + np.add.reduceat(known, asked.start).astype(np.float64)
    return gained


def _firmer(asked: _Open) -> Array:
    """Return how much likelier the first place is expected to be with the answer than it is now."""
    gained: Array = np.add.reduceat(asked.joint.max(axis=1), asked.start).astype(np.float64) - float(asked.now.max())
    return gained


def _benefits(asked: _Open, treat_from: Mapping[int, float]) -> tuple[Array, list[int | None]]:
    """Return for each open question its expected benefit and the condition that brings most of it."""
    if not treat_from:
        return np.zeros(len(asked.rows)), [None] * len(asked.rows)
    conditions = np.array(sorted(treat_from))
    limit = np.array([treat_from[number] for number in conditions])
    answer = asked.joint.sum(axis=1)[:, None]
    with_answer = np.maximum(0.0, asked.joint[:, conditions] - limit * answer) / (1 - limit)
    without = np.maximum(0.0, asked.now[conditions] - limit) / (1 - limit)
    each = np.maximum(0.0, np.add.reduceat(with_answer, asked.start, axis=0) - without)
    most = conditions[each.argmax(axis=1)]
    total: Array = each.sum(axis=1)
    return total, [int(number) if worth > 0 else None for number, worth in zip(most, total, strict=True)]
