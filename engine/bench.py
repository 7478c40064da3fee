"""Measure the language model beside a bare llama.cpp loop: same process, same file, same threads, in turns.

Both sides evaluate the same prompt and decode the same number of tokens; rounds alternate (ours first in one, second in
the next), so that a busy machine slows both. Figures are medians; spread is the middle half of the rounds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine import errors
from engine.bare_loop import BareLoop, Timing
from engine.runtime import calibration, gguf_header, hardware, packs, prompts
from engine.runtime.base import GenerateOptions, Part, Prompt
from engine.runtime.gguf import BATCH_TOKENS, GgufRuntime
from engine.runtime.llama_native import build
from engine.runtime.prefix_cache import PrefixCache

PROMPT_TOKENS, NEW_TOKENS, CONTEXT_TOKENS = 400, 96, 1024
SYSTEM = (
    "You put a treatment plan that has already been decided into plain sentences for the record. Use only the facts "
    "that are given. Do not add a drug, a dose, a number or advice of your own. Write short sentences.\n"
    "Sentence: Rest, drink plenty of water and come back after 3 days.\n"
    "Answer: The patient should rest, drink plenty of water and come back after 3 days.\n"
    "Sentence: Antibiotics do not help a cold.\nAnswer: A cold is not helped by antibiotics."
)
"""As long as the instruction that plans are worded with."""
GRAMMAR = "root ::= [a-zA-Z0-9 .,:;%/()'-]+"
"""A grammar of the kind that holds drafts to a sentence; it never ends by itself, so both write as much."""
QUESTION = "Option: rest and fluids. Benefit: most people are well within a week. Follow-up: in three days."


@dataclass(frozen=True, slots=True)
class Spread:
    """Middle half of the rounds, lowest and highest, in tokens a second."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What `lantern-engine bench` prints; speeds in tokens a second."""

    model: str
    threads: int
    rounds: int
    load_s: float
    prefill_tps: float
    prefill_tps_bare: float
    decode_tps: float
    decode_tps_bare: float
    prefill_ratio: float
    decode_ratio: float
    """Median over rounds of ours / bare in the same round."""
    grammar_tps: float
    grammar_ratio: float
    """Decoding under a grammar / free, both ours."""
    first_token_cold_s: float
    first_token_warm_s: float
    first_token_restart_s: float
    """A new process's first token with the kept head from disk; loading the model is not in it."""
    rss_mb: float
    spread: dict[str, Spread] = field(default_factory=dict)


def measure(unverified: Path | None = None, rounds: int = 5, threads: int | None = None) -> Figures:
    """Return the figures of the installed model, or of a GGUF file outside any pack. Raises InstallationError."""
    path = unverified or packs.text_model(packs.models_dir()).model_path
    if not path.is_file():
        raise errors.ModelMissing(path.name)
    gguf_header.read(path)
    hardware.check_room_for(path, 2 * CONTEXT_TOKENS)
    used = threads or hardware.threads()
    begun = time.perf_counter()
    ours = GgufRuntime(path, path.name, CONTEXT_TOKENS, used)
    load_s = time.perf_counter() - begun
    firsts = (*_first_tokens(ours), _restarted_first_token(path, used))
    rss_mb = resident_mb()
    bare = BareLoop(path, CONTEXT_TOKENS, used, BATCH_TOKENS)
    try:
        pairs = _rounds(ours, bare, rounds)
        grammar = _grammar_speeds(ours, rounds)
    finally:
        bare.close()
        ours.close()
    return _figures(path.name, used, load_s, firsts, rss_mb, pairs, grammar)


def _rounds(ours: GgufRuntime, bare: BareLoop, rounds: int) -> list[tuple[Timing, Timing]]:
    """Return (ours, bare) timings; the first round of each warms up and is not counted."""
    text = "The patient has had a cough and a fever for three days. " * (PROMPT_TOKENS // 12)
    prompt = Prompt(head=(), tail=(Part(text),))
    tokens = ours.tokens(prompt.tail)
    sides: list[Callable[[], Timing]] = [
        lambda: _ours(ours, prompt, len(tokens)),
        lambda: bare.run(tokens, NEW_TOKENS),
    ]
    pairs: list[tuple[Timing, Timing]] = []
    for round_number in range(rounds + 1):
        order = (0, 1) if round_number % 2 else (1, 0)
        timings = {side: sides[side]() for side in order}
        pairs.append((timings[0], timings[1]))
    return pairs[1:]


def _ours(runtime: GgufRuntime, prompt: Prompt, prompt_tokens: int) -> Timing:
    """Run the engine's own generation, tokenizing and making text included."""
    options = GenerateOptions(max_tokens=NEW_TOKENS, ignore_end=True)
    with runtime.sampler(options) as sampler:
        begun = time.perf_counter()
        position = runtime.prefill(prompt)
        prefilled = time.perf_counter()
        for _ in runtime.answer(position or 0, sampler, options):
            pass
        return Timing(prompt_tokens, prefilled - begun, NEW_TOKENS, time.perf_counter() - prefilled)


def _first_tokens(runtime: GgufRuntime) -> tuple[float, float]:
    """Return seconds to the first piece of a plan, cold and again with the fixed instruction kept."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    return _first_piece_s(runtime, prompt), _first_piece_s(runtime, prompt)


def _restarted_first_token(path: Path, threads: int) -> float:
    """Return seconds to the first piece after a restart that finds the instruction's state on disk."""
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        for _ in range(2):
            runtime = GgufRuntime(
                path, path.name, CONTEXT_TOKENS, threads, prefixes=PrefixCache(Path(folder), path.name)
            )
            taken = _first_piece_s(runtime, prompts.chat(runtime.template, SYSTEM, QUESTION, fixed=True))
            runtime.close()
    return taken


def _grammar_speeds(runtime: GgufRuntime, rounds: int) -> list[tuple[float, float]]:
    """Return (with grammar, free) in tokens a second, in turns."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    options = {name: GenerateOptions(max_tokens=NEW_TOKENS, ignore_end=True, grammar=grammar)
               for name, grammar in (("held", GRAMMAR), ("free", None))}
    pairs = []
    for number in range(rounds):
        order = ("held", "free") if number % 2 else ("free", "held")
        speeds = {name: _decode_tps(runtime, prompt, options[name]) for name in order}
        pairs.append((speeds["held"], speeds["free"]))
    return pairs


def _decode_tps(runtime: GgufRuntime, prompt: Prompt, options: GenerateOptions) -> float:
    with runtime.sampler(options) as sampler:
        position = runtime.prefill(prompt) or 0
        begun = time.perf_counter()
        for _ in runtime.answer(position, sampler, options):
            pass
        return options.max_tokens / (time.perf_counter() - begun)


def calibrate(models: Path) -> calibration.Calibration:
    """Measure decoding with every number of threads that this machine has, and keep the best for the model in use."""
    verified = packs.text_model(models)
    measured = {}
    for threads in range(1, min(hardware.cores(), hardware.MAX_THREADS) + 1):
        runtime = GgufRuntime(verified.model_path, verified.manifest.name, CONTEXT_TOKENS, threads)
        prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
        options = GenerateOptions(max_tokens=NEW_TOKENS // 2, ignore_end=True)
        measured[threads] = statistics.median(_decode_tps(runtime, prompt, options) for _ in range(3))
        runtime.close()
    weights = next(file.sha256 for file in verified.manifest.files if file.name == verified.manifest.model)
    return calibration.keep(models, calibration.key(weights, build(), hardware.cores()), measured)


def _first_piece_s(runtime: GgufRuntime, prompt: Prompt) -> float:
    begun = time.perf_counter()
    pieces = runtime.generate(prompt, GenerateOptions(max_tokens=4))
    next(pieces)
    taken = time.perf_counter() - begun
    for _ in pieces:
        pass
    return taken


def _figures(
    model: str, threads: int, load_s: float, firsts: tuple[float, float, float], rss_mb: float,
    pairs: list[tuple[Timing, Timing]], grammar: list[tuple[float, float]],
) -> Figures:
    prefill = [(ours.prompt_tokens / ours.prefill_s, bare.prompt_tokens / bare.prefill_s) for ours, bare in pairs]
    decode = [(ours.new_tokens / ours.decode_s, bare.new_tokens / bare.decode_s) for ours, bare in pairs]
    columns = {
        "prefill_tps": [ours for ours, _ in prefill],
        "prefill_tps_bare": [bare for _, bare in prefill],
        "decode_tps": [ours for ours, _ in decode],
        "decode_tps_bare": [bare for _, bare in decode],
        "grammar_tps": [held for held, _ in grammar],
    }
    middle = {name: statistics.median(values) for name, values in columns.items()}
    return Figures(
        model=model, threads=threads, rounds=len(pairs), load_s=load_s, **middle,
        prefill_ratio=statistics.median(ours / bare for ours, bare in prefill),
        decode_ratio=statistics.median(ours / bare for ours, bare in decode),
        grammar_ratio=statistics.median(held / free for held, free in grammar),
        first_token_cold_s=firsts[0], first_token_warm_s=firsts[1], first_token_restart_s=firsts[2], rss_mb=rss_mb,
        spread={name: _spread(values) for name, values in columns.items()},
    )


def _spread(values: list[float]) -> Spread:
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return Spread(ordered[quarter], ordered[len(ordered) - 1 - quarter])


def resident_mb() -> float:
    """Return the memory that this process has resident; 0 where the system does not say."""
    return hardware.resident_bytes() / (1 << 20)
