"""The clauses of a sentence, between commas, and which of them is a statement of its own rather than an item of a list.

"No fever, cough or chest pain" is one list; "no fever, cough for 3 days" is a denial and a statement. A clause states
something of its own when it has a time, a number, a pronoun or a verb, and no "or" that would make it the list's end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from engine.text.cues import Cue, CueSpan
from engine.text.segment import Span
from engine.text.times import is_recent, time_spans

_COMMA = re.compile(r"(?<!\d)[,，]|[,，](?!\d)")
_OR = re.compile(r"\b(?:or|nor)\b(?! (?:so|more|less)\b)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_EMPTY_SIGNS = frozenset(" 、及和或与以等也均都\u3000。；;.!！\r\n")
_STATES = frozenset({Cue.OPENS, Cue.NOW})


@dataclass(frozen=True, slots=True)
class _Clause:
    """What one clause holds. `timed`: since when; `recent`: in minutes to weeks; `wordy`: more than findings."""

    states: bool
    degree: bool
    timed: bool
    recent: bool
    wordy: bool
    has_or: bool


class Clauses:
    """The clauses of `sentence`; `covered` are the characters that findings take up."""

    def __init__(self, text: str, sentence: Span, cues: Sequence[CueSpan], covered: set[int]) -> None:
        self._commas = [match.start() for match in _COMMA.finditer(text, sentence.start, sentence.end)]
        times = time_spans(text, sentence)
        edges = [sentence.start - 1, *self._commas, sentence.end]
        clauses = [_clause(text, Span(left + 1, right), cues, times, covered) for left, right in pairwise(edges)]
        self._timed_first = [clause.timed and not clause.has_or for clause in clauses]
        self._statements = _running(clause.states and not clause.has_or for clause in clauses)
        last_or = max((place for place, clause in enumerate(clauses) if clause.has_or), default=-1)
        self._degrees = _running(clause.degree and place > last_or for place, clause in enumerate(clauses))
        self._wordy = _running(clause.wordy for clause in clauses)
        self._recent = _running(clause.recent for clause in clauses)

    def number(self, place: int) -> int:
        """Return which clause character `place` is in, from 0."""
        return bisect_left(self._commas, place)

    def list_runs(self, cue_end: int, start: int, *, plain: bool) -> bool:
        """Whether a denial that ends at `cue_end` still lists at `start`; a `plain` "no" also ends at a degree."""
        first, last = self.number(cue_end), self.number(start)
        if first == last:
            return True
        if self._timed_first[first] or self._statements[last + 1] - self._statements[first + 1]:
            return False
        return not plain or self._degrees[last + 1] == self._degrees[first + 1]

    def only_findings(self, cue_end: int, start: int) -> bool:
        """Whether every clause from the first comma after `cue_end` to the one of `start` holds findings alone."""
        first, last = self.number(cue_end), self.number(start)
        return self._wordy[last + 1] == self._wordy[first + 1]

    def grows_recent(self, cue_end: int, start: int) -> bool:
        """Whether a clause after the one of `cue_end`, up to the one of `start`, speaks of days or hours."""
        first, last = self.number(cue_end), self.number(start)
        return last > first and self._recent[last + 1] > self._recent[first + 1]


def _clause(text: str, span: Span, cues: Sequence[CueSpan], times: Sequence[Span], covered: set[int]) -> _Clause:
    kinds = {cue.cue for cue in cues if span.start <= cue.start < span.end}
    inside = [time for time in times if span.start <= time.start < span.end]
    timed = bool(inside)
    return _Clause(
        states=timed or bool(kinds & _STATES) or _DIGIT.search(text, span.start, span.end) is not None,
        degree=Cue.DEGREE in kinds,
        timed=timed,
        recent=any(is_recent(text[time.start : time.end]) for time in inside),
        wordy=any(place not in covered and text[place] not in _EMPTY_SIGNS for place in range(span.start, span.end)),
        has_or=_OR.search(text, span.start, span.end) is not None,
    )


def _running(flags: Iterable[bool]) -> list[int]:
    return list(accumulate(map(int, flags), initial=0))
