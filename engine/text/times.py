"""Find durations and onsets in text and give each to the findings it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.text.lists import list_back, list_on
from engine.text.segment import Span

_COUNT = (
    r"(?:(?<!\d)\d{1,4}(?:[.-]\d{1,4})?|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|several|a few|(?:a )?couple of|half a)"
)
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?)"
_SINCE = (
    r"since (?:yesterday|this morning|last (?:night|week|month|year)|\w+day|\d{4})"
    r"|yesterday|last night|this morning|overnight"
)
_COUNT_ZH = r"(?:(?<!\d)\d{1,4}|[一二三四五六七八九十两几半数]{1,4})"
_UNIT_ZH = r"(?:分钟|小时|天|日|周|星期|个多?月|月|年)"
_SINCE_ZH = r"昨[天日晚夜]|前天|今[晨早]|上周|上个?月"
_TIME = re.compile(
    rf"\b(?:{_COUNT}[\s-]+{_UNIT}(?:['’]s?)?(?:[\s-]+(?:ago|history|duration))?|{_SINCE})\b"
    rf"|{_COUNT_ZH}\s*[多余]?\s*{_UNIT_ZH}[余多]?[来前]?|{_SINCE_ZH}",
    re.IGNORECASE,
)
_BEFORE_TIME = re.compile(
    r"[\s,(（]*(?:(?:present|ongoing|persisting|lasting|lasted|has lasted|started|began|starting|which began)\s*)?"
    r"(?:for|over|x|about|around|approximately|the|past|last|已|约|近|持续|大约|有|\s)*",
    re.IGNORECASE,
)
_AFTER_TIME = re.compile(
    r"(?:history|of|with|the|a|he|she|developed|noticed|had|began|having"
    r"|前|来|余|开始|突然|突发|无明显诱因|后|出现|有|感到?|自觉|反复|[\s,，:：])*",
    re.IGNORECASE,
)
_RECENT = re.compile(
    r"minute|min|hour|hr|day|week|wk|night|morning|分钟|小时|天|日|周|星期|昨|今", re.IGNORECASE
)
_FARTHEST_CHARS = 60
"""How far from its finding, or from the list that its finding ends or begins, a time may stand."""


def times_of(
    text: str, sentence: Span, findings: Sequence[Span], denied: Sequence[bool] = ()
) -> list[str | None]:
    """Return for each of `findings` (sorted, inside `sentence`) the words that say since when or how long, or None.

    A time that belongs to a list goes to all of it, but not across from what is present to what is `denied`.
    """
    times: list[str | None] = [None] * len(findings)
    for match in _TIME.finditer(text, sentence.start, sentence.end):
        for place in _owners(text, match.start(), match.end(), findings, denied):
            times[place] = times[place] or match.group()
    return times


def time_spans(text: str, sentence: Span) -> list[Span]:
    """Return every place in `sentence` that says since when or how long."""
    return [Span(match.start(), match.end()) for match in _TIME.finditer(text, sentence.start, sentence.end)]


def is_recent(time: str) -> bool:
    """Whether the words of a time speak of minutes to weeks, or of a day near by."""
    return _RECENT.search(time) is not None


def _owners(text: str, start: int, end: int, findings: Sequence[Span], denied: Sequence[bool]) -> list[int]:
    """Return the findings that the time at `start`..`end` belongs to: the list right before it, or else right after."""
    before = [place for place, span in enumerate(findings) if start - _FARTHEST_CHARS <= span.end <= start]
    if before and _BEFORE_TIME.fullmatch(text, max(findings[place].end for place in before), start):
        return list_back(text, before, findings, denied)
    after = [place for place, span in enumerate(findings) if end <= span.start <= end + _FARTHEST_CHARS]
    if after and _AFTER_TIME.fullmatch(text, end, findings[after[0]].start):
        return list_on(text, after, findings, denied)
    return []
