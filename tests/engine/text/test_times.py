"""Durations and onsets go to the finding, or the list of findings, that they belong to."""

from __future__ import annotations

import pytest

from engine.text.entities import TextReader


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("fever for 3 days", {"fever": "3 days"}),
        ("fever and cough for two weeks", {"fever": "two weeks", "cough": "two weeks"}),
        ("3-day history of fever, no cough", {"fever": "3-day history", "cough": None}),
        ("nausea since yesterday; fever", {"nausea": "since yesterday", "fever": None}),
        ("发热3天，咳嗽", {"发热": "3天", "咳嗽": None}),
        ("3天前出现发热、咳嗽", {"发热": "3天前", "咳嗽": "3天前"}),
        ("头痛两周余", {"头痛": "两周余"}),
        ("fever", {"fever": None}),
    ],
)
def test_time_of_each_finding(reader: TextReader, text: str, times: dict[str, str | None]) -> None:
    assert {entity.text: entity.time for entity in reader.read(text)} == times
