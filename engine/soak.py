"""Many requests in a row on one loaded model: does memory grow, and does each kind of awkward ending come out as one?

Ten kinds take turns: plain answers, answers under a grammar, cancelling at a random point of the prompt or of the
answer, a full context, no token at all, an answer cut off inside a character, a prompt without chat marks, a prompt
that is too long, a bad grammar, and scoring. What a kind must end with is known; anything else is a failure.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import errors
from engine.runtime import hardware, prompts
from engine.runtime.base import Finish, GenerateOptions, Piece, Prompt
from engine.runtime.gguf import GgufRuntime

CONTEXT_TOKENS = 256
SETTLING = 0.25
"""Share of the requests after which the process has all the memory that it will keep."""
ANSWER = GenerateOptions(max_tokens=8, ignore_end=True)
CHINESE = "root ::= [一-龥]+"
SHORT = "root ::= [a-z ]{2,12}"


@dataclass(frozen=True, slots=True)
class Soaked:
    """`growth_bytes` is the slope of the resident memory over the requests that came after settling."""

    requests: int
    growth_bytes_per_request: float
    resident_mb: float
    endings: dict[str, int]
    failures: list[str]


def soak(model: Path, requests: int, seed: int = 20261126, threads: int = 1) -> Soaked:
    """Run the requests and return what came of them."""
    chance = random.Random(seed)
    endings: dict[str, int] = {}
    failures: list[str] = []
    resident = []
    with closing(GgufRuntime(model, model.name, CONTEXT_TOKENS, threads)) as runtime:
        kinds = list(_kinds(runtime, chance).items())
        for number in range(requests):
            name, (ask, allowed) = kinds[number % len(kinds)]
            ending = ask()
            endings[ending] = endings.get(ending, 0) + 1
            if ending not in allowed:
                failures.append(f"request {number} ({name}) ended with {ending}")
            resident.append(hardware.resident_bytes())
    late = np.array(resident[int(len(resident) * SETTLING) :], dtype=float)
    slope = float(np.polyfit(np.arange(len(late)), late, 1)[0]) if len(late) > 1 else 0.0
    return Soaked(requests, slope, resident[-1] / (1 << 20), endings, failures)


Kind = tuple[Callable[[], str], tuple[str, ...]]


def _kinds(runtime: GgufRuntime, chance: random.Random) -> dict[str, Kind]:
    """Return how to ask, and the endings that are right, by name."""

    def chat() -> Prompt:
        return prompts.chat(runtime.template, "You are a careful writer.", f"Question {chance.randrange(1000)}")

    def after(most: int) -> Callable[[], bool]:
        left = iter(range(chance.randrange(most)))
        return lambda: next(left, None) is None

    def ending(prompt: Prompt | str, options: GenerateOptions, cancelled: Callable[[], bool] = lambda: False) -> str:
        return _ending(runtime.generate(prompt, options, cancelled))

    def refused(error: type[errors.EngineError], prompt: Prompt | str, options: GenerateOptions) -> str:
        try:
            return ending(prompt, options)
        except error as said:
            return said.code

    return {
        "plain": (lambda: ending(chat(), ANSWER), (Finish.LENGTH,)),
        "grammar": (
            lambda: ending(chat(), GenerateOptions(max_tokens=16, grammar=SHORT)), (Finish.STOP, Finish.LENGTH)
        ),
        "cancelled": (lambda: ending("pain " * 150, ANSWER, after(40)), (Finish.CANCELLED, Finish.LENGTH)),
        "context full": (
            lambda: ending("pain " * (CONTEXT_TOKENS - 20), GenerateOptions(max_tokens=60, ignore_end=True)),
            (Finish.CONTEXT_FULL,),
        ),
        "no token": (lambda: ending(chat(), GenerateOptions(max_tokens=0)), (Finish.LENGTH,)),
        "cut character": (
            lambda: ending(chat(), GenerateOptions(max_tokens=1, ignore_end=True, grammar=CHINESE)), (Finish.LENGTH,)
        ),
        "no chat marks": (
            lambda: ending(prompts.chat("plain", "Write.", f"Question {chance.randrange(99)}"), ANSWER),
            (Finish.LENGTH,),
        ),
        "too long": (lambda: refused(errors.TooLarge, "pain " * 400, ANSWER), (errors.TooLarge.code,)),
        "bad grammar": (
            lambda: refused(errors.BadRequest, chat(), GenerateOptions(grammar="root ::= missing")),
            (errors.BadRequest.code,),
        ),
        "scoring": (lambda: f"{len(runtime.score(chat(), ['yes', ' no', '']))} scores", ("3 scores",)),
    }


def _ending(pieces: Iterator[Piece]) -> str:
    """Return the finish reason; what is not valid text, or has no or two endings, is named as such."""
    found = list(pieces)
    "".join(piece.text for piece in found).encode()
    finishes = [piece.finish for piece in found if piece.finish is not None]
    return str(finishes[0]) if len(finishes) == 1 and found[-1].finish else "no single ending"
