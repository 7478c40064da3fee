"""The interview: which question to ask next, what each answer would do, and when more would not change the decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.answer_model import AnswerModel

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What asking question number `question` is expected to bring."""

    question: int
    bits: float


def expected_gains(
    model: AnswerModel, log_joint: Array, settled: dict[int, bool], asked: frozenset[int] = frozenset()
) -> list[Gain]:
    """Return the open questions by expected information gain, best first.

    `log_joint` has shape (kinds of patient, conditions); `settled` maps questions already answered to yes or no;
    `asked` are questions that were put without an answer and are not put again.
    """
    posterior = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=None)).astype(np.float32)
    open_rows = [row for row in range(len(model.questions)) if row not in asked and _is_open(model, row, settled)]
    if not open_rows:
        return []
    table, start = _stack(model, open_rows, settled)
    joint = np.einsum("pkc,kc->pc", table, posterior, optimize=True)
    answer = joint.sum(axis=1)
    information = (joint * np.log2(np.maximum(joint, 1e-30))).sum(axis=1) - answer * np.log2(np.maximum(answer, 1e-30))
    after = -np.add.reduceat(information, start)
    marginal = posterior.sum(axis=0)
    before = -float((marginal * np.log2(np.maximum(marginal, 1e-30))).sum())
    order = np.argsort(after, kind="stable")
    return [Gain(open_rows[place], max(0.0, before - float(after[place]))) for place in order]


def _is_open(model: AnswerModel, row: int, settled: dict[int, bool]) -> bool:
    parent = model.parent_of(row)
    return row not in settled and not (parent >= 0 and settled.get(parent) is False)


def _stack(
    model: AnswerModel, rows: list[int], settled: dict[int, bool]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    parts = [
        (model.given_parent if model.parent_of(row) in settled else model.unconditioned)[model.patterns_of(row)]
        for row in rows
    ]
    start = np.cumsum([0, *(part.shape[0] for part in parts[:-1])])
    return np.concatenate(parts), start
