"""What the engine read becomes chips; what the clinician decided survives the next reading."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.case.record import DrugTaken, FindingOrigin, FindingState
from desktop.case.suggestions import (
    chips,
    confirmed_from,
    confirmed_state,
    decided,
    drugs_taken,
    flipped_state,
    merged,
    not_listed,
    suggestions,
)
from engine import api


def entity(text, code, start=0, *, negated=False, label="symptom", subject="patient"):
    return api.Entity(start, start + len(text), text, label, code, negated, subject,
                      display=api.Bilingual(text, f"{text}-zh"))


FEVER, COUGH = entity("fever", "E_91", 0), entity("cough", "E_201", 10)
NO_PAIN = entity("chest pain", "HP:0100749", 20, negated=True)


def test_only_coded_symptoms_of_the_patient_become_suggestions():
    read = suggestions([FEVER, entity("aspirin", "RX", label="drug"), entity("asthma", "E_124", subject="family"),
                        entity("odd feeling", None)])
    assert [finding.code for finding in read] == ["E_91"]
    assert read[0].state is FindingState.SUGGESTED
    assert (read[0].start, read[0].end, read[0].name_zh) == (0, 5, "fever-zh")


def test_first_mention_of_a_code_counts():
    assert suggestions([FEVER, replace(FEVER, start=50, end=55)])[0].start == 0


def test_a_past_finding_says_so_and_gives_way_to_a_present_mention():
    over = replace(FEVER, time=api.PAST)
    read = suggestions([over])[0]
    assert (read.name_en, read.name_zh, read.past) == ("fever (past)", "fever-zh（既往）", True)
    assert not suggestions([over, replace(FEVER, start=50, end=55)])[0].past


def test_new_reading_replaces_suggestions_and_keeps_ids_of_what_is_read_again():
    first = merged((), [FEVER, COUGH])
    second = merged(first, [COUGH])
    assert [finding.code for finding in second] == ["E_201"]
    assert second[0].id == first[1].id


def test_decisions_survive_and_move_with_the_text():
    known = merged((), [FEVER, COUGH])
    known = decided(known, [known[0].id], FindingState.CONFIRMED)
    again = merged(known, [replace(FEVER, start=7, end=12)])
    assert [(finding.state, finding.start) for finding in again] == [(FindingState.CONFIRMED, 7)]


def test_confirmed_finding_no_longer_in_the_text_stays_without_a_place():
    known = merged((), [FEVER])
    known = decided(known, [known[0].id], FindingState.CONFIRMED)
    assert [(finding.code, finding.start) for finding in merged(known, [])] == [("E_91", None)]


def test_rejected_finding_is_not_suggested_again():
    known = merged((), [FEVER])
    known = decided(known, [known[0].id], FindingState.REJECTED)
    again = merged(known, [FEVER])
    assert [finding.state for finding in again] == [FindingState.REJECTED]
    assert chips(again) == ()


def test_one_span_with_two_codes_is_one_chip():
    both = merged((), [FEVER, replace(FEVER, code="HP:0001945", label="phenotype")])
    assert len(chips(both)) == 1
    assert set(chips(both)[0].ids) == {finding.id for finding in both}


def test_chips_follow_the_order_of_the_text_and_placeless_ones_come_last():
    typed = confirmed_from([entity("rash", "E_129")], FindingOrigin.FORM)
    shown = chips(typed + merged((), [COUGH, FEVER]))
    assert [chip.findings[0].code for chip in shown] == ["E_91", "E_201", "E_129"]


def test_confirming_a_negated_finding_denies_it_and_flipping_turns_it_round():
    chip = chips(merged((), [NO_PAIN]))[0]
    assert chip.is_negated
    assert confirmed_state(chip) is FindingState.DENIED
    assert flipped_state(chip) is FindingState.CONFIRMED
    denied = chips(decided(chip.findings, chip.ids, FindingState.DENIED))[0]
    assert denied.is_negated
    assert flipped_state(denied) is FindingState.CONFIRMED


def test_typed_findings_are_confirmed_or_denied_at_once():
    typed = confirmed_from([FEVER, NO_PAIN], FindingOrigin.FORM)
    assert [(finding.state, finding.start) for finding in typed] == [
        (FindingState.CONFIRMED, None), (FindingState.DENIED, None)]


@given(st.lists(st.sampled_from([FEVER, COUGH, NO_PAIN])), st.sampled_from(list(FindingState)),
       st.lists(st.sampled_from([FEVER, COUGH, NO_PAIN])))
def test_no_decision_is_ever_lost_by_a_reading(first, state, second):
    known = merged((), first)
    known = decided(known, [finding.id for finding in known], state)
    kept = {finding.id: finding.state for finding in merged(known, second)}
    for finding in known:
        if finding.state is not FindingState.SUGGESTED:
            assert kept[finding.id] is finding.state


def test_a_guess_at_typed_words_waits_for_a_human_and_outlasts_a_new_reading():
    guess = replace(entity("hair is falling out", "HP:0001596"), score=0.5)
    typed = confirmed_from([guess, FEVER], FindingOrigin.FORM)
    assert {found.code: found.state for found in typed} == {
        "HP:0001596": FindingState.SUGGESTED, "E_91": FindingState.CONFIRMED}
    assert {found.code for found in merged(typed, [COUGH])} == {"HP:0001596", "E_91", "E_201"}


def test_only_drugs_that_the_patient_takes_now_are_offered():
    def drug(text, code="RXNORM:1", **changes):
        return replace(entity(text, code, label="drug"), **changes)

    read = [drug("Metformin", "RXNORM:6809"), drug("metformin", "RXNORM:6809"), drug("warfarin", negated=True),
            drug("insulin", subject="family"), drug("aspirin", time=api.PAST), drug("ibuprofen", time=api.IMAGINED),
            drug("xyz", None), FEVER]
    assert [name.en for name in drugs_taken(" " * 40, read)] == ["Metformin"]


def test_what_is_measured_drunk_or_an_allergy_is_not_offered():
    text = "Takes warfarin. Allergic to penicillin; potassium 4.1, drinks water."

    def drug(name, code):
        return entity(name, code, text.index(name), label="drug")

    read = [drug("warfarin", "1"), drug("penicillin", "2"), drug("potassium", "3"),
            replace(drug("water", "4"), display=api.Bilingual("sterile water", "")),
            entity("potassium 4.1", "K", text.index("potassium"), label="test")]
    assert [name.en for name in drugs_taken(text, read)] == ["warfarin"]


def test_a_drug_of_the_list_is_not_offered_in_either_language():
    offered = (api.Bilingual("metformin", "二甲双胍"), api.Bilingual("warfarin", "华法林"))
    assert not_listed(offered, (DrugTaken("Metformin "), DrugTaken("华法林"))) == ()
    assert not_listed(offered, ()) == offered
