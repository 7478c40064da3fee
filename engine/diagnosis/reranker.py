"""Weighs the nine features of each rare disease into one score: a small network, trained by a seeded recipe.

`quantize/recipes/diagnosis_rerank.py` rebuilds the weights; `resources/knowledge/diagnosis_weights` says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.knowledge.index import IndexWriter, KnowledgeIndex

Array = npt.NDArray[np.float32]
_ENTRY = "diagnosis.reranker"
_FIELDS = ("mean", "spread", "hidden", "hidden_bias", "out", "straight", "temperature")


@dataclass(frozen=True, slots=True)
class Reranker:
    """score = out . tanh(hidden . x + bias) + straight . x, over `temperature`; x are the standardised features."""

    mean: Array
    spread: Array
    hidden: Array
    """(features, units)"""
    hidden_bias: Array
    out: Array
    straight: Array
    temperature: Array
    """One number: what scores are divided by to become log odds."""

    def score(self, features: Array) -> Array:
        """Return one score a disease, shape (diseases,), on the scale of log odds."""
        x = (features - self.mean) / self.spread
        raw = np.tanh(x @ self.hidden + self.hidden_bias) @ self.out + x @ self.straight
        scores: Array = (raw / self.temperature).astype(np.float32)
        return scores

    def put(self, writer: IndexWriter) -> None:
        """Store the weights."""
        for field in _FIELDS:
            writer.put_array(f"{_ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> Reranker:
        """Return what `put` stored."""
        return Reranker(*(index.array(f"{_ENTRY}.{field}") for field in _FIELDS))

    @staticmethod
    def read(path: Path) -> Reranker:
        """Return the weights of a recipe's `.npz` file."""
        with np.load(path, allow_pickle=False) as stored:
            return Reranker(*(stored[field].astype(np.float32) for field in _FIELDS))

    def write(self, path: Path) -> None:
        """Write the weights for the knowledge compiler."""
        np.savez(path, **{field: getattr(self, field) for field in _FIELDS})
