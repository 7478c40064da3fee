"""Guess the next tokens of an answer from what the model has just read: a plan in other words repeats its source.

Names, doses and whole phrases of a fact come back in the sentence that is made of it. Where the last tokens of the
answer stand in the prompt too, the tokens that followed them there are guessed; the model evaluates the guess together
with the token before it, and only what it would have chosen anyway is kept. So a guess costs time or saves time; it
never changes a word.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST, SHORTEST = 3, 2
"""How many last tokens must be found again: first three, then two. One alone guesses wrongly too often."""


class Lookup:
    """The tokens of a prompt and of the answer so far, and where each two or three in a row were last seen."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._tokens: list[int] = []
        self._seen: dict[tuple[int, ...], int] = {}
        for token in prompt:
            self.add(token)

    def add(self, token: int) -> None:
        """Take one more token. What ends with it can be found only once something followed it."""
        end = len(self._tokens)
        for length in range(SHORTEST, LONGEST + 1):
            if end >= length:
                self._seen[tuple(self._tokens[end - length : end])] = end
        self._tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """Return at most so many tokens that may come next; empty where the last tokens are new."""
        for length in range(LONGEST, SHORTEST - 1, -1):
            found = self._seen.get(tuple(self._tokens[-length:])) if len(self._tokens) >= length else None
            if found is not None:
                return self._tokens[found : found + max(most, 0)]
        return []
