"""Read a clinician's text: every finding with its exact place, its code, and how it is meant.

The order is: tokens and sentences, dictionary matches in both languages, the context and time of each, measured values.
Nothing is returned that is not literally a stretch of the input, and no instruction inside a text is anything but text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from engine import api
from engine.knowledge.index import KnowledgeIndex
from engine.runtime.base import Encoder, Tagger
from engine.text import compile as entries
from engine.text import phrases
from engine.text.cues import load_cues
from engine.text.disease_codes import DiseaseCodes
from engine.text.drugs import DrugNames, drug_entities
from engine.text.entity_names import ENTITY_NAMES_ENTRY, NameClasses
from engine.text.labs import load_labs
from engine.text.lay import LayChinese, LayEnglish, tell_more
from engine.text.match_en import EnglishMatcher, Hit
from engine.text.match_zh import ChineseMatcher
from engine.text.measure import ASSUMED_ADULT_YEARS, age_years, measured, sex_of, speaks_of_child
from engine.text.named import DrugFinder, Guideline, NamedEntities
from engine.text.names import Names
from engine.text.nearest import is_plain, suggesters, unread_clauses
from engine.text.scope import Context, contexts
from engine.text.segment import Sentence, Span, Token, by_sentence, sentences, tokenise
from engine.text.spelling import Spelling
from engine.text.stem import Roots, base_form
from engine.text.tagger import EntityTagger
from engine.text.times import times_of
from engine.text.tongues import Tongue, denies, not_read, tongues
from engine.text.vitals import AGED_VITALS, codes_of, load_limits

_LAY_SCORE = 0.8
GUESSED = 0.5
_MOST_AROUND = 8
"""Mentions of one finding that may begin before a place and reach into it; two are seldom."""
_HAS = re.compile(r"(?<![没无未])有|(?:不好|差|欠佳|不佳|萎靡)$")
_LACKING = re.compile(r"(?:cannot|\w+n['’]?t|unable|no|lost|losing)\b|没|不|睡不|吃不|闻不|看不", re.IGNORECASE)
_OWN_SUBJECT = re.compile(r"(?:he|she|they|i|it|(?:his|her|their|my|the) \w+)\b", re.IGNORECASE)
"""A clause with a subject of its own is not denied by the one before: "No fever, he keeps forgetting things"."""
PAST, IMAGINED = api.PAST, api.IMAGINED
"""What a text only imagines ("return if fever") carries no code, so that nobody can take it for a finding."""


class DrugDictionary(DrugNames, DrugFinder, Protocol):
    """Finds drug names in a text, and one name on its own."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A stretch of text and the codes it may stand for."""

    span: Span
    codes: tuple[str, ...]
    score: float
    denied: bool = False
    """Whether the stretch itself says that the finding is absent: 淋巴结未触及肿大."""
    states_itself: bool = False
    """Whether the stretch is a statement of its own, so that no earlier "not" turns it: can't see, 母亲有哮喘."""


class ReadingStopped(Exception):
    """A reading was called off between two of its steps; nothing of it counts."""


class TextReader:
    """Reads texts with the dictionaries of one index. Safe to use from one thread at a time.

    The encoder suggests only (see `nearest`): taken as evidence, the nearest HPO wording by MiniLM, at the best of nine
    thresholds, added 0.004 to the document F1 on the development half of GSC+ (110 documents).
    """

    def __init__(
        self,
        index: KnowledgeIndex,
        open_encoder: Callable[[], Encoder | None] | None = None,
        drugs: DrugDictionary | None = None,
        open_tagger: Callable[[], Tagger | None] | None = None,
        open_multilingual: Callable[[], Encoder | None] | None = None,
    ) -> None:
        self._index = index
        self._codes: list[str] = index.json(entries.CONCEPTS_ENTRY)
        self._labels: list[str] = index.json(entries.LABELS_ENTRY)
        self._places = {code: place for place, code in enumerate(self._codes)}
        self._names = Names(index)
        self._base = phrases.load(index, entries.BASE_TABLE)
        self._root = phrases.load(index, entries.ROOT_TABLE)
        everyday = frozenset(index.json(entries.EVERYDAY_ENTRY))
        self._everyday = everyday
        spelling = Spelling(index.json(entries.WORDS_ENTRY), everyday)
        roots = Roots(index.json(entries.FAMILIES_ENTRY))
        written_with = index.array(entries.JOINED_ENTRY), index.array(entries.ACCOMPANIED_ENTRY)
        self._english = EnglishMatcher(self._base, self._root, roots, spelling, written_with)
        self._chinese = ChineseMatcher(index.json(entries.CHINESE_ENTRY), index.json(entries.OTHER_WORDS_ENTRY))
        lay = index.json(entries.LAY_ENTRY)
        self._lay_english, self._lay_chinese = LayEnglish(lay["en"]), LayChinese(lay["zh"])
        self._short: dict[str, list[int]] = index.json(entries.ABBREVIATIONS_ENTRY)
        self._cues = load_cues(index)
        self._limits = load_limits(index)
        self._labs = load_labs(index)
        self._drugs = drugs
        self._last_not_read: tuple[str, list[Span]] = "", []
        self._nearest = suggesters(index, open_encoder, open_multilingual)
        self._open_tagger = open_tagger or (lambda: None)
        self._tagging: tuple[EntityTagger, NamedEntities] | None = None

    def read(
        self,
        text: str,
        *,
        suggest: bool = False,
        guideline: Guideline | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[api.Entity]:
        """Return the entities of `text` in order of their place; offsets count characters of `text` as given.

        `suggest` adds, for clauses that no dictionary knows, the nearest finding with a score below 0.6.
        `guideline` adds diseases and drugs that the tagger marks; without an installed tagger it adds nothing.
        `cancelled` is asked between the steps and at every sentence. Raises ReadingStopped once it says yes.
        """
        tokens = tokenise(text)
        parts = sentences(text, tokens)
        spoken = tongues(text, tokens, parts, self._knows)
        _go_on(cancelled)
        by_name = self._english_matches(text, tokens, parts)
        _go_on(cancelled)
        by_name += self._chinese_matches(text)
        _go_on(cancelled)
        matches = sorted(
            [*by_name, *self._lay_matches(text, tokens, by_name)],
            key=lambda match: (match.span.start, match.span.end),
        )
        found: list[api.Entity] = []
        places = [match.span for match in matches]
        for sentence, those in by_sentence(tokens, parts, places):
            _go_on(cancelled)
            inside, spans = matches[those], places[those]
            meant = [
                replace(context, negated=(context.negated and not match.states_itself) or match.denied)
                for match, context in zip(inside, contexts(text, sentence, spans, self._cues), strict=True)
            ]
            times = times_of(text, sentence, spans, [context.negated for context in meant])
            for match, context, time in zip(inside, meant, times, strict=True):
                found += [self._entity(text, match, code, context, time) for code in match.codes]
        found += self._measured_entities(text)
        _go_on(cancelled)
        if self._drugs is not None:
            found += drug_entities(text, tokens, parts, self._drugs, self._cues)
        foreign = not_read(tokens, parts, spoken)
        self._last_not_read = text, foreign
        found = _only_guessed(text, found, foreign)
        if suggest and self._nearest:
            found += self._suggested(text, tokens, parts, spoken, found)
        _go_on(cancelled)
        tagging = self._tagger() if guideline else None
        if guideline and tagging:
            tagger, named = tagging
            found = named.joined(text, (tokens, parts), tagger.find(text, tokens, parts), found, guideline)
            found = _only_guessed(text, found, foreign)
        return sorted(found, key=lambda entity: (entity.start, entity.end))

    def _tagger(self) -> tuple[EntityTagger, NamedEntities] | None:
        """Return the tagger, opened at first need, or None where none is installed."""
        if self._tagging is None and (model := self._open_tagger()) is not None:
            names = NameClasses(self._index.json(ENTITY_NAMES_ENTRY))
            named = NamedEntities(DiseaseCodes(self._index), self._drugs, self._cues)
            self._tagging = EntityTagger(model, names), named
        return self._tagging

    def _suggested(
        self, text: str, tokens: list[Token], parts: list[Sentence], spoken: list[Tongue], found: list[api.Entity]
    ) -> Iterator[api.Entity]:
        """Yield the nearest finding of each clause that holds nothing `found`."""
        taken = [Span(entity.start, entity.end) for entity in found]
        unread = unread_clauses(text, tokens, parts, spoken, taken, self._knows)
        for tongue, nearest in self._nearest.items():
            plain = [span for span in unread[tongue] if is_plain(text, span, self._cues)]
            near = dict(nearest.suggestions(text, plain))
            spans = sorted({*taken, *near}, key=lambda span: (span.start, span.end)) if near else []
            for sentence, those in by_sentence(tokens, parts, spans):
                inside = spans[those]
                meant = contexts(text, sentence, inside, self._cues) if not near.keys().isdisjoint(inside) else []
                for span, context in zip(inside, meant, strict=False):
                    if guess := near.get(span):
                        stands = _OWN_SUBJECT.match(text, span.start) is not None
                        context = replace(context, negated=context.negated and not stands)
                        yield self._entity(text, _Match(span, (guess.code,), guess.score), guess.code, context, None)

    def not_read(self, text: str) -> list[Span]:
        """Return the sentences in a language that no dictionary reads: of them there are suggestions at most."""
        if self._last_not_read[0] != text:
            tokens = tokenise(text)
            parts = sentences(text, tokens)
            self._last_not_read = text, not_read(tokens, parts, tongues(text, tokens, parts, self._knows))
        return self._last_not_read[1]

    def _knows(self, word: str) -> bool:
        return word in self._everyday or base_form(word) in self._everyday

    def _english_matches(self, text: str, tokens: list[Token], parts: list[Sentence]) -> list[_Match]:
        sentence_of = np.zeros(len(tokens), dtype=np.int64)
        for number, sentence in enumerate(parts):
            sentence_of[sentence.first : sentence.last] = number
        hits = self._english.find(tokens, sentence_of)
        found = [self._match(tokens, hit) for hit in hits] + self._abbreviations(text, tokens)
        return [match for match in found if not self._labs.is_name(text[match.span.start : match.span.end])]

    def _match(self, tokens: list[Token], hit: Hit) -> _Match:
        table = self._base if hit.literal else self._root
        rows = sorted(range(hit.first_row, hit.last_row), key=lambda row: -int(table.qualities[row]))
        span = Span(tokens[min(hit.words)].start, tokens[max(hit.words)].end)
        return _Match(span, self._best([int(table.concepts[row]) for row in rows]), _score(hit))

    def _best(self, concepts: list[int]) -> tuple[str, ...]:
        """Return the best concept of each vocabulary: at most one HPO term, and DDXPlus codes as they come."""
        codes = [self._codes[concept] for concept in concepts]
        ontology = [code for code in codes if code.startswith("HP:")]
        return (*ontology[:1], *(code for code in codes if not code.startswith("HP:")))

    def _abbreviations(self, text: str, tokens: list[Token]) -> list[_Match]:
        """Abbreviations count only where they are written exactly so, in capitals."""
        return [
            _Match(Span(token.start, token.end), self._best(concepts), 0.9)
            for token in tokens
            if (concepts := self._short.get(text[token.start : token.end])) is not None
        ]

    def _chinese_matches(self, text: str) -> list[_Match]:
        return [
            _Match(
                Span(hit.start, hit.end), self._best(list(hit.concepts)), 1.0, hit.denied,
                states_itself=_HAS.search(text, hit.start, hit.end) is not None,
            )
            for hit in self._chinese.find(text)
        ]

    def _lay_matches(self, text: str, tokens: list[Token], named: list[_Match]) -> Iterator[_Match]:
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
                yield _Match(lay.span, fresh, _LAY_SCORE, states_itself=lacking)

    def _measured_entities(self, text: str) -> Iterator[api.Entity]:
        """Each measured value as a test, and as a finding where it is beyond a sourced limit."""
        age, sex = age_years(text), sex_of(text)
        adult = ASSUMED_ADULT_YEARS if age is None and not speaks_of_child(text) else age
        for value in [*measured(text), *self._labs.find(text)]:
            years = age if value.measure in AGED_VITALS else adult
            written = text[value.start : value.end]
            test = api.Entity(
                value.start, value.end, written, "test", value.measure, value=value.value, unit=value.unit
            )
            yield test
            for code in codes_of(value, self._limits, years, sex):
                yield replace(test, label=_label(code), code=code, display=self._display(code))

    def _entity(self, text: str, match: _Match, code: str, context: Context, time: str | None) -> api.Entity:
        return api.Entity(
            start=match.span.start,
            end=match.span.end,
            text=text[match.span.start : match.span.end],
            label=_label(code),
            code=None if context.imagined else code,
            negated=context.negated,
            subject="family" if context.family else "patient",
            time=IMAGINED if context.imagined else PAST if context.past else time,
            display=self._display(code),
            score=match.score,
        )

    def _display(self, code: str) -> api.Bilingual | None:
        if name := self._names.of(code):
            return name
        label = self._labels[self._places[code]]
        return api.Bilingual(label, label) if label else None


def _go_on(cancelled: Callable[[], bool]) -> None:
    """Raise ReadingStopped where the reading has been called off meanwhile."""
    if cancelled():
        raise ReadingStopped


def _only_guessed(text: str, found: list[api.Entity], foreign: list[Span]) -> list[api.Entity]:
    """Return `found` where what lies in another language's sentence is a guess at most, and none where that denies.

    "pas de palpitations" holds an English word, 熱がない Chinese characters; no cue of Lantern's reads their denial.
    Values and drugs are written alike in many languages and stand.
    """
    if not foreign:
        return found
    kept: list[api.Entity] = []
    for entity in found:
        place = next((span for span in foreign if span.start <= entity.start < span.end), None)
        if place is None or entity.label in ("drug", "test") or entity.value is not None:
            kept.append(entity)
        elif not denies(text[place.start : place.end]):
            kept.append(replace(entity, score=GUESSED))
    return kept


def _begin(span: Span) -> int:
    return span.start


def _met(span: Span, spans: list[Span]) -> bool:
    """Whether one of `spans`, sorted by their start, shares a character with `span`."""
    at = bisect_left(spans, span.end, key=_begin)
    return any(other.end > span.start for other in spans[max(at - _MOST_AROUND, 0) : at])


def _score(hit: Hit) -> float:
    """How sure the wording is: literal, by word family, or only after mending a letter."""
    return 0.6 if hit.mended else 1.0 if hit.literal else 0.8


def _label(code: str) -> Literal["phenotype", "symptom"]:
    return "phenotype" if code.startswith("HP:") else "symptom"
