"""How well a case fits each condition: four measures of likeness, whom the condition meets, and what speaks against it.

Each measure is standardised over all conditions of one case, so that they can be added without learnt weights:
* likelihood: for every clause, how much better its nearest phrase of this condition fits than those of the others, with
  some clauses taken to come from outside the condition;
* coverage: how much of what marks the condition the case mentions;
* document: the whole case against the condition as one text;
* words: rare words in common.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.case_text import CaseText
from engine.diagnosis.condition_index import SCALE, SEXES, ConditionIndex
from engine.diagnosis.condition_source import Kind
from engine.runtime.base import Vectors

Array = npt.NDArray[np.float32]
MEASURES = 4
KIND_WEIGHT = {Kind.HALLMARK: 1.0, Kind.COMMON: 0.94, Kind.RISK: 0.86, Kind.PASSAGE: 0.9, Kind.NAME: 0.9}
"""What a cosine counts by the kind of phrase it was found in."""
CLAUSE_SHARPNESS = 0.06
"""Cosine difference that counts as one nat between two conditions for one clause."""
OUTSIDE = 0.4
"""Share of clauses that say nothing about the condition."""
SIDE_WEIGHT = 0.25
"""How age, sex and absent hallmarks count beside the four measures."""
ABSENT_FROM = 0.6
"""Cosine from which an absent finding counts as a hallmark of the condition."""
RARER_SEX = -1.2
WRONG_SEX = -6.0
"""A condition of the other sex falls behind by one and a half standard deviations: the narrative may be misread."""
_WORD = re.compile(r"[a-z]+")
_STEM_CHARS = 6
_STOPWORDS = frozenset(
    [
        "the", "and", "for", "with", "has", "her", "his", "she", "was", "were", "had", "that", "this", "from", "not",
        "been", "who", "any", "are", "which", "but", "also", "more", "than", "over", "last", "past", "day", "days",
        "year", "old", "month", "months", "week", "weeks", "years", "histor", "patien", "presen", "compla", "chief",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scores:
    """`total` per condition, on the scale of standard deviations; `clauses` is the likelihood of each clause."""

    total: npt.NDArray[np.float64]
    clauses: Array
    """(present clauses, conditions) natural log"""

    def joined(self, opinion: npt.NDArray[np.float64], weight: float) -> Scores:
        """Return the scores with a further opinion, standardised like them, and as far spread as before."""
        total = (MEASURES * self.total + weight * opinion) / (MEASURES + weight)
        return Scores(standardised(total) * float(self.total.std()), self.clauses)


class ConditionScorer:
    """Holds a case against every condition of one index."""

    def __init__(self, index: ConditionIndex) -> None:
        self._index = index
        self._start = np.searchsorted(index.owner, np.arange(len(index))).astype(np.intp)
        self._weight = np.array([KIND_WEIGHT[Kind(kind)] for kind in index.kind.tolist()], dtype=np.float32)
        marks = index.kind == Kind.HALLMARK
        has_marks = np.bincount(index.owner[marks], minlength=len(index)) > 0
        self._marks = np.flatnonzero(marks | ~has_marks[index.owner])
        self._hallmarks = marks
        self._words = [_words(text) for text in self._told()]
        seen = Counter(word for words in self._words for word in words)
        self._rarity = {word: float(np.log(1 + len(index) / count)) for word, count in seen.items()}

    def _told(self) -> list[str]:
        texts: list[list[str]] = [[] for _ in range(len(self._index))]
        for number, owner in enumerate(self._index.owner.tolist()):
            texts[owner].append(self._index.phrases[number])
        return [" ".join(text) for text in texts]

    def tells_of(self, clause: str) -> npt.NDArray[np.bool_]:
        """Return which conditions' pictures hold every word of a clause: it cannot speak against those."""
        words = _words(clause)
        return np.array([bool(words) and words <= own for own in self._words])

    def score(self, case: CaseText, present: Vectors, absent: Vectors, whole: Vectors) -> Scores:
        """Return the scores of all conditions; the vectors are those of the case's clauses and of the whole."""
        asked = (np.concatenate([present, absent]) / SCALE).astype(np.float32)
        likeness: Array = asked @ self._index.vectors.astype(np.float32).T
        cosines, denied = likeness[: len(present)], likeness[len(present) :]
        nearest = np.maximum.reduceat(cosines * self._weight, self._start, axis=1)
        clauses = _likelihood(nearest)
        measures = (
            clauses.sum(axis=0),
            self._coverage(cosines.max(axis=0)),
            (self._index.documents.astype(np.float32) / np.float32(SCALE)) @ whole,
            self._words_in_common(case),
        )
        fits = np.mean([standardised(measure) for measure in measures], axis=0)
        beside = self._fits_patient(case) + self._denied(denied)
        return Scores(fits + SIDE_WEIGHT * beside, clauses)

    def _coverage(self, best: Array) -> Array:
        """Return the mean over a condition's marks of how near the nearest clause comes."""
        owners = self._index.owner[self._marks]
        summed = np.bincount(owners, weights=best[self._marks], minlength=len(self._index))
        return (summed / np.maximum(np.bincount(owners, minlength=len(self._index)), 1)).astype(np.float32)

    def _words_in_common(self, case: CaseText) -> npt.NDArray[np.float64]:
        asked = _words(" ".join(case.present))
        return np.array(
            [sum(self._rarity[word] for word in asked & words) / np.sqrt(20 + len(words)) for words in self._words]
        )

    def _fits_patient(self, case: CaseText) -> npt.NDArray[np.float64]:
        """Return minus how far the patient is from those whom each condition typically meets; 0 where it fits."""
        fit = np.zeros(len(self._index))
        if case.age_years is not None:
            low, high = self._index.ages[:, 0], self._index.ages[:, 1]
            gap = np.maximum(np.maximum(low - case.age_years, case.age_years - high), 0)
            fit -= np.minimum(2.5, gap / (5 + 0.15 * low))
        if case.sex != "any":
            other = "male" if case.sex == "female" else "female"
            fit += WRONG_SEX * (self._index.sex == SEXES.index(other))
            fit += RARER_SEX * (self._index.sex == SEXES.index(f"mostly {other}"))
        return fit

    def _denied(self, cosines: Array) -> npt.NDArray[np.float64]:
        """Return minus how clearly hallmarks of each condition are said to be absent, from the cosines of each."""
        if not len(cosines):
            return np.zeros(len(self._index))
        nearest = np.maximum.reduceat(cosines * self._hallmarks, self._start, axis=1)
        denied: npt.NDArray[np.float64] = -np.maximum(nearest - ABSENT_FROM, 0).sum(axis=0).astype(np.float64)
        return denied


def standardised(values: npt.NDArray[np.float32] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return values with mean 0 and standard deviation 1."""
    wide = values.astype(np.float64)
    result: npt.NDArray[np.float64] = (wide - wide.mean()) / (wide.std() + 1e-9)
    return result


def _likelihood(nearest: Array) -> Array:
    """Return the natural log likelihood of each clause under each condition, up to a constant by clause."""
    shares = np.exp((nearest - nearest.max(axis=1, keepdims=True)) / CLAUSE_SHARPNESS)
    shares /= shares.sum(axis=1, keepdims=True)
    logs: Array = np.log((1 - OUTSIDE) * shares * nearest.shape[1] + OUTSIDE).astype(np.float32)
    return logs


def _words(text: str) -> frozenset[str]:
    found = (word[:_STEM_CHARS] for word in _WORD.findall(text.lower()) if len(word) > 2)
    return frozenset(word for word in found if word not in _STOPWORDS)
