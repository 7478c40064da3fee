"""Find dictionary phrases in Chinese text, longest first, also across words of degree (头很痛 is 头痛).

The text is folded character by character with the origin of each kept, so that full-width letters and digits match and
every span still points into the unchanged input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.text.segment import CJK, fold

DEGREES = (
    "越来越", "一阵阵", "有一点", "有点儿", "有点", "有些", "非常", "特别", "比较", "轻微", "轻度", "中度", "重度",
    "明显", "阵阵", "持续性", "持续", "隐隐", "十分", "经常", "总是", "一直", "反复", "间断", "偶尔", "偶", "很",
    "太", "稍", "略", "老是", "老", "总", "也", "又", "还", "都", "的", "了", "得厉害",
)  # fmt: skip
"""Words that may stand inside a finding without changing which one it is."""
_DEGREE = re.compile("|".join(sorted(DEGREES, key=len, reverse=True)))
_HAS_HAN = re.compile(f"[{CJK}]")
_HARD_SIGNS = frozenset("。！？；，、,;!?.:：\n\r")


@dataclass(frozen=True, slots=True)
class ChineseHit:
    """A phrase at characters `start`..`end` of the input and the concepts it may mean."""

    start: int
    end: int
    concepts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text and, for each of its characters, the place it came from."""

    text: str
    origins: tuple[int, ...]


class ChineseMatcher:
    """Looks up phrases by their first character, longest first."""

    def __init__(self, phrases: Mapping[str, Sequence[int]]) -> None:
        self._phrases = {fold(phrase): tuple(concepts) for phrase, concepts in phrases.items()}
        lengths: dict[str, set[int]] = {}
        for phrase in self._phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str) -> list[ChineseHit]:
        """Return the longest matches in `text`, in order; nothing where there is no Chinese character."""
        if not _HAS_HAN.search(text):
            return []
        plain = _folded(text)
        hits = {hit for folded in (plain, _without_degrees(plain)) for hit in self._in(folded)}
        return _longest(sorted(hits, key=lambda hit: (hit.start, -hit.end)))

    def _in(self, folded: _Folded) -> list[ChineseHit]:
        found: list[ChineseHit] = []
        for place, first in enumerate(folded.text):
            for length in self._lengths.get(first, ()):
                if place + length > len(folded.text):
                    continue
                concepts = self._phrases.get(folded.text[place : place + length])
                if concepts is not None:
                    end = folded.origins[place + length - 1] + 1
                    found.append(ChineseHit(folded.origins[place], end, concepts))
                    break
        return found


def _folded(text: str) -> _Folded:
    characters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        if character.isspace() and character not in "\r\n":
            continue
        for part in fold(character) or character:
            characters.append(part)
            origins.append(place)
    return _Folded("".join(characters), tuple(origins))


def _without_degrees(folded: _Folded) -> _Folded:
    """Return `folded` without words of degree that stand between two Chinese characters."""
    kept: list[int] = []
    place = 0
    for match in _DEGREE.finditer(folded.text):
        before = folded.text[match.start() - 1 : match.start()]
        kept.extend(range(place, match.start() if before and before not in _HARD_SIGNS else match.end()))
        place = match.end()
    kept.extend(range(place, len(folded.text)))
    return _Folded("".join(folded.text[at] for at in kept), tuple(folded.origins[at] for at in kept))


def _longest(hits: list[ChineseHit]) -> list[ChineseHit]:
    """Return `hits` (sorted by start, longest first) without those inside an earlier one."""
    kept: list[ChineseHit] = []
    reach = -1
    for hit in hits:
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept
