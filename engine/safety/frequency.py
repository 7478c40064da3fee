"""How often a dose is taken, from the words of a prescription, English, Latin or Chinese; unknown words give None."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from engine.safety.number_words import with_digits

_N = r"(\d{1,2})"
_DAY = r"(?:24 ?-?(?:hours?|hrs?|h)(?:ourly)?|days?|daily|d)(?![a-z])"
_HOURS = r"(?:hourly|hours?|hrs?|hr|h)(?![a-z])"
_COUNTS = {"once": 1, "single": 1, "twice": 2, "thrice": 3}
_COUNT = rf"(?<![a-z\d.])(\d{{1,2}}|{'|'.join(_COUNTS)})"
_LATIN = {
    "od": 1, "o.d.": 1, "qd": 1, "q.d.": 1, "daily": 1, "every day": 1, "each day": 1, "nocte": 1, "mane": 1,
    "nightly": 1, "at night": 1, "every night": 1, "each night": 1, "at bedtime": 1, "before bed": 1,
    "in the morning": 1, "every morning": 1, "each morning": 1, "in the evening": 1, "every evening": 1, "qhs": 1,
    "qn": 1, "qam": 1,
    "qpm": 1, "bd": 2, "b.d.": 2, "bid": 2, "b.i.d.": 2, "morning and evening": 2, "morning and night": 2, "tds": 3,
    "t.d.s.": 3, "tid": 3, "t.i.d.": 3, "qds": 4, "q.d.s.": 4, "qid": 4, "q.i.d.": 4,
}  # fmt: skip
_CHINESE = {"早晚各1次": 2, "早晚": 2, "每晚": 1, "睡前": 1, "每早": 1, "晨起": 1, "每日": 1, "每天": 1}


def _count(text: str) -> int:
    return _COUNTS.get(text) or int(text)


def _per_day(match: re.Match[str]) -> Fraction:
    return Fraction(_count(next(filter(None, match.groups()))))


def _by_hours(match: re.Match[str]) -> Fraction:
    hours = int(next(filter(None, match.groups())))
    return Fraction(24, hours) if hours else Fraction(0)


def _per_week(match: re.Match[str]) -> Fraction:
    return Fraction(_count(next(filter(None, match.groups()), "1")), 7)


def _latin(match: re.Match[str]) -> Fraction:
    word = match.group().rstrip(".")
    return Fraction(next(often for known, often in _LATIN.items() if known.rstrip(".") == word))


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Fraction]], ...] = (
    (
        re.compile(
            rf"(?<![a-z])(?:every|each|q) ?{_N}(?: ?(?:-|to) ?\d{{1,2}})? ?{_HOURS}|(?<![\d.]){_N} ?-?hourly(?![a-z])"
            rf"|每隔?{_N}(?:个)?小时(?:(?:给药)?1次)?|每{_N}(?:h|hr)(?![a-z])(?:1次)?"
        ),
        _by_hours,
    ),
    (
        re.compile(
            r"(?<![a-z])(?:every (?:other|second) day|every 2 days|on alternate days|alternate days?|qod)(?![a-z])"
            r"|隔[日天](?:1次)?"
        ),
        lambda _: Fraction(1, 2),
    ),
    (
        re.compile(
            rf"{_COUNT} ?(?:x|times?|doses?)?(?: ?(?:a|per|each|every|in|/))? ?{_DAY}"
            rf"|(?<![a-z])x ?{_N} ?(?:daily|(?:/|per|a) ?day)(?![a-z])"
            rf"|(?:每日|每天|1日|1天|日|天)(?:服用?|给药|用)?{_N}次|{_N}次 ?/ ?(?:日|天|d)(?![a-z])"
        ),
        _per_day,
    ),
    (
        re.compile(
            rf"{_COUNT} ?(?:x|times?|doses?)?(?: ?(?:a|per|each|every|/))? ?week(?:ly)?(?![a-z])"
            rf"|(?:每周|1周|每星期){_N}次|(?<![a-z])(?:weekly|every week|qw)(?![a-z])|每周"
        ),
        _per_week,
    ),
    (
        re.compile(
            rf"(?<![a-z.])(?:{'|'.join(sorted(map(re.escape, _LATIN), key=len, reverse=True))})(?![a-z])"
            r"|(?<![a-z.])(?:o\.d|q\.d|b\.d|b\.i\.d|t\.d\.s|t\.i\.d|q\.d\.s|q\.i\.d)(?![a-z.])"
        ),
        _latin,
    ),
    (
        re.compile("|".join(sorted(_CHINESE, key=len, reverse=True))),
        lambda match: Fraction(_CHINESE[match.group()]),
    ),
)


def times_per_day(text: str) -> float | None:
    """Return the doses in a day; for a range of hours the shorter one, which gives the higher dose. None if unknown."""
    found, rest = take_all(with_digits(text))
    often = found.pop() if len(found) == 1 and not rest.strip(" ;,，、()（）.") else None
    return float(often) if often else None


def take_all(text: str) -> tuple[set[Fraction], str]:
    """Return every frequency in a text with digits, and the text without them. Zero stands for one that is absurd."""
    found: set[Fraction] = set()
    for pattern, often in _RULES:
        found |= {often(match) for match in pattern.finditer(text)}
        text = pattern.sub(" ; ", text)
    return found, text
