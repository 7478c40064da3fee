"""What a language model reads of a long narrative: whole sentences that tell findings, in their order."""

from __future__ import annotations

from engine.api import Entity
from engine.diagnosis.case_digest import digest

TEXT = (
    "She works as a teacher and lives with two cats. Fever and a wet cough for a week. Her mother had asthma. "
    "No chest pain. 她昨天开始气促。她喜欢散步。"
)


def found(*told: tuple[str, bool, str]) -> list[Entity]:
    return [
        Entity(TEXT.index(text), TEXT.index(text) + len(text), text, "symptom", text, negated, subject)  # type: ignore[arg-type]
        for text, negated, subject in told
    ]


FOUND = found(
    ("Fever", False, "patient"), ("cough", False, "patient"), ("asthma", False, "family"),
    ("chest pain", True, "patient"), ("气促", False, "patient"),
)  # fmt: skip


def test_sentences_without_a_finding_of_the_patient_are_left_out() -> None:
    assert digest(TEXT, FOUND, 45) == "Fever and a wet cough for a week. 她昨天开始气促。"


def test_what_fits_is_read_whole() -> None:
    assert digest(f"  {TEXT} ", FOUND, 1000) == TEXT


def test_the_sentence_that_tells_most_for_its_length_comes_first_when_room_is_short() -> None:
    assert digest(TEXT, FOUND, 15) == "她昨天开始气促。"
    assert digest(TEXT, FOUND[:4], 35) == "Fever and a wet cough for a week."


def test_room_that_is_left_goes_to_the_other_sentences_in_their_order() -> None:
    assert digest(TEXT, FOUND, 60) == "Fever and a wet cough for a week. No chest pain. 她昨天开始气促。"


def test_a_sentence_longer_than_the_room_is_cut() -> None:
    assert digest("cough " * 60, [], 30) == ("cough " * 60)[:30]
