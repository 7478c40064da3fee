"""The reader's vote: the language model says how likely this case is under each of the leading diagnoses.

It is shown only the candidates that the other voices left within reach of the first, so it cannot name a disease of its
own. The case is read once for each of them, so of a long one only the sentences that tell findings (`case_digest`).
Two questions are asked of each label: how likely the case is given the label (its cost without the case taken off), and
how much more likely the label becomes by the case (forward pointwise mutual information, which takes off how common and
how long the label is). What is asked of a label alone is kept for the next case.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.api import Entity
from engine.diagnosis.case_digest import digest
from engine.diagnosis.fusion import Place, Ranking
from engine.diagnosis.text_scores import standardised
from engine.diagnosis.voice import Floats, normalised
from engine.runtime.base import Cancelled, Part, Prompt, TextRuntime, never_cancelled

MOST_PLACES, LEAST_PLACES = 10, 3
"""How many candidates in front are read; the order of the others stays."""
WITHIN_REACH = 0.2
"""Of the first place's probability: the vote moves two candidates apart by about 1.7 nats at most, so one further
behind would be read for nothing. On own stories the same result as with ten places, at two fifths of the cost."""
LONGEST_CASE_CHARS = 900
"""About 220 tokens: read once for each candidate. With 500 the true label stood out less (NOTES_TEXT.md)."""
REVERSE_WEIGHT, FORWARD_WEIGHT = 0.5, 0.25
"""Nats per standard deviation of each answer over the candidates (NOTES_TEXT.md)."""
_ROOM_TOKENS = 64
_HEAD = Part("Case reports from a clinic, each with its diagnosis.\n\n")
_MOST_LABELS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one case gave and cost. `log_probability` sums to 1 over the places that were read."""

    log_probability: Floats
    seconds: float
    is_cut: bool
    """Whether sentences of the case were left out."""


class Reader:
    """Lets one language model vote. Not thread-safe, like the runtime."""

    def __init__(self, runtime: TextRuntime) -> None:
        self._runtime = runtime
        self._alone: dict[str, tuple[float, float]] = {}

    @property
    def name(self) -> str:
        """Name and version of the model that reads."""
        return self._runtime.name

    def read(
        self, case: str, labels: Sequence[str], found: Sequence[Entity] = (), cancelled: Cancelled = never_cancelled
    ) -> Reading | None:
        """Return the opinion over `labels`, or None where there is nothing to choose or the caller cancelled.

        `found` is what was read from the case: it tells which sentences of a long one to read.
        """
        text = digest(case, found, LONGEST_CASE_CHARS)
        if not text or len(labels) < 2:
            return None
        began = time.perf_counter()
        alone = [self._of_label(label, cancelled) for label in labels]
        told = self._scores(Prompt((_HEAD,)), [_reverse(label, text) for label in labels], cancelled)
        asked = Prompt((_HEAD,), (Part(f"Case: {text}\nDiagnosis:"),))
        named = self._scores(asked, [f" {label}" for label in labels], cancelled)
        if not told or not named or None in alone:
            return None
        kept = np.array(alone, dtype=np.float64)
        opinion = REVERSE_WEIGHT * standardised(np.array(told) - kept[:, 0])
        opinion += FORWARD_WEIGHT * standardised(np.array(named) - kept[:, 1])
        return Reading(normalised(opinion), time.perf_counter() - began, len(case.strip()) > LONGEST_CASE_CHARS)

    def _of_label(self, label: str, cancelled: Cancelled) -> tuple[float, float] | None:
        """Return what a label costs without a case, in both directions."""
        if label not in self._alone:
            reverse = self._scores(Prompt((_HEAD,)), [_reverse(label, "")], cancelled)
            forward = self._scores(Prompt((_HEAD,), (Part("Diagnosis:"),)), [f" {label}"], cancelled)
            if not reverse or not forward:
                return None
            if len(self._alone) >= _MOST_LABELS_KEPT:
                self._alone.clear()
            self._alone[label] = (reverse[0], forward[0])
        return self._alone[label]

    def _scores(self, prompt: Prompt, texts: Sequence[str], cancelled: Cancelled) -> list[float]:
        """Return the log likelihoods, as many side by side as the context holds; nothing when cancelled."""
        head = sum(self._runtime.count_tokens(part.text) for part in (*prompt.head, *prompt.tail))
        longest = max(self._runtime.count_tokens(text) for text in texts)
        at_once = max(1, (self._runtime.context_tokens - head - _ROOM_TOKENS) // max(1, longest))
        found: list[float] = []
        for first in range(0, len(texts), at_once):
            part = self._runtime.score(prompt, texts[first : first + at_once], cancelled)
            if not part:
                return []
            found += [score.log_likelihood for score in part]
        return found


def _reverse(label: str, text: str) -> str:
    return f"Diagnosis: {label}\nCase: {text}".rstrip() if not text else f"Diagnosis: {label}\nCase: {text}"


def with_reader(ranking: Ranking, opinion: Floats) -> Ranking:
    """Return the ranking with the first places ordered anew by the reader; what they hold together stays."""
    count = len(opinion)
    first, rest = ranking.places[:count], ranking.places[count:]
    before = np.array([place.probability for place in first])
    weights = before * np.exp(opinion - opinion.max())
    after = before.sum() * weights / weights.sum() if weights.sum() > 0 else before
    voted = [
        replace(place, probability=float(share), votes={**place.votes, "reader": float(np.exp(own))})
        for place, share, own in zip(first, after, opinion, strict=True)
    ]
    return replace(ranking, places=tuple(sorted(voted, key=lambda place: -place.probability)) + rest)


def read_places(places: Sequence[Place]) -> Sequence[Place]:
    """Return the places that the reader is shown: those that its vote could bring to the front."""
    reach = WITHIN_REACH * places[0].probability if places else 0.0
    near = sum(place.probability >= reach for place in places[:MOST_PLACES])
    return places[: max(near, LEAST_PLACES)]
