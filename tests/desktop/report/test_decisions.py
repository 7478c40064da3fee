"""What the clinician decided: overrides as stored words, alerts still open, and the difference from the draft."""

from __future__ import annotations

from dataclasses import replace

from desktop.report.decisions import (
    Decisions,
    Override,
    OwnWords,
    alert_key,
    changes_from_draft,
    number_sentences,
    open_alerts,
    override_from,
)
from tests.desktop import samples


def test_override_words_carry_the_reason_and_the_free_text() -> None:
    assert override_from("r", "will_monitor: INR: day 3") == Override("r", "will_monitor", "INR: day 3")
    assert override_from("r", "no_alternative") == Override("r", "no_alternative")


def test_an_interrupting_alert_stays_open_until_it_is_set_aside() -> None:
    plan = samples.plan()
    assert [alert.rule_id for alert in open_alerts(plan, Decisions())] == ["ansm.avk.macrolides"]
    assert open_alerts(plan, samples.decisions()) == ()


def test_a_reason_for_one_pair_of_a_class_rule_is_none_for_another() -> None:
    plan = samples.plan()
    (pair,) = [alert for alert in plan.check.alerts if alert.rule_id == "ansm.avk.macrolides"]
    other = replace(pair, drugs=["warfarin", "erythromycin"])
    both = replace(plan, check=replace(plan.check, alerts=[pair, other]))
    given = Decisions(overrides=(Override(alert_key(replace(pair, drugs=pair.drugs[::-1])), "will_monitor"),))
    assert open_alerts(both, given) == (other,)
    assert given.override_of(other) is None
    (change,) = [each for each in changes_from_draft(both, given, "en") if each.kind == "overridden"]
    assert change.before == pair.text


def test_an_alert_on_a_blocked_option_needs_no_reason_but_one_on_an_allowed_option_does() -> None:
    plan = samples.plan()
    allowed = replace(plan, options=[replace(option, verdict="caution") for option in plan.options])
    assert {alert.rule_id for alert in open_alerts(allowed, Decisions())} == {
        "allergy.penicillin.amoxicillin", "ansm.avk.macrolides"}


def test_a_signature_shows_adopted_reworded_left_out_and_overridden() -> None:
    changes = changes_from_draft(samples.plan(), samples.decisions(), "en")
    assert [change.kind for change in changes] == ["edited", "left_out", "adopted", "overridden"]
    assert changes[0].after == "散步 Walk as I showed you."
    assert changes[3].after == "I will monitor the patient. INR on day 3"


def test_an_untouched_supported_plan_changes_nothing() -> None:
    plan = replace(samples.plan(), sentences=samples.plan().sentences[:2], lifestyle=[])
    assert changes_from_draft(plan, Decisions(), "zh") == ()


def test_every_sentence_can_be_decided_on() -> None:
    plan = samples.plan()
    numbers = [entry.number for entry in number_sentences(plan)]
    decisions = Decisions(tuple(OwnWords(number, f"own {number}") for number in numbers))
    assert [change.after for change in changes_from_draft(plan, decisions, "en")] == [f"own {n}" for n in numbers]
