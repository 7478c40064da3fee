"""Estimates how often each condition gives each answer: the release's structure as prior, the patients as data.

Used when the knowledge is compiled and by cross-validation; nothing of it runs beside a patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.ddxplus_source import YES, Condition, Patient, Question

Array = npt.NDArray[np.float64]

AGE_EDGES_YEARS = (1, 2, 3, 4, 5, 8, 11, 15, 18, 22, 26, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85)
"""Narrow on purpose: what is known of one age is spread over its neighbours."""
AGE_SPREADS = 2
"""How often each age group's count is spread over its two neighbours."""
SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class FitOptions:
    """Strengths of the priors, in patients. Chosen by cross-validation (see NOTES.md)."""

    structure_strength: float = 2.0
    outside_rate: float = 0.001
    value_strength: float = 0.5
    grade_strength: float = 3.0
    age_strength: float = 3.0
    sex_strength: float = 4.0
    prevalence_strength: float = 0.5


@dataclass(frozen=True, slots=True)
class CommonModel:
    """Likelihood tables of the 49 conditions; columns follow the order of the conditions.

    `value_rate` (values, conditions): chance of each value given that the parent question is yes; rows run question by
    question, `value_start` marks where each begins. For many_of questions every value is its own yes or no.
    `patterns` are answer sets seen together, as rows of `value_rate`, for the expected gain of many_of questions.
    """

    value_rate: Array
    value_start: npt.NDArray[np.int32]
    age_rate: Array
    sex_rate: Array
    prevalence: Array
    patterns: tuple[tuple[tuple[int, ...], ...], ...]


def fit(
    questions: Sequence[Question],
    conditions: Sequence[Condition],
    patients: Sequence[Patient],
    options: FitOptions | None = None,
) -> CommonModel:
    """Return the tables estimated from `patients`."""
    chosen = options or FitOptions()
    column = {condition.name_given: index for index, condition in enumerate(conditions)}
    diagnoses = np.array([column[patient.condition] for patient in patients], dtype=np.int64)
    rates = [_question_rates(question, conditions, patients, diagnoses, chosen) for question in questions]
    start = np.cumsum([0, *(len(question.values) for question in questions)]).astype(np.int32)
    counts = np.bincount(diagnoses, minlength=len(conditions)).astype(np.float64)
    prevalence = counts + chosen.prevalence_strength
    return CommonModel(
        np.concatenate(rates),
        start,
        _shrunk(_age_counts(patients, diagnoses, len(conditions)), chosen.age_strength),
        _shrunk(_sex_counts(patients, diagnoses, len(conditions)), chosen.sex_strength),
        prevalence / prevalence.sum(),
        tuple(_patterns(question, patients, int(start[row])) for row, question in enumerate(questions)),
    )


def age_bin(age_years: float) -> int:
    """Return the row of `age_rate` for an age."""
    return int(np.searchsorted(AGE_EDGES_YEARS, age_years, side="right"))


def answers_of(patient: Patient, question: Question) -> tuple[str, ...] | None:
    """Return the patient's answer to `question`, its default when not recorded; None when the parent question is no."""
    if question.parent is not None and question.parent not in patient.answers:
        return None
    return patient.answers.get(question.code, (question.default,))


def _question_rates(
    question: Question,
    conditions: Sequence[Condition],
    patients: Sequence[Patient],
    diagnoses: npt.NDArray[np.int64],
    options: FitOptions,
) -> Array:
    counts = np.zeros((len(question.values), len(conditions)))
    asked = np.zeros(len(conditions))
    row = {value: index for index, value in enumerate(question.values)}
    for patient, diagnosis in zip(patients, diagnoses, strict=True):
        answer = answers_of(patient, question)
        if answer is None:
            continue
        asked[diagnosis] += 1
        for value in answer:
            counts[row[value], diagnosis] += 1
    within = np.array([question.code in condition.questions for condition in conditions])
    if question.kind == "many_of":
        return _bernoulli(question, counts, asked, within, options)
    return _categorical(question, counts, within, options)


def _bernoulli(
    question: Question, counts: Array, asked: Array, within: npt.NDArray[np.bool_], options: FitOptions
) -> Array:
    """Conditions that never have the parent question get the pooled rate: its details say nothing about them."""
    pooled = (counts[:, within].sum(axis=1) + 0.1) / (asked[within].sum() + 1.0)
    outside = np.full(len(question.values), options.outside_rate)
    outside[question.values.index(question.default)] = 1 - options.outside_rate
    prior = np.where(within | (question.parent is not None), pooled[:, None], outside[:, None])
    rate: Array = (counts + options.value_strength * prior) / (asked + options.value_strength)
    clipped: Array = np.clip(rate, options.outside_rate, 1 - options.outside_rate)
    return clipped


def _categorical(question: Question, counts: Array, within: npt.NDArray[np.bool_], options: FitOptions) -> Array:
    if question.kind == "grade":
        counts = _smoothed(counts)
    pooled = counts[:, within].sum(axis=1) + 0.5
    pooled /= pooled.sum()
    outside = np.full(len(question.values), options.outside_rate)
    outside[question.values.index(question.default)] = 1.0
    prior = np.where(within | (question.parent is not None), pooled[:, None], (outside / outside.sum())[:, None])
    strength = options.structure_strength if YES in question.values else options.grade_strength
    rate: Array = (counts + strength * prior) / (counts.sum(axis=0) + strength)
    floored: Array = np.maximum(rate, options.outside_rate)
    scaled: Array = floored / floored.sum(axis=0)
    return scaled


def _smoothed(counts: Array) -> Array:
    """Spread each grade's count over its neighbours, because a 6 is nearly a 7; totals stay."""
    padded = np.pad(counts, ((1, 1), (0, 0)))
    spread: Array = 0.5 * counts + 0.25 * padded[:-2] + 0.25 * padded[2:]
    total = np.maximum(spread.sum(axis=0), 1e-12)
    scaled: Array = spread * (counts.sum(axis=0) / total)
    return scaled


def _age_counts(patients: Sequence[Patient], diagnoses: npt.NDArray[np.int64], width: int) -> Array:
    counts = np.zeros((len(AGE_EDGES_YEARS) + 1, width))
    np.add.at(counts, (np.array([age_bin(patient.age_years) for patient in patients]), diagnoses), 1.0)
    for _ in range(AGE_SPREADS):
        padded = np.pad(counts, ((1, 1), (0, 0)), mode="edge")
        counts = 0.5 * counts + 0.25 * padded[:-2] + 0.25 * padded[2:]
    return counts


def _sex_counts(patients: Sequence[Patient], diagnoses: npt.NDArray[np.int64], width: int) -> Array:
    counts = np.zeros((len(SEXES), width))
    np.add.at(counts, (np.array([SEXES.index(patient.sex) for patient in patients]), diagnoses), 1.0)
    return counts


def _shrunk(counts: Array, strength: float) -> Array:
    pooled = (counts.sum(axis=1) + 1.0) / (counts.sum() + counts.shape[0])
    shrunk: Array = (counts + strength * pooled[:, None]) / (counts.sum(axis=0) + strength)
    return shrunk


def _patterns(question: Question, patients: Sequence[Patient], start: int) -> tuple[tuple[int, ...], ...]:
    if question.kind != "many_of":
        return tuple((start + index,) for index in range(len(question.values)))
    row = {value: start + index for index, value in enumerate(question.values)}
    answers = (answers_of(patient, question) for patient in patients)
    seen = {tuple(sorted(row[value] for value in answer)) for answer in answers if answer is not None}
    return tuple(sorted(seen | {(number,) for number in row.values()}))
