"""Hold a sentence against the sources it cites. It passes only when nothing in it is missing there.

In order: the ids exist; every number and unit, every drug and condition name is in the cited text; the sentence is
negated exactly where its nearest source sentence is; and few of its content words are new. What cannot be judged fails.
The threshold was chosen on planted errors (`engine.evaluation.grounding`, development half).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.treatment.quantities import missing_from, quantities
from engine.treatment.terms import ClinicalTerms

LEAST_SUPPORT = 0.72
"""Share of content words that must stand in the cited text."""
NEAREST_SHARE = 0.85
"""Source sentences this close to the best match count as nearest, when the negation is compared."""


class Problem(StrEnum):
    """Why a sentence was not released."""

    EMPTY = "empty"
    NO_SOURCE = "no_source"
    UNKNOWN_SOURCE = "unknown_source"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` is None when the sentence may be released; `detail` names what was missing."""

    problem: Problem | None
    support: float
    detail: str = ""


_WORD = re.compile(r"[a-z][a-z'\-]*")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|avoid(?:ed|s|ing)?|contraindicated|unless|except|refuse[ds]?"
    r"|(?:do|does|did|is|are|was|were|should|would|could|ca|wo|must|need|has|have|had)n['’]?t)\b",
    re.IGNORECASE,
)
_GLUE_TEXT = """
a about after again all also always an and another any are around as ask at away be because been before begin being best
better both but by can care carefully case clinic clinician come common consider could course day days decide depend do
doctor does done dose doses down drug drugs during each early either else every few first follow for from further get
give given go good has have he help helps her him his how if important in include including increase into is it its
keep kind know least less let like likely long look made make many may me medicine medicines medication medications
might more most much must need needed needs new next of off often on once one only option options or other our out over
own part patient patients people person plan possible prescribe prescribed probably provider reason recommend
recommended remember same see seem several she should show side so some sometimes soon still such take taken
taking talk tell than that the their them then there these they think this those through time to today together too
treat treated treatment treatments try two type under until up upon us use used useful uses using usual usually very
visit want was way we week weeks well were what when where whether which while who will with within work works would
year years you your
"""
_GLUE = frozenset(_GLUE_TEXT.split())


class Grounding:
    """Checks sentences against one set of texts by source id."""

    def __init__(self, evidence: Mapping[str, str], terms: ClinicalTerms | None = None) -> None:
        self._evidence = dict(evidence)
        self._terms = terms or ClinicalTerms()

    def check(self, sentence: str, cited: Sequence[str]) -> Checked:
        """Return whether `sentence` may be released on the word of the `cited` sources."""
        words = content_words(sentence)
        if not words:
            return Checked(Problem.EMPTY, 0.0)
        if not cited:
            return Checked(Problem.NO_SOURCE, 0.0)
        if unknown := [source for source in cited if source not in self._evidence]:
            return Checked(Problem.UNKNOWN_SOURCE, 0.0, ", ".join(unknown))
        text = "\n".join(self._evidence[source] for source in cited)
        support = _support(words, content_words(text))
        problem, detail = self._first_problem(sentence, text)
        if problem is None and not support >= LEAST_SUPPORT:
            problem, detail = Problem.SUPPORT, f"{support:.2f}"
        return Checked(problem, support, detail)

    def _first_problem(self, sentence: str, text: str) -> tuple[Problem | None, str]:
        if wrong := missing_from(quantities(sentence), quantities(text)):
            return Problem.NUMBER, ", ".join(f"{quantity.value:g} {quantity.unit}".strip() for quantity in wrong)
        lower = text.lower()
        if strange := [name for name in sorted(self._terms.found(sentence)) if not _named(name, lower)]:
            return Problem.NAME, ", ".join(strange)
        clauses = [(part, content_words(part)) for part in _SENTENCE.split(sentence)]
        if not all(_negated_alike(part, text, said) for part, said in clauses if said):
            return Problem.NEGATION, ""
        return None, ""


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(
        _stem(word) for word in _WORD.findall(text.lower()) if word not in _GLUE and not _NEGATION.fullmatch(word)
    )


def _support(words: frozenset[str], source: frozenset[str]) -> float:
    return len(words & source) / len(words)


def _negated_alike(sentence: str, text: str, words: frozenset[str]) -> bool:
    """Whether one of the nearest source clauses has as many negations, even or odd, as this one."""
    scored = [(_support(words, content_words(part)), part) for part in _SENTENCE.split(text) if part.strip()]
    best = max((score for score, _ in scored), default=0.0)
    if best == 0.0:
        return False
    nearest = [part for score, part in scored if score >= best * NEAREST_SHARE]
    return any(_negations(part) % 2 == _negations(sentence) % 2 for part in nearest)


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))


def _named(name: str, lower_text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}(?:s|es)?\b", lower_text.replace("\n", " ")) is not None


def _stem(word: str) -> str:
    """Cut the endings of English inflection; crude on purpose, for comparison only."""
    for ending in ("ingly", "edly", "ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
    return word.removesuffix("e") if len(word) > 4 else word
