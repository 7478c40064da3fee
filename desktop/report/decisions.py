"""What the clinician decided about a plan: adopted sentences, own words, overrides and the signature.

A plan from the engine is never edited in place; the decisions stand beside it, so the signature can show exactly what
a person changed from the draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from desktop.words import OVERRIDE_REASONS, Language, shown, word
from engine.api import Alert, Plan, PlanSentence

Section = Literal["plan", "rehabilitation", "lifestyle", "safety_net", "follow_up"]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A sentence that the clinician takes as their own. `text` is None where it was adopted word for word."""

    sentence: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """An alert that the clinician set aside. `reason` is a key of `words.OVERRIDE_REASONS`; `note` is free text.

    `rule_id` is the alert's key: one class rule may speak of several pairs of drugs, and a reason for one pair is none
    for another. Earlier records hold the rule's id alone, which stands for all its pairs as it did when it was given.
    """

    rule_id: str
    reason: str
    note: str = ""


def alert_key(alert: Alert) -> str:
    """Return what an override of `alert` is kept under: its rule and its drugs, in whatever order they were entered."""
    return f"{alert.rule_id} ({' + '.join(sorted(alert.drugs))})"


def override_from(rule_id: str, words: str) -> Override:
    """Return the override that `words` tell of: a reason key, then a colon and free text where there is any."""
    reason, _, note = words.partition(": ")
    return Override(rule_id, reason, note)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and when (local ISO time). `role` is a value of `case.record.Role`."""

    name: str
    role: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything a person decided about one plan."""

    own_words: tuple[OwnWords, ...] = ()
    overrides: tuple[Override, ...] = ()

    def words_for(self, sentence: int) -> OwnWords | None:
        """Return the latest decision about a sentence."""
        return next((own for own in reversed(self.own_words) if own.sentence == sentence), None)

    def override_of(self, alert: Alert) -> Override | None:
        """Return the latest override of an alert."""
        return next((given for given in reversed(self.overrides) if _is_of(given, alert)), None)


def _is_of(given: Override, alert: Alert) -> bool:
    return given.rule_id in (alert_key(alert), alert.rule_id)


GROUP_ORDER = ("first_steps", "options", "monitoring", "stop", "plan", "prose", "rehabilitation", "lifestyle",
               "safety_net", "follow_up")
"""The headings that sentences are shown and printed under, in this order."""


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence of a plan with the number that decisions refer to and the list of the plan it stands in."""

    number: int
    section: Section
    sentence: PlanSentence

    @property
    def group(self) -> str:
        """Return the heading it is shown under: for `plan.sentences` the one that the engine gave, where known."""
        told = self.sentence.section
        return told if self.section == "plan" and told in GROUP_ORDER else self.section


def number_sentences(plan: Plan) -> tuple[NumberedSentence, ...]:
    """Return every sentence of a plan with its number, in the order of numbers.

    The fixed sections are numbered first, so that sentences which still arrive at the end of `plan.sentences`
    never change the number of one that is already on the screen.
    """
    return tuple(
        NumberedSentence(number, section, sentence) for number, (section, sentence) in enumerate(_in_sections(plan))
    )


def _in_sections(plan: Plan) -> Iterator[tuple[Section, PlanSentence]]:
    for sentence in plan.rehabilitation:
        yield "rehabilitation", sentence
    for sentence in plan.lifestyle:
        yield "lifestyle", sentence
    for sentence in plan.safety_net:
        yield "safety_net", sentence
    for sentence in plan.follow_up:
        yield "follow_up", sentence
    for sentence in plan.sentences:
        yield "plan", sentence


def open_alerts(plan: Plan, decisions: Decisions) -> tuple[Alert, ...]:
    """Return the interrupting alerts that still need a reason before the plan is signed.

    An alert on an option that is blocked anyway needs none: the dose is struck through and nobody can follow it.
    """
    blocked = {option.regimen.drug for option in plan.options if option.verdict == "blocked" and option.regimen}
    return tuple(
        alert for alert in plan.check.alerts
        if alert.interrupts and not blocked.intersection(alert.drugs) and decisions.override_of(alert) is None
    )


@dataclass(frozen=True, slots=True)
class DraftChange:
    """One line of what a signature changes from the draft. `before` and `after` are texts of sentences or alerts."""

    kind: Literal["adopted", "edited", "overridden", "left_out"]
    before: str
    after: str = ""


def changes_from_draft(plan: Plan, decisions: Decisions, language: Language) -> tuple[DraftChange, ...]:
    """Return what the signed report says other than the draft, in the order of the plan."""
    changes = [_sentence_change(numbered, decisions, language) for numbered in number_sentences(plan)]
    overridden = [_override_change(plan, given, language) for given in decisions.overrides]
    return tuple(change for change in [*changes, *overridden] if change is not None)


def _sentence_change(
    numbered: NumberedSentence, decisions: Decisions, language: Language
) -> DraftChange | None:
    before = shown(numbered.sentence.display, numbered.sentence.text, language)
    own = decisions.words_for(numbered.number)
    if own is None:
        return DraftChange("left_out", before) if numbered.sentence.status == "unsupported" else None
    return DraftChange("adopted", before) if own.text is None else DraftChange("edited", before, own.text)


def _override_change(plan: Plan, given: Override, language: Language) -> DraftChange:
    alert = next((alert for alert in plan.check.alerts if _is_of(given, alert)), None)
    before = shown(alert.display, alert.text, language) if alert is not None else given.rule_id
    reason = word(OVERRIDE_REASONS, given.reason, language)
    return DraftChange("overridden", before, f"{reason}. {given.note}".strip() if given.note else reason)
