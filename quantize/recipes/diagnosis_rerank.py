"""Train the network that ranks rare diseases, from published cases with each case's own papers left out.

    python -m quantize.recipes.diagnosis_rerank resources/knowledge

The same cases measure it in `evaluate --set rare`, but by folds over diseases: a disease is never ranked by weights
that have seen it. The weights that ship are trained on all folds. Runs in about three minutes on one core.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.diagnosis import compile as diagnosis_compile
from engine.diagnosis import hpo_source, rare_fold
from engine.diagnosis.ontology import build_ontology
from engine.diagnosis.phenotype import CANDIDATES, COSINE_WEIGHT
from engine.diagnosis.rare_features import RareFeatures
from engine.diagnosis.rare_fold import FOLDS, SEED, Columns
from engine.diagnosis.reranker import Reranker
from engine.evaluation.calibration import expected_calibration_error, selective_accuracy

Array = npt.NDArray[np.float32]
UNITS, STEPS, BATCH, STEP_SIZE, DECAY = 16, 800, 256, 0.003, 1e-3


@dataclass(frozen=True, slots=True)
class Examples:
    """Per case its best candidates by the plain order. `gold` is -1 where the true disease is not among them."""

    features: Array
    """(cases, candidates, features)"""
    gold: npt.NDArray[np.int64]
    disease: npt.NDArray[np.int64]
    columns: Columns

    def fold(self) -> npt.NDArray[np.int64]:
        """Return the fold of each case; all cases of one disease share one."""
        return rare_fold.fold_of(self.disease)


def gather(knowledge: Path) -> Examples:
    """Return the examples of every published case that has at least one phenotype."""
    ontology = build_ontology(hpo_source.read_terms(knowledge / "hpo"))
    sources = rare_fold.read_sources(knowledge, ontology)
    features = RareFeatures(ontology, diagnosis_compile.rare(knowledge, ontology))
    wanted = [place for place, case in enumerate(sources.cases) if rare_fold.terms_of(ontology, case.present)]
    tables, gold, disease = [], [], []
    for held in rare_fold.held_out(ontology, sources, wanted, features):
        plain = held.features[:, 0] + COSINE_WEIGHT * held.features[:, 7]
        best = np.argpartition(-plain, CANDIDATES - 1)[:CANDIDATES]
        found = np.flatnonzero(best == held.gold)
        tables.append(held.features[best])
        gold.append(int(found[0]) if len(found) else -1)
        disease.append(held.gold)
    columns = rare_fold.columns_of(knowledge / "hpo", ontology, sources.cases)
    kept = Columns(columns.honest[wanted], columns.known[wanted])
    return Examples(np.stack(tables), np.array(gold), np.array(disease), kept)


def train(examples: Examples, chosen: npt.NDArray[np.bool_]) -> Reranker:
    """Return a network fitted to the chosen cases; a disease with many cases counts by the root of their number."""
    usable = np.flatnonzero(chosen & (examples.gold >= 0))
    flat = examples.features[usable].reshape(-1, examples.features.shape[2])
    mean, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-6
    weight = 1 / np.sqrt(np.bincount(examples.disease)[examples.disease])
    rng = np.random.default_rng(SEED)
    width = flat.shape[1]
    parts = [rng.normal(0, 0.3, (width, UNITS)), np.zeros(UNITS), rng.normal(0, 0.1, UNITS), np.zeros(width)]
    first, second = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    for step in range(1, STEPS + 1):
        batch = rng.choice(usable, BATCH)
        x = (examples.features[batch] - mean) / spread
        slopes = _slopes(parts, x, examples.gold[batch], weight[batch] / weight[batch].sum())
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.99 * second[place] + 0.01 * slope**2
            move = (first[place] / (1 - 0.9**step)) / (np.sqrt(second[place] / (1 - 0.99**step)) + 1e-8)
            parts[place] = parts[place] - STEP_SIZE * move * (1 - step / (STEPS + 1))
    hidden, bias, out, straight = (part.astype(np.float32) for part in parts)
    return Reranker(mean, spread, hidden, bias, out, straight, np.ones(1, dtype=np.float32))


def _slopes(
    parts: list[npt.NDArray[np.float64]], x: Array, gold: npt.NDArray[np.int64], weight: npt.NDArray[np.float64]
) -> list[npt.NDArray[np.float64]]:
    """Return the gradient of the weighted cross-entropy over the candidates, with weight decay."""
    hidden, bias, out, straight = parts
    unit = np.tanh(x @ hidden + bias)
    score = unit @ out + x @ straight
    chance = np.exp(score - score.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    chance[np.arange(len(gold)), gold] -= 1
    chance *= weight[:, None]
    back = chance[:, :, None] * out * (1 - unit**2)
    flat_x, flat_back = x.reshape(-1, x.shape[2]), back.reshape(-1, back.shape[2])
    flat_unit, flat_chance = unit.reshape(-1, unit.shape[2]), chance.reshape(-1)
    return [
        flat_x.T @ flat_back + DECAY * hidden,
        flat_back.sum(axis=0),
        flat_unit.T @ flat_chance + DECAY * out,
        flat_x.T @ flat_chance + DECAY * straight,
    ]


def main() -> None:
    """Train by folds, report, fit the temperature on the held-out scores, train on everything, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knowledge", type=Path)
    knowledge = parser.parse_args().knowledge
    examples = gather(knowledge)
    fold = examples.fold()
    scores = np.zeros(examples.features.shape[:2], dtype=np.float32)
    weights = []
    for number in range(FOLDS):
        weights.append(train(examples, fold != number))
        for place in np.flatnonzero(fold == number):
            scores[place] = weights[-1].score(examples.features[place])
    temperature = best_temperature(scores, examples.gold)
    report(scores / temperature, examples)
    target = knowledge / "diagnosis_weights"
    for number, fitted in enumerate([*weights, train(examples, np.ones(len(fold), dtype=bool))]):
        name = "reranker.npz" if number == FOLDS else f"reranker_fold{number}.npz"
        _with_temperature(fitted, temperature).write(target / name)


def best_temperature(scores: Array, gold: npt.NDArray[np.int64]) -> float:
    """Return the temperature whose confidence lies nearest the accuracy of the held-out cases."""
    right = scores.argmax(axis=1) == gold
    tried = [float(value) for value in np.arange(0.6, 3.01, 0.05)]
    errors = [expected_calibration_error(_confidence(scores / value), right) for value in tried]
    return tried[int(np.argmin(errors))]


def _confidence(scores: Array) -> npt.NDArray[np.float64]:
    shifted = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
    top: npt.NDArray[np.float64] = 1 / shifted.sum(axis=1)
    return top


def _with_temperature(fitted: Reranker, temperature: float) -> Reranker:
    return Reranker(
        fitted.mean, fitted.spread, fitted.hidden, fitted.hidden_bias, fitted.out, fitted.straight,
        np.array([temperature], dtype=np.float32),
    )  # fmt: skip


def report(scores: Array, examples: Examples) -> None:
    """Print the figures of the held-out folds."""
    own = np.where(examples.gold >= 0, scores[np.arange(len(scores)), np.maximum(examples.gold, 0)], -np.inf)
    rank = (scores > own[:, None]).sum(axis=1) + np.where(examples.gold >= 0, 0, 10**6)
    confidence, known = _confidence(scores), examples.columns.known
    for name, mask in (
        ("honest", examples.columns.honest & known),
        ("shipped", known),
        ("honest, all", examples.columns.honest),
    ):
        shown = [f"{(rank[mask] < places).mean():.3f}" for places in (1, 3, 10)]
        calibration = expected_calibration_error(confidence[mask], rank[mask] == 0)
        selective = selective_accuracy(confidence[mask], rank[mask] == 0, 0.8)
        print(
            f"{name}: n={mask.sum()} top-1/3/10 {' '.join(shown)} ECE {calibration:.3f} top-1 at 80 % {selective:.3f}"
        )


if __name__ == "__main__":
    main()
