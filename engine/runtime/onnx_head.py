"""A transformer with a head on ONNX Runtime: one label for a text, one for each token, or the span that answers.

All three are the same run with another reading of the output, so they share this file. One text at a time: on a
clinic's processor a batch is no faster, and a text's result then cannot depend on its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

from engine import errors
from engine.runtime.onnx import read_tokenizer
from engine.runtime.onnx_session import open_session

Floats = npt.NDArray[np.float32]
MAX_TOKENS, LONGEST_ANSWER_TOKENS, BEST_ENDS = 384, 30, 20
MAX_LABELS, MAX_LABELS_BYTES = 10_000, 1 << 20


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its probability, for the characters from `start` to `end` of the text."""

    name: str
    probability: float
    start: int = 0
    end: int = 0


class OnnxHead:
    """One model file, its tokenizer and its labels, all verified by the caller."""

    def __init__(self, model: Path, tokenizer: Path, name: str, labels: Path | None = None, threads: int = 2) -> None:
        self.name = name
        self._tokenizer = read_tokenizer(tokenizer, MAX_TOKENS)
        self.labels = read_labels(labels) if labels else ()
        self._session: Any | None = open_session(model, threads)
        self._inputs = {each.name for each in self._session.get_inputs()}

    def close(self) -> None:
        self._session = None

    def classify(self, text: str) -> list[Label]:
        """Return every label of the text, likeliest first."""
        scores = _softmax(self._run(self._tokenizer.encode(text))[0][0])
        order = np.argsort(-scores)
        return [Label(self._label(int(n)), float(scores[n]), 0, len(text)) for n in order]

    def tag(self, text: str) -> list[Label]:
        """Return the likeliest label of every token that stands for characters, in order."""
        encoding = self._tokenizer.encode(text)
        rows = _softmax(self._run(encoding)[0][0])
        return [
            Label(self._label(int(row.argmax())), float(row.max()), start, end)
            for row, (start, end) in zip(rows, encoding.offsets, strict=True)
            if end > start
        ]

    def answer(self, question: str, passage: str) -> Label | None:
        """Return the span of `passage` that answers, with exact characters; None where the model says there is none."""
        encoding = self._tokenizer.encode(question, passage)
        first, last = (row[0] for row in self._run(encoding)[:2])
        inside = np.array([of == 1 and end > start for of, (start, end) in
                           zip(encoding.sequence_ids, encoding.offsets, strict=True)])
        best = _best_span(first, last, inside)
        if best is None:
            return None
        begin, end = best
        score = float(_softmax(first)[begin] * _softmax(last)[end])
        if float(first[0] + last[0]) >= float(first[begin] + last[end]):  # the first token means "not here"
            return None
        return Label("answer", score, encoding.offsets[begin][0], encoding.offsets[end][1])

    def _label(self, number: int) -> str:
        return self.labels[number] if number < len(self.labels) else f"LABEL_{number}"

    def _run(self, encoding: Encoding) -> list[Floats]:
        if self._session is None:
            raise errors.ProgramError("the model is closed")
        feeds = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        outputs: list[Floats] = self._session.run(None, {name: feeds[name] for name in self._inputs})
        return outputs


def read_labels(path: Path) -> tuple[str, ...]:
    """Return the labels in a JSON list, in the order of the model's outputs. Raises ModelDamaged."""
    with path.open("rb") as stream:
        data = stream.read(MAX_LABELS_BYTES)
    try:
        labels = msgspec.json.decode(data, type=list[str])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"{path.name}: {damaged}") from damaged
    if not 0 < len(labels) <= MAX_LABELS or len(set(labels)) != len(labels):
        raise errors.ModelDamaged(f"{path.name}: {len(labels)} labels, or one twice")
    return tuple(labels)


def _best_span(first: Floats, last: Floats, inside: npt.NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return (begin, end) of the span inside the passage with the highest sum, no longer than LONGEST_ANSWER_TOKENS."""
    places = np.flatnonzero(inside)
    starts = places[np.argsort(-first[places])][:BEST_ENDS]
    ends = places[np.argsort(-last[places])][:BEST_ENDS]
    spans = [(int(a), int(b)) for a in starts for b in ends if 0 <= b - a < LONGEST_ANSWER_TOKENS]
    return max(spans, key=lambda span: float(first[span[0]] + last[span[1]]), default=None)


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances
