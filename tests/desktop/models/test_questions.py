"""Interview answers: keys, kinds, and what each answer would lead to."""

from __future__ import annotations

from desktop.models.questions import ChoiceModel, choices_of
from engine.api import AnswerValue, Bilingual, NextQuestion
from tests.desktop import samples


def test_yes_no_answers_are_one_two_and_point() -> None:
    assert [(choice.key, choice.value) for choice in choices_of(samples.questions()[0])] == [
        ("1", True), ("2", False), (".", None)]


def test_a_grade_is_given_by_its_own_digit() -> None:
    choices = choices_of(samples.questions()[2])
    assert [choice.value for choice in choices if choice.key == "7"] == [7]
    assert choices[10].key == ""
    assert choices[10].value == 10


def test_only_nine_values_have_a_key_and_the_others_are_still_there() -> None:
    values = [AnswerValue(f"V_{n}", Bilingual(f"v{n}", f"v{n}")) for n in range(1, 13)]
    choices = choices_of(NextQuestion("E_55", Bilingual("Where?", "哪里？"), "one_of", values, 1.0, {}))
    assert [choice.key for choice in choices] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "", "", "."]


def test_ticked_answers_come_in_the_order_of_the_list(qapp: object) -> None:
    model = ChoiceModel()
    model.set_question(samples.questions()[1], {})
    model.toggle(3)
    model.toggle(0)
    model.toggle(2)
    model.toggle(2)
    assert model.ticked() == ("V_71", "V_74")


def test_an_answer_says_what_would_lead_and_hides_it_before_commit(qapp: object) -> None:
    model = ChoiceModel()
    model.set_question(samples.questions()[0], {"DDX:Pulmonary embolism": "Pulmonary embolism"})
    assert model.text(model.records()[0]) == "[1]  Yes   → then first: Pulmonary embolism, 44 %"
    model.show_effects = False
    assert model.text(model.records()[0]) == "[1]  Yes"


def _where() -> NextQuestion:
    places = ("forehead", "left shoulder", "right shoulder", *(f"place {n}" for n in range(20)))
    values = [AnswerValue(f"V_{n}", Bilingual(f"pain location: {place}", f"疼痛部位：{place}"))
              for n, place in enumerate(places)]
    return NextQuestion("E_55", Bilingual("pain location", "疼痛部位"), "many_of", values, 1.0, {})


def test_values_do_not_repeat_the_question() -> None:
    first = choices_of(_where())[0]
    assert (first.display.en, first.display.zh) == ("forehead", "forehead")


def test_a_search_narrows_long_lists_and_keeps_what_was_ticked(qapp: object) -> None:
    model = ChoiceModel()
    model.set_question(_where(), {})
    model.toggle(0)
    model.narrow("SHOULDER")
    assert [(choice.key, choice.value) for choice in model.records()] == [("1", "V_1"), ("2", "V_2"), (".", None)]
    model.toggle(1)
    model.narrow("")
    assert model.rowCount() == 24
    assert model.ticked() == ("V_0", "V_2")
