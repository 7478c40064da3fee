"""Sentence vectors in sixteen languages from an ONNX model that gives one finished vector for each text.

The model is a convolution over pieces of words and a sum (see `quantize/recipes/multilingual_encoder.py`); it has no
mask, so only texts of equally many pieces are read together, and no text's vector depends on another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import errors
from engine.runtime import hardware
from engine.runtime.base import Vectors
from engine.runtime.onnx import BATCH_TOKENS
from engine.runtime.onnx_session import open_session
from engine.runtime.unigram import read_unigram

MAX_PIECES = 128
"""Longer texts are cut: clauses are read, not notes."""


class OnnxBagEncoder:
    """An Encoder over one ONNX file and one tokenizer file that the caller has already verified."""

    def __init__(self, model: Path, tokenizer: Path, name: str, threads: int = 2) -> None:
        self._name = name
        self._tokenizer = read_unigram(tokenizer)
        self._session: Any | None = open_session(model, threads)
        self._dimensions = int(self._session.get_outputs()[0].shape[-1])

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:  # (texts, dimensions) float32
        """Return one normalised vector for each text."""
        if self._session is None:
            raise errors.ProgramError("the encoder is closed")
        pieces = [self._tokenizer.ids(text, MAX_PIECES) for text in texts]
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for rows in _equally_long([len(ids) for ids in pieces]):
            ids = np.array([pieces[row] for row in rows], dtype=np.int64)
            vectors[rows] = self._session.run(None, {"input_ids": ids})[0]
        if sum(map(len, pieces)) > BATCH_TOKENS:
            hardware.return_freed_memory()
        return vectors

    def close(self) -> None:
        self._session = None


def _equally_long(lengths: Sequence[int]) -> list[list[int]]:
    """Return the places of texts of one length together, at most BATCH_TOKENS pieces at a time."""
    groups: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        groups.setdefault(length, []).append(place)
    batches: list[list[int]] = []
    for length, places in groups.items():
        most = max(BATCH_TOKENS // length, 1)
        batches += [places[at : at + most] for at in range(0, len(places), most)]
    return batches
