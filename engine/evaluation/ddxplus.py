"""DDXPlus: the interview with few and noisy answers, by cross-validation or on patients nobody has trained on.

Convention: age, sex and the initial complaint, then q questions that Lantern chooses, answered from the record; a
question not in the record is answered no, or by its default. Where Lantern stops earlier, because more would not change
the decision, its last belief counts. Noise: 10 % wrong and 10 % unknown answers, drawn several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.diagnosis import cant_miss, common_fit
from engine.diagnosis.answer_values import Answer
from engine.diagnosis.bayes import BayesVoice
from engine.diagnosis.common_table import CommonTable, load_patients
from engine.diagnosis.ddxplus_source import Patient, Question, read_patients, split_code
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.interview import worth_asking
from engine.evaluation.calibration import expected_calibration_error
from engine.evaluation.found import nearest_file
from engine.evaluation.table import Metric, MetricTable

if TYPE_CHECKING:
    from engine.assembly import Engine

FOLDS = 5
SEED = 20261122
WRONG_SHARE, UNKNOWN_SHARE = 0.1, 0.1
NOISE_DRAWS = 3
CHECKPOINTS = (0, 3, 5, 10)
AIMS = {("clean", 5): 0.97, ("noisy", 5): 0.915, ("noisy", 10): 0.945}
FLOORS = {("clean", 0): 0.34, ("clean", 5): 0.962, ("noisy", 5): 0.912, ("noisy", 10): 0.945}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One patient after so many questions: the belief in every condition and which is true."""

    probability: npt.NDArray[np.float64]
    truth: int


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return the figures: five-fold over the index's patients, or the shipped table on `data_dir`/patients*.csv."""
    table = CommonTable.load(engine.index)
    if data_dir is None:
        patients = load_patients(engine.index)
        pairs = list(_folds(table, patients))
        how = f"{FOLDS}-fold cross-validation over the {len(patients)} patients of the release sample"
    else:
        path = nearest_file(data_dir, "patients*.csv*")
        pairs = [(BayesVoice(table), read_patients(path))]
        how = f"the shipped table on {path.name}"
    return MetricTable(
        "DDXPlus",
        _metrics(pairs),
        [how, "with all evidence DDXPlus is solved by its own structure file: that figure says little"],
    )


def _folds(table: CommonTable, patients: Sequence[Patient]) -> list[tuple[BayesVoice, Sequence[Patient]]]:
    order = np.random.default_rng(SEED).permutation(len(patients))
    pairs: list[tuple[BayesVoice, Sequence[Patient]]] = []
    for fold in range(FOLDS):
        held_out = set(order[fold::FOLDS].tolist())
        training = [patient for number, patient in enumerate(patients) if number not in held_out]
        model = common_fit.fit(table.questions, table.conditions, training)
        voice = BayesVoice(CommonTable(table.questions, table.conditions, model))
        pairs.append((voice, [patients[number] for number in sorted(held_out)]))
    return pairs


def _metrics(pairs: Sequence[tuple[BayesVoice, Sequence[Patient]]]) -> list[Metric]:
    metrics: list[Metric] = []
    for kind in ("clean", "noisy"):
        rng, is_noisy = np.random.default_rng(SEED), kind == "noisy"
        drawn = [pair for pair in pairs for _ in range(NOISE_DRAWS if is_noisy else 1)]
        runs = [interview(voice, patient, is_noisy, rng) for voice, patients in drawn for patient in patients]
        for place, asked in enumerate(CHECKPOINTS):
            shots = [run[place] for run in runs]
            metrics.append(_metric(f"{kind} top-1 after {asked} questions", _top(shots, 1), len(shots), kind, asked))
        metrics += _more(kind, runs, pairs[0][0])
    everything = [_everything(voice, patient) for voice, patients in pairs for patient in patients]
    return [*metrics, Metric("top-1 with all evidence", _top(everything, 1), len(everything))]


def _more(kind: str, runs: Sequence[Sequence[Snapshot]], voice: BayesVoice) -> list[Metric]:
    three, five = ([run[CHECKPOINTS.index(asked)] for run in runs] for asked in (3, 5))
    severe = [shot for shot in five if voice.table.conditions[shot.truth].severity in cant_miss.WORST_SEVERITIES]
    confidence = np.array([shot.probability.max() for shot in three])
    right = np.array([shot.probability.argmax() == shot.truth for shot in three])
    listed = [shot.truth in cant_miss.dangerous(shot.probability, voice.table) for shot in severe]
    return [
        Metric(f"{kind} top-3 after 5 questions", _top(five, 3), len(five)),
        Metric(f"{kind} ECE after 3 questions", expected_calibration_error(confidence, right), len(three), aim=0.05),
        Metric(f"{kind} can't-miss recall after 5 questions", float(np.mean(listed)), len(listed), aim=0.98),
    ]


def interview(voice: BayesVoice, patient: Patient, is_noisy: bool, rng: np.random.Generator) -> list[Snapshot]:
    """Return the belief after each number of questions in `CHECKPOINTS`."""
    code, value = split_code(patient.complaint)
    evidence = CaseEvidence(age_years=patient.age_years, sex=patient.sex, partial={code: ((value,), ())})
    truth = [condition.name_given for condition in voice.table.conditions].index(patient.condition)
    shots = []
    for asked in range(max(CHECKPOINTS) + 1):
        belief = voice.belief(evidence)
        if asked in CHECKPOINTS:
            shots.append(Snapshot(np.exp(belief.log_probability), truth))
        gains = worth_asking(voice, evidence, belief)
        if gains:
            evidence = _answered(evidence, voice.table.questions[gains[0].question], patient, is_noisy, rng)
    return shots


def _answered(
    evidence: CaseEvidence, question: Question, patient: Patient, is_noisy: bool, rng: np.random.Generator
) -> CaseEvidence:
    answer = patient.answers.get(question.code, (question.default,))
    luck = rng.random() if is_noisy else 1.0
    if luck < UNKNOWN_SHARE:
        return evidence.with_unanswered(question.code)
    return evidence.with_answer(
        question.code, _wrong(question, answer, rng) if luck < UNKNOWN_SHARE + WRONG_SHARE else answer
    )


def _wrong(question: Question, answer: Answer, rng: np.random.Generator) -> Answer:
    others = [value for value in question.values if value not in answer]
    return (others[int(rng.integers(len(others)))],)


def _everything(voice: BayesVoice, patient: Patient) -> Snapshot:
    answers = {
        question.code: patient.answers.get(question.code, (question.default,)) for question in voice.table.questions
    }
    belief = voice.belief(CaseEvidence(age_years=patient.age_years, sex=patient.sex, answers=answers))
    truth = [condition.name_given for condition in voice.table.conditions].index(patient.condition)
    return Snapshot(np.exp(belief.log_probability), truth)


def _top(shots: Sequence[Snapshot], places: int) -> float:
    return float(np.mean([(shot.probability > shot.probability[shot.truth]).sum() < places for shot in shots]))


def _metric(name: str, value: float, n: int, kind: str, asked: int) -> Metric:
    return Metric(name, value, n, FLOORS.get((kind, asked)), AIMS.get((kind, asked)))
