"""Scores of names in a run of words, from a small ONNX token classifier with the encoder's word-piece vocabulary.

One window of words is one run of the model, never a batch: weights and activations are int8 and share one scale in a
run, so a window's scores would otherwise depend on what it happened to be read with.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import errors
from engine.runtime.base import Vectors
from engine.runtime.onnx import read_tokenizer
from engine.runtime.onnx_session import open_session

MAX_PIECES = 254
"""Word pieces in one window; with the two marks around them, what the model was trained on."""
MAX_WORD_PIECES = 16
"""A longer word (a sequence of bases, a web address) is read by its beginning."""
_CLASSES = 3
_INPUTS = ("input_ids", "shapes", "names")
_MOST_REMEMBERED = 50_000


class OnnxTagger:
    """A Tagger over one ONNX file and one tokenizer file that the caller has already verified."""

    def __init__(self, model: Path, tokenizer: Path, name: str, threads: int = 2) -> None:
        self._name = name
        self._tokenizer = read_tokenizer(tokenizer)
        self._tokenizer.no_truncation()
        self._first, self._last, self._unknown = map(self._mark, ("[CLS]", "[SEP]", "[UNK]"))
        self._session: Any | None = open_session(model, threads)
        if sorted(each.name for each in self._session.get_inputs()) != sorted(_INPUTS):
            raise errors.ModelDamaged("a tagger with other inputs")
        self._heads, odd = divmod(int(self._session.get_outputs()[0].shape[-1]), _CLASSES)
        if odd:
            raise errors.ModelDamaged("a tagger with other outputs")
        self._known: dict[str, list[int]] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def heads(self) -> int:
        return self._heads

    @property
    def room(self) -> int:
        return MAX_PIECES

    def sizes(self, words: Sequence[str]) -> list[int]:
        """Return how many word pieces each word is; at least one, at most MAX_WORD_PIECES."""
        return [len(self._pieces(word)) for word in words]

    def scores(
        self, words: Sequence[str], shapes: Sequence[int], names: Sequence[int]
    ) -> Vectors:  # (words, heads, 3) float32
        """Return the log-probabilities of none, begins and continues of each word for each head."""
        if self._session is None:
            raise errors.ProgramError("the tagger is closed")
        pieces = [self._pieces(word) for word in words]
        sizes = [len(each) for each in pieces]
        if sum(sizes) > MAX_PIECES:
            raise errors.ProgramError(f"a window of {sum(sizes)} word pieces")
        ids = [self._first, *(piece for each in pieces for piece in each), self._last]
        feeds = {
            "input_ids": np.array([ids], dtype=np.int64),
            "shapes": np.array([[0, *np.repeat(shapes, sizes), 0]], dtype=np.int64),
            "names": np.array([[0, *np.repeat(names, sizes), 0]], dtype=np.int64),
        }
        logits = self._session.run(None, feeds)[0][0]
        firsts = 1 + np.cumsum([0, *sizes[:-1]])
        return _log_probabilities(logits[firsts].reshape(len(words), self._heads, _CLASSES))

    def close(self) -> None:
        self._session = None

    def _mark(self, mark: str) -> int:
        number = self._tokenizer.token_to_id(mark)
        if number is None:
            raise errors.ModelDamaged(f"a tagger's vocabulary without {mark}")
        return number

    def _pieces(self, word: str) -> list[int]:
        if word not in self._known:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            ids = self._tokenizer.encode(word, add_special_tokens=False).ids
            self._known[word] = (ids or [self._unknown])[:MAX_WORD_PIECES]
        return self._known[word]


def _log_probabilities(logits: Vectors) -> Vectors:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Vectors = (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))).astype(np.float32)
    return result
