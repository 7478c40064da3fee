"""Label the drugs in a text with their codes, and say which are denied, stopped, a relative's or only imagined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from engine import api
from engine.text.cues import CueFinder
from engine.text.scope import Context, contexts
from engine.text.segment import Sentence, Span, Token, by_sentence

_STOPPED = re.compile(
    r"(?:stopped|discontinued|came off|quit|previously on|used to take)(?: (?:taking|using|the|his|her|my))* *$"
    r"|(?:停用|停服|停了|已停|曾用|曾服用?) *$",
    re.IGNORECASE,
)
_LONGEST_STOP_CHARS = 40


class Ingredient(Protocol):
    """One active ingredient; `zh` and `rxnorm` may be empty."""

    @property
    def inn(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def rxnorm(self) -> str: ...


class Mention(Protocol):
    """A drug name at characters `start`..`end` and its ingredients."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def drugs(self) -> Sequence[Ingredient]: ...


class DrugNames(Protocol):
    """Where drug names come from; `engine.safety.drugs.DrugDictionary` is one."""

    def mentions(self, text: str) -> Sequence[Mention]: ...


def drug_entities(
    text: str, tokens: list[Token], parts: list[Sentence], names: DrugNames, cues: CueFinder
) -> Iterator[api.Entity]:
    """Yield one entity for each ingredient named in `text`, in order of place."""
    mentions = names.mentions(text)
    spans = [Span(mention.start, mention.end) for mention in mentions]
    for sentence, inside in by_sentence(tokens, parts, spans):
        meant = contexts(text, sentence, spans[inside], cues)
        for mention, context in zip(mentions[inside], meant, strict=True):
            for drug in mention.drugs:
                yield _entity(text, mention, drug, context)


def _entity(text: str, mention: Mention, drug: Ingredient, context: Context) -> api.Entity:
    is_stopped = _STOPPED.search(text[max(mention.start - _LONGEST_STOP_CHARS, 0) : mention.start]) is not None
    return api.Entity(
        mention.start,
        mention.end,
        text[mention.start : mention.end],
        "drug",
        None if context.imagined else f"RXNORM:{drug.rxnorm}" if drug.rxnorm else f"INN:{drug.inn}",
        negated=context.negated,
        subject="family" if context.family else "patient",
        time=api.IMAGINED if context.imagined else api.PAST if context.past or is_stopped else None,
        display=api.Bilingual(drug.inn, drug.zh or drug.inn),
        score=1.0,
    )
