"""Choose the next token: llama.cpp's native sampler chain, with a grammar that costs next to nothing.

A grammar over the whole vocabulary is slow. So the chain chooses freely first; when the grammar refuses that token, the
likeliest 256 are filtered and the chain asked again, and only when none of them passes all tokens are. For greedy
decoding the choice is the same as with the whole vocabulary.
"""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any

import llama_cpp.llama_cpp as native
import numpy as np
import numpy.typing as npt

from engine import errors
from engine.runtime.base import GenerateOptions
from engine.runtime.llama_native import LoadedModel

LIKELY_TOKENS = 256
NONE = -1
"""What `choose` returns when no token continues the grammar."""


class Sampler:
    """A sampler chain and an optional grammar for one generation; use it as a context manager."""

    def __init__(self, loaded: LoadedModel, options: GenerateOptions) -> None:
        self._loaded = loaded
        self._grammar = _grammar(loaded, options.grammar) if options.grammar else None
        self._chain = _chain(options)
        self._candidates = _Candidates(loaded.vocab_size) if self._grammar else None

    def __enter__(self) -> Sampler:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        native.llama_sampler_free(self._chain)
        if self._grammar:
            native.llama_sampler_free(self._grammar)

    def choose(self, row: int = -1) -> int:
        """Return the token that follows an evaluated row, by default the last; NONE at a dead end of the grammar."""
        token = int(native.llama_sampler_sample(self._chain, self._loaded.context, row))
        if self._grammar is None or self._candidates is None:
            return token
        if not self._candidates.allows(self._grammar, token):
            token = self._candidates.best(self._grammar, self._chain, self._loaded.logits(row))
        if token != NONE and not self._loaded.ends_answer(token):
            native.llama_sampler_accept(self._grammar, token)
        return token


class _Candidates:
    """Arrays of (token, logit, p) that llama.cpp's samplers work on, kept between tokens."""

    def __init__(self, vocab_size: int) -> None:
        self._one = _Row(1)
        self._likely = _Row(min(LIKELY_TOKENS, vocab_size))
        self._all = _Row(vocab_size)

    def allows(self, grammar: Any, token: int) -> bool:
        self._one.fill(np.array([token]), np.ones(1, dtype=np.float32))
        native.llama_sampler_apply(grammar, ctypes.byref(self._one.array()))
        return self._one.any_left()

    def best(self, grammar: Any, chain: Any, logits: npt.NDArray[np.float32]) -> int:
        """Return the chain's choice among what the grammar allows: first of the likely tokens, else of all."""
        for row, tokens in ((self._likely, _likeliest(logits, self._likely.size)), (self._all, np.arange(len(logits)))):
            row.fill(tokens, logits[tokens])
            array = row.array()
            native.llama_sampler_apply(grammar, ctypes.byref(array))
            if row.any_left():
                native.llama_sampler_apply(chain, ctypes.byref(array))
                return int(array.data[array.selected].id)
        return NONE


class _Row:
    """One native array of candidates, seen through NumPy."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._native = (native.llama_token_data * size)()
        self._view = np.frombuffer(self._native, dtype=[("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])

    def fill(self, tokens: npt.NDArray[np.int64], logits: npt.NDArray[np.float32]) -> None:
        self._view["id"], self._view["logit"], self._view["p"] = tokens, logits, 0.0

    def array(self) -> Any:
        return native.llama_token_data_array(self._native, self.size, -1, False)

    def any_left(self) -> bool:
        return bool(np.isfinite(self._view["logit"]).any())


def _likeliest(logits: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
    """Return the `count` tokens of the highest logits, in no order."""
    return np.argpartition(logits, len(logits) - count)[len(logits) - count :]


def _chain(options: GenerateOptions) -> Any:
    params = native.llama_sampler_chain_default_params()
    params.no_perf = True
    chain = native.llama_sampler_chain_init(params)
    if options.temperature <= 0:
        steps = [native.llama_sampler_init_greedy()]
    else:
        steps = [
            native.llama_sampler_init_top_k(options.top_k),
            native.llama_sampler_init_top_p(options.top_p, 1),
            native.llama_sampler_init_temp(options.temperature),
            native.llama_sampler_init_dist(options.seed & 0xFFFFFFFF),
        ]
    for step in steps:
        native.llama_sampler_chain_add(chain, step)
    return chain


def _grammar(loaded: LoadedModel, text: str) -> Any:
    grammar = native.llama_sampler_init_grammar(loaded.vocab, text.encode(), b"root")
    if not grammar:
        raise errors.BadRequest("llama.cpp cannot read the grammar")
    return grammar
