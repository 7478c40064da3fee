"""Find what serves the installed model best on this machine, keep it, and say which type of weights would read faster.

Threads and batch by speed, each the smallest that is not beaten by 5 %. Guessing ahead only where several tokens in one
pass give bit for bit what they give one by one, and where it wins on sentences of the kind that plans are made of.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from engine import bench_rounds, errors
from engine.bare_loop import Spent, Stopwatch
from engine.bench import CONTEXT_TOKENS, GRAMMAR, QUESTION, SYSTEM
from engine.runtime import calibration, hardware, packs, prompts
from engine.runtime.base import GenerateOptions, Part, Prompt, joined
from engine.runtime.calibration import MIN_GAIN, Calibration
from engine.runtime.gguf import GgufRuntime
from engine.runtime.llama_native import build
from engine.runtime.requantize import requantize

BATCHES = (64, 128, 256, 512)
GUESSES = (2, 3, 4)
PLACES = (60, 250, 500, 900)
"""How many tokens stand in front where one pass is compared with several."""
SENTENCES = (
    "Paracetamol 500 mg up to four times a day relieves fever and pain.",
    "Come back at once with trouble breathing, a stiff neck or a rash that does not fade.",
    "Amoxicillin 500 mg three times a day for 5 days is the first choice.",
    "Stop the medicine and seek help if the face or throat swells.",
    "Check the blood pressure again after 4 weeks.",
)
COMPARED_TYPES = ("Q4_0", "Q4_K_M", "Q8_0")
REPEATS = 3


def calibrate(models: Path) -> Calibration:
    """Measure, keep and return what serves the language model in use best. Raises InstallationError."""
    verified = packs.text_model(models)
    by_threads = {}
    for count in range(1, min(hardware.cores(), hardware.MAX_THREADS) + 1):
        with _opened(verified.model_path, count) as runtime:
            by_threads[count] = _decode_tps(runtime)
    threads = calibration.best(by_threads)
    by_batch = {}
    for size in BATCHES:
        with _opened(verified.model_path, threads, size) as runtime:
            by_batch[size] = 1 / _prefill(runtime).clock_s
    with _opened(verified.model_path, threads) as runtime:
        gains = _guess_gains(runtime)
    most = max(gains, key=lambda count: gains[count], default=0)
    made = Calibration(
        threads, calibration.rounded(by_threads), calibration.best(by_batch), calibration.rounded(by_batch),
        most if gains.get(most, 0) >= MIN_GAIN else 0, calibration.rounded(gains),
    )
    weights = next(file.sha256 for file in verified.manifest.files if file.name == verified.manifest.model)
    calibration.keep(models, calibration.key(weights, build(), hardware.cores()), made)
    return made


def advise(models: Path) -> list[str]:
    """Return a line for each other common type: how fast this machine would read and write the installed model in it.

    Processor time of one thread, in turns. The copies are made of the installed file, for speed alone.
    """
    path = packs.text_model(models).model_path
    with tempfile.TemporaryDirectory(prefix="lantern-types-") as folder:
        try:
            copies = [requantize(path, Path(folder) / f"{kind}.gguf", kind) for kind in COMPARED_TYPES]
        except errors.ModelDamaged as refused:
            return [f"types could not be compared: {refused.detail}"]
        now, *others = (_one_thread_tps(copy) for copy in (path, *copies))
        sizes = [copy.stat().st_size / path.stat().st_size for copy in copies]
    told = zip(COMPARED_TYPES, others, sizes, strict=True)
    return [
        f"as {kind} it would read {reads / now[0]:.2f} and write {writes / now[1]:.2f} times as fast, "
        f"with {size:.2f} of the size" for kind, (reads, writes), size in told
    ]


def _one_thread_tps(model: Path) -> tuple[float, float]:
    """Return tokens read and written in a second of processor time."""
    with _opened(model, 1) as runtime:
        return 1 / _prefill(runtime).processor_s, 1 / _decode(runtime).processor_s


def _guess_gains(runtime: GgufRuntime) -> dict[int, float]:
    """Return the speed with each number of guessed tokens over none; empty where it would change the numbers."""
    exact = [most for most in GUESSES if _is_exact(runtime, most)]
    spent = {most: _sentences(runtime, most) for most in (0, *exact)}
    plain, texts = spent.pop(0)
    return {
        most: min(plain.clock_s / each.clock_s, plain.processor_s / each.processor_s)
        for most, (each, found) in spent.items() if found == texts
    }


def _is_exact(runtime: GgufRuntime, most: int) -> bool:
    tokens = runtime.plain_tokens(SENTENCES[0])[: most + 1]
    return all(runtime.repeats_exactly(tokens, place) for place in PLACES)


def _sentences(runtime: GgufRuntime, most: int) -> tuple[Spent, list[str]]:
    """Return what it takes to word the sentences with `most` guessed tokens, and the words."""
    runtime.guess_ahead(most)
    options = GenerateOptions(max_tokens=bench_rounds.NEW_TOKENS, grammar=GRAMMAR)
    texts = []
    clock_s = processor_s = 0.0
    for sentence in SENTENCES:
        with runtime.sampler(options) as sampler:
            position = runtime.prefill(prompts.chat(runtime.template, SYSTEM, f"Sentence: {sentence}")) or 0
            writing = Stopwatch()
            texts.append(joined(runtime.answer(position, sampler, options)))
            spent = writing.spent()
        clock_s, processor_s = clock_s + spent.clock_s, processor_s + spent.processor_s
    runtime.guess_ahead(0)
    return Spent(clock_s, processor_s), texts


def _decode_tps(runtime: GgufRuntime) -> float:
    return 1 / _decode(runtime).clock_s


def _decode(runtime: GgufRuntime) -> Spent:
    """Return what one token takes, in the middle of a few answers."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    options = GenerateOptions(max_tokens=bench_rounds.NEW_TOKENS, ignore_end=True)
    found = []
    for _ in range(REPEATS):
        with runtime.sampler(options) as sampler:
            position = runtime.prefill(prompt) or 0
            writing = Stopwatch()
            joined(runtime.answer(position, sampler, options))
            found.append(writing.spent())
    return _middle(found, options.max_tokens)


def _prefill(runtime: GgufRuntime) -> Spent:
    """Return what one token of a prompt takes."""
    prompt = Prompt(head=(), tail=(Part(bench_rounds.TEXT * (calibration.BATCH_TOKENS // 12)),))
    tokens = len(runtime.tokens(prompt.tail))
    found = []
    for _ in range(REPEATS):
        reading = Stopwatch()
        runtime.prefill(prompt)
        found.append(reading.spent())
    return _middle(found, tokens)


def _middle(spent: list[Spent], tokens: int) -> Spent:
    return Spent(
        statistics.median(each.clock_s for each in spent) / tokens,
        statistics.median(each.processor_s for each in spent) / tokens,
    )


@contextmanager
def _opened(model: Path, threads: int, batch_tokens: int = calibration.BATCH_TOKENS) -> Iterator[GgufRuntime]:
    with closing(GgufRuntime(model, model.name, CONTEXT_TOKENS, threads, batch_tokens=batch_tokens)) as runtime:
        yield runtime
