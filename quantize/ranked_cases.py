"""What a model makes of the held patients: a probability for each diagnosis, and figures about two such tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.cant_miss import WORST_SEVERITIES
from engine.evaluation.calibration import expected_calibration_error
from engine.runtime.base import Encoder, TextRuntime
from quantize import clinic_text
from quantize.clinic_text import WrittenCase
from quantize.steps import Progress
from quantize.verdict import Changed

Table = npt.NDArray[np.float64]
"""(cases, diagnoses): each row a probability distribution."""
MOST_CHANGED, TOP, CANT_MISS_PLACES = 20, 3, 5
COSINE_SHARPNESS = 20.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Both tables over the same cases."""

    cases: Sequence[WrittenCase]
    names: Sequence[str]
    reference: Table
    quantized: Table

    @property
    def truth(self) -> npt.NDArray[np.int64]:
        return np.array([self.names.index(case.diagnosis) for case in self.cases])

    def places(self, most: int) -> int:
        """Return how many places count as named: of a few labels the first alone, or everything would be named."""
        return most if len(self.names) > 2 * most else 1


def by_likelihood(runtime: TextRuntime, cases: Sequence[WrittenCase], names: Sequence[str]) -> Table:
    """Return the shares of the names' likelihoods right after each case."""
    return _by_likelihood(runtime, cases, [f" {name}" for name in names])


def by_first_sentence(runtime: TextRuntime, cases: Sequence[WrittenCase], names: Sequence[str]) -> Table:
    """Return the same of names that begin an answer, with their full stop: some tokenizers join it to the last word."""
    return _by_likelihood(runtime, cases, [f"{name}." for name in names])


def _by_likelihood(runtime: TextRuntime, cases: Sequence[WrittenCase], written: list[str]) -> Table:
    progress, rows = Progress("diagnosis", len(cases)), []
    for done, case in enumerate(cases, 1):
        scores = runtime.score(case.prompt, written)
        rows.append(_softmax(np.array([score.log_likelihood for score in scores])))
        progress.show(done)
    return np.stack(rows)


def by_nearness(encoder: Encoder, cases: Sequence[WrittenCase], names: Sequence[str]) -> Table:
    """Return how near each case's vector is to the name of each diagnosis, as shares."""
    known = encoder.encode(list(names))
    vectors = np.concatenate([encoder.encode([case.prompt]) for case in cases])
    return np.stack([_softmax(COSINE_SHARPNESS * row.astype(np.float64)) for row in vectors @ known.T])


def compared(
    make: tuple[Callable[..., Table], object, object], cases: Sequence[WrittenCase]
) -> Pair:
    """Return both tables, made by the same function from the reference and the quantized model."""
    ranked, reference, quantized = make
    names = clinic_text.diagnoses()
    return Pair(cases, names, ranked(reference, cases, names), ranked(quantized, cases, names))


def figures(pair: Pair) -> dict[str, float]:
    """Return agreement, accuracy, can't-miss recall and calibration of both, and what was lost."""
    truth = pair.truth
    severe = np.array([case.severity in WORST_SEVERITIES for case in pair.cases])
    found: dict[str, float] = {
        "diagnosis_same_first": float((pair.reference.argmax(1) == pair.quantized.argmax(1)).mean()),
        "diagnosis_same_top3": float(np.mean([
            len(set(_best(a)) & set(_best(b))) / TOP for a, b in zip(pair.reference, pair.quantized, strict=True)
        ])),
    }  # fmt: skip
    for name, table in (("reference", pair.reference), ("quantized", pair.quantized)):
        rank = (table > table[np.arange(len(truth)), truth][:, None]).sum(axis=1)
        rank = np.where(np.isfinite(table).all(axis=1), rank, len(pair.names))  # no number is no diagnosis
        found[f"diagnosis_top1_{name}"] = float((rank == 0).mean())
        found[f"diagnosis_top3_{name}"] = float((rank < pair.places(TOP)).mean())
        seen = rank[severe] < pair.places(CANT_MISS_PLACES)
        found[f"cant_miss_recall_{name}"] = float(seen.mean()) if severe.any() else np.nan
        sound = bool(np.isfinite(table).all())
        error = expected_calibration_error(table.max(axis=1), rank == 0) if sound else np.nan
        found[f"calibration_error_{name}"] = error
    found["diagnosis_top3_loss"] = found["diagnosis_top3_reference"] - found["diagnosis_top3_quantized"]
    found["cant_miss_recall_loss"] = found["cant_miss_recall_reference"] - found["cant_miss_recall_quantized"]
    found["calibration_error_increase"] = found["calibration_error_quantized"] - found["calibration_error_reference"]
    return found


def counts(pair: Pair) -> dict[str, int]:
    """Return how many cases each figure rests on."""
    severe = sum(case.severity in WORST_SEVERITIES for case in pair.cases)
    return {name: severe if name.startswith("cant_miss") else len(pair.cases) for name in figures(pair)}


def most_changed(pair: Pair) -> list[Changed]:
    """Return the cases whose distribution moved furthest, furthest first."""
    moved = np.nan_to_num(np.abs(pair.reference - pair.quantized).sum(axis=1) / 2, nan=1.0)
    return [
        Changed(
            float(moved[n]), pair.cases[n].prompt, pair.cases[n].diagnosis, _said(pair, pair.reference[n]),
            _said(pair, pair.quantized[n]),
        )
        for n in np.argsort(-moved, kind="stable")[:MOST_CHANGED]
    ]


def _said(pair: Pair, row: npt.NDArray[np.float64]) -> str:
    return ", ".join(f"{pair.names[n]} {row[n]:.0%}" for n in _best(row))


def _best(row: npt.NDArray[np.float64]) -> list[int]:
    return [int(n) for n in np.argsort(-row, kind="stable")[:TOP]]


def _softmax(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    shifted = np.exp(values - values.max())
    shares: npt.NDArray[np.float64] = shifted / shifted.sum()
    return shares
