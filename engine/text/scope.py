"""Decide for each finding of a sentence whether it is denied, a relative's, past, or only imagined.

Cues reach forward (or back) to the next cue that stops them or to the end of the sentence; there is no limit in words,
because a list of fifty denied symptoms denies all fifty. A Chinese comma ends the reach of 无 and its like unless the
next clause is nothing but another finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.text.cues import Cue, CueFinder, CueSpan

_LIST_ONLY = frozenset(" 、，,及和或与以等也均都\u3000")
_ENDS = frozenset({Cue.STOPS, Cue.NOW, Cue.HARMLESS})
_COMMAS = "，,"


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
    """Return the context of each of `findings`, which lie in `sentence`."""
    outside = [
        cue
        for cue in finder.find(text, sentence.start, sentence.end)
        if not any(finding.start <= cue.start and cue.end <= finding.end for finding in findings)
    ]
    return [
        Context(
            negated=_negated(text, sentence, finding, outside, findings),
            family=_family(finding, outside),
            past=_past(text, finding, outside),
            imagined=any(cue.cue is Cue.CONDITION and cue.end <= finding.start for cue in outside),
        )
        for finding in findings
    ]


def _negated(
    text: str, sentence: Span, finding: Span, found: list[CueSpan], findings: Sequence[Span]
) -> bool:
    for cue in reversed([cue for cue in found if cue.end <= finding.start]):
        if cue.cue in _ENDS:
            break
        if cue.cue is Cue.NEGATES_LIST:
            return True
        if cue.cue is Cue.NEGATES:
            if cue.chinese and not _comma_passes(text, sentence, cue, finding, findings):
                break
            return True
    return _negated_after(text, finding, found)


def _negated_after(text: str, finding: Span, found: list[CueSpan]) -> bool:
    """Whether a later "was absent" or 阴性 reaches back to `finding`."""
    for cue in found:
        if cue.start < finding.end:
            continue
        if cue.cue is Cue.NEGATED or (cue.cue is Cue.NEGATES and text[cue.start : cue.end].lower() == "absent"):
            return True
        if cue.cue in _ENDS or cue.cue in (Cue.NEGATES, Cue.NEGATES_LIST):
            return False
    return False


def _comma_passes(text: str, sentence: Span, cue: CueSpan, finding: Span, findings: Sequence[Span]) -> bool:
    """Whether every clause from the first comma after `cue` to the one with `finding` holds findings alone."""
    commas = [place for place in range(cue.end, finding.start) if text[place] in _COMMAS]
    if not commas:
        return True
    ends = [place for place in range(finding.end, sentence.end) if text[place] in "，,。；;.!！"]
    clause_end = ends[0] if ends else sentence.end
    covered = {place for span in findings for place in range(span.start, span.end)}
    return all(place in covered or text[place] in _LIST_ONLY for place in range(commas[0], clause_end))


def _family(finding: Span, found: list[CueSpan]) -> bool:
    """Whether the last person named before `finding` is a relative, or one is named right after it."""
    relative = False
    for cue in found:
        if cue.start >= finding.end:
            break
        if cue.cue is Cue.FAMILY:
            relative = True
        elif cue.cue is Cue.PATIENT:
            relative = False
    return relative


def _past(text: str, finding: Span, found: list[CueSpan]) -> bool:
    """Whether the text puts `finding` into the past, before it ("history of") or right after it ("in childhood")."""
    past = False
    for cue in found:
        if cue.end <= finding.start:
            past = (past or cue.cue in (Cue.PAST, Cue.PASSED)) and cue.cue is not Cue.NOW
        elif cue.cue is Cue.PASSED and not any(sign in _COMMAS for sign in text[finding.end : cue.start]):
            return True
    return past
