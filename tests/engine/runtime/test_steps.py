"""Guessing ahead runs a model less often and never changes what it says: shown on a model that is a plain function."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.runtime.lookup import Lookup
from engine.runtime.steps import Steps

VOCABULARY = 7


class FunctionModel:
    """Its next token depends on the last two tokens in its memory, so a wrong memory is a wrong answer."""

    def __init__(self, prompt: Sequence[int], context_tokens: int = 200) -> None:
        self.context_tokens = context_tokens
        self.memory = list(prompt)
        self.rows = [self._next()]

    def _next(self) -> int:
        return (3 * self.memory[-1] + sum(self.memory[-4:-1])) % VOCABULARY

    def decode_next(self, token: int, position: int) -> int:
        return self.decode([token], position)

    def decode(self, tokens: Sequence[int], first: int, *, every_logit: bool = False) -> int:
        assert every_logit or len(tokens) == 1
        assert first == len(self.memory), "a gap, or tokens that should have been forgotten"
        if first + len(tokens) > self.context_tokens:
            return 1
        self.rows = []
        for token in tokens:
            self.memory.append(token)
            self.rows.append(self._next())
        return 0

    def forget(self, sequence: int, first: int) -> None:
        assert sequence == 0
        del self.memory[first:]


class Counting(FunctionModel):
    """It counts round and round, as a plan repeats its facts."""

    def _next(self) -> int:
        return (self.memory[-1] + 1) % VOCABULARY


def answer(
    prompt: list[int], most: int, length: int, context_tokens: int = 200, kind: type[FunctionModel] = FunctionModel
) -> tuple[list[int], Steps]:
    model = kind(prompt, context_tokens)
    steps = Steps(model, len(prompt), Lookup(prompt) if most else None, most)  # type: ignore[arg-type]
    said = []
    for left in range(length, 0, -1):
        said.append(model.rows[steps.row])
        if steps.position >= context_tokens:
            break
        steps.take(said[-1], left - 1)
    return said, steps


@given(st.lists(st.integers(0, VOCABULARY - 1), min_size=1, max_size=30), st.integers(1, 6), st.integers(1, 40))
def test_the_answer_is_the_same_and_never_takes_more_passes(prompt: list[int], most: int, length: int) -> None:
    plain, one_by_one = answer(prompt, 0, length)
    guessed, ahead = answer(prompt, most, length)
    assert guessed == plain
    assert ahead.passes <= one_by_one.passes == length


def test_an_answer_that_repeats_its_prompt_takes_far_fewer_passes() -> None:
    _, steps = answer([0, 1, 2, 3, 4, 5, 6, 0, 1, 2], 4, 40, kind=Counting)
    assert steps.passes <= 9


@pytest.mark.parametrize("most", [0, 4])
def test_a_guess_stays_within_the_context(most: int) -> None:
    said, steps = answer([0, 1, 2, 3, 4, 5, 6, 0, 1, 2], most, 50, context_tokens=36, kind=Counting)
    assert steps.position == 36
    assert len(said) == 27


def test_a_model_that_fails_is_an_error() -> None:
    model = FunctionModel([1], context_tokens=1)
    with pytest.raises(errors.ProgramError):
        Steps(model, 1).take(2, 5)  # type: ignore[arg-type]
