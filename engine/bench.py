"""Measure the language model beside a bare llama.cpp loop: same process, same file, same threads, in turns.

Speeds are medians over rounds, spread is the middle half of them, ratios are medians of the ratio within a round.
Beside each ratio by the clock stands one by processor time, which another program on the same cores hardly disturbs.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from engine import bench_rounds, errors
from engine.bare_loop import BareLoop, Spent, Stopwatch, Timing
from engine.bench_rounds import NEW_TOKENS
from engine.runtime import card_memory, gguf_header, gpu, hardware, packs, prompts
from engine.runtime.base import GenerateOptions, Prompt
from engine.runtime.calibration import BATCH_TOKENS
from engine.runtime.card_trials import Offload
from engine.runtime.gguf import GgufRuntime
from engine.runtime.llama_native import cards
from engine.runtime.prefix_cache import PrefixCache

CONTEXT_TOKENS = 1024
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
class Ratio:
    """Median over rounds of one speed over another in the same round, by the clock and by processor time."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class FirstTokens:
    """Seconds to the first piece of a plan. `restart`: by a newly loaded model that finds the kept head on disk."""

    cold: float
    warm: float
    restart: float


@dataclass(frozen=True, slots=True)
class OnCard:
    """The same rounds with the model on a graphics card."""

    device: str
    prefill_tps: float
    decode_tps: float
    memory_mb: float
    """What the card's free memory lost, the driver's own share not counted."""
    estimated_mb: float


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
    grammar_tps: float
    prefill_ratio: Ratio
    """Ours / bare."""
    decode_ratio: Ratio
    grammar_ratio: Ratio
    """Decoding under a grammar / free, both ours."""
    first_token_s: FirstTokens
    rss_mb: float
    device: str
    """Whether a graphics card is used, and why not, in one line."""
    busy_cores: int
    """How many cores other programs kept busy in the minute before: with any, speeds by the clock are too low."""
    card: OnCard | None = None
    spread: dict[str, Spread] = field(default_factory=dict)


def measure(unverified: Path | None = None, rounds: int = 5, threads: int | None = None) -> Figures:
    """Return the figures of the installed model, or of a GGUF file outside any pack. Raises InstallationError."""
    path = unverified or packs.text_model(packs.models_dir()).model_path
    if not path.is_file():
        raise errors.ModelMissing(path.name)
    gguf_header.read(path)
    hardware.check_room_for(path, 2 * CONTEXT_TOKENS)
    busy, used, offload = hardware.busy_cores(), threads or hardware.threads(), gpu.choose(path, CONTEXT_TOKENS)
    with ExitStack() as opened:
        loading = Stopwatch()
        ours = opened.enter_context(closing(GgufRuntime(path, path.name, CONTEXT_TOKENS, used)))
        load_s = loading.spent().clock_s
        firsts = _first_tokens(ours, path, used)
        rss_mb = resident_mb()
        bare = opened.enter_context(closing(BareLoop(path, CONTEXT_TOKENS, used, BATCH_TOKENS)))
        on_card, taken_mb = _open_on_card(opened, path, used, offload)
        timings = bench_rounds.in_turns(bench_rounds.sides(ours, bare, on_card), rounds)
        grammar = _grammar_rounds(ours, rounds)
    columns = {
        "prefill_tps": [_prefill_tps(turn["ours"]) for turn in timings],
        "prefill_tps_bare": [_prefill_tps(turn["bare"]) for turn in timings],
        "decode_tps": [_decode_tps(turn["ours"]) for turn in timings],
        "decode_tps_bare": [_decode_tps(turn["bare"]) for turn in timings],
        "grammar_tps": [NEW_TOKENS / held.clock_s for held, _ in grammar],
    }
    return Figures(
        path.name, used, rounds, load_s, **{name: statistics.median(values) for name, values in columns.items()},
        prefill_ratio=_ratio([(turn["ours"].prefill, turn["bare"].prefill) for turn in timings]),
        decode_ratio=_ratio([(turn["ours"].decode, turn["bare"].decode) for turn in timings]),
        grammar_ratio=_ratio(grammar),
        first_token_s=firsts, rss_mb=rss_mb, device=offload.reason, busy_cores=busy,
        card=_card_figures(path, offload, [turn["card"] for turn in timings], taken_mb) if on_card else None,
        spread={name: _spread(values) for name, values in columns.items()},
    )


def _open_on_card(
    opened: ExitStack, path: Path, threads: int, offload: Offload
) -> tuple[GgufRuntime | None, float]:
    """Return the model on the card and the MB that it took there; None where no card is used."""
    if not offload.layers:
        return None, 0.0
    free_bytes = cards()[0].free_bytes
    runtime = opened.enter_context(closing(GgufRuntime(path, path.name, CONTEXT_TOKENS, threads, offload.layers)))
    runtime.prefill(bench_rounds.TEXT * 20)
    return runtime, (free_bytes - cards()[0].free_bytes) / (1 << 20)


def _card_figures(path: Path, offload: Offload, timings: list[Timing], taken_mb: float) -> OnCard:
    estimated = card_memory.needed_bytes(gguf_header.read(path), CONTEXT_TOKENS, offload.layers)
    return OnCard(
        offload.reason, statistics.median(map(_prefill_tps, timings)), statistics.median(map(_decode_tps, timings)),
        memory_mb=taken_mb, estimated_mb=estimated / (1 << 20),
    )


def _prefill_tps(timing: Timing) -> float:
    return timing.prompt_tokens / timing.prefill.clock_s


def _decode_tps(timing: Timing) -> float:
    return timing.new_tokens / timing.decode.clock_s


def _ratio(pairs: list[tuple[Spent, Spent]]) -> Ratio:
    """Return the speed of the first over the speed of the second, in the middle of the rounds."""
    return Ratio(
        statistics.median(second.clock_s / first.clock_s for first, second in pairs),
        statistics.median(second.processor_s / first.processor_s for first, second in pairs),
    )


def _first_tokens(runtime: GgufRuntime, path: Path, threads: int) -> FirstTokens:
    """Return seconds to the first piece of a plan: cold, again with the instruction kept, and after a restart."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    cold, warm = _first_piece_s(runtime, prompt), _first_piece_s(runtime, prompt)
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        kept = PrefixCache(Path(folder), path.name)
        for _ in range(2):
            with closing(GgufRuntime(path, path.name, CONTEXT_TOKENS, threads, prefixes=kept)) as again:
                restart = _first_piece_s(again, prompts.chat(again.template, SYSTEM, QUESTION, fixed=True))
    return FirstTokens(cold, warm, restart)


def _grammar_rounds(runtime: GgufRuntime, rounds: int) -> list[tuple[Spent, Spent]]:
    """Return what writing took (with grammar, free), in turns."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    options = {name: GenerateOptions(max_tokens=NEW_TOKENS, ignore_end=True, grammar=grammar)
               for name, grammar in (("held", GRAMMAR), ("free", None))}
    pairs = []
    for number in range(rounds):
        order = ("held", "free") if number % 2 else ("free", "held")
        spent = {name: _written(runtime, prompt, options[name]) for name in order}
        pairs.append((spent["held"], spent["free"]))
    return pairs


def _written(runtime: GgufRuntime, prompt: Prompt, options: GenerateOptions) -> Spent:
    with runtime.sampler(options) as sampler:
        position = runtime.prefill(prompt) or 0
        writing = Stopwatch()
        for _ in runtime.answer(position, sampler, options):
            pass
        return writing.spent()


def _first_piece_s(runtime: GgufRuntime, prompt: Prompt) -> float:
    waiting = Stopwatch()
    pieces = runtime.generate(prompt, GenerateOptions(max_tokens=4))
    next(pieces)
    taken = waiting.spent().clock_s
    for _ in pieces:
        pass
    return taken


def _spread(values: list[float]) -> Spread:
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return Spread(ordered[quarter], ordered[len(ordered) - 1 - quarter])


def resident_mb() -> float:
    """Return the memory that this process has resident; 0 where the system does not say."""
    return hardware.resident_bytes() / (1 << 20)
