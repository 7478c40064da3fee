"""How often a dose is taken, from the words of a prescription, English, Latin or Chinese; unknown words give None."""

from __future__ import annotations

import re

from engine.safety import names

_WORDS = {
    "once": 1, "one": 1, "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4, "five": 5, "six": 6,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
}  # fmt: skip
_LATIN = {
    "od": 1.0, "qd": 1.0, "q.d": 1.0, "daily": 1.0, "every day": 1.0, "nocte": 1.0, "mane": 1.0, "at night": 1.0,
    "at bedtime": 1.0, "in the morning": 1.0, "qhs": 1.0, "qn": 1.0, "bd": 2.0, "bid": 2.0, "b.i.d": 2.0, "tds": 3.0,
    "tid": 3.0, "t.i.d": 3.0, "qds": 4.0, "qid": 4.0, "q.i.d": 4.0, "weekly": 1 / 7, "qw": 1 / 7, "每晚": 1.0,
    "睡前": 1.0,
}  # fmt: skip
_TIMES_A_DAY = re.compile(
    r"(\d+|once|twice|thrice|one|two|three|four|five|six)(?: times?)?(?: a| per|/)? ?(?:daily|day|d)"
)
_EVERY_HOURS = re.compile(r"(?:every|q) ?(\d+)(?: ?(?:-|to) ?(\d+))? ?(?:hourly|hours?|hrs?|h)|(\d+)[ -]hourly")
_A_WEEK = re.compile(r"(\d+|once|twice|one|two|three)(?: times?)?(?: a| per|/)? ?(?:week|weekly)")
_CHINESE_DAY = re.compile(r"(?:每日|每天|一日|一天|日)(\d+|[一二两三四五六])次")
_CHINESE_HOURS = re.compile(r"每(\d+)小时")


def times_per_day(text: str) -> float | None:
    """Return the doses in a day; for a range of hours the shorter one, which gives the higher dose. None if unknown."""
    folded = names.fold(text)
    if match := _EVERY_HOURS.fullmatch(folded):
        return 24 / _count(match[1] or match[3])
    if match := _CHINESE_HOURS.match(folded):
        return 24 / _count(match[1])
    if match := _CHINESE_DAY.fullmatch(folded) or _TIMES_A_DAY.fullmatch(folded):
        return float(_count(match[1]))
    if match := _A_WEEK.fullmatch(folded):
        return _count(match[1]) / 7
    return _LATIN.get(folded)


def _count(word: str) -> int:
    return _WORDS.get(word) or max(1, int(word))


_ANYWHERE = re.compile(
    r"(?:every|q) ?\d+(?: ?(?:-|to) ?\d+)? ?(?:hourly|hours?|hrs?|h)\b|\b\d+[ -]hourly\b"
    r"|\b(?:\d+|once|twice|thrice|one|two|three|four|five|six)(?: times?)?(?: a| per|/)? ?(?:daily|day|d|week|weekly)\b"
    r"|(?:每日|每天|一日|一天|日)(?:\d+|[一二两三四五六])次|每\d+小时(?:[1一]次)?"
    r"|\b(?:" + "|".join(sorted((re.escape(word) for word in _LATIN if word.isascii()), key=len, reverse=True)) + r")\b"
    r"|每晚|睡前"
)


def find(folded: str) -> tuple[int, int, float] | None:
    """Return start, end and doses in a day of the first frequency inside a folded text, or None."""
    match = _ANYWHERE.search(folded)
    if match is None:
        return None
    often = times_per_day(match.group())
    return None if often is None else (match.start(), match.end(), often)
