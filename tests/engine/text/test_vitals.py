"""Every row of the limits goes through the reader, on both sides of its limit and outside its ages."""

from __future__ import annotations

import json

import pytest

from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.text.entities import TextReader
from engine.text.measure import Measured
from engine.text.vitals import VitalLimit, codes_of, load_limits, vitals_of


def value(measure: str, number: float) -> Measured:
    return Measured(0, 1, measure, number, "")


def test_every_limit_makes_its_finding_on_the_right_side_only(text_index: KnowledgeIndex) -> None:
    limits = load_limits(text_index)
    assert limits
    for limit in limits:
        step = -0.1 if limit.when == "below" else 0.1
        beyond, within = value(limit.measure, limit.limit + step), value(limit.measure, limit.limit - step)
        assert set(limit.codes) <= set(codes_of(beyond, limits, limit.from_years, limit.sex))
        assert not set(limit.codes) & set(codes_of(within, [limit], limit.from_years, limit.sex))


def test_an_unknown_age_makes_findings_only_by_limits_for_every_age(text_index: KnowledgeIndex) -> None:
    limits = load_limits(text_index)
    assert codes_of(value("heart_rate_bpm", 130), limits, None) == []
    assert "E_91" in codes_of(value("temperature_c", 39), limits, None)


def test_every_limit_names_a_source_record() -> None:


    folder = resources() / "knowledge" / "vital_ranges"
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    rows = json.loads((folder / "ranges.json").read_text(encoding="utf-8"))
    assert {row["source"] for row in rows} == set(sources)


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("A 45-year-old man, HR 110", "HP:0001649", True),
        ("A 4-year-old girl, HR 110", "HP:0001649", False),
        ("HR 110", "HP:0001649", False),
        ("3岁，呼吸45次/分", "HP:0002789", True),
        ("45岁，呼吸18次/分", "HP:0002789", False),
    ],
)
def test_limits_follow_the_age_in_the_text(reader: TextReader, text: str, code: str, found: bool) -> None:
    assert (code in {entity.code for entity in reader.read(text)}) is found


def test_vital_signs_fill_the_fields_of_the_record(reader: TextReader) -> None:
    vitals = vitals_of(reader.read("T 38.5 C, HR 110, RR 24, BP 150/95, SpO2 91%, CRP 12 mg/L"))
    assert (vitals.temperature_c, vitals.systolic_mmhg, vitals.diastolic_mmhg) == (38.5, 150.0, 95.0)
    assert (vitals.heart_rate_bpm, vitals.respiratory_rate_bpm, vitals.spo2_percent) == (110.0, 24.0, 91.0)


def test_limit_for_every_age_holds_without_one() -> None:
    limit = VitalLimit("temperature_c", 0, 125, "above", 38.0, ("E_91",), "source")
    assert limit.holds_at(None)
    assert limit.holds_at(80)
