"""Log-likelihoods of several continuations of one prompt, evaluated side by side in as few batches as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine import errors
from engine.runtime.base import Score
from engine.runtime.llama_native import LoadedModel

MAIN = 0
"""The sequence that prompts and answers use; the others are for scoring."""
SCORED_AT_ONCE = 15
SCORED_TOKENS_AT_ONCE = 256
"""Attention runs over all that shares the memory, whosever it is: ten texts of 230 tokens side by side took 1.5 times
as long as one after the other. Short ones share a pass."""


def groups(tokens: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Yield the continuations in order, in groups that are evaluated together."""
    group: list[list[int]] = []
    for each in tokens:
        if group and (len(group) == SCORED_AT_ONCE or sum(map(len, [*group, each])) > SCORED_TOKENS_AT_ONCE):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def side_by_side(
    loaded: LoadedModel, position: int, first: npt.NDArray[np.float32], group: list[list[int]]
) -> list[Score]:
    """Score a few continuations in as few batches as fit."""
    totals = [float(first[tokens[0]]) if tokens else 0.0 for tokens in group]
    rows = [
        (n, token, at, following)
        for n, tokens in enumerate(group)
        for at, (token, following) in enumerate(pairwise(tokens))
    ]
    for n in range(len(group)):
        loaded.share(MAIN, n + 1)
    for start in range(0, len(rows), loaded.batch_tokens):
        part = rows[start : start + loaded.batch_tokens]
        if loaded.decode_mixed([(token, position + at, n + 1, True) for n, token, at, _ in part]):
            raise errors.TooLarge("the continuations do not fit in the context")
        for row, (n, _, _, following) in enumerate(part):
            totals[n] += float(log_probabilities_of(loaded.logits(row))[following])
    for n in range(len(group)):
        loaded.forget(n + 1)
    return [Score(total, len(tokens)) for total, tokens in zip(totals, group, strict=True)]


def log_probabilities_of(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:  # (vocab_size,) float32
    """Return natural-log probabilities; their sum is taken in 64 bits."""
    highest = logits.max()
    shifted: npt.NDArray[np.float32] = logits - highest
    return shifted - np.float32(np.log(np.exp(shifted, dtype=np.float64).sum()))
