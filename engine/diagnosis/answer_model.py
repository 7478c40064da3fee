"""How likely each answer is under each condition when people err: the arithmetic of the Bayes voice and the interview.

An answer is a *pattern*: the set of values given. Two kinds of patient are kept apart, a careful one and a vague one,
each with its own rate of wrong answers; their share is learned from the answers as they come in. So one wrong answer
can never exclude a condition, and a patient who contradicts the tables is believed less from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.diagnosis.common_fit import CommonModel
from engine.diagnosis.ddxplus_source import NO, Question

Array = npt.NDArray[np.float64]
Answer = tuple[str, ...]

WRONG_RATES = (0.004, 0.12)
"""Rate of wrong answers of a careful and of a vague patient."""
WRONG_PRIOR = (0.65, 0.35)
"""How common each kind is before anything is answered; both chosen by cross-validation (NOTES.md)."""


class AnswerModel:
    """Likelihoods of answers, shape (kinds of patient, conditions); axis order is fixed throughout."""

    def __init__(self, questions: Sequence[Question], model: CommonModel) -> None:
        self.questions = tuple(questions)
        self.row = {question.code: index for index, question in enumerate(self.questions)}
        self.model = model
        self._rate = model.value_rate
        self._parent = [self.row.get(question.parent or "", -1) for question in self.questions]
        self._wrong = np.array(WRONG_RATES)[:, None]
        self.pattern_start = np.cumsum([0, *(len(patterns) for patterns in model.patterns)]).astype(np.int64)
        self.given_parent, self.unconditioned = self._tables()

    @property
    def width(self) -> int:
        """Number of conditions."""
        return int(self._rate.shape[1])

    def parent_of(self, question: int) -> int:
        """Return the row of the question that must be yes first, or -1."""
        return self._parent[question]

    def patterns_of(self, question: int) -> slice:
        """Return the rows of `given_parent` and `unconditioned` that belong to `question`."""
        return slice(int(self.pattern_start[question]), int(self.pattern_start[question + 1]))

    def prior(self, age_weight: Array | None = None) -> Array:
        """Return the log prior, with the kinds of patient on the first axis."""
        base = np.log(self.model.prevalence if age_weight is None else age_weight)
        joint: Array = np.log(np.array(WRONG_PRIOR))[:, None] + base
        return joint

    def log_likelihoods(
        self, answers: Mapping[str, Answer], partial: Mapping[str, tuple[Answer, Answer]]
    ) -> dict[str, Array]:
        """Return for each answered question its log-likelihood, shape (kinds, conditions).

        `answers` are complete; `partial` holds (values known present, values known absent), as a text gives them,
        and says nothing about the other values.
        """
        implied = self.settled(answers, partial)
        complete = {code: self._complete(code, answer, implied) for code, answer in answers.items()}
        parts = {code: self._partial(code, *known, implied) for code, known in partial.items() if code not in answers}
        return {code: value for code, value in {**complete, **parts}.items() if value is not None}

    def settled(self, answers: Mapping[str, Answer], partial: Mapping[str, tuple[Answer, Answer]]) -> dict[int, bool]:
        """Return the questions that are settled, yes or no: by an answer, or because a detail of them was given."""
        settled = {self.row[code]: answer != (NO,) for code, answer in answers.items()}
        for code, present in [*answers.items(), *((code, known[0]) for code, known in partial.items())]:
            parent = self._parent[self.row[code]]
            if parent >= 0 and present and present != (self.questions[self.row[code]].default,):
                settled.setdefault(parent, True)
        for code, (present, absent) in partial.items():
            settled.setdefault(self.row[code], bool(present) or not absent)
        return settled

    def _complete(self, code: str, answer: Answer, settled: Mapping[int, bool]) -> Array | None:
        question = self.row[code]
        parent = self._parent[question]
        if parent >= 0 and settled.get(parent) is False:
            return None
        likelihood = self._pattern_likelihood(question, answer)
        if parent >= 0 and parent not in settled:
            likelihood = self._through_parent(question, likelihood, answer == (self.questions[question].default,))
        return self._with_errors(question, likelihood)

    def _partial(self, code: str, present: Answer, absent: Answer, settled: Mapping[int, bool]) -> Array | None:
        question = self.row[code]
        if self.questions[question].kind != "many_of":
            return self._partial_single(code, present, settled)
        rates = self._rate[self._value_rows(question, present)], 1 - self._rate[self._value_rows(question, absent)]
        likelihood = rates[0].prod(axis=0) * rates[1].prod(axis=0)
        parent = self._parent[question]
        if parent >= 0 and settled.get(parent) is None:
            likelihood = self._through_parent(question, likelihood, not present)
        logged: Array = np.log((1 - self._wrong) * likelihood + self._wrong * likelihood.mean())
        return logged

    def _partial_single(self, code: str, present: Answer, settled: Mapping[int, bool]) -> Array | None:
        question = self.questions[self.row[code]]
        if present:
            return self._complete(code, present[:1], settled)
        return self._complete(code, (NO,), settled) if question.kind == "yes_no" else None

    def _value_rows(self, question: int, values: Answer) -> npt.NDArray[np.int64]:
        start, known = int(self.model.value_start[question]), self.questions[question].values
        return np.array([start + known.index(value) for value in values], dtype=np.int64)

    def _pattern_likelihood(self, question: int, answer: Answer) -> Array:
        rows = self._value_rows(question, answer)
        if self.questions[question].kind != "many_of":
            single: Array = self._rate[rows[0]]
            return single
        return self._set_likelihood(question, rows)

    def _set_likelihood(self, question: int, rows: npt.NDArray[np.int64]) -> Array:
        start, end = self.model.value_start[question : question + 2]
        absent = np.log1p(-self._rate[start:end]).sum(axis=0)
        chosen = self._rate[rows]
        likelihood: Array = np.exp(absent + (np.log(chosen) - np.log1p(-chosen)).sum(axis=0))
        return likelihood

    def _through_parent(self, question: int, likelihood: Array, is_default: bool) -> Array:
        """Return the likelihood when nobody has asked the parent question: no there means the default here."""
        yes = self._rate[self.model.value_start[self._parent[question]] + 1]
        through: Array = yes * likelihood + ((1 - yes) if is_default else 0.0)
        return through

    def _with_errors(self, question: int, likelihood: Array) -> Array:
        """Return the log of the likelihood after mixing in wrong answers, shape (kinds, conditions)."""
        width = len(self.questions[question].values)
        if self.questions[question].kind == "many_of":
            wrong = 0.5 * likelihood.mean() + 0.5 / width
            mixed = (1 - self._wrong) * likelihood + self._wrong * wrong
        else:
            mixed = (1 - self._wrong) * likelihood + self._wrong * (1 - likelihood) / (width - 1)
        logged: Array = np.log(mixed)
        return logged

    def _tables(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return every pattern's likelihood with the parent yes, and unknown: (patterns, kinds, conditions)."""
        given, free = [], []
        for question, patterns in enumerate(self.model.patterns):
            rows = [np.array(pattern, dtype=np.int64) for pattern in patterns]
            table = _normalised(np.stack([self._rows_likelihood(question, row) for row in rows]))
            default = [self._is_default(question, pattern) for pattern in patterns]
            marginal = table
            if self._parent[question] >= 0:
                marginal = np.stack(
                    [
                        self._through_parent(question, part, is_default)
                        for part, is_default in zip(table, default, strict=True)
                    ]
                )
            given.append(self._noisy_table(table))
            free.append(self._noisy_table(marginal))
        return np.concatenate(given).astype(np.float32), np.concatenate(free).astype(np.float32)

    def _rows_likelihood(self, question: int, rows: npt.NDArray[np.int64]) -> Array:
        if self.questions[question].kind == "many_of":
            return self._set_likelihood(question, rows)
        single: Array = self._rate[rows[0]]
        return single

    def _is_default(self, question: int, pattern: tuple[int, ...]) -> bool:
        start, asked = int(self.model.value_start[question]), self.questions[question]
        return len(pattern) == 1 and asked.values[pattern[0] - start] == asked.default

    def _noisy_table(self, table: Array) -> Array:
        count = max(2, table.shape[0])
        noisy: Array = (1 - self._wrong) * table[:, None, :] + self._wrong * (1 - table[:, None, :]) / (count - 1)
        return noisy


def _normalised(table: Array) -> Array:
    scaled: Array = table / table.sum(axis=0)
    return scaled
