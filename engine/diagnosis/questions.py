"""The arithmetic of asking: the expected information gain of every open question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.answer_model import AnswerModel, Heard

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What asking question number `question` is expected to bring."""

    question: int
    bits: float


def expected_gains(model: AnswerModel, log_joint: Array, heard: Heard, closed: Iterable[int]) -> list[Gain]:
    """Return the open questions by expected information gain about the condition, best first.

    `log_joint` has shape (kinds of patient, conditions); `closed` are questions already answered or put in vain.
    """
    posterior = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=None)).astype(np.float32)
    shut = frozenset(closed)
    rows = [row for row in range(len(model.questions)) if row not in shut]
    if not rows:
        return []
    tables = [model.table_of(row, heard) for row in rows]
    start = np.cumsum([0, *(len(table) for table in tables[:-1])])
    joint = np.einsum("pkc,kc->pc", np.concatenate(tables), posterior)
    answer = joint.sum(axis=1)
    known = (joint * np.log2(np.maximum(joint, 1e-30))).sum(axis=1) - answer * np.log2(np.maximum(answer, 1e-30))
    after = -np.add.reduceat(known, start)
    marginal = posterior.sum(axis=0)
    before = -float((marginal * np.log2(np.maximum(marginal, 1e-30))).sum())
    order = np.argsort(after, kind="stable")
    return [Gain(rows[place], max(0.0, before - float(after[place]))) for place in order]
