"""Find what serves the installed model best on this machine, keep it, and say which type of weights would read faster.

Threads and tokens a pass by speed, each the smallest that is not beaten by 5 %. Guessing ahead only where it makes the
sentences of plans at least a tenth faster; how many of them came out in the same words is said beside it. All but the
threads is measured by the processor time of one thread: on a machine that also does other things, threads that wait for
each other made guessing .5 to 1.8 times as fast from one number of tokens to the next.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine import bench_rounds, errors
from engine.bare_loop import Spent, Stopwatch
from engine.bench import CONTEXT_TOKENS, QUESTION, SYSTEM
from engine.runtime import calibration, hardware, packs, prompts
from engine.runtime.base import GenerateOptions, Part, Prompt, joined
from engine.runtime.calibration import MIN_GUESS_GAIN, Calibration
from engine.runtime.gguf import GgufRuntime
from engine.runtime.llama_native import build
from engine.runtime.requantize import requantize
from engine.treatment import prose

PASSES = (128, 256, 512)
GUESSES = (2, 3, 4, 6)
SENTENCES = (
    "Start the antibiotic as soon as pneumonia is established, within 4 hours.",
    "Consider amoxicillin: 1 g by mouth every 8 hours for 5 days.",
    "Finish the course: if it is stopped too soon, the pneumonia may come back.",
    "Most people with flu recover on their own without medical care.",
    "Consider paracetamol for pain: 500-1000 mg by mouth every 6 hours.",
    "Most children get better within 3 days without antibiotics, and complications are rare.",
    "Call for emergency help and give adrenaline at once; use an auto-injector if one is at hand.",
    "Consider nitrofurantoin, prolonged release: 100 mg by mouth every 12 hours for 3 days.",
    "No response in 3 days: send a urine sample, go on with the same antibiotic until the result is there.",
    "Consider anti-inflammatory drug (naproxen): 250 mg by mouth every 8 hours.",
    "Come back at once with trouble breathing, a stiff neck or a rash that does not fade.",
    "Check the blood pressure again after 4 weeks.",
)
"""As the tables of plans say them."""
COMPARED_TYPES = ("Q4_0", "Q4_K_M", "Q8_0")
REPEATS = 3
PROMPT_TOKENS = 300
SENTENCE_READ_TOKENS, SENTENCE_WRITTEN_TOKENS = 30, 20
HOPELESS = 0.8
"""Where more threads are slower than this share of fewer, the others wait for one that has no core of its own."""
Say = Callable[[str], None]


def calibrate(models: Path, say: Say = lambda _line: None) -> Calibration:
    """Measure, keep and return what serves the language model in use best. Raises InstallationError."""
    verified = packs.text_model(models)
    by_threads = _by_threads(verified.model_path, say)
    threads = calibration.best(by_threads)
    by_pass = {}
    for size in PASSES:
        say(f"reading {size} tokens at once")
        with _opened(verified.model_path, 1, size) as runtime:
            by_pass[size] = 1 / _prefill(runtime).processor_s
    say(f"wording {len(SENTENCES)} sentences, guessing up to {max(GUESSES)} tokens")
    with _opened(verified.model_path, 1, calibration.best(by_pass)) as runtime:
        guessed = guess_gains(runtime, SENTENCES, GUESSES)
    most = max(guessed, key=lambda count: guessed[count].gain)
    made = Calibration(
        threads, calibration.rounded(by_threads), calibration.best(by_pass), calibration.rounded(by_pass),
        most if guessed[most].gain >= MIN_GUESS_GAIN else 0,
        calibration.rounded({count: each.gain for count, each in guessed.items()}),
        calibration.rounded({count: each.same_text for count, each in guessed.items()}),
    )
    weights = next(file.sha256 for file in verified.manifest.files if file.name == verified.manifest.model)
    calibration.keep(models, calibration.key(weights, build(), hardware.processor()), made)
    return made


def _by_threads(model: Path, say: Say) -> dict[int, float]:
    """Return tokens written a second, by the clock, up to the number of threads that is slower than fewer are."""
    found: dict[int, float] = {}
    for count in range(1, min(hardware.cores(), hardware.MAX_THREADS) + 1):
        say(f"writing with {count} thread(s)")
        fastest = max(found.values(), default=0.0)
        with _opened(model, count) as runtime:
            found[count] = 1 / _decode(runtime, hopeless_tps=HOPELESS * fastest).clock_s
        if found[count] < HOPELESS * fastest:
            break
    return found


def advise(models: Path, say: Say = lambda _line: None) -> list[str]:
    """Return a line for each other common type: how fast this machine would read and write the installed model in it.

    Processor time of one thread, in turns. The copies are made of the installed file, for speed alone.
    """
    path = packs.text_model(models).model_path
    with tempfile.TemporaryDirectory(prefix="lantern-types-") as folder:
        try:
            copies = [requantize(path, Path(folder) / f"{kind}.gguf", kind) for kind in COMPARED_TYPES]
        except errors.ModelDamaged as refused:
            return [f"types could not be compared: {refused.detail}"]
        say(f"comparing with {', '.join(COMPARED_TYPES)}")
        now, *others = (_one_thread_tps(copy) for copy in (path, *copies))
        sizes = [copy.stat().st_size / path.stat().st_size for copy in copies]
    told = zip(COMPARED_TYPES, others, sizes, strict=True)
    return [
        f"as {kind} it would read {reads / now[0]:.2f} and write {writes / now[1]:.2f} times as fast, a sentence of a "
        f"plan {_sentence_s(now) / _sentence_s((reads, writes)):.2f}, with {size:.2f} of the size"
        for kind, (reads, writes), size in told
    ]


def _sentence_s(speeds: tuple[float, float]) -> float:
    """Return what a plan's sentence takes: its fact is read, the instruction before it is kept, the wording written."""
    reads, writes = speeds
    return SENTENCE_READ_TOKENS / reads + SENTENCE_WRITTEN_TOKENS / writes


def _one_thread_tps(model: Path) -> tuple[float, float]:
    """Return tokens read and written in a second of processor time."""
    with _opened(model, 1) as runtime:
        return 1 / _prefill(runtime).processor_s, 1 / _decode(runtime).processor_s


@dataclass(frozen=True, slots=True)
class Guessed:
    """`gain` is the speed of wording the sentences over wording them without a guess, `same_text` the share of
    them in the same words, `passes` how often the model was run for each token."""

    gain: float
    same_text: float
    passes: float


@dataclass(slots=True)
class _Wording:
    """What the sentences took with one number of guessed tokens."""

    processor_s: float = 0.0
    passes: int = 0
    tokens: int = 0
    texts: list[str] = field(default_factory=list)


def guess_gains(runtime: GgufRuntime, sentences: Sequence[str], guesses: Sequence[int]) -> dict[int, Guessed]:
    """Return what each number of guessed tokens gives; the numbers take turns within every sentence."""
    counts = (0, *guesses)
    found = {most: _Wording() for most in counts}
    for number, sentence in enumerate(sentences):
        for most in counts if number % 2 else counts[::-1]:
            _word(runtime, sentence, most, found[most])
    runtime.guess_ahead(0)
    plain = found[0]
    return {most: _against(plain, found[most]) for most in guesses}


def _against(plain: _Wording, ahead: _Wording) -> Guessed:
    same = sum(one == other for one, other in zip(plain.texts, ahead.texts, strict=True))
    return Guessed(plain.processor_s / ahead.processor_s, same / len(plain.texts), ahead.passes / max(ahead.tokens, 1))


def _word(runtime: GgufRuntime, sentence: str, most: int, into: _Wording) -> None:
    """Word one sentence as plans are worded, and add what it took."""
    runtime.guess_ahead(most)
    prompt, grammar = prose.asked(runtime, prose.Fact(sentence, ()))
    options = GenerateOptions(max_tokens=prose.MOST_TOKENS, grammar=grammar)
    with runtime.sampler(options) as sampler:
        position = runtime.prefill(prompt) or 0
        writing = Stopwatch()
        into.texts.append(joined(runtime.answer(position, sampler, options)))
        into.processor_s += writing.spent().processor_s
    into.passes, into.tokens = into.passes + runtime.last_answer.passes, into.tokens + runtime.last_answer.tokens


def _decode(runtime: GgufRuntime, hopeless_tps: float = 0.0) -> Spent:
    """Return what one token takes, in the middle of a few answers; after one answer where it is slower than that."""
    prompt = prompts.chat(runtime.template, SYSTEM, QUESTION)
    options = GenerateOptions(max_tokens=bench_rounds.NEW_TOKENS, ignore_end=True)
    found = []
    for _ in range(REPEATS):
        with runtime.sampler(options) as sampler:
            position = runtime.prefill(prompt) or 0
            writing = Stopwatch()
            joined(runtime.answer(position, sampler, options))
            found.append(writing.spent())
        if options.max_tokens / found[0].clock_s < hopeless_tps:
            break
    return _middle(found, options.max_tokens)


def _prefill(runtime: GgufRuntime) -> Spent:
    """Return what one token of a prompt takes."""
    prompt = Prompt(head=(), tail=(Part(bench_rounds.TEXT * (PROMPT_TOKENS // 12)),))
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
def _opened(model: Path, threads: int, pass_tokens: int = calibration.PASS_TOKENS) -> Iterator[GgufRuntime]:
    with closing(GgufRuntime(model, model.name, CONTEXT_TOKENS, threads, pass_tokens=pass_tokens)) as runtime:
        yield runtime
