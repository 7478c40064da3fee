"""Find the wordings of findings in a text: names and everyday expressions, English and Chinese.

What a wording means in its sentence (denied, of the family, past) is not decided here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine import api
from engine.knowledge.index import KnowledgeIndex
from engine.text import compile as entries
from engine.text import phrases
from engine.text.labs import LabReader
from engine.text.lay import LayChinese, LayEnglish, tell_more
from engine.text.match_en import EnglishMatcher, Hit
from engine.text.match_zh import ChineseMatcher
from engine.text.names import Names
from engine.text.segment import Sentence, Span, Token
from engine.text.spelling import Spelling
from engine.text.stem import Roots, base_form

_LAY_SCORE = 0.8
_MOST_AROUND = 8
"""Mentions of one finding that may begin before a place and reach into it; two are seldom."""
_HAS = re.compile(r"(?<![没无未])有|(?:不好|差|欠佳|不佳|萎靡)$")
_LACKING = re.compile(r"(?:cannot|\w+n['’]?t|unable|no|lost|losing)\b|没|不|睡不|吃不|闻不|看不", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text and the codes it may stand for."""

    span: Span
    codes: tuple[str, ...]
    score: float
    denied: bool = False
    """Whether the stretch itself says that the finding is absent: 淋巴结未触及肿大."""
    states_itself: bool = False
    """Whether the stretch is a statement of its own, so that no earlier "not" turns it: can't see, 母亲有哮喘."""


class Dictionaries:
    """The wordings of one index."""

    def __init__(self, index: KnowledgeIndex, labs: LabReader) -> None:
        """`labs` are names of tests, which are no findings."""
        self._labs = labs
        self._codes: list[str] = index.json(entries.CONCEPTS_ENTRY)
        self._labels: list[str] = index.json(entries.LABELS_ENTRY)
        self._places = {code: place for place, code in enumerate(self._codes)}
        self._names = Names(index)
        self._base = phrases.load(index, entries.BASE_TABLE)
        self._root = phrases.load(index, entries.ROOT_TABLE)
        everyday = frozenset(index.json(entries.EVERYDAY_ENTRY))
        self._everyday = everyday
        self._words = frozenset(index.json(entries.WORDS_ENTRY))
        spelling = Spelling(self._words, everyday)
        roots = Roots(index.json(entries.FAMILIES_ENTRY))
        written_with = index.array(entries.JOINED_ENTRY), index.array(entries.ACCOMPANIED_ENTRY)
        self._english = EnglishMatcher(self._base, self._root, roots, spelling, written_with)
        self._chinese = ChineseMatcher(index.json(entries.CHINESE_ENTRY), index.json(entries.OTHER_WORDS_ENTRY))
        lay = index.json(entries.LAY_ENTRY)
        self._lay_english, self._lay_chinese = LayEnglish(lay["en"]), LayChinese(lay["zh"])
        self._short: dict[str, list[int]] = index.json(entries.ABBREVIATIONS_ENTRY)

    def matches(self, text: str, tokens: list[Token], parts: list[Sentence]) -> list[Match]:
        """Return every wording in order of its place; an everyday one only where no name says the same there."""
        by_name = [*self._english_matches(text, tokens, parts), *self._chinese_matches(text)]
        found = [*by_name, *self._lay_matches(text, tokens, by_name)]
        return sorted(found, key=lambda match: (match.span.start, match.span.end))

    def has_word(self, word: str) -> bool:
        """Whether a word (folded) is everyday English or stands in a wording."""
        return word in self._words or self.knows(word)

    def knows(self, word: str) -> bool:
        """Whether a word (folded) is everyday English."""
        return word in self._everyday or base_form(word) in self._everyday

    def display(self, code: str) -> api.Bilingual | None:
        """Return how a code reads on screen."""
        if name := self._names.of(code):
            return name
        label = self._labels[self._places[code]]
        return api.Bilingual(label, label) if label else None

    def _english_matches(self, text: str, tokens: list[Token], parts: list[Sentence]) -> list[Match]:
        sentence_of = np.zeros(len(tokens), dtype=np.int64)
        for number, sentence in enumerate(parts):
            sentence_of[sentence.first : sentence.last] = number
        hits = self._english.find(tokens, sentence_of)
        found = [self._match(tokens, hit) for hit in hits] + self._abbreviations(text, tokens)
        return [match for match in found if not self._labs.is_name(text[match.span.start : match.span.end])]

    def _match(self, tokens: list[Token], hit: Hit) -> Match:
        table = self._base if hit.literal else self._root
        rows = sorted(range(hit.first_row, hit.last_row), key=lambda row: -int(table.qualities[row]))
        span = Span(tokens[min(hit.words)].start, tokens[max(hit.words)].end)
        return Match(span, self._best([int(table.concepts[row]) for row in rows]), _score(hit))

    def _best(self, concepts: list[int]) -> tuple[str, ...]:
        """Return the best concept of each vocabulary: at most one HPO term, and DDXPlus codes as they come."""
        codes = [self._codes[concept] for concept in concepts]
        ontology = [code for code in codes if code.startswith("HP:")]
        return (*ontology[:1], *(code for code in codes if not code.startswith("HP:")))

    def _abbreviations(self, text: str, tokens: list[Token]) -> list[Match]:
        """Abbreviations count only where they are written exactly so, in capitals."""
        return [
            Match(Span(token.start, token.end), self._best(concepts), 0.9)
            for token in tokens
            if (concepts := self._short.get(text[token.start : token.end])) is not None
        ]

    def _chinese_matches(self, text: str) -> list[Match]:
        return [
            Match(
                Span(hit.start, hit.end), self._best(list(hit.concepts)), 1.0, hit.denied,
                states_itself=_HAS.search(text, hit.start, hit.end) is not None,
            )
            for hit in self._chinese.find(text)
        ]

    def _lay_matches(self, text: str, tokens: list[Token], named: list[Match]) -> Iterator[Match]:
        """Yield everyday wordings whose code no name says already within their own stretch of text."""
        said: dict[str, list[Span]] = {}
        for match in named:
            for code in match.codes:
                insort(said.setdefault(code, []), match.span, key=_begin)
        found = [*self._lay_english.find(tokens), *self._lay_chinese.find(text)]
        for lay in tell_more(found, [match.span for match in named]):
            fresh = tuple(code for code in lay.codes if not _met(lay.span, said.get(code, [])))
            for code in fresh:
                insort(said.setdefault(code, []), lay.span, key=_begin)
            if fresh:
                lacking = _LACKING.match(text, lay.span.start) is not None
                yield Match(lay.span, fresh, _LAY_SCORE, states_itself=lacking)


def _begin(span: Span) -> int:
    return span.start


def _met(span: Span, spans: list[Span]) -> bool:
    """Whether one of `spans`, sorted by their start, shares a character with `span`."""
    at = bisect_left(spans, span.end, key=_begin)
    return any(other.end > span.start for other in spans[max(at - _MOST_AROUND, 0) : at])


def _score(hit: Hit) -> float:
    """How sure the wording is: literal, by word family, or only after mending a letter."""
    return 0.6 if hit.mended else 1.0 if hit.literal else 0.8
