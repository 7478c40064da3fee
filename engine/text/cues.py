"""Find the words that turn a finding round: negation, family, past and condition, in English and Chinese.

The patterns are data (`lexicon_en/cues.json`, `lexicon_zh/cues.json`): rules of language, not of medicine. A cue that a
longer one contains does not count by itself: "no increase" and "无明显诱因" (without apparent cause) deny nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from engine.knowledge.index import KnowledgeIndex

CUES_ENTRY = "text.cues"
LANGUAGES = ("en", "zh")
INFORMS = "informs"
"""Key of the verbs after which a relative only reports: "mother says", 母亲诉."""


class Cue(Enum):
    """What a cue does to the findings around it. At the same place, the earlier kind wins."""

    HARMLESS = "looks like a negation and is none"
    RESOLVED = "says that what stands right before is over"
    NEGATES_LIST = "negates what follows, across commas too"
    NEGATES = "negates what follows"
    NEGATED = "negates what stands before"
    NOW = "ends the reach of a negation and of the past"
    STOPS = "ends the reach of a negation"
    FAMILY = "says that a relative has it"
    PATIENT = "comes back to the patient"
    PAST = "puts what follows into the past"
    PASSED = "puts what stands before into the past"
    CONDITION = "only imagines what follows"
    OPENS = "makes a clause a statement of its own"
    DEGREE = "makes a clause a statement of its own after a plain no"


@dataclass(frozen=True, slots=True)
class CueSpan:
    """One cue at characters `start`..`end` of the text."""

    cue: Cue
    start: int
    end: int
    chinese: bool


class CueFinder:
    """The compiled patterns of both languages; `patterns` holds per language a list of expressions for each cue."""

    def __init__(self, patterns: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._english = _compile(patterns["en"], r"(?<![a-zA-Z])", r"(?![a-zA-Z])")
        self._chinese = _compile(patterns["zh"], "", "")

    def find(self, text: str, start: int, end: int) -> list[CueSpan]:
        """Return the cues of both languages between characters `start` and `end`, in order."""
        found = [
            CueSpan(Cue[match.lastgroup or ""], match.start(), match.end(), chinese)
            for pattern, chinese in ((self._english, False), (self._chinese, True))
            for match in pattern.finditer(text, start, end)
        ]
        return sorted(found, key=lambda span: span.start)


def load_cues(index: KnowledgeIndex) -> CueFinder:
    """Return the cue finder of an index."""
    return CueFinder(index.json(CUES_ENTRY))


def _compile(words: Mapping[str, Sequence[str]], before: str, after: str) -> re.Pattern[str]:
    """Return one pattern with a group for each cue."""
    informs = f"(?!{'|'.join(words[INFORMS])})"
    groups = [
        f"(?P<{cue.name}>{before}(?:{'|'.join(words[cue.name.lower()])}){after}{informs if cue is Cue.FAMILY else ''})"
        for cue in Cue
    ]
    return re.compile("|".join(groups), re.IGNORECASE)
