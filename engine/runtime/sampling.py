"""Choose the next token: llama.cpp's native sampler chain, with a grammar that costs next to nothing.

A grammar over the whole vocabulary is slow. So the chain chooses freely first, and only when the grammar refuses that
one token are all tokens filtered and the chain asked again; for greedy decoding the result is the same.
"""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any

import llama_cpp.llama_cpp as native
import numpy as np

from engine import errors
from engine.runtime.base import GenerateOptions
from engine.runtime.llama_native import LoadedModel

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

    def choose(self) -> int:
        """Return the next token for the last evaluated row, or NONE at a dead end of the grammar."""
        token = int(native.llama_sampler_sample(self._chain, self._loaded.context, -1))
        if self._grammar is None or self._candidates is None:
            return token
        if not self._candidates.allows(self._grammar, token):
            token = self._candidates.best(self._grammar, self._chain, self._loaded)
        if token != NONE and not self._loaded.ends_answer(token):
            native.llama_sampler_accept(self._grammar, token)
        return token


class _Candidates:
    """The array of (token, logit, p) that llama.cpp's samplers work on, kept between tokens."""

    def __init__(self, vocab_size: int) -> None:
        self._all = (native.llama_token_data * vocab_size)()
        self._view = np.frombuffer(self._all, dtype=[("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
        self._one = (native.llama_token_data * 1)()

    def allows(self, grammar: Any, token: int) -> bool:
        self._one[0].id, self._one[0].logit, self._one[0].p = token, 1.0, 0.0
        array = native.llama_token_data_array(self._one, 1, -1, False)
        native.llama_sampler_apply(grammar, ctypes.byref(array))
        return bool(np.isfinite(self._one[0].logit))

    def best(self, grammar: Any, chain: Any, loaded: LoadedModel) -> int:
        self._view["id"] = np.arange(len(self._view), dtype=np.int32)
        self._view["logit"] = loaded.logits()
        self._view["p"] = 0.0
        array = native.llama_token_data_array(self._all, len(self._all), -1, False)
        native.llama_sampler_apply(grammar, ctypes.byref(array))
        if not np.isfinite(self._view["logit"]).any():
            return NONE
        native.llama_sampler_apply(chain, ctypes.byref(array))
        return int(array.data[array.selected].id)


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
