"""Decide for each finding of a sentence whether it is denied, a relative's, past, or only imagined.

Cues reach forward (or back) to the next cue that stops them or to the end of the sentence; there is no limit in words,
because a list of fifty denied symptoms denies all fifty. A Chinese comma ends the reach of 无 and its like unless the
next clause is nothing but another finding.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from engine.text.cues import Cue, CueFinder, CueSpan

_EMPTY_SIGNS = frozenset(" 、及和或与以等也均都\u3000。；;.!！\r\n")
_ENDS = frozenset({Cue.STOPS, Cue.NOW, Cue.HARMLESS})
_DENIALS = frozenset({Cue.NEGATES, Cue.NEGATES_LIST})
_COMMAS = "，,"
_LONGEST_LOOK_CUES = 60
"""Cues of people and time that may stand between a denial and its finding; more than any sentence has."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start`..`end` (exclusive) of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Context:
    """How a finding is meant."""

    negated: bool = False
    family: bool = False
    past: bool = False
    imagined: bool = False


def contexts(text: str, sentence: Span, findings: Sequence[Span], finder: CueFinder) -> list[Context]:
    """Return the context of each of `findings`, which lie in `sentence` and are sorted by their start."""
    reach = _Reach(text, sentence, findings, finder)
    return [reach.context(finding) for finding in findings]


class _Reach:
    """The cues and clauses of one sentence, laid out so that each finding is judged without walking all of them."""

    def __init__(self, text: str, sentence: Span, findings: Sequence[Span], finder: CueFinder) -> None:
        self._text = text
        covered = {place for finding in findings for place in range(finding.start, finding.end)}
        self._cues = [
            cue
            for cue in finder.find(text, sentence.start, sentence.end)
            if not (cue.start in covered and cue.end - 1 in covered)
        ]
        self._starts = [cue.start for cue in self._cues]
        self._ends = list(accumulate((cue.end for cue in self._cues), max))
        self._family = list(accumulate(self._cues, _relative, initial=False))
        self._past = list(accumulate(self._cues, _in_past, initial=False))
        self._condition = min((cue.end for cue in self._cues if cue.cue is Cue.CONDITION), default=sentence.end + 1)
        self._commas = [place for place in range(sentence.start, sentence.end) if text[place] in _COMMAS]
        self._wordy = self._wordy_clauses(sentence, covered)

    def context(self, finding: Span) -> Context:
        """Return how `finding` is meant."""
        before = bisect_right(self._ends, finding.start)
        after = bisect_left(self._starts, finding.end)
        return Context(
            negated=self._negated_from_before(finding, before) or self._negated_from_after(after),
            family=self._family[after],
            past=self._past[before] or self._passed_after(finding, after),
            imagined=self._condition <= finding.start,
        )

    def _negated_from_before(self, finding: Span, before: int) -> bool:
        for cue in reversed(self._cues[max(before - _LONGEST_LOOK_CUES, 0) : before]):
            if cue.cue in _ENDS:
                return False
            if cue.cue is Cue.NEGATES_LIST:
                return True
            if cue.cue is Cue.NEGATES:
                return not cue.chinese or self._commas_pass(cue.end, finding)
        return False

    def _negated_from_after(self, after: int) -> bool:
        """Whether a later "was absent" or 阴性 reaches back."""
        for cue in self._cues[after : after + _LONGEST_LOOK_CUES]:
            if cue.cue is Cue.NEGATED or (cue.cue is Cue.NEGATES and self._written(cue) == "absent"):
                return True
            if cue.cue in _ENDS or cue.cue in _DENIALS:
                return False
        return False

    def _commas_pass(self, cue_end: int, finding: Span) -> bool:
        """Whether every clause from the first comma after the cue to the one with `finding` holds findings alone."""
        first, last = bisect_left(self._commas, cue_end), bisect_left(self._commas, finding.start)
        return self._wordy[last + 1] - self._wordy[first + 1] == 0

    def _wordy_clauses(self, sentence: Span, covered: set[int]) -> list[int]:
        """Return the running count of clauses, between commas, that hold more than findings."""
        edges = [sentence.start - 1, *self._commas, sentence.end]
        wordy = (
            any(
                place not in covered and self._text[place] not in _EMPTY_SIGNS
                for place in range(left + 1, right)
            )
            for left, right in pairwise(edges)
        )
        return list(accumulate(map(int, wordy), initial=0))

    def _passed_after(self, finding: Span, after: int) -> bool:
        """Whether "in childhood", 病史 and their like follow in the same clause."""
        comma = bisect_left(self._commas, finding.end)
        clause_end = self._commas[comma] if comma < len(self._commas) else None
        for cue in self._cues[after:]:
            if clause_end is not None and cue.start > clause_end:
                return False
            if cue.cue is Cue.PASSED:
                return True
        return False

    def _written(self, cue: CueSpan) -> str:
        return self._text[cue.start : cue.end].lower()


def _relative(so_far: bool, cue: CueSpan) -> bool:
    """Whether the last person named is a relative."""
    return cue.cue is Cue.FAMILY or (so_far and cue.cue is not Cue.PATIENT)


def _in_past(so_far: bool, cue: CueSpan) -> bool:
    """Whether the last cue of time speaks of the past."""
    return cue.cue in (Cue.PAST, Cue.PASSED) or (so_far and cue.cue is not Cue.NOW)
