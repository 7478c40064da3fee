"""Evaluate an answer token by token, or several at once where the next ones can be guessed.

A guess is evaluated in one pass with the token before it. Each of its tokens counts only when the sampler chooses it
from the row before; the first that it does not choose, and what came after, is dropped from the model's memory.
"""

from __future__ import annotations

from engine import errors
from engine.runtime.llama_native import LoadedModel
from engine.runtime.lookup import Lookup


class Steps:
    """Where an answer stands: `row` of the last pass holds what follows, `position` is that of the next token."""

    def __init__(self, loaded: LoadedModel, position: int, lookup: Lookup | None = None, most_guessed: int = 0) -> None:
        self._loaded = loaded
        self._lookup, self._most = lookup, most_guessed
        self._ahead: list[int] = []
        self.position, self.row = position, -1
        self.passes = 0
        """How many times the model was run; without a guess one for each token."""

    def take(self, token: int, wanted: int) -> None:
        """Evaluate `token` unless a guess already did; `wanted` is how many more tokens may follow."""
        if self._lookup is not None:
            self._lookup.add(token)
        if self._ahead and self._ahead[0] == token:
            self._ahead.pop(0)
            self.row += 1
        else:
            self._evaluate(token, wanted)
        self.position += 1

    def _evaluate(self, token: int, wanted: int) -> None:
        loaded = self._loaded
        if self._ahead:
            loaded.forget(0, self.position)
        room = min(self._most, wanted, loaded.context_tokens - self.position - 1)
        self._ahead = self._lookup.guess(room) if self._lookup is not None else []
        if self._ahead:
            code = loaded.decode([token, *self._ahead], self.position, every_logit=True)
        else:
            code = loaded.decode_next(token, self.position)
        if code:
            raise errors.ProgramError("llama.cpp could not evaluate a token")
        self.row = 0
        self.passes += 1
