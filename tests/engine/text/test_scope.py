"""Denial and the past where a mistake would hurt: what a comma ends, what has resolved, what is only history."""

from __future__ import annotations

import pytest

from engine.text.entities import PAST, TextReader

FEVER, COUGH, SPUTUM, VOMITING = "E_91", "E_201", "E_77", "E_211"
CHEST_PAIN, HEADACHE, DIABETES, PRESSURE = "HP:0100749", "HP:0002315", "E_69", "E_104"


@pytest.mark.parametrize(
    ("text", "denied", "present"),
    [
        ("No fever, productive cough for 3 days", {FEVER}, {SPUTUM}),
        ("no fever, cough or chest pain", {FEVER, COUGH, CHEST_PAIN}, set()),
        ("No fever, cough, chest pain", {FEVER, COUGH, CHEST_PAIN}, set()),
        ("No fever, cough for 3 days", {FEVER}, {COUGH}),
        ("No fever, she has a cough", {FEVER}, {COUGH}),
        ("No fever, started vomiting yesterday", {FEVER}, {VOMITING}),
        ("No fever, severe headache", {FEVER}, {HEADACHE}),
        ("No fever, severe headache or cough", {FEVER, HEADACHE, COUGH}, set()),
        ("No fever, mild cough", {FEVER}, {COUGH}),
        ("No fever, no cough, sore throat for two days", {FEVER, COUGH}, {"E_97"}),
        ("No fever, wheezing and productive cough for 3 days", {FEVER}, {"E_214", SPUTUM}),
        ("No fever or chills, abdominal pain since last night", {FEVER, "E_94"}, {"HP:0002027"}),
        ("No cough, fever 39", {COUGH}, {FEVER}),
        ("No vomiting, 3 days of diarrhea", {VOMITING}, {"E_51"}),
        ("No rash, a sore throat", {"E_129"}, {"E_97"}),
        ("Without fever, vomiting twice", {FEVER}, {VOMITING}),
        ("Denies fever, cough for 3 days", {FEVER}, {COUGH}),
        ("Denies fever, chills, productive cough or chest pain", {FEVER, "E_94", SPUTUM, CHEST_PAIN}, set()),
        ("Denies chest pain, severe headache, fever", {CHEST_PAIN, HEADACHE, FEVER}, set()),
        ("No fever, cough or chest pain for 3 days", {FEVER, COUGH, CHEST_PAIN}, set()),
        ("无发热、咳嗽、胸痛", {FEVER, COUGH, CHEST_PAIN}, set()),
        ("无发热，咳嗽3天", {FEVER}, {COUGH}),
        ("无发热，咳嗽，胸痛", {FEVER, COUGH, CHEST_PAIN}, set()),
        ("无发热，伴咳嗽", {FEVER}, {COUGH}),
        ("没有发烧，咳嗽厉害", {FEVER}, {COUGH}),
        ("否认发热，咳嗽3天", {FEVER}, {COUGH}),
        ("否认高血压、糖尿病史，咳嗽3天", {PRESSURE, DIABETES}, {COUGH}),
        ("咳嗽，无发热、胸痛，腹泻2次", {FEVER, CHEST_PAIN}, {COUGH, "E_51"}),
        ("淋巴结未触及肿大", {"HP:0002716"}, set()),
        ("颈部淋巴结无肿大，双下肢无水肿", {"HP:0002716", "HP:0012398"}, set()),
        ("头不痛，咳嗽", {HEADACHE}, {COUGH}),
    ],
)
def test_what_a_comma_ends(reader: TextReader, text: str, denied: set[str], present: set[str]) -> None:
    entities = reader.read(text)
    assert {entity.code for entity in entities if entity.negated} >= denied
    assert {entity.code for entity in entities if not entity.negated} >= present
    assert not {entity.code for entity in entities if not entity.negated} & denied
    assert not {entity.code for entity in entities if entity.negated} & present


@pytest.mark.parametrize(
    ("text", "past", "now"),
    [
        ("fever has resolved", {FEVER}, set()),
        ("The fever has gone", {FEVER}, set()),
        ("Fever has resolved, cough for 2 days", {FEVER}, {COUGH}),
        ("Cough persists, fever and vomiting have resolved", {FEVER, VOMITING}, {COUGH}),
        ("Had fever last week, now resolved", {FEVER}, set()),
        ("The fever resolved but came back", set(), {FEVER}),
        ("The fever has not resolved", set(), {FEVER}),
        ("Asthma in childhood, cough for 2 days", {"E_124"}, {COUGH}),
        ("History of asthma, cough for 3 days", {"E_124"}, {COUGH}),
        ("发烧退了", {FEVER}, set()),
        ("发热已退，咳嗽3天", {FEVER}, {COUGH}),
        ("发热3天，现已退", {FEVER}, set()),
        ("头痛好了", {HEADACHE}, set()),
        ("头痛好了一点", set(), {HEADACHE}),
        ("发热未退", set(), {FEVER}),
        ("发烧退了又反复", set(), {FEVER}),
        ("高血压病史5年，咳嗽3天", {PRESSURE}, {COUGH}),
    ],
)
def test_what_is_over_is_past_and_nothing_else(reader: TextReader, text: str, past: set[str], now: set[str]) -> None:
    entities = reader.read(text)
    assert {entity.code for entity in entities if entity.time == PAST} >= past
    assert {entity.code for entity in entities if entity.time != PAST and not entity.negated} >= now
    assert not {entity.code for entity in entities if entity.time == PAST} & now


def test_a_duration_is_not_given_to_what_is_denied(reader: TextReader) -> None:
    times = {entity.code: entity.time for entity in reader.read("无发热，咳嗽3天")}
    assert (times[FEVER], times[COUGH]) == (None, "3天")


def test_phrases_do_not_reach_across_a_comma_or_an_and(reader: TextReader) -> None:
    found = {entity.code for entity in reader.read("dislocated lens of the right eye, scoliosis and a sunken chest")}
    assert {"HP:0001083", "HP:0002650", "HP:0000767"} == found
