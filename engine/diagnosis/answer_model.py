"""How likely each answer is under each condition when people err: the arithmetic of the Bayes voice and the interview.

An answer is a *pattern*: the set of values given. Every answer may be wrong at a small rate, so that no answer can
exclude a condition; what a patient came with is less often wrong than what had to be asked for. The first axis of every
likelihood is the kind of patient (its rate of wrong answers).

Details (where is the pain?) hang on a parent question (is there pain?). Whether the parent is truly yes is never taken
as known: both cases are carried along, so a wrong detail is put right by later ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.common_fit import CommonModel
from engine.diagnosis.ddxplus_source import NO, YES, Question

Array = npt.NDArray[np.float64]
Answer = tuple[str, ...]

WRONG_RATES = (0.025,)
"""Rate of wrong answers of each kind of patient; one kind did best, chosen by cross-validation (NOTES.md)."""
WRONG_FINDING_RATE = 0.002
"""How often a finding is wrong that was brought forward without a question, such as the first complaint."""
WRONG_PRIOR = (1.0,)
"""How common each kind is before anything is answered."""
ODD_SHARE = 0.9
"""A wrong answer to a many_of question is one odd value this often, else what other conditions would give."""


@dataclass(frozen=True, slots=True)
class ParentState:
    """One parent question: log joint of the answers with it truly yes, and truly no; (kinds, conditions)."""

    yes: Array
    no: Array

    @property
    def total(self) -> Array:
        """Log-likelihood of the answers, whichever it is."""
        summed: Array = np.logaddexp(self.yes, self.no)
        return summed

    @property
    def share_yes(self) -> Array:
        """Chance that the parent is truly yes."""
        share: Array = np.exp(self.yes - self.total)
        return share


@dataclass(frozen=True, slots=True)
class Heard:
    """All answers worked in: the log-likelihood each added, by question code, and the state of each parent question."""

    parts: Mapping[str, Array]
    parents: Mapping[int, ParentState]


class AnswerModel:
    """Likelihoods of answers, shape (kinds of patient, conditions); axis order is fixed throughout."""

    def __init__(self, questions: Sequence[Question], model: CommonModel) -> None:
        self.questions = tuple(questions)
        self.row = {question.code: index for index, question in enumerate(self.questions)}
        self.model = model
        self._rate = model.value_rate
        self._parent = [self.row.get(question.parent or "", -1) for question in self.questions]
        self._is_parent = frozenset(parent for parent in self._parent if parent >= 0)
        self._wrong = np.array(WRONG_RATES)[:, None]
        self._wrong_finding = np.full_like(self._wrong, WRONG_FINDING_RATE)
        self.pattern_start = np.cumsum([0, *(len(patterns) for patterns in model.patterns)]).astype(np.int64)
        self.given_yes, self.given_no = self._tables()

    def parent_of(self, question: int) -> int:
        """Return the row of the question that must be yes first, or -1."""
        return self._parent[question]

    def patterns_of(self, question: int) -> slice:
        """Return the rows of `given_yes` and `given_no` that belong to `question`."""
        return slice(int(self.pattern_start[question]), int(self.pattern_start[question + 1]))

    def single_patterns(self, question: int) -> list[int]:
        """Return for each value of `question` the place of the pattern that is that value alone."""
        start = int(self.model.value_start[question])
        place = {pattern: index for index, pattern in enumerate(self.model.patterns[question])}
        return [place[(start + index,)] for index in range(len(self.questions[question].values))]

    def prior(self, prevalence: Array) -> Array:
        """Return the log prior, with the kinds of patient on the first axis."""
        joint: Array = np.log(np.array(WRONG_PRIOR))[:, None] + np.log(prevalence)
        return joint

    def hear(
        self,
        answers: Mapping[str, Answer],
        partial: Mapping[str, tuple[Answer, Answer]],
        somewhere: Mapping[str, tuple[Answer, ...]] | None = None,
    ) -> Heard:
        """Work in everything said.

        `answers` are complete; `partial` holds (values known present, values known absent); `somewhere` holds groups of
        values of which at least one holds. The rest of such questions stays unknown.
        """
        groups = somewhere or {}
        parts: dict[str, Array] = {}
        parents: dict[int, ParentState] = {}
        for code in sorted({*answers, *partial, *groups}, key=self._parents_first):
            question = self.row[code]
            if code in answers or code in partial:
                likelihood = self._likelihood(question, answers.get(code), partial.get(code, ((), ())))
            else:
                likelihood = self._somewhere(question, groups[code])
            if likelihood is None:
                continue
            family = question if question in self._is_parent else self._parent[question]
            if family < 0:
                parts[code] = likelihood.yes
                continue
            before = parents.get(family) or self._unasked(family)
            parents[family] = ParentState(before.yes + likelihood.yes, before.no + likelihood.no)
            parts[code] = parents[family].total - before.total
        return Heard(parts, parents)

    def table_of(self, question: int, heard: Heard) -> npt.NDArray[np.float32]:
        """Return the chance of each pattern of `question`, given all that was heard: (patterns, kinds, conditions)."""
        rows = self.patterns_of(question)
        family = question if question in self._is_parent else self._parent[question]
        if family < 0:
            return self.given_yes[rows]
        share = (heard.parents.get(family) or self._unasked(family)).share_yes.astype(np.float32)
        mixed: npt.NDArray[np.float32] = share * self.given_yes[rows] + (1 - share) * self.given_no[rows]
        return mixed

    def _parents_first(self, code: str) -> tuple[bool, str]:
        return self.row[code] not in self._is_parent, code

    def _unasked(self, parent: int) -> ParentState:
        yes = np.broadcast_to(self._rate[self.model.value_start[parent] + 1], (len(WRONG_RATES), self._rate.shape[1]))
        return ParentState(np.log(yes), np.log1p(-yes))

    def _likelihood(self, question: int, answer: Answer | None, known: tuple[Answer, Answer]) -> ParentState | None:
        """Return the log-likelihood of an answer with the family's parent truly yes and truly no."""
        asked = self.questions[question]
        wrong_rate = self._wrong_finding if answer is None else self._wrong
        if answer is None and asked.kind == "many_of":
            return self._partly(question, *known)
        if answer is None:
            answer = known[0][:1] or ((NO,) if asked.kind == "yes_no" and NO not in known[1] else ())
        if not answer:
            return None
        if question in self._is_parent:
            is_yes = float(answer == (YES,))
            return ParentState(*(np.log(np.abs(wrong_rate - truth)) for truth in (is_yes, 1 - is_yes)))
        true = self._set_likelihood(question, self._value_rows(question, answer))
        default = np.full_like(true, float(answer == (asked.default,)))
        wrong = self._wrong_chance(question, true, len(answer) == 1)
        return ParentState(
            np.log((1 - wrong_rate) * true + wrong_rate * wrong),
            np.log((1 - wrong_rate) * default + wrong_rate * self._wrong_chance(question, default, len(answer) == 1)),
        )

    def _partly(self, question: int, present: Answer, absent: Answer) -> ParentState:
        rate = self._wrong_finding
        rows = self._value_rows(question, present), self._value_rows(question, absent)
        true = self._rate[rows[0]].prod(axis=0) * (1 - self._rate[rows[1]]).prod(axis=0)
        is_default = float(set(present) <= {self.questions[question].default})
        wrong = rate * true.mean()
        return ParentState(np.log((1 - rate) * true + wrong), np.log((1 - rate) * is_default + wrong + 0 * true))

    def _somewhere(self, question: int, groups: Sequence[Answer]) -> ParentState:
        rate, true = self._wrong_finding, np.ones(self._rate.shape[1])
        for group in groups:
            true = true * (1 - (1 - self._rate[self._value_rows(question, group)]).prod(axis=0))
        wrong = rate * true.mean()
        return ParentState(np.log((1 - rate) * true + wrong), np.log(wrong + 0 * true))

    def _wrong_chance(self, question: int, likelihood: Array, is_single: bool) -> Array | float:
        width = len(self.questions[question].values)
        if self.questions[question].kind == "many_of":
            return ODD_SHARE * (is_single / width) + (1 - ODD_SHARE) * max(float(likelihood.mean()), 1e-6)
        other: Array = (1 - likelihood) / (width - 1)
        return other

    def _value_rows(self, question: int, values: Answer) -> npt.NDArray[np.int64]:
        start, known = int(self.model.value_start[question]), self.questions[question].values
        return np.array([start + known.index(value) for value in values], dtype=np.int64)

    def _set_likelihood(self, question: int, rows: npt.NDArray[np.int64]) -> Array:
        if self.questions[question].kind != "many_of":
            single: Array = self._rate[rows[0]]
            return single
        start, end = self.model.value_start[question : question + 2]
        absent = np.log1p(-self._rate[start:end]).sum(axis=0)
        chosen = self._rate[rows]
        likelihood: Array = np.exp(absent + (np.log(chosen) - np.log1p(-chosen)).sum(axis=0))
        return likelihood

    def _tables(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return every pattern's chance with the parent truly yes, and truly no: (patterns, kinds, conditions)."""
        yes, no = [], []
        for question, patterns in enumerate(self.model.patterns):
            rows = [np.array(pattern, dtype=np.int64) for pattern in patterns]
            table = np.stack([self._set_likelihood(question, row) for row in rows])
            default = np.zeros_like(table)
            default[[self._is_default(question, pattern) for pattern in patterns]] = 1.0
            truth = self._truth(table) if question in self._is_parent else (table / table.sum(axis=0), default)
            yes.append(self._noisy(question, truth[0]))
            no.append(self._noisy(question, truth[1]))
        return np.concatenate(yes).astype(np.float32), np.concatenate(no).astype(np.float32)

    def _truth(self, table: Array) -> tuple[Array, Array]:
        """Return what a parent question's own patterns (no, yes) look like when it is truly yes, and truly no."""
        yes = np.zeros_like(table)
        yes[1] = 1.0
        return yes, 1.0 - yes

    def _is_default(self, question: int, pattern: tuple[int, ...]) -> bool:
        start, asked = int(self.model.value_start[question]), self.questions[question]
        return len(pattern) == 1 and asked.values[pattern[0] - start] == asked.default

    def _noisy(self, question: int, table: Array) -> Array:
        """Mix wrong answers in: one of the other single values."""
        is_single = np.array([len(pattern) == 1 for pattern in self.model.patterns[question]], dtype=np.float64)
        many = self.questions[question].kind == "many_of"
        other = is_single[:, None, None] * np.ones_like(table)[:, None, :] if many else 1 - table[:, None, :]
        wrong = other / np.maximum(1.0, other.sum(axis=0))
        noisy: Array = (1 - self._wrong) * table[:, None, :] + self._wrong * wrong
        return noisy
