"""Published rare-disease cases: the honest column and the flattering one, always side by side.

Honest: the case's paper is not cited by the annotations, and the newer export (which has no references) does not
suddenly cover its findings. Shipped: every case, comparable with the literature, where the annotations may have been
written from the very case. In both, the case's own papers are left out of the frequencies from published cases, and a
disease is weighed by a network that has never seen it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.diagnosis import hpo_source, rare_fold
from engine.diagnosis.hpo_source import PublishedCase
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.phenotype import absent_penalty, ranking_scores
from engine.diagnosis.rare_features import RareFeatures
from engine.diagnosis.rare_fold import Held
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.reranker import Reranker
from engine.evaluation.calibration import expected_calibration_error, selective_accuracy
from engine.evaluation.table import Metric, MetricTable
from engine.locations import resources

if TYPE_CHECKING:
    from engine.assembly import Engine

PLACES = (1, 3, 10)
FLOORS = {"honest": (0.305, 0.432, 0.557), "shipped": (0.507, 0.616, 0.722)}
AIMS = {"honest": (0.32, 0.45, 0.58), "shipped": (0.55, 0.66, 0.76)}
COVERAGE = 0.8
NOTES = [
    "honest and shipped count cases whose disease the annotations describe; 'of all' counts the others as missed",
    "own papers left out of published-case frequencies; network weights cross-validated by disease",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case went: the rank of its disease (from 1) and the confidence in the first place."""

    rank: int
    confidence: float


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return the figures over the shipped cases by folds, or over `data_dir`/cases*.jsonl as they are."""
    folder = resources() / "knowledge"
    if not (folder / "hpo" / "phenotype.hpoa.gz").is_file():
        raise FileNotFoundError("the source files of the knowledge are needed to measure this set")
    ontology, index = Ontology.load(engine.index), RareIndex.load(engine.index)
    features = RareFeatures(ontology, index)
    if data_dir is None:
        sources = rare_fold.read_sources(folder, ontology)
        chosen = range(len(sources.cases))
        weights = [
            Reranker.read(folder / "diagnosis_weights" / f"reranker_fold{n}.npz") for n in range(rare_fold.FOLDS)
        ]
        held, cases = rare_fold.held_out(ontology, sources, chosen, features), sources.cases
    else:
        cases = tuple(_cases(data_dir))
        weights = [Reranker.load(engine.index)]
        held = _as_they_are(ontology, index, features, cases)
    outcomes = [_outcome(case, weights, features) for case in _shown(held, len(cases))]
    columns = rare_fold.columns_of(folder / "hpo", ontology, cases)
    return MetricTable("Rare diseases", _metrics(outcomes, columns), NOTES)


def _cases(data_dir: Path) -> Iterator[PublishedCase]:
    paths = sorted([*data_dir.rglob("*cases*.jsonl"), *data_dir.rglob("*cases*.jsonl.gz")])
    if not paths:
        raise FileNotFoundError(f"no *cases*.jsonl in {data_dir} or below it")
    for path in paths:
        yield from hpo_source.read_cases(path)


def _as_they_are(
    ontology: Ontology, index: RareIndex, features: RareFeatures, cases: Sequence[PublishedCase]
) -> Iterator[Held]:
    for case in cases:
        found = index.find.find(case.disease)
        yield rare_fold.hold(ontology, features, case, found[0] if found else -1)


def _shown(held: Iterator[Held], count: int) -> Iterator[Held]:
    """Pass the cases on, with progress on a terminal."""
    for number, case in enumerate(held, start=1):
        if number % 500 == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{number} of {count} cases")
        yield case


def _outcome(held: Held, weights: Sequence[Reranker], features: RareFeatures) -> Outcome:
    if not held.present or held.gold < 0:
        return Outcome(sys.maxsize, 0.0)
    fold = int(rare_fold.fold_of(np.array([held.gold]))[0]) % len(weights)
    scores = ranking_scores(held.features, weights[fold])
    for term in held.absent:
        scores = scores + absent_penalty(features.rates(term))
    own = scores[held.gold]
    ties = int((scores == own).sum()) - 1
    rank = 1 + int((scores > own).sum()) + ties // 2
    return Outcome(rank, float(1 / np.exp(scores - scores.max()).sum()))


def _metrics(outcomes: Sequence[Outcome], columns: rare_fold.Columns) -> list[Metric]:
    ranks = np.array([outcome.rank for outcome in outcomes])
    confidence = np.array([outcome.confidence for outcome in outcomes])
    masks = {"honest": columns.honest & columns.known, "shipped": columns.known}
    metrics = [
        Metric(f"{name} top-{places}", _share(ranks, mask, places), int(mask.sum()), FLOORS[name][n], AIMS[name][n])
        for name, mask in masks.items()
        for n, places in enumerate(PLACES)
    ]
    right, mask = ranks == 1, columns.known
    metrics += [
        Metric("shipped ECE", expected_calibration_error(confidence[mask], right[mask]), int(mask.sum()), aim=0.05),
        Metric(
            f"shipped top-1 on the surest {COVERAGE:.0%}",
            selective_accuracy(confidence[mask], right[mask], COVERAGE),
            int(mask.sum()),
            aim=_share(ranks, mask, 1) + 0.05,
        ),
    ]
    everything = {"honest": columns.honest, "shipped": np.ones(len(ranks), dtype=bool)}
    return metrics + [
        Metric(f"{name} top-{places} of all", _share(ranks, mask, places), int(mask.sum()))
        for name, mask in everything.items()
        for places in PLACES
    ]


def _share(ranks: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_], places: int) -> float:
    return float((ranks[mask] <= places).mean()) if mask.any() else float("nan")
