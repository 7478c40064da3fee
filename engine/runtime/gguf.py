"""GGUF language models on llama.cpp: generation, scoring of continuations, and a kept prompt head.

The KV state of the last prompt head stays in memory, so a second request with the same instruction only evaluates its
own text. Head and tail are separate batches whether the head was kept or not: warm and cold give the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import errors
from engine.runtime.base import (
    Cancelled,
    Finish,
    GenerateOptions,
    Part,
    Piece,
    Prompt,
    Score,
    Template,
    never_cancelled,
)
from engine.runtime.calibration import BATCH_TOKENS, PASS_TOKENS
from engine.runtime.llama_native import ABORTED, LoadedModel, build
from engine.runtime.lookup import Lookup
from engine.runtime.prefix_cache import PrefixCache
from engine.runtime.prompts import CHATML_MARKS, as_prompt
from engine.runtime.sampling import NONE, Sampler
from engine.runtime.scoring import MAIN, SCORED_AT_ONCE, groups, log_probabilities_of, side_by_side
from engine.runtime.steps import Steps
from engine.runtime.streaming import TextStream


class _CancelledError(Exception):
    """The caller cancelled while a prompt was being evaluated."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many tokens of an answer were evaluated, and in how many passes of the model."""

    tokens: int = 0
    passes: int = 0


class _Opened:
    """How this process opened its last model, for what a result says it was made by."""

    settings = ""


def made_with() -> str:
    """Return what a text depends on besides file and request: library, processor features and settings."""
    return f"{build()} {_Opened.settings}".rstrip()


class GgufRuntime:
    """A TextRuntime over one GGUF file that the caller has already verified."""

    def __init__(
        self, path: Path, name: str, context_tokens: int = 4096, threads: int = 2, gpu_layers: int = 0,
        prefixes: PrefixCache | None = None, guessed_tokens: int = 0, batch_tokens: int = BATCH_TOKENS,
        pass_tokens: int = PASS_TOKENS,
    ) -> None:
        self._loaded: LoadedModel | None = LoadedModel(
            path, context_tokens, threads, batch_tokens, sequences=SCORED_AT_ONCE + 1, gpu_layers=gpu_layers,
            pass_tokens=pass_tokens,
        )
        self._name = name
        self._head: list[int] = []
        self._prefixes = prefixes
        self._adapter, self._adapted, self._adapted_prefixes = "", False, prefixes
        self._guessed_tokens = guessed_tokens
        _Opened.settings = f"pass {pass_tokens} guessed {guessed_tokens} on card {gpu_layers}"
        self.last_answer = Written()
        self._prompt: list[int] = []
        self._template: Template = "chatml" if _knows_chatml(self._loaded) else "plain"

    @property
    def name(self) -> str:
        return self._name

    @property
    def template(self) -> Template:
        return self._template

    @property
    def adapter(self) -> str:
        return self._adapter

    def add_adapter(self, path: Path, name: str, prefixes: PrefixCache | None = None) -> None:
        """Load a verified LoRA adapter for prompts that are `adapted`. Raises ModelDamaged."""
        self._open.add_adapter(path)
        self._adapter, self._adapted_prefixes = name, prefixes

    @property
    def context_tokens(self) -> int:
        return self._open.context_tokens

    @property
    def _open(self) -> LoadedModel:
        if self._loaded is None:
            raise errors.ProgramError("the runtime is closed")
        return self._loaded

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def count_tokens(self, text: str) -> int:
        return len(self._open.tokenize(text, control=False))

    def generate(
        self, prompt: Prompt | str, options: GenerateOptions, cancelled: Cancelled = never_cancelled
    ) -> Iterator[Piece]:
        """Yield the answer; see base.TextRuntime."""
        with self.sampler(options) as sampler:
            position = self.prefill(prompt, cancelled)
            if position is None:
                yield Piece("", Finish.CANCELLED)
            else:
                yield from self.answer(position, sampler, options, cancelled)

    def sampler(self, options: GenerateOptions) -> Sampler:
        """Return a sampler for `answer`; use it as a context manager."""
        return Sampler(self._open, options)

    def prefill(self, prompt: Prompt | str, cancelled: Cancelled = never_cancelled) -> int | None:
        """Evaluate the prompt and return the position after it; None when cancelled. Raises TooLarge."""
        try:
            return self._evaluate(as_prompt(prompt), cancelled)
        except _CancelledError:
            return None

    def answer(
        self, position: int, sampler: Sampler, options: GenerateOptions, cancelled: Cancelled = never_cancelled
    ) -> Iterator[Piece]:
        """Yield the answer to the prompt that was evaluated up to `position`."""
        loaded, stream = self._open, TextStream(options.stop)
        steps = Steps(loaded, position, Lookup(self._prompt) if self._guessed_tokens else None, self._guessed_tokens)
        finish = Finish.LENGTH
        for left in range(options.max_tokens, 0, -1):
            if cancelled():
                finish = Finish.CANCELLED
                break
            token = sampler.choose(steps.row)
            if token == NONE or (loaded.ends_answer(token) and not options.ignore_end):
                finish = Finish.DEAD_END if token == NONE else Finish.STOP
                break
            if text := stream.feed(loaded.piece(token)):
                yield Piece(text)
            if stream.stopped:
                finish = Finish.STOP
                break
            if steps.position >= loaded.context_tokens:
                finish = Finish.CONTEXT_FULL
                break
            steps.take(token, left - 1)
        self.last_answer = Written(steps.position - position, steps.passes)
        yield Piece(stream.finish(), finish)

    def score(
        self, prompt: Prompt | str, continuations: Sequence[str], cancelled: Cancelled = never_cancelled
    ) -> list[Score]:
        """Return log-likelihoods in order; continuations share the prompt's state and are evaluated side by side."""
        loaded = self._open
        tokens = [loaded.tokenize(text, control=False) for text in continuations]
        position = self.prefill(prompt, cancelled)
        if position is None:
            return []
        first = log_probabilities_of(loaded.logits())
        scores: list[Score] = []
        for group in groups(tokens):
            if cancelled():
                return []
            scores.extend(side_by_side(loaded, position, first, group))
        return scores

    def guess_ahead(self, tokens: int) -> None:
        """Guess at most so many tokens of each answer from its prompt; 0 for none."""
        self._guessed_tokens = tokens

    def plain_tokens(self, text: str) -> list[int]:
        """Return the tokens of a text in which no mark is a control token."""
        return self._open.tokenize(text, control=False)

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of some tokens; control tokens have none."""
        return b"".join(self._open.piece(token) for token in tokens).decode("utf-8", "replace")

    def has_end_token(self) -> bool:
        """Whether the model can end an answer by itself."""
        return self._open.has_end_token()

    def log_probabilities(self, tokens: Sequence[int]) -> npt.NDArray[np.float32]:  # (tokens, vocab) float32
        """Return the natural-log probability of every token after each of `tokens`, read as one fresh text.

        For measuring: at most one batch of tokens, because the answer holds the whole vocabulary for each of them.
        """
        loaded = self._open
        if not 0 < len(tokens) <= min(loaded.batch_tokens, loaded.context_tokens):
            raise errors.TooLarge(f"{len(tokens)} tokens at once")
        self._adapt(False)
        self._head = []
        loaded.forget(-1)
        if loaded.decode(tokens, 0, MAIN, every_logit=True):
            raise errors.ProgramError("llama.cpp could not evaluate a text")
        return np.stack([log_probabilities_of(loaded.logits(row)) for row in range(len(tokens))])

    def _evaluate(self, prompt: Prompt, cancelled: Cancelled) -> int:
        """Evaluate the prompt, reusing the kept head, and return the next position."""
        loaded = self._open
        head, tail = self.tokens(prompt.head), self.tokens(prompt.tail)
        if not head and not tail:
            head = [0]
        if len(head) + len(tail) >= loaded.context_tokens:
            raise errors.TooLarge(f"a prompt of {len(head) + len(tail)} tokens in a context of {loaded.context_tokens}")
        if not tail:
            head, tail = head[:-1], head[-1:]
        self._prompt = head + tail
        keep_alive = loaded.abort_when(cancelled)
        try:
            self._adapt(prompt.adapted)
            kept = self._adapted_prefixes if prompt.adapted else self._prefixes
            self._evaluate_head(loaded, head, cancelled, kept if prompt.fixed else None)
            _evaluate_run(loaded, tail, len(head), cancelled)
        except _CancelledError:
            self._head = []
            loaded.forget(-1)
            raise
        finally:
            loaded.abort_when(None)
            del keep_alive
        return len(head) + len(tail)

    def _adapt(self, wanted: bool) -> None:
        """Read with the adapter or without; the kept head was read the other way and goes."""
        if wanted == self._adapted:
            return
        if wanted and not self._adapter:
            raise errors.ProgramError("no adapter is loaded")
        self._open.use_adapter(wanted)
        self._adapted, self._head = wanted, []

    def _evaluate_head(
        self, loaded: LoadedModel, head: list[int], cancelled: Cancelled, prefixes: PrefixCache | None
    ) -> None:
        if head and head == self._head:
            loaded.forget(MAIN, len(head))
            return
        self._head = []
        loaded.forget(-1)
        if prefixes is None or not head:
            _evaluate_run(loaded, head, 0, cancelled)
        elif not ((state := prefixes.get(head)) and loaded.restore(MAIN, state, len(head))):
            loaded.forget(-1)
            _evaluate_run(loaded, head, 0, cancelled)
            prefixes.put(head, loaded.state(MAIN))
        self._head = head

    def tokens(self, parts: tuple[Part, ...]) -> list[int]:
        """Return the tokens of some parts of a prompt."""
        tokens: list[int] = []
        for part in parts:
            tokens.extend(self._open.tokenize(part.text, control=part.control))
        return tokens


def _evaluate_run(loaded: LoadedModel, tokens: list[int], first: int, cancelled: Cancelled) -> None:
    for start in range(0, len(tokens), loaded.batch_tokens):
        code = ABORTED if cancelled() else loaded.decode(tokens[start : start + loaded.batch_tokens], first + start)
        if code == ABORTED:
            raise _CancelledError
        if code:
            raise errors.ProgramError(f"llama.cpp could not evaluate the prompt (code {code})")


def _knows_chatml(loaded: LoadedModel) -> bool:
    """Whether every mark of the template is one control token. An end mark that is plain text would never end."""
    marks = (loaded.tokenize(mark, control=True) for mark in CHATML_MARKS)
    return all(len(tokens) == 1 and loaded.is_control(tokens[0]) for tokens in marks)
