"""Find names of diseases and drugs with the trained tagger: which words, by the rules of which corpus.

The tagger has one head for each thing it was taught: diseases as the NCBI corpus marks them, diseases and chemicals as
BC5CDR marks them. It reads English only; sentences that are mostly in another script are left to the dictionaries. What
comes out is a place in the text, never words of the model's own, so an order hidden in a text can make nothing up.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.runtime.base import Tagger, Vectors
from engine.text.entity_names import NameClasses
from engine.text.segment import Sentence, Span, Token
from engine.text.tagger_words import shape, windows, words


class Head(IntEnum):
    """What the heads of the shipped model were taught, in their order."""

    NCBI_DISEASE = 0
    BC5CDR_DISEASE = 1
    BC5CDR_CHEMICAL = 2


_OUTSIDE, _BEGINS, _CONTINUES = range(3)
SELDOM_ADJACENT = 2.7
"""Nats against a name that begins right where another of the same head ends. In the train parts 14 of 5,145 names of
NCBI do, and 8 of 4,182 diseases and 13 of 5,203 chemicals of BC5CDR: 14 to 19 times fewer than begin at any word."""
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_LETTER = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u0370-\u03ff]")
"""Letters that English medicine does not use; Greek ones it does."""
_MOST_WINDOWS_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name at characters of the text; `probability` is the least sure word's."""

    span: Span
    head: Head
    probability: float


class EntityTagger:
    """Runs the tagger over whole texts. What it has read of a text is remembered while the text is being typed."""

    def __init__(self, tagger: Tagger, names: NameClasses) -> None:
        self._tagger = tagger
        self._names = names
        self._read: OrderedDict[tuple[str, ...], Vectors] = OrderedDict()

    def find(self, text: str, tokens: Sequence[Token], parts: Sequence[Sentence]) -> list[Tagged]:
        """Return what each head marks in `text`, in order of place; spans of one head never overlap."""
        spans = words(text)
        written = [text[span.start : span.end] for span in spans]
        ends = _word_ends(spans, tokens, parts)
        sizes = self._tagger.sizes(written)
        found: list[Tagged] = []
        for first, inside in _english(written, ends):
            run = slice(first, first + inside[-1])
            scores = self._scores(written[run], sizes[run], inside)
            for head in Head:
                found += (
                    Tagged(Span(spans[first + begin].start, spans[first + end - 1].end), head, sure)
                    for begin, end, sure in marked(scores[:, head])
                )
        return sorted(found, key=lambda tagged: (tagged.span.start, tagged.span.end, tagged.head))

    def _scores(self, written: list[str], sizes: list[int], ends: list[int]) -> Vectors:
        """Return the log-probabilities of every word of a run of English sentences."""
        classes = self._names.classes([word.lower() for word in written])
        scores = np.zeros((len(written), len(Head), 3), dtype=np.float32)
        for window in windows(sizes, ends, self._tagger.room):
            read = self._window(written[window.first : window.last], classes[window.first : window.last])
            own = slice(window.own_first - window.first, window.own_last - window.first)
            scores[window.own_first : window.own_last] = read[own]
        return scores

    def _window(self, written: list[str], classes: list[int]) -> Vectors:
        key = tuple(written)
        known = self._read.get(key)
        if known is None:
            known = self._tagger.scores(written, [shape(word) for word in written], classes)
            self._read[key] = known
            if len(self._read) > _MOST_WINDOWS_REMEMBERED:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        return known


def marked(scores: Vectors) -> Iterator[tuple[int, int, float]]:
    """Yield (first word, end word, probability) of the likeliest marking that lets no name continue from nothing.

    `scores` is (words, 3) log-probabilities of none, begins and continues.
    """
    labels = _likeliest(scores)
    first = -1
    for place, label in enumerate([*labels, _OUTSIDE]):
        if first >= 0 and label != _CONTINUES:
            chosen = scores[np.arange(first, place), labels[first:place]]
            yield first, place, round(float(np.exp(chosen.min())), 4)
            first = -1
        if label == _BEGINS:
            first = place


def _likeliest(scores: Vectors) -> list[int]:
    """Return the labels with the highest sum of scores, less SELDOM_ADJACENT for each name right after another.

    "Continues" never follows "none".
    """
    if not len(scores):
        return []
    none, begins, continues = float(scores[0, 0]), float(scores[0, 1]), -np.inf
    back: list[tuple[int, int, int]] = []
    for row in scores[1:].tolist():
        inside, named = (_BEGINS, begins) if begins >= continues else (_CONTINUES, continues)
        before_none = _OUTSIDE if none >= named else inside
        before_name = _OUTSIDE if none >= named - SELDOM_ADJACENT else inside
        back.append((before_none, before_name, inside))
        none, begins, continues = (
            max(none, named) + row[0], max(none, named - SELDOM_ADJACENT) + row[1], named + row[2],
        )  # fmt: skip
    ending = [none, begins, continues]
    labels = [ending.index(max(ending))]
    for before in reversed(back):
        labels.append(before[labels[-1]])
    return labels[::-1]


def _word_ends(spans: Sequence[Span], tokens: Sequence[Token], parts: Sequence[Sentence]) -> list[int]:
    """Return the end of each sentence as a number of words, the last one being all of them."""
    ends: list[int] = []
    place = 0
    for part in parts:
        end = tokens[part.last - 1].end
        while place < len(spans) and spans[place].start < end:
            place += 1
        if place and (not ends or place > ends[-1]):
            ends.append(place)
    if len(spans) and (not ends or ends[-1] < len(spans)):
        ends.append(len(spans))
    return ends


def _english(written: Sequence[str], ends: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each run of sentences that are mostly in Latin letters: its first word, and their ends counted from it."""
    first = before = 0
    inside: list[int] = []
    for end in ends:
        if _is_english(written[before:end]):
            inside.append(end - first)
        else:
            if inside:
                yield first, inside
            first, inside = end, []
        before = end
    if inside:
        yield first, inside


def _is_english(sentence: Sequence[str]) -> bool:
    latin = sum(1 for word in sentence if _LATIN.search(word))
    other = sum(len(word) for word in sentence if _OTHER_LETTER.search(word))
    return latin > 2 * other if other else latin > 0
