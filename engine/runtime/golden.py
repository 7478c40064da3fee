"""The golden prompt: what a model must read and say right after it was installed, before anybody relies on it.

A file can be whole, signed and still wrong: a tokenizer that cuts words differently from the one it was trained
with, end marks that are no control tokens, a vocabulary that does not fit. None of that raises an error by itself.
So each language model reads known texts: token for token as the original did where the pack says how, back to the same
text in any case; the marks of its prompt template must be control tokens; and plain English must surprise it less
than chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from engine import errors
from engine.runtime.base import Finish, GenerateOptions, Template
from engine.runtime.gguf import GgufRuntime
from engine.runtime.prompts import CHATML_MARKS, chat

TEXTS = (
    "The patient has had a cough and a fever for three days.",
    "BP 142/88 mmHg, SpO2 97 %, temp 38.4 °C; naïve to ACE-inhibitors.",
    "Give 500 mg of amoxicillin three times a day for 7 days.",
    "发热三天，伴有咳嗽和咽痛。",
    "  two  spaces\tand a tab\nand a new line\n",
)
PLAIN = TEXTS[0]
MOST_SHARE_OF_CHANCE = 0.75
"""Loss on plain English, as a share of what guessing evenly among all tokens gives; sound models reach .2 to .5."""
MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class GoldenText:
    """A text and the tokens that the original tokenizer makes of it."""

    text: str
    tokens: list[int]


@dataclass(frozen=True, slots=True)
class Golden:
    """The content of a pack's golden file. `special` names the original's special tokens."""

    texts: list[GoldenText] = field(default_factory=list)
    special: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Golden:
    """Return the golden texts of a pack. Raises ModelDamaged."""
    try:
        with path.open("rb") as stream:
            return msgspec.json.decode(stream.read(MAX_BYTES), type=Golden)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"{path.name}: {damaged}") from damaged


def check(runtime: GgufRuntime, golden: Golden | None = None, template: Template | None = None) -> None:
    """Raise ModelDamaged, with what is wrong, unless the loaded model reads and speaks as it should."""
    for known in golden.texts if golden else ():
        found = runtime.plain_tokens(known.text)
        if found != known.tokens:
            raise errors.ModelDamaged(f"the tokenizer reads {known.text[:30]!a} as {found[:8]}, not {known.tokens[:8]}")
    for text in TEXTS:
        if _plain(runtime.text_of(runtime.plain_tokens(text))) != _plain(text):
            raise errors.ModelDamaged(f"the tokenizer cannot give back {text[:30]!a}")
    _check_marks(runtime, template)
    _check_sense(runtime)
    _check_ending(runtime)


def _plain(text: str) -> str:
    """Return the text without the one space that some tokenizers put in front."""
    return text.removeprefix(" ")


def _check_marks(runtime: GgufRuntime, template: Template | None) -> None:
    if template == "chatml" and runtime.template != "chatml":
        raise errors.ModelDamaged(f"{', '.join(CHATML_MARKS)} are no control tokens of this model")
    if not runtime.has_end_token():
        raise errors.ModelDamaged("the model has no token that ends an answer")


def _check_sense(runtime: GgufRuntime) -> None:
    tokens = runtime.plain_tokens(PLAIN)
    rows = runtime.log_probabilities(tokens)
    loss = -float(np.mean([row[token] for row, token in zip(rows[:-1], tokens[1:], strict=True)]))
    chance = float(np.log(rows.shape[1]))
    if not loss < MOST_SHARE_OF_CHANCE * chance:  # NaN is no sense either
        raise errors.ModelDamaged(f"plain English surprises the model: {loss:.1f} nats, guessing is {chance:.1f}")


def _check_ending(runtime: GgufRuntime) -> None:
    prompt = chat(runtime.template, "Answer in one word.", "Is water wet?")
    pieces = list(runtime.generate(prompt, GenerateOptions(max_tokens=4)))
    if pieces[-1].finish not in (Finish.STOP, Finish.LENGTH):
        raise errors.ModelDamaged(f"a short answer ended with {pieces[-1].finish}")
