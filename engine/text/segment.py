"""Cut a text into tokens and sentences that keep their exact place in the unchanged input.

Nothing here rewrites the text: each token carries its own offsets and a folded form (compatibility-normalised, lower
case, without combining marks), so full-width digits, mixed scripts and decomposed letters need no map back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LATIN = "A-Za-zªº\u00c0-\u02af\u1e00-\u1eff\u2c60-\u2c7f\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06"
_MARK = "\u0300-\u036f"
_TOKEN = re.compile(
    rf"(?P<han>[{CJK}])"
    rf"|(?P<number>\d+(?:[.,．]\d+)*)"
    rf"|(?P<word>[{LATIN}][{LATIN}{_MARK}]*)"
    rf"|(?P<foreign>(?:(?![{CJK}{LATIN}])[^\W\d_])(?:(?![{CJK}{LATIN}])[^\W\d_]|[{_MARK}])*)"
    r"|(?P<line>[\r\n]+)"
    r"|(?P<space>[^\S\r\n]+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_ABBREVIATIONS = frozenset(
    [
        "dr", "mr", "mrs", "ms", "prof", "vs", "approx", "no", "st", "fig", "eg", "ie", "pt", "hx", "yr", "yrs",
        "wk", "wks", "mo",
    ]
)
LONGEST_SENTENCE_TOKENS = 600
"""A text without full stops is cut here, so that reading stays linear; a list of fifty denials fits twice."""
_WRAPPED_LINE_CHARS = 55
"""A line at least this long that does not end a sentence was probably wrapped by an editor."""


class Kind(IntEnum):
    """What a token is made of."""

    WORD = 1
    NUMBER = 2
    HAN = 3
    SIGN = 4
    LINE = 5


_KINDS = {
    "word": Kind.WORD, "foreign": Kind.WORD, "number": Kind.NUMBER, "han": Kind.HAN, "sign": Kind.SIGN,
    "line": Kind.LINE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, Chinese character or sign; offsets count characters of the input, end exclusive."""

    start: int
    end: int
    kind: Kind
    folded: str


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start`..`end` (exclusive) of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of tokens `first`..`last` (exclusive) in which negation and its like can reach."""

    first: int
    last: int


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return `text` compatibility-normalised, in lower case and without combining marks."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def tokenise(text: str) -> list[Token]:
    """Return every token of `text` in order; spaces make none."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        if kind := _KINDS.get(match.lastgroup or ""):
            tokens.append(Token(match.start(), match.end(), kind, fold(match.group())))
    return tokens


def sentences(text: str, tokens: list[Token]) -> list[Sentence]:
    """Return the sentences of `tokens`; together they cover every token once."""
    found: list[Sentence] = []
    first = 0
    for place in range(len(tokens)):
        if _ends_sentence(text, tokens, place) or place - first >= LONGEST_SENTENCE_TOKENS:
            found.append(Sentence(first, place + 1))
            first = place + 1
    if first < len(tokens):
        found.append(Sentence(first, len(tokens)))
    return found


def _ends_sentence(text: str, tokens: list[Token], place: int) -> bool:
    token = tokens[place]
    if token.kind == Kind.LINE:
        return _line_is_over(text, tokens, place)
    if token.kind != Kind.SIGN:
        return False
    if token.folded in {"!", "?", ";", "。"} or text[token.start] in "。！？；":
        return True
    return token.folded == "." and _full_stop(text, tokens, place)


def _full_stop(text: str, tokens: list[Token], place: int) -> bool:
    """Whether the dot at `place` ends a sentence rather than an abbreviation, an initial or a species name."""
    if place + 1 == len(tokens):
        return True
    after = tokens[place + 1]
    if after.start == tokens[place].end and after.kind not in (Kind.LINE, Kind.HAN):
        return False
    before = tokens[place - 1].folded if place else ""
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
        return False
    return not text[after.start].islower()


def _line_is_over(text: str, tokens: list[Token], place: int) -> bool:
    """Whether a line break separates statements: a blank line, a short line, or a list item after it."""
    token = tokens[place]
    breaks = text[token.start : token.end]
    if breaks.replace("\r\n", "\n").count("\n") > 1 or place + 1 == len(tokens):
        return True
    line_start = max(text.rfind("\n", 0, token.start), text.rfind("\r", 0, token.start)) + 1
    if token.start - line_start < _WRAPPED_LINE_CHARS:
        return True
    after = tokens[place + 1]
    return after.kind == Kind.SIGN or after.kind == Kind.NUMBER


def by_sentence(tokens: list[Token], parts: list[Sentence], spans: Sequence[Span]) -> Iterator[tuple[Span, slice]]:
    """Yield each sentence with the slice of `spans` (sorted) that start in it; sentences without one are left out."""
    first = 0
    for number, part in enumerate(parts):
        end = tokens[part.last - 1].end
        last = first
        while last < len(spans) and (spans[last].start < end or number == len(parts) - 1):
            last += 1
        if last > first:
            reach = max(end, *(span.end for span in spans[first:last]))
            yield Span(tokens[part.first].start, reach), slice(first, last)
        first = last
