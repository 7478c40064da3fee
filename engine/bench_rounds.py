"""The rounds of `bench`: the engine, the bare loop and, where there is one, the engine on a graphics card, in turns.

Everybody evaluates the same prompt and writes the same number of tokens. The order turns with every round, so that a
machine that is busy with something else slows all of them; the first round warms up, is short and is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bare_loop import BareLoop, Stopwatch, Timing
from engine.runtime.base import GenerateOptions, Part, Prompt
from engine.runtime.gguf import GgufRuntime

PROMPT_TOKENS, NEW_TOKENS, WARM_UP_TOKENS = 256, 48, 4
TEXT = "The patient has had a cough and a fever for three days. "
_TEXT_TOKENS = 12

Side = Callable[[int], Timing]
"""Evaluates the prompt and writes so many tokens."""


def sides(ours: GgufRuntime, bare: BareLoop, on_card: GgufRuntime | None = None) -> dict[str, Side]:
    """Return who takes part, by name."""
    prompt = Prompt(head=(), tail=(Part(TEXT * (PROMPT_TOKENS // _TEXT_TOKENS)),))
    tokens = ours.tokens(prompt.tail)
    found: dict[str, Side] = {
        "ours": lambda new: _ours(ours, prompt, len(tokens), new),
        "bare": lambda new: bare.run(tokens, new),
    }
    if on_card is not None:
        found["card"] = lambda new: _ours(on_card, prompt, len(tokens), new)
    return found


def in_turns(taking_part: Mapping[str, Side], rounds: int) -> list[dict[str, Timing]]:
    """Return one timing for each side and round."""
    for side in taking_part.values():
        side(WARM_UP_TOKENS)
    names = list(taking_part)
    turns = (names[number % len(names) :] + names[: number % len(names)] for number in range(rounds))
    return [{name: taking_part[name](NEW_TOKENS) for name in order} for order in turns]


def _ours(runtime: GgufRuntime, prompt: Prompt, prompt_tokens: int, new_tokens: int) -> Timing:
    """Run the engine's own generation, tokenizing and making text included."""
    options = GenerateOptions(max_tokens=new_tokens, ignore_end=True)
    with runtime.sampler(options) as sampler:
        reading = Stopwatch()
        position = runtime.prefill(prompt)
        prefill, writing = reading.spent(), Stopwatch()
        for _ in runtime.answer(position or 0, sampler, options):
            pass
        return Timing(prompt_tokens, prefill, new_tokens, writing.spent())
