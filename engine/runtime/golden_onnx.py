"""What an ONNX model says of the golden texts: kept in its pack, and asked again where the pack is installed.

A pack can be whole, signed and still wrong: another tokenizer, labels in another order, weights of another run. Kernels
differ between processors, so a label's probability may move a little, and an answer in other words passes where the
promised one is nearly as likely as it was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine import errors
from engine.runtime.base import GenerateOptions, joined
from engine.runtime.onnx_head import OnnxHead
from engine.runtime.onnx_seq2seq import OnnxSeq2Seq
from engine.runtime.pack_manifest import Task

TEXTS = (
    "The patient has had a cough and a fever for three days.",
    "BP 142/88 mmHg, SpO2 97 %, temp 38.4 °C; naïve to ACE-inhibitors.",
    "发热三天，伴有咳嗽和咽痛。",
)
QUESTION = "How long has the patient had a fever?"
ANSWER_TOKENS = 24
MOST_MOVED = 0.15
"""How far a probability may be from the promised one: int8 kernels of two processors differ by some hundredths."""
MOST_NATS = 0.3
"""How much less likely a promised answer may be, for each of its tokens."""
MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Said:
    """What a model made of one text: labels with probabilities (of a classifier all, of a tagger one a token), or an
    answer with its log-likelihood a token."""

    text: str
    labels: list[tuple[str, float]] = field(default_factory=list)
    answer: str = ""
    nats: float = 0.0


@dataclass(frozen=True, slots=True)
class GoldenAnswers:
    """The content of the golden file of an ONNX pack."""

    said: list[Said]


def read(path: Path) -> list[Said]:
    """Return what a pack promises. Raises ModelDamaged."""
    try:
        with path.open("rb") as stream:
            return msgspec.json.decode(stream.read(MAX_BYTES), type=GoldenAnswers).said
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"{path.name}: {damaged}") from damaged


def written(said: list[Said]) -> bytes:
    """Return the bytes of a golden file."""
    return msgspec.json.format(msgspec.json.encode(GoldenAnswers(said)), indent=1)


def ask(model: OnnxHead | OnnxSeq2Seq, task: Task, text: str) -> Said:
    """Return what the model makes of a text. Raises ModelDamaged where that is no number."""
    if isinstance(model, OnnxSeq2Seq):
        answer = joined(model.generate(text, GenerateOptions(max_tokens=ANSWER_TOKENS)))
        said = Said(text, answer=answer, nats=_nats(model, text, answer))
    elif task == "answer":
        found = model.answer(QUESTION, text)
        said = Said(text, [("answer", found.probability)], text[found.start : found.end]) if found else Said(text)
    else:
        labels = model.classify(text) if task == "classifier" else model.tag(text)
        said = Said(text, [(label.name, label.probability) for label in labels])
    if not all(math.isfinite(value) for value in (said.nats, *(chance for _, chance in said.labels))):
        raise errors.ModelDamaged(f"the model makes no numbers of {text[:30]!a}")
    return said


def check(model: OnnxHead | OnnxSeq2Seq, task: Task, promised: list[Said]) -> None:
    """Raise ModelDamaged, with what is wrong, unless the model still says what its pack promises."""
    for before in promised:
        now = ask(model, task, before.text)
        if isinstance(model, OnnxSeq2Seq):
            still = _nats(model, before.text, before.answer) >= before.nats - MOST_NATS  # false for no number at all
            wrong = now.answer != before.answer and not still
        elif task == "classifier":
            wrong = _moved(dict(before.labels), dict(now.labels)) > MOST_MOVED
        elif task == "tagger":
            wrong = _reads_otherwise(before.labels, now.labels)
        else:
            sure = sum(chance for _, chance in before.labels) > 0.5 + MOST_MOVED
            wrong = sure and now.answer != before.answer
        if wrong:
            raise errors.ModelDamaged(f"golden text: the model says something else of {before.text[:30]!a} than it did")


def _moved(before: dict[str, float], now: dict[str, float]) -> float:
    return max((abs(before.get(name, 0.0) - now.get(name, 0.0)) for name in {*before, *now}), default=0.0)


def _reads_otherwise(before: list[tuple[str, float]], now: list[tuple[str, float]]) -> bool:
    """Whether the text falls into other tokens, or one that was clear has another label."""
    if len(before) != len(now):
        return True
    return any(was != name and chance > 0.5 + MOST_MOVED for (was, chance), (name, _) in zip(before, now, strict=True))


def _nats(model: OnnxSeq2Seq, text: str, answer: str) -> float:
    """Return the log-likelihood a token; of an empty answer 0."""
    if not answer:
        return 0.0
    (score,) = model.score(text, [answer])
    return score.log_likelihood / max(score.tokens, 1)
