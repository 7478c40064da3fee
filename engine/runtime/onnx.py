"""Sentence vectors from a MiniLM-like ONNX model on ONNX Runtime, with Lantern's own copy of its word-piece vocabulary.

Mean pooling over the real tokens, then L2 normalisation, as the model was trained. The shipped encoder's scales
are fixed or one for each word piece (`quantize/careful_int8.py`): a vector does not depend on what is in the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from engine import errors
from engine.runtime import hardware
from engine.runtime.base import Vectors
from engine.runtime.onnx_session import open_session

BATCH_TOKENS = 2048
"""Padding included; more at once is no faster and takes memory that the process would keep."""
MOST_PADDING = 32
"""Padding tokens of one batch. Padding costs what words cost: clauses beside one long text were four fifths padding."""
MAX_TOKENS = 256
"""What the model was trained for; longer texts are cut, so callers encode sentences and not whole notes."""


class OnnxEncoder:
    """An Encoder over one ONNX file and one tokenizer file that the caller has already verified."""

    def __init__(self, model: Path, tokenizer: Path, name: str, threads: int = 2) -> None:
        self._name = name
        self._tokenizer = read_tokenizer(tokenizer)
        self._session: Any | None = open_session(model, threads)
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._dimensions = int(self._session.get_outputs()[0].shape[-1])

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:  # (texts, dimensions) float32
        """Return one normalised vector for each text; texts of like length share a batch."""
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        for rows in batches([len(each.ids) for each in encodings]):
            vectors[rows] = self._encode_batch([encodings[n] for n in rows])
        if sum(len(each.ids) for each in encodings) > BATCH_TOKENS:
            hardware.return_freed_memory()
        return vectors

    def close(self) -> None:
        self._session = None

    def _encode_batch(self, encodings: list[Encoding]) -> Vectors:
        if self._session is None:
            raise errors.ProgramError("the encoder is closed")
        longest = max(len(each.ids) for each in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)  # 0 is [PAD]
        mask = np.zeros_like(ids)
        for row, each in enumerate(encodings):
            ids[row, : len(each.ids)] = each.ids
            mask[row, : len(each.ids)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: feeds[name] for name in self._inputs})[0]
        return _pooled(hidden, mask)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indices of texts of like length: as many as BATCH_TOKENS and MOST_PADDING allow, at least one."""
    batch: list[int] = []
    words = 0
    for index in sorted(range(len(lengths)), key=lambda n: lengths[n]):
        words += lengths[index]
        padded = (len(batch) + 1) * lengths[index]
        if batch and (padded > BATCH_TOKENS or padded - words > MOST_PADDING):
            yield batch
            batch, words = [], lengths[index]
        batch.append(index)
    if batch:
        yield batch


def _pooled(hidden: Vectors, mask: npt.NDArray[np.int64]) -> Vectors:
    """Return the normalised mean over real tokens. `hidden` is (texts, tokens, dimensions) float32."""
    weights = mask[..., None].astype(np.float32)
    means = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
    pooled: Vectors = (means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return pooled


def read_tokenizer(path: Path, most_tokens: int = MAX_TOKENS) -> Tokenizer:
    """Return a tokenizer that pads nothing and cuts after `most_tokens`. Raises ModelDamaged."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as damaged:  # the library raises bare Exception for every kind of bad file
        raise errors.ModelDamaged(path.name) from damaged
    tokenizer.no_padding()
    tokenizer.enable_truncation(most_tokens)
    return tokenizer
