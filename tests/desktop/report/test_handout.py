"""The patient's sheet: only what was chosen, doses from fields, nothing blocked and nothing a model wrote."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from desktop.report.blocks import Bullets, Heading, Report, Text
from desktop.report.handout import HandoutInput, build_handout, may_be_handed_out
from desktop.report.render import PageSize, pdf_bytes
from desktop.words import Language, regimen_text
from engine.api import Plan, PlanSentence
from tests.desktop import samples


def given(**changes: object) -> HandoutInput:
    rows = tuple(option.row for option in with_rows().options)
    base = HandoutInput(samples.case_record(), with_rows(), rows, samples.MADE_AT, samples.decisions(),
                        samples.signature())
    return replace(base, **changes)  # type: ignore[arg-type]


def with_rows() -> Plan:
    plan = samples.plan()
    return replace(plan, options=[replace(option, row=f"row.{option.rank}") for option in plan.options])


def plain(report: Report) -> str:
    lines: list[str] = []
    for block in report.blocks:
        match block:
            case Heading(text):
                lines.append(text)
            case Text(text):
                lines.append(text)
            case Bullets(items):
                lines += [item.text for item in items]
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_doses_come_from_the_fields_in_the_language_of_the_sheet(language: Language) -> None:
    sheet = plain(build_handout(given(), language))
    doses = [option.regimen for option in with_rows().options if option.regimen and may_be_handed_out(option)]
    assert doses
    for regimen in doses:
        assert regimen_text(regimen, language) in sheet


@pytest.mark.parametrize(("dose", "asks"), [("10-80 mg once a day", True), ("500 mg three times a day", False),
                                            ("500 mg twice a day for 7-14 days", False)])
def test_a_dose_range_leaves_a_line_for_the_dose_of_this_patient(dose: str, asks: bool) -> None:
    plan = with_rows()
    option = next(option for option in plan.options if option.regimen and may_be_handed_out(option))
    assert option.regimen is not None
    ranged = replace(option, regimen=replace(option.regimen, text=dose))
    sheet = plain(build_handout(given(plan=replace(plan, options=[ranged]), chosen=(ranged.row,)), "en"))
    assert ("Your dose within this range: ____" in sheet) is asks


def test_nothing_that_was_not_chosen_or_is_blocked_is_on_the_sheet() -> None:
    blocked = [option for option in with_rows().options if option.verdict == "blocked"]
    assert blocked
    everything, nothing = plain(build_handout(given(), "en")), plain(build_handout(given(chosen=()), "en"))
    for option in blocked:
        assert option.regimen is None or option.regimen.text not in everything
    assert "Your treatment" not in nothing


def test_advice_danger_signs_and_next_visit_are_on_it_without_unsupported_or_model_text() -> None:
    plan = with_rows()
    worded = PlanSentence("A model said this.", ["x"], "supported", written_by="model", section="prose")
    plan = replace(plan, lifestyle=[*plan.lifestyle, worded])
    sheet = plain(build_handout(given(plan=plan), "en"))
    assert "Come back at once if" in sheet
    assert "See the patient again on day 3" in sheet
    assert "garlic" not in sheet
    assert "A model said this" not in sheet
    assert "散步 Walk as I showed you." in sheet


def test_an_unsigned_sheet_is_a_draft() -> None:
    assert build_handout(given(signature=None), "en").draft_mark
    assert not build_handout(given(), "en").draft_mark


@pytest.mark.parametrize("size", list(PageSize))
def test_the_sheet_prints_on_both_papers(qapp: object, size: PageSize) -> None:
    assert pdf_bytes(build_handout(given(), "zh"), size).startswith(b"%PDF")


def test_the_plan_record_is_not_changed() -> None:
    before = with_rows()
    build_handout(given(plan=before), "en")
    assert before == with_rows()
    assert list(chain(before.options))
