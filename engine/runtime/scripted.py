"""Deterministic stand-ins for the models: the whole engine runs without weights, and a test knows every word.

They keep the contract of base.py in every point that a caller can see, limits and cancelling included.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine import errors
from engine.runtime.base import (
    Cancelled,
    Finish,
    GenerateOptions,
    Piece,
    Prompt,
    Score,
    Template,
    Vectors,
    never_cancelled,
)
from engine.runtime.prompts import as_prompt
from engine.runtime.streaming import TextStream

DEFAULT_ANSWER = "Rest and drink enough. Come back if you feel worse."
_WORD = re.compile(r"\s*\S+")


class ScriptedRuntime:
    """A TextRuntime that answers from a script: the first key found in the prompt decides. One word is one token."""

    def __init__(self, answers: dict[str, str] | None = None, context_tokens: int = 4096) -> None:
        self._answers = answers or {}
        self._context_tokens = context_tokens
        self._open = True

    @property
    def name(self) -> str:
        return "scripted 1"

    @property
    def template(self) -> Template:
        return "plain"

    @property
    def adapter(self) -> str:
        return ""

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    def count_tokens(self, text: str) -> int:
        return len(_WORD.findall(text))

    def generate(
        self, prompt: Prompt | str, options: GenerateOptions, cancelled: Cancelled = never_cancelled
    ) -> Iterator[Piece]:
        """Yield the scripted answer word by word; with a temperature the seed shuffles its words."""
        text = self._read(prompt)
        words = _WORD.findall(self._answer(text))
        if options.temperature > 0:
            random.Random(options.seed).shuffle(words)
        room = self._context_tokens - self.count_tokens(text)
        limits = ((options.max_tokens, Finish.LENGTH), (room, Finish.CONTEXT_FULL), (len(words), Finish.STOP))
        count, finish = min(limits, key=lambda limit: limit[0])
        stream = TextStream(options.stop)
        for word in words[:count]:
            if cancelled():
                yield Piece("", Finish.CANCELLED)
                return
            if released := stream.feed(word.encode()):
                yield Piece(released)
            if stream.stopped:
                yield Piece("", Finish.STOP)
                return
        yield Piece(stream.finish(), Finish.CANCELLED if cancelled() else finish)

    def score(
        self, prompt: Prompt | str, continuations: Sequence[str], cancelled: Cancelled = never_cancelled
    ) -> list[Score]:
        """Return likelihoods that depend only on the texts."""
        text = self._read(prompt)
        if cancelled():
            return []
        return [
            Score(-sum(1 + _number(text + word) for word in _WORD.findall(each)), self.count_tokens(each))
            for each in continuations
        ]

    def close(self) -> None:
        self._open = False

    def _read(self, prompt: Prompt | str) -> str:
        if not self._open:
            raise errors.ProgramError("the runtime is closed")
        asked = as_prompt(prompt)
        text = "".join(part.text for part in asked.head + asked.tail)
        if self.count_tokens(text) >= self._context_tokens:
            raise errors.TooLarge(f"a prompt of {self.count_tokens(text)} words")
        return text

    def _answer(self, prompt: str) -> str:
        return next((answer for key, answer in self._answers.items() if key in prompt), DEFAULT_ANSWER)


class ScriptedEncoder:
    """An Encoder by hashed words: equal words make vectors close, and nothing else does."""

    def __init__(self, dimensions: int = 384) -> None:
        self._dimensions = dimensions
        self._open = True

    @property
    def name(self) -> str:
        return "scripted 1"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:  # (texts, dimensions) float32
        """Return one normalised vector for each text."""
        if not self._open:
            raise errors.ProgramError("the encoder is closed")
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split() or [""]:
                vectors[row] += _direction(word, self._dimensions)
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    def close(self) -> None:
        self._open = False


class ScriptedTagger:
    """A Tagger that marks the names it is given, word by word: {head: [names in lower case]}."""

    def __init__(self, names: Mapping[int, Sequence[str]], heads: int = 3, room: int = 64) -> None:
        self._names = {head: [name.split() for name in each] for head, each in names.items()}
        self._heads, self._room = heads, room
        self.windows_read: list[tuple[str, ...]] = []

    @property
    def name(self) -> str:
        return "scripted 1"

    @property
    def heads(self) -> int:
        return self._heads

    @property
    def room(self) -> int:
        return self._room

    def sizes(self, words: Sequence[str]) -> list[int]:
        """Return one piece for every four letters."""
        return [min(-(-len(word) // 4), self._room // 4) for word in words]

    def scores(
        self, words: Sequence[str], shapes: Sequence[int], names: Sequence[int]
    ) -> Vectors:  # (words, heads, 3) float32
        """Return log-probabilities of 0.9 for what the names say."""
        if not len(words) == len(shapes) == len(names):
            raise errors.ProgramError("not one shape and one name a word")
        if sum(self.sizes(words)) > self._room:
            raise errors.ProgramError("a window that is too long")
        self.windows_read.append(tuple(words))
        labels = np.zeros((len(words), self._heads), dtype=np.int64)
        lower = [word.lower() for word in words]
        for head, known in self._names.items():
            for name in known:
                for first in range(len(lower) - len(name) + 1):
                    if lower[first : first + len(name)] == name:
                        labels[first : first + len(name), head] = [1, *([2] * (len(name) - 1))]
        scores: Vectors = np.log(np.where(np.arange(3) == labels[..., None], 0.9, 0.05)).astype(np.float32)
        return scores

    def close(self) -> None:
        """Nothing to free."""


def _number(text: str) -> float:
    """Return a stable number in [0, 1)."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def _direction(word: str, dimensions: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimensions).astype(np.float32)
