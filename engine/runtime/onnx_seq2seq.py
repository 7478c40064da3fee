"""Text from text on ONNX Runtime: an encoder, a decoder for the first word and one with a cache for every further word.

It keeps the same contract as a GGUF language model (base.TextRuntime), so a T5- or BART-like summary or treatment model
takes the place of one wherever it suits. What it cannot do it refuses: a grammar is a bad request, not a wish.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Meta

from engine import errors
from engine.runtime.base import (
    Cancelled,
    Finish,
    GenerateOptions,
    Piece,
    Prompt,
    Score,
    Template,
    never_cancelled,
)
from engine.runtime.onnx import read_tokenizer
from engine.runtime.onnx_session import open_session
from engine.runtime.prompts import as_prompt

Floats = npt.NDArray[np.float32]
PAST, PRESENT = "past_key_values", "present"
MAX_SETTINGS_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of a pack's `settings` part. Limits in tokens."""

    start_token: Annotated[int, Meta(ge=0)]
    end_tokens: Annotated[list[int], Meta(min_length=1, max_length=16)]
    input_tokens: Annotated[int, Meta(ge=8, le=16384)]
    output_tokens: Annotated[int, Meta(ge=8, le=16384)]


@dataclass(frozen=True, slots=True)
class Seq2SeqFiles:
    """The files of a pack that this runtime opens; the caller has verified them."""

    encoder: Path
    decoder: Path
    decoder_cached: Path
    tokenizer: Path
    settings: Path


@dataclass(slots=True)
class _Read:
    """What the decoder needs to know of the input, and what it has said so far."""

    hidden: Floats
    mask: npt.NDArray[np.int64]
    cache: dict[str, Floats] | None = None


class OnnxSeq2Seq:
    """A TextRuntime over an encoder and a decoder."""

    def __init__(self, files: Seq2SeqFiles, name: str, threads: int = 2) -> None:
        self._name = name
        self._settings = read_settings(files.settings)
        self._tokenizer = read_tokenizer(files.tokenizer, 1 << 20)
        self._sessions: tuple[Any, Any, Any] | None = (
            open_session(files.encoder, threads), open_session(files.decoder, threads),
            open_session(files.decoder_cached, threads),
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def template(self) -> Template:
        return "plain"

    @property
    def adapter(self) -> str:
        return ""

    @property
    def context_tokens(self) -> int:
        return self._settings.input_tokens

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def close(self) -> None:
        self._sessions = None

    def generate(
        self, prompt: Prompt | str, options: GenerateOptions, cancelled: Cancelled = never_cancelled
    ) -> Iterator[Piece]:
        """Yield the answer; see base.TextRuntime."""
        if options.grammar:
            raise errors.BadRequest("a model of this kind cannot follow a grammar")
        read = self._read(prompt)
        chance, token = np.random.default_rng(options.seed), self._settings.start_token
        tokens: list[int] = []
        shown, finish = "", Finish.LENGTH
        for _ in range(min(options.max_tokens, self._settings.output_tokens)):
            if cancelled():
                finish = Finish.CANCELLED
                break
            token = _chosen(self._next(read, [token])[-1], options, chance)
            if token in self._settings.end_tokens and not options.ignore_end:
                finish = Finish.STOP
                break
            tokens.append(token)
            whole, stopped = _cut(self._text(tokens), options.stop)
            certain = whole if stopped else _certain(whole, options.stop)
            if len(certain) > len(shown):
                yield Piece(certain[len(shown) :])
                shown = certain
            if stopped:
                yield Piece("", Finish.STOP)
                return
        yield Piece(self._text(tokens)[len(shown) :], finish)

    def score(
        self, prompt: Prompt | str, continuations: Sequence[str], cancelled: Cancelled = never_cancelled
    ) -> list[Score]:
        """Return the log-likelihood of each continuation as the whole answer begins."""
        if cancelled():
            return []
        source, scores = self._read(prompt), []
        for text in continuations:
            if cancelled():
                return []
            tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
            rows = self._next(_Read(source.hidden, source.mask), [self._settings.start_token, *tokens[:-1]])
            chances = _log_softmax(rows)
            total = float(sum(chances[at, token] for at, token in enumerate(tokens)))
            scores.append(Score(total, len(tokens)))
        return scores

    def _read(self, prompt: Prompt | str) -> _Read:
        """Run the encoder. Raises TooLarge when the text is longer than the model reads."""
        encoder, _, _ = self._open
        asked = as_prompt(prompt)
        ids = self._tokenizer.encode("".join(part.text for part in asked.head + asked.tail)).ids
        if len(ids) > self._settings.input_tokens:
            raise errors.TooLarge(f"a text of {len(ids)} tokens; the model reads {self._settings.input_tokens}")
        row = np.array([ids or [0]], dtype=np.int64)
        mask = np.ones_like(row)
        (hidden,) = encoder.run(None, {"input_ids": row, "attention_mask": mask})[:1]
        return _Read(hidden, mask)

    def _next(self, read: _Read, tokens: list[int]) -> Floats:  # (tokens, vocab) float32
        """Return the logits after each of `tokens` and keep the cache in `read`."""
        _, first, cached = self._open
        session = first if read.cache is None else cached
        feeds: dict[str, Any] = {
            "input_ids": np.array([tokens], dtype=np.int64), "encoder_attention_mask": read.mask,
            "encoder_hidden_states": read.hidden, **(read.cache or {}),
        }
        wanted = {each.name for each in session.get_inputs()}
        names = [each.name for each in session.get_outputs()]
        given = dict(zip(names, session.run(None, {k: v for k, v in feeds.items() if k in wanted}), strict=True))
        fresh = {name.replace(PRESENT, PAST): value for name, value in given.items() if name.startswith(PRESENT)}
        read.cache = {**(read.cache or {}), **fresh}  # the encoder's part is given once and stays
        rows: Floats = given["logits"][0]
        return rows

    def _text(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))

    @property
    def _open(self) -> tuple[Any, Any, Any]:
        if self._sessions is None:
            raise errors.ProgramError("the runtime is closed")
        return self._sessions


def read_settings(path: Path) -> Settings:
    """Return the settings of a pack. Raises ModelDamaged."""
    with path.open("rb") as stream:
        data = stream.read(MAX_SETTINGS_BYTES)
    try:
        return msgspec.json.decode(data, type=Settings)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"{path.name}: {damaged}") from damaged


def _chosen(logits: Floats, options: GenerateOptions, chance: np.random.Generator) -> int:
    """Return the next token: the likeliest, or one drawn as top-k, top-p and temperature say."""
    if options.temperature <= 0:
        return int(logits.argmax())
    order = np.argsort(-logits)[: options.top_k or None]
    weights = np.exp((logits[order] - logits[order[0]]).astype(np.float64))
    weights /= weights.sum()
    kept = int(np.searchsorted(np.cumsum(weights), options.top_p)) + 1
    sharpened = weights[:kept] ** (1 / options.temperature)
    return int(chance.choice(order[:kept], p=sharpened / sharpened.sum()))


def _cut(text: str, stops: Sequence[str]) -> tuple[str, bool]:
    """Return the text before the first stop string, and whether there was one."""
    places = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    return (text[: min(places)], True) if places else (text, False)


def _certain(text: str, stops: Sequence[str]) -> str:
    """Return what later tokens can no longer change: no half character, no beginning of a stop string."""
    whole = text.rstrip("\ufffd")
    held = max((length for stop in stops for length in range(1, len(stop)) if whole.endswith(stop[:length])), default=0)
    return whole[: len(whole) - held]


def _log_softmax(logits: Floats) -> npt.NDArray[np.float64]:
    wide = logits.astype(np.float64)
    shifted = wide - wide.max(axis=-1, keepdims=True)
    chances: npt.NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return chances
