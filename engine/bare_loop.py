"""A bare greedy llama.cpp loop: the yardstick of `bench`, as plain as the library allows.

It does nothing that Lantern needs (no stop strings, no cancelling, no text), so it is the speed that the engine is
measured against. Nothing else uses it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import llama_cpp.llama_cpp as native

from engine.runtime.llama_native import model_params


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and seconds of processor time of all threads together."""

    clock_s: float
    processor_s: float


class Stopwatch:
    """Runs from the moment it is made."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def spent(self) -> Spent:
        return Spent(time.perf_counter() - self._clock, time.process_time() - self._processor)


@dataclass(frozen=True, slots=True)
class Timing:
    """What one prompt cost and the tokens after it, and how many of both there were."""

    prompt_tokens: int
    prefill: Spent
    new_tokens: int
    decode: Spent


class BareLoop:
    """A model and a context with llama.cpp's own default settings but the given size, batch and threads."""

    def __init__(self, path: Path, context_tokens: int, threads: int, batch_tokens: int) -> None:
        native.llama_backend_init()
        self._model = native.llama_model_load_from_file(str(path).encode(), model_params())
        params = native.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = batch_tokens
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        self._context = native.llama_init_from_model(self._model, params)
        self._sampler = native.llama_sampler_init_greedy()

    def run(self, prompt: list[int], new_tokens: int) -> Timing:
        """Evaluate `prompt`, then decode greedily; end tokens are ignored."""
        native.llama_memory_clear(native.llama_get_memory(self._context), False)
        tokens = (native.llama_token * len(prompt))(*prompt)
        reading = Stopwatch()
        native.llama_decode(self._context, native.llama_batch_get_one(tokens, len(prompt)))
        native.llama_synchronize(self._context)
        prefill, writing = reading.spent(), Stopwatch()
        token = (native.llama_token * 1)()
        for _ in range(new_tokens):
            token[0] = native.llama_sampler_sample(self._sampler, self._context, -1)
            native.llama_decode(self._context, native.llama_batch_get_one(token, 1))
        native.llama_synchronize(self._context)
        return Timing(len(prompt), prefill, new_tokens, writing.spent())

    def close(self) -> None:
        native.llama_sampler_free(self._sampler)
        native.llama_free(self._context)
        native.llama_model_free(self._model)
