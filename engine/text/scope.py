"""Decide for each finding of a sentence whether it is denied, a relative's, past, or only imagined.

Cues reach forward (or back) to the next cue that stops them or to the end of the sentence; there is no limit in words,
because a list of fifty denied symptoms denies all fifty. A comma ends the reach of a denial when the next clause is a
statement of its own (see `clauses`); after a Chinese 无 and its like, also when it holds more than another finding.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from engine.text.clauses import Clauses
from engine.text.cues import Cue, CueFinder, CueSpan
from engine.text.lists import list_back
from engine.text.segment import Span

_ENDS = frozenset({Cue.STOPS, Cue.NOW, Cue.HARMLESS})
_DENIALS = frozenset({Cue.NEGATES, Cue.NEGATES_LIST})
_BARELY = re.compile(
    r"(?:\s|now|which|it|this|that|and|but|then|has|have|had|is|are|since|later|completely|fully|all|both|both of which"
    r"|现在?|目前|今|昨|后来?|经治疗后?|治疗后|服药后|自行|均|都|也)*",
    re.IGNORECASE,
)
"""All that may stand between a comma and "resolved" where it is said of the clause before."""
_NON = re.compile(r"\bnon[- ]$", re.IGNORECASE)
"""Right before a finding it denies that one word alone: non-tender."""
_SAYS_ON = re.compile(r" +(?!(?:and|or|in|on|at|bilaterally|throughout|today|now)\b)[a-z]", re.IGNORECASE)
_LONGEST_LOOK_CUES = 60
"""Cues of people and time that may stand between a denial and its finding; more than any sentence has."""


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
        self._condition = min((cue.end for cue in self._cues if cue.cue is Cue.CONDITION), default=sentence.end + 1)
        self._clauses = Clauses(text, sentence, self._cues, covered)
        self._over = self._over_places(findings)
        busy = {self._clauses.number(finding.start): finding.start for finding in reversed(findings)}
        self._since = list(accumulate(self._cues, lambda since, cue: self._past_since(since, cue, busy), initial=-1))

    def context(self, finding: Span) -> Context:
        """Return how `finding` is meant."""
        before = bisect_right(self._ends, finding.start)
        after = bisect_left(self._starts, finding.end)
        return Context(
            negated=self._negated_from_before(finding, before) or self._negated_from_after(after),
            family=self._family[after],
            past=finding in self._over or self._in_past(finding, before) or self._passed_after(finding),
            imagined=self._condition <= finding.start,
        )

    def _negated_from_before(self, finding: Span, before: int) -> bool:
        if _NON.search(self._text, max(finding.start - 4, 0), finding.start):
            return True
        for cue in reversed(self._cues[max(before - _LONGEST_LOOK_CUES, 0) : before]):
            if cue.cue in _ENDS:
                return False
            if cue.cue is Cue.NEGATES_LIST:
                return self._clauses.list_runs(cue.end, finding.start, plain=False)
            if cue.cue is Cue.NEGATES and not self._closed_between(cue.end, finding.start):
                runs = self._clauses.list_runs(cue.end, finding.start, plain=True)
                return runs and (not cue.chinese or self._clauses.only_findings(cue.end, finding.start))
        return False

    def _negated_from_after(self, after: int) -> bool:
        """Whether a later "was absent" or 阴性 reaches back."""
        for cue in self._cues[after : after + _LONGEST_LOOK_CUES]:
            if cue.cue is Cue.NEGATED and (" " in self._written(cue).strip() or cue.chinese or self._ends_there(cue)):
                return True
            if cue.cue is Cue.NEGATES and self._written(cue) == "absent" and self._ends_there(cue):
                return True
            if cue.cue in _ENDS or cue.cue in _DENIALS:
                return False
        return False

    def _over_places(self, findings: Sequence[Span]) -> set[Span]:
        """Return the findings that "has resolved" or 退了 is said of: the list right before it."""
        over: set[Span] = set()
        for cue in self._cues:
            if cue.cue is not Cue.RESOLVED:
                continue
            before = [place for place, finding in enumerate(findings) if finding.end <= cue.start]
            if before and self._is_said_of(cue, findings[before[-1]]):
                over.update(findings[place] for place in list_back(self._text, before, findings))
        return over

    def _is_said_of(self, cue: CueSpan, finding: Span) -> bool:
        """Whether `finding` is in the cue's clause, or in the one before ("fever last week, now resolved")."""
        apart = self._clauses.number(cue.start) - self._clauses.number(finding.start)
        last_comma = max(self._text.rfind(comma, finding.end, cue.start) for comma in ",，") + 1
        return apart == 0 or (apart == 1 and _BARELY.fullmatch(self._text, last_comma, cue.start) is not None)

    def _past_since(self, since: int, cue: CueSpan, busy: dict[int, int]) -> int:
        """Return the end of the cue that puts what follows `cue` into the past, or -1."""
        if cue.cue is Cue.NOW:
            return -1
        leads = busy.get(self._clauses.number(cue.start), cue.end) >= cue.end
        return cue.end if cue.cue is Cue.PAST or (cue.cue is Cue.PASSED and leads) else since

    def _in_past(self, finding: Span, before: int) -> bool:
        since = self._since[before]
        return since >= 0 and not self._clauses.grows_recent(since, finding.start)

    def _passed_after(self, finding: Span) -> bool:
        """Whether "in childhood", 病史 and their like follow in the same clause; 高血压病史 shares a character."""
        clause = self._clauses.number(finding.start)
        for cue in self._cues[bisect_right(self._ends, finding.end) :]:
            if self._clauses.number(cue.start) != clause:
                return False
            if cue.cue is Cue.PASSED:
                return True
        return False

    def _ends_there(self, cue: CueSpan) -> bool:
        """Whether a bare "absent" ends what is said ("reflexes absent"), rather than naming what follows it."""
        return _SAYS_ON.match(self._text, cue.end) is None

    def _closed_between(self, start: int, end: int) -> bool:
        """Whether a bracket that was open at `start` closes before `end`: the denial stood inside it."""
        return _closes_more(self._text[start:end])

    def _written(self, cue: CueSpan) -> str:
        return self._text[cue.start : cue.end].lower()


def _closes_more(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign in "([（【") - (sign in ")]）】")
        if depth < 0:
            return True
    return False


def _relative(so_far: bool, cue: CueSpan) -> bool:
    """Whether the last person named is a relative."""
    return cue.cue is Cue.FAMILY or (so_far and cue.cue is not Cue.PATIENT)

