"""Find dictionary phrases in Chinese text, longest first, also across words of degree (头很痛 is 头痛).

The text is folded character by character with the origin of each kept, so that full-width letters and digits match and
every span still points into the unchanged input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.text.segment import CJK, fold

DEGREES = (
    "越来越", "一阵阵", "有一点", "有点儿", "有点", "有些", "非常", "特别", "比较", "轻微", "轻度", "中度", "重度",
    "明显", "阵阵", "持续性", "持续", "隐隐", "十分", "经常", "总是", "一直", "反复", "间断", "偶尔", "偶", "很",
    "太", "稍", "略", "老是", "老", "总", "也", "又", "还", "都", "的", "了", "得厉害",
)  # fmt: skip
"""Words that may stand inside a finding without changing which one it is."""
DENIALS = ("未触及明显", "未触及", "未扪及", "未闻及", "未见明显", "未见", "未及", "没有", "无明显", "无", "没", "不")
"""Words that may stand inside a finding and deny it: 淋巴结未触及肿大, 头不痛."""
LONE = {
    "咳": (
        frozenset("不也还又有无没未会总老很就常偶干一直久夜晚早晨阵剧呛微频爱想连时在天往着了他她我人者儿的并伴而仍"),
        frozenset("了着得过个嗽不又出两三一几半数多天很厉好没有吗喘吐声时就也还并伴而"),
    ),
}
"""One-character findings that are part of many other words, with the characters that may stand before and after."""
_DENIAL = re.compile("|".join(DENIALS))
_DEGREE = re.compile("|".join(sorted(DEGREES, key=len, reverse=True)))
_HAS_HAN = re.compile(f"[{CJK}]")
_HARD_SIGNS = frozenset("。！？；，、,;!?.:：\n\r")


@dataclass(frozen=True, slots=True)
class ChineseHit:
    """A phrase at characters `start`..`end` of the input and the concepts it may mean."""

    start: int
    end: int
    concepts: tuple[int, ...]
    denied: bool = False
    """Whether a denial stands inside it."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text and, for each of its characters, the place it came from."""

    text: str
    origins: tuple[int, ...]


class ChineseMatcher:
    """Looks up phrases by their first character, longest first."""

    def __init__(self, phrases: Mapping[str, Sequence[int]], other_words: Sequence[str] = ()) -> None:
        """Take the dictionary and the `other_words` whose characters look like findings: 百日咳, 止痛."""
        self._phrases = {fold(phrase): tuple(concepts) for phrase, concepts in phrases.items()}
        self._other_words = re.compile("|".join(sorted(other_words, key=len, reverse=True)) or r"(?!)")
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
        hits |= self._denied_inside(plain, {hit.end for hit in hits})
        hidden = {place for match in self._other_words.finditer(text) for place in range(*match.span())}
        kept = [hit for hit in hits if not hidden.issuperset(range(hit.start, hit.end))]
        return _longest(sorted(kept, key=lambda hit: (hit.start, -hit.end)))

    def _denied_inside(self, plain: _Folded, ends: set[int]) -> set[ChineseHit]:
        """Return the findings that a denial cuts in two; `ends` of whole findings are no first halves."""
        without, cuts = _without_denials(plain, ends)
        crossing = (hit for hit in self._in(without) if any(hit.start < cut < hit.end for cut in cuts))
        return {replace(hit, denied=True) for hit in crossing}

    def _in(self, folded: _Folded) -> list[ChineseHit]:
        found: list[ChineseHit] = []
        for place, first in enumerate(folded.text):
            for length in self._lengths.get(first, ()):
                if place + length > len(folded.text):
                    continue
                concepts = self._phrases.get(folded.text[place : place + length])
                if concepts is not None and _may_stand(folded.text, place, length):
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


def _without_denials(folded: _Folded, ends: set[int]) -> tuple[_Folded, list[int]]:
    """Return `folded` without denials inside a run of Chinese characters, and where in the input they began."""
    kept: list[int] = []
    cuts: list[int] = []
    place = 0
    for match in _DENIAL.finditer(folded.text):
        before = folded.text[match.start() - 1 : match.start()]
        origin = folded.origins[match.start()]
        inside = bool(before) and _HAS_HAN.match(before) is not None and origin not in ends
        cuts += [origin] if inside else []
        kept.extend(range(place, match.start() if inside else match.end()))
        place = match.end()
    kept.extend(range(place, len(folded.text)))
    return _Folded("".join(folded.text[at] for at in kept), tuple(folded.origins[at] for at in kept)), cuts


def _may_stand(text: str, place: int, length: int) -> bool:
    """Whether the phrase at `place` is not one character of another word."""
    neighbours = LONE.get(text[place]) if length == 1 else None
    if neighbours is None:
        return True
    around = (text[max(place - 1, 0) : place], text[place + 1 : place + 2])
    return all(not _HAS_HAN.match(sign) or sign in known for sign, known in zip(around, neighbours, strict=True))


def _longest(hits: list[ChineseHit]) -> list[ChineseHit]:
    """Return `hits` (sorted by start, longest first) without those inside an earlier one."""
    kept: list[ChineseHit] = []
    reach = -1
    for hit in hits:
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept
