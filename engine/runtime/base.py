"""What the engine asks of a model, whatever runs it: words (`TextRuntime`) and sentence vectors (`Encoder`).

The pipeline sees only these Protocols, so that the same request runs on a real GGUF, on a real ONNX model or on the
scripted stand-in of the tests, and one contract test holds all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Cancelled = Callable[[], bool]
Template = Literal["chatml", "plain"]
Vectors = npt.NDArray[np.float32]


def never_cancelled() -> bool:
    """Return False: for callers that nobody can interrupt."""
    return False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a prompt. Only in a `control` part do marks such as ``<|im_end|>`` become control tokens."""

    text: str
    control: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads: `head` stays the same from request to request, so its state is kept; `tail` changes.

    Head and tail are always evaluated as separate batches: a warm run then computes the very same numbers as a
    cold one, and the same request gives the same text. `fixed` says that the head is an instruction of Lantern's own,
    without a word of any case: only then may its state be kept on disk. `adapted` lets the model's adapter change how
    it is read and answered.
    """

    head: tuple[Part, ...]
    tail: tuple[Part, ...] = ()
    fixed: bool = False
    adapted: bool = False


class Finish(StrEnum):
    """Why generation ended."""

    STOP = "stop"  # the model's end token, or one of the stop strings
    LENGTH = "length"  # max_tokens
    CONTEXT_FULL = "context_full"
    CANCELLED = "cancelled"
    DEAD_END = "dead_end"  # no token of the vocabulary continues the grammar


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """`temperature` 0 is greedy and ignores seed, top_k and top_p. `grammar` is GBNF with a rule named root."""

    max_tokens: int = 256
    seed: int = 0
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    grammar: str | None = None
    stop: tuple[str, ...] = ()
    ignore_end: bool = False
    """Go on after the model's end token: for measuring only."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole characters of the answer. The last piece, and only it, has a finish reason; its text may be empty."""

    text: str
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Natural-log likelihood of one continuation, summed over its `tokens`."""

    log_likelihood: float
    tokens: int


@runtime_checkable
class TextRuntime(Protocol):
    """A language model. Not thread-safe: one inference thread owns it."""

    @property
    def name(self) -> str:
        """Pack name and version, for results and the screen."""

    @property
    def template(self) -> Template:
        """Which of Lantern's prompt templates this model understands (see prompts.chat)."""

    @property
    def adapter(self) -> str:
        """Pack name and version of the adapter that drafts for this model; empty where there is none."""

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and answer may have together."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` is."""

    def generate(self, prompt: Prompt | str, options: GenerateOptions, cancelled: Cancelled = ...) -> Iterator[Piece]:
        """Yield the answer in pieces. Raises TooLarge when the prompt does not fit, BadRequest for a bad grammar."""

    def score(
        self, prompt: Prompt | str, continuations: Sequence[str], cancelled: Cancelled = ...
    ) -> list[Score]:
        """Return the score of each continuation right after `prompt`, in order; an empty list when cancelled."""

    def close(self) -> None:
        """Free the model. Calling it twice is allowed."""


@runtime_checkable
class Encoder(Protocol):
    """A sentence encoder."""

    @property
    def name(self) -> str:
        """Pack name and version."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:  # (texts, dimensions) float32
        """Return one L2-normalised vector for each text, in order. A text's vector does not depend on the others."""

    def close(self) -> None:
        """Free the model. Calling it twice is allowed."""


@runtime_checkable
class Tagger(Protocol):
    """A token classifier: what each word of one window begins or continues, by each of its heads."""

    @property
    def name(self) -> str:
        """Pack name and version."""

    @property
    def heads(self) -> int:
        """How many things it was taught to mark."""

    @property
    def room(self) -> int:
        """The most word pieces in one window."""

    def sizes(self, words: Sequence[str]) -> list[int]:
        """Return how many word pieces each word takes, at most a quarter of `room`."""

    def scores(
        self, words: Sequence[str], shapes: Sequence[int], names: Sequence[int]
    ) -> Vectors:  # (words, heads, 3) float32
        """Return the log-probabilities of none, begins and continues. `shapes` and `names` hold a number a word."""

    def close(self) -> None:
        """Free the model. Calling it twice is allowed."""


def joined(texts: Iterator[Piece]) -> str:
    """Return the whole text of a generation."""
    return "".join(piece.text for piece in texts)
