"""How far a quantized language model is from its reference: perplexity and Kullback-Leibler divergence, word for word.

Both models read the same tokens through the engine's own runtime. The divergence compares whole distributions, so
it sees a loss long before an answer changes; perplexity says how well either model predicts clinic-like text at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import errors
from engine.runtime import gguf_header, hardware
from engine.runtime.gguf import GgufRuntime
from quantize.steps import Progress, check_memory

CHUNK_TOKENS = 128
SKIPPED = 16
"""Tokens at the beginning of each chunk that are read but not counted: without context every model guesses."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`kl_mean` and `kl_p99` in nats a token; `same_first` is the share of tokens where both would say the same."""

    tokens: int
    perplexity: float
    perplexity_reference: float
    kl_mean: float
    kl_p99: float
    same_first: float

    @property
    def perplexity_ratio(self) -> float:
        return self.perplexity / self.perplexity_reference


def compare(reference: Path, quantized: Path, text: str, most_tokens: int, threads: int = 1) -> Likeness:
    """Return the figures over at most so many tokens of `text`. Raises ModelDamaged when the vocabularies differ."""
    for path in (reference, quantized):
        gguf_header.read(path)
    check_memory(sum(hardware.needed_bytes(path, 2 * CHUNK_TOKENS) for path in (reference, quantized)), "comparing")
    first, second = (_opened(path, threads) for path in (reference, quantized))
    try:
        return _compare(first, second, text, most_tokens)
    finally:
        first.close()
        second.close()


def _opened(path: Path, threads: int) -> GgufRuntime:
    return GgufRuntime(path, path.stem, 2 * CHUNK_TOKENS, threads)


def _compare(reference: GgufRuntime, quantized: GgufRuntime, text: str, most_tokens: int) -> Likeness:
    tokens = reference.plain_tokens(text)[:most_tokens]
    if quantized.plain_tokens(text)[:most_tokens] != tokens:
        raise errors.ModelDamaged("the two models cut the same text into different tokens")
    chunks = [tokens[at : at + CHUNK_TOKENS] for at in range(0, len(tokens), CHUNK_TOKENS)]
    chunks = [chunk for chunk in chunks if len(chunk) > SKIPPED + 1]
    if not chunks:
        raise errors.BadRequest("too little text to compare on")
    progress, rows = Progress("perplexity", len(chunks)), []
    for done, chunk in enumerate(chunks, 1):
        p, q = reference.log_probabilities(chunk), quantized.log_probabilities(chunk)
        rows.append(_figures(p[SKIPPED:-1], q[SKIPPED:-1], np.array(chunk[SKIPPED + 1 :])))
        progress.show(done)
    return _summed(np.concatenate(rows))


def _figures(
    p: npt.NDArray[np.float32], q: npt.NDArray[np.float32], following: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:  # (tokens, 4): loss of p, loss of q, divergence, same first
    at = np.arange(len(following))
    wide_p, wide_q = p.astype(np.float64), q.astype(np.float64)
    divergence = (np.exp(wide_p) * (wide_p - wide_q)).sum(axis=1)
    same = p.argmax(axis=1) == q.argmax(axis=1)
    return np.stack([-wide_p[at, following], -wide_q[at, following], divergence, same], axis=1)


def _summed(rows: npt.NDArray[np.float64]) -> Likeness:
    loss_p, loss_q, divergence, same = (float(value) for value in rows.mean(axis=0))
    return Likeness(
        tokens=len(rows), perplexity=_exp(loss_q), perplexity_reference=_exp(loss_p), kl_mean=divergence,
        kl_p99=float(np.quantile(rows[:, 2], 0.99)), same_first=same,
    )


def _exp(loss: float) -> float:
    """Return e to the loss; NaN stays NaN and infinity infinity, so that a gate sees them."""
    return math.exp(loss) if loss < 700 else (math.inf if loss == loss else math.nan)
