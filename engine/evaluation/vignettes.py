"""Clinical vignettes with named candidates: what the tables reach alone, and what each further voice adds.

Every case is ranked over all labels of the set, given as `candidates`, as a clinician would name them. Lantern has no
rows made for these labels; some it knows by name or synonym, the others it ranks by the name alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.api import Case, Entity
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.reader_gate import GateResult
from engine.diagnosis.reader_voice import Reader
from engine.evaluation.calibration import error_if_calibrated, expected_calibration_error
from engine.evaluation.found import nearest_file
from engine.evaluation.table import Metric, MetricTable
from engine.text.measure import age_years

if TYPE_CHECKING:
    from engine.assembly import Engine

PLACES = (1, 3, 10)
FLOORS = (0.20, 0.44, 0.70)
AIMS = (0.40, 0.62, 0.85)
ECE_AIM = 0.05
SECONDS_AIM = 0.3
_TOLD = (
    ("physical_history", "Past history"),
    ("family_history", "Family history"),
    ("social_history", "Social history"),
)
_NOTHING = ("", "-", "None")


@dataclass(frozen=True, slots=True)
class Vignette:
    """One case and the label that its authors gave it."""

    case: Case
    gold: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rank of the true label (from 1; ties count half), and the probability of the first place."""

    rank: float
    confidence: float


def evaluate(
    engine: Engine, data_dir: Path | None, reader: Reader | None = None, first: int | None = None
) -> MetricTable:
    """Return the figures of the vignettes in `data_dir`, of the `first` only if given.

    With a `reader` the language model's vote is measured too, and what it cost. Raises FileNotFoundError where there
    are no vignettes.
    """
    vignettes = read(data_dir)[:first]
    read_text = [engine.reader.read(each.case.text) for each in vignettes]
    engine.diagnoser.diagnose(replace(vignettes[0].case, text="A cough."))  # opens the models, reads the labels
    spent = [_seconds(engine.diagnoser, each, found) for each, found in zip(vignettes, read_text, strict=True)]
    tables = Diagnoser(engine.index)
    columns = {
        "tables": [_outcome(tables, each, found) for each, found in zip(vignettes, read_text, strict=True)],
        "tables + text": [
            _outcome(engine.diagnoser, each, found) for each, found in zip(vignettes, read_text, strict=True)
        ],
    }
    if reader is not None:
        began, busy = time.perf_counter(), time.process_time()
        columns["tables + text + reader"] = [
            _outcome(engine.diagnoser, each, found, reader) for each, found in zip(vignettes, read_text, strict=True)
        ]
        asked_s, busy_s = time.perf_counter() - began, time.process_time() - busy
    metrics = [metric for name, outcomes in columns.items() for metric in _metrics(name, outcomes)]
    metrics += [
        Metric(
            "differential without the reader, median", float(np.median(spent)), len(spent), aim=SECONDS_AIM, unit="s"
        ),
        Metric("differential without the reader, 95 %", float(np.percentile(spent, 95)), len(spent), unit="s"),
    ]
    if reader is not None:
        name = f"cost of a case with {reader.name}"
        metrics.append(Metric(f"{name}, by the clock", asked_s / len(vignettes), len(vignettes), unit="s"))
        metrics.append(Metric(f"{name}, processor time", busy_s / len(vignettes), len(vignettes), unit="s"))
    labels = vignettes[0].case.candidates
    known = sum(bool(engine.diagnoser.text_voice.knows(label)) for label in labels)
    notes = [
        f"ranked over all {len(labels)} labels; {known} have a condition row, the others are ranked by their name",
        "a label that no voice can judge shares the middle of the ties",
        "times are processor time over all threads, with all labels as candidates",
    ]
    return MetricTable("Vignettes from text", metrics, notes)


def read(data_dir: Path | None) -> list[Vignette]:
    """Return the vignettes with all labels as candidates."""
    if data_dir is None:
        raise FileNotFoundError("this set may not ship: give --data DIR with avey*.jsonl and avey_labels.txt")
    labels = nearest_file(data_dir, "avey_labels.txt")
    paths = sorted(labels.parent.glob("avey*.jsonl")) or [nearest_file(data_dir, "avey*.jsonl")]
    candidates = [line.strip() for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Vignette(_case(row, candidates), row["correct_diagnosis"]) for row in rows]


def _case(row: dict[str, str], candidates: list[str]) -> Case:
    """Return the vignette as one narrative, in the order of its fields."""
    demographics = (row.get("demographics") or "").strip()
    parts = [f"{demographics}. Chief complaint: {row.get('chief_complaints')}.", row.get("presentation") or ""]
    parts.append(row.get("absent_findings") or "")
    told = [(name, (row.get(key) or "").strip()) for key, name in _TOLD]
    parts += [f"{name}: {text}." for name, text in told if text not in _NOTHING]
    sex = "female" if "female" in demographics.lower() else "male" if "male" in demographics.lower() else "unknown"
    text = " ".join(part.strip() for part in parts if part.strip())
    return Case(text=text, age_years=age_years(demographics), sex=sex, candidates=candidates)  # type: ignore[arg-type]


def gate_of(table: MetricTable, model: str) -> GateResult:
    """Return what the gate stores of a measurement with a reader."""
    value = {metric.name: metric.value for metric in table.metrics}
    without, with_reader = "tables + text", "tables + text + reader"
    return GateResult(
        model, table.metrics[0].n, value[f"{without} top-1"], value[f"{with_reader} top-1"],
        value[f"{without} top-3"], value[f"{with_reader} top-3"],
    )  # fmt: skip


def _outcome(
    diagnoser: Diagnoser, vignette: Vignette, found: Sequence[Entity], reader: Reader | None = None
) -> Outcome:
    """Rank one vignette; the confidence is the one before silence is decided."""
    evidence = diagnoser.reader.read(vignette.case, found)
    ranking = diagnoser._rank(vignette.case, evidence, len(vignette.case.candidates))
    places = (diagnoser._read(vignette.case, ranking, reader, found) if reader else ranking).places
    own = next(place.probability for place in places if place.given == vignette.gold)
    better = sum(place.probability > own for place in places)
    ties = sum(place.probability == own for place in places) - 1
    if sys.stderr.isatty():
        sys.stderr.write(".")
    return Outcome(1 + better + ties / 2, places[0].probability)


def _seconds(diagnoser: Diagnoser, vignette: Vignette, found: Sequence[Entity]) -> float:
    """Return the processor time of one whole differential, of a text that this process has not ranked before."""
    began = time.process_time()
    diagnoser.diagnose(vignette.case, found)
    return time.process_time() - began


def _metrics(name: str, outcomes: Sequence[Outcome]) -> list[Metric]:
    ranks = np.array([outcome.rank for outcome in outcomes])
    confidence = np.array([outcome.confidence for outcome in outcomes])
    rows = [
        Metric(f"{name} top-{places}", float((ranks <= places).mean()), len(ranks), FLOORS[n], AIMS[n])
        for n, places in enumerate(PLACES)
    ]
    return [
        *rows,
        Metric(f"{name} ECE", expected_calibration_error(confidence, ranks <= 1), len(ranks), aim=ECE_AIM),
        Metric(f"{name} ECE, by chance alone if calibrated", error_if_calibrated(confidence), len(ranks)),
    ]
