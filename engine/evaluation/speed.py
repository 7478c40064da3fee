"""How long diagnosis takes and how much memory it holds without a language model, on the machine it runs on.

Structured cases: the patients of the index, each with age, sex and what the record holds after eight questions. Rare
cases: published findings. One thread, warm tables; by the clock and, since a machine may be busy, by processor time.
Memory is the process's peak.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.api import Answer, Case, Finding
from engine.bench import resident_mb
from engine.diagnosis import hpo_source
from engine.diagnosis.common_table import load_patients
from engine.diagnosis.ddxplus_source import SEPARATOR, YES, Patient, split_code
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.hpo_source import PublishedCase
from engine.evaluation import lay
from engine.evaluation.found import CHECKOUT_DATA
from engine.evaluation.table import Metric, MetricTable
from engine.locations import resources

if TYPE_CHECKING:
    from engine.assembly import Engine

T = TypeVar("T")
STRUCTURED_CASES = 1000
RARE_CASES = 200
ANSWERS = 8
SEED = 20261126
MEMORY_AIM_MB = 250
NARRATIVES = CHECKOUT_DATA / lay.FILE_NAME
"""Written for the tests, so only in a checkout."""


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:  # noqa: ARG001 - every set is called alike
    """Return times and memory. Rare figures need the source files of a checkout."""
    diagnoser = engine.diagnoser
    common = _structured(load_patients(engine.index))
    rare = [_rare_case(case) for case in _published()]
    diagnoser.diagnose(common[0])  # the first one finds cold caches
    each = _times_ms(common, lambda case: diagnoser.diagnose(case))
    metrics = [
        Metric(f"{STRUCTURED_CASES} structured cases", sum(each.clock) / 1000, len(each.clock), aim=20, unit="s"),
        Metric(
            f"{STRUCTURED_CASES} structured cases, processor", sum(each.processor) / 1000, len(each.clock), unit="s"
        ),
        *_spread("differential of a structured case", each, 50),
    ]
    if rare:
        metrics += _spread("differential of a rare case", _times_ms(rare, lambda case: diagnoser.diagnose(case)), 50)
        metrics += _spread("rare ranking alone", _ranking_ms(diagnoser, rare), 5)
    metrics.append(Metric("peak memory without a language model", _peak_mb(), 1, aim=MEMORY_AIM_MB, unit="MB"))
    if NARRATIVES.is_file():
        metrics.append(_memory_with_narratives(engine))
    return MetricTable("Speed", metrics, ["aims are upper limits; one thread, this machine as busy as it was"])


def _structured(patients: Sequence[Patient]) -> list[Case]:
    rng = np.random.default_rng(SEED)
    chosen = rng.choice(len(patients), STRUCTURED_CASES, replace=len(patients) < STRUCTURED_CASES)
    return [_case(patients[number], rng) for number in chosen]


def _case(patient: Patient, rng: np.random.Generator) -> Case:
    code, value = split_code(patient.complaint)
    known = sorted(patient.answers)
    asked = [known[place] for place in rng.permutation(len(known))[:ANSWERS]]
    answers: dict[str, Answer] = {question: list(patient.answers[question]) for question in asked if question != code}
    complaint = Finding(code=code if value == YES else code + SEPARATOR + value)
    sex = "female" if patient.sex == "female" else "male"
    return Case(age_years=patient.age_years, sex=sex, findings=[complaint], answers=answers)  # type: ignore[arg-type]


def _published() -> list[PublishedCase]:
    path = resources() / "knowledge" / "phenopackets" / "cases_dev.jsonl.gz"
    if not path.is_file():
        return []
    cases = list(hpo_source.read_cases(path))
    chosen = np.random.default_rng(SEED).choice(len(cases), RARE_CASES, replace=False)
    return [cases[number] for number in chosen]


def _rare_case(case: PublishedCase) -> Case:
    codes = [Finding(code=code) for code in case.present] + [Finding(code=code, present=False) for code in case.absent]
    return Case(findings=codes[:400], scope="rare")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each piece of work."""

    clock: list[float]
    processor: list[float]


def _times_ms(work: Sequence[T], do: Callable[[T], object]) -> Times:
    times = Times([], [])
    for piece in work:
        clock, processor = time.perf_counter(), time.process_time()
        do(piece)
        times.clock.append((time.perf_counter() - clock) * 1000)
        times.processor.append((time.process_time() - processor) * 1000)
    return times


def _ranking_ms(diagnoser: Diagnoser, cases: Sequence[Case]) -> Times:
    voice = next(voice for voice in diagnoser.voices if voice.name == "phenotype")
    return _times_ms([diagnoser.reader.read(case) for case in cases], voice.vote)


def _spread(name: str, times: Times, aim: float) -> list[Metric]:
    n = len(times.clock)
    return [
        Metric(f"{name}, median", float(np.median(times.clock)), n, aim=aim, unit="ms"),
        Metric(f"{name}, 95 %", float(np.percentile(times.clock, 95)), n, unit="ms"),
        Metric(f"{name}, median, processor", float(np.median(times.processor)), n, unit="ms"),
    ]


def _memory_with_narratives(engine: Engine) -> Metric:
    """Return what the process holds once English narratives were read, with suggestions, and ranked by their text."""
    told = [each.text for each in lay.load_narratives(NARRATIVES) if each.id.startswith("en")]
    for text in told:
        engine.reader.read(text, suggest=True)
        engine.diagnoser.diagnose(Case(text=text))
    return Metric("memory once narratives are read", resident_mb(), len(told), aim=MEMORY_AIM_MB, unit="MB")


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
