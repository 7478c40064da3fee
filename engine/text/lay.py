"""Find what people say instead of the name of a finding: "bringing up green stuff", 一吸气肋骨就疼.

The wordings are data (`lay_patterns.json` of each language) in a small language of their own. An English pattern is a
line of words: `a|b` is either, `<name>` any word of that class, `word*` any word that begins so, `word?` may be
missing, `~3` up to three other words within the clause. A Chinese one is the same with characters: `~4` is up to
four. Patterns only add findings with an exact place; negation, person and time are judged like any other finding's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.text.segment import CJK, Kind, Span, Token

_GAP = re.compile(r"~(\d)")
_CLASS = re.compile(r"<([a-z_]+)>")
_NEARBY = 12
"""Wordings before one at hand among which a longer one around it is looked for."""
_SIGNS_IN_GAP = frozenset("-'’\"“”")


@dataclass(frozen=True, slots=True)
class LaySpan:
    """A wording at characters `span` and the codes it means."""

    span: Span
    codes: tuple[str, ...]
    says_how: bool = False
    """Whether it tells of a circumstance (worse at night) and leaves what it is to other wordings in it."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One place of an English pattern."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    optional: bool
    gap: int
    """Other words that may stand before it."""

    def fits(self, word: str) -> bool:
        return word in self.whole or (bool(self.beginnings) and word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[_Word, ...]
    codes: tuple[str, ...]
    says_how: bool

    def may_fit(self, written: frozenset[str]) -> bool:
        """Whether every word that may not be missing is among those `written` at all."""
        return all(word.optional or any(map(word.fits, written)) for word in self.words[1:])


def tell_more(found: Iterable[LaySpan], named: Sequence[Span]) -> list[LaySpan]:
    """Return in order of place the wordings that say more than a `named` finding or a longer wording at their place.

    One that only overlaps a named finding adds nothing; one around it does ("coughing up green stuff").
    """
    names = sorted(named, key=lambda span: span.start)
    starts = [span.start for span in names]
    longest_name = max((span.end - span.start for span in names), default=0)
    kept: list[LaySpan] = []
    for lay in sorted(found, key=lambda lay: (lay.span.start, -lay.span.end)):
        first = bisect_left(starts, lay.span.start - longest_name)
        near = names[first : bisect_left(starts, lay.span.end)]
        clash = any(span.end > lay.span.start and not _is_around(lay.span, span) for span in near)
        outer = any(_is_around(other.span, lay.span) and not other.says_how for other in kept[-_NEARBY:])
        if lay.says_how or not (clash or outer):
            kept.append(lay)
    return kept


def _is_around(outer: Span, inner: Span) -> bool:
    return outer != inner and outer.start <= inner.start and outer.end >= inner.end


class LayEnglish:
    """The English patterns, looked up by their first word."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._whole: dict[str, list[_Pattern]] = {}
        self._by_letter: dict[str, list[_Pattern]] = {}
        for row in table["patterns"]:
            for text in row["say"]:
                self._add(_Pattern(_english(text, table["classes"]), tuple(row["codes"]), row.get("how", False)))

    def _add(self, pattern: _Pattern) -> None:
        first = pattern.words[0]
        for word in first.whole:
            self._whole.setdefault(word, []).append(pattern)
        for beginning in first.beginnings:
            self._by_letter.setdefault(beginning[:2], []).append(pattern)

    def find(self, tokens: Sequence[Token]) -> Iterator[LaySpan]:
        """Yield every pattern that fits, with the longest reach each has from its first word."""
        tokens = _with_nots(tokens)
        written = frozenset(token.folded for token in tokens)
        hopeful: dict[int, bool] = {}
        for place, token in enumerate(tokens):
            if token.kind is not Kind.WORD:
                continue
            folded = token.folded
            prefixed = self._by_letter.get(folded[:2], ())
            for pattern in [*self._whole.get(folded, ()), *prefixed]:
                if not pattern.words[0].fits(folded):
                    continue
                if (key := id(pattern)) not in hopeful:
                    hopeful[key] = pattern.may_fit(written)
                if hopeful[key]:
                    last = _reach(tokens, place + 1, pattern.words, 1)
                    if last is not None:
                        yield LaySpan(Span(token.start, tokens[last - 1].end), pattern.codes, pattern.says_how)


def _with_nots(tokens: Sequence[Token]) -> list[Token]:
    """Return `tokens` with "can", "'", "t" as one word."""
    joined: list[Token] = []
    for token in tokens:
        joined.append(token)
        if token.folded == "t" and len(joined) > 2 and joined[-2].folded in "'’" and joined[-2].end == token.start:
            joined[-3:] = [Token(joined[-3].start, token.end, Kind.WORD, f"{joined[-3].folded}'t")]
    return joined


def _reach(tokens: Sequence[Token], place: int, words: tuple[_Word, ...], at: int) -> int | None:
    """Return one past the last token when `words` from `at` on fit the tokens from `place` on, else None."""
    if at == len(words):
        return place
    word = words[at]
    for skipped in range(word.gap + 1):
        here = _next_word(tokens, place, skipped)
        if here is None:
            break
        if word.fits(tokens[here].folded) and (last := _reach(tokens, here + 1, words, at + 1)) is not None:
            return last
    return _reach(tokens, place, words, at + 1) if word.optional else None


def _next_word(tokens: Sequence[Token], place: int, skipped: int) -> int | None:
    """Return the place of the word after `skipped` others; None at the end of the clause."""
    for at in range(place, len(tokens)):
        token = tokens[at]
        if token.kind in (Kind.WORD, Kind.NUMBER):
            if skipped == 0:
                return at
            skipped -= 1
        elif token.kind is not Kind.SIGN or token.folded not in _SIGNS_IN_GAP:
            return None
    return None


def _english(text: str, classes: Mapping[str, Sequence[str]]) -> tuple[_Word, ...]:
    words: list[_Word] = []
    gap = 0
    for item in text.split():
        if found := _GAP.fullmatch(item):
            gap = int(found[1])
            continue
        choices = _choices(item, classes)
        whole = frozenset(choice for choice in choices if not choice.endswith("*"))
        beginnings = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
        words.append(_Word(whole, beginnings, item.endswith("?"), gap))
        gap = 0
    return tuple(words)


class LayChinese:
    """The Chinese patterns as regular expressions."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._patterns = [
            (
                re.compile("|".join(_chinese(text, table["classes"]) for text in row["say"])),
                tuple(row["codes"]),
                row.get("how", False),
            )
            for row in table["patterns"]
        ]
        self._has_han = re.compile(f"[{CJK}]")

    def find(self, text: str) -> Iterator[LaySpan]:
        """Yield every pattern that fits `text`."""
        if self._has_han.search(text):
            for pattern, codes, says_how in self._patterns:
                for match in pattern.finditer(text):
                    yield LaySpan(Span(*match.span()), codes, says_how)


def _chinese(text: str, classes: Mapping[str, Sequence[str]]) -> str:
    parts: list[str] = []
    for item in text.split():
        if found := _GAP.fullmatch(item):
            parts.append(f"[{CJK}A-Za-z0-9]{{0,{found[1]}}}?")
            continue
        choices = _choices(item, classes)
        ordered = "|".join(map(re.escape, sorted(choices, key=len, reverse=True)))
        parts.append(f"(?:{ordered})" + ("?" if item.endswith("?") else ""))
    return "".join(parts)


def _choices(item: str, classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the words that one place of a pattern allows."""
    choices: list[str] = []
    for choice in item.removesuffix("?").split("|"):
        name = _CLASS.fullmatch(choice)
        choices += classes[name[1]] if name else [choice]
    return choices
