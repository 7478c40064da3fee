"""The report's content: everything recorded is in it, unsupported sentences are not, and it is pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest

from desktop.case.record import CaseRecord
from desktop.report.blocks import Block, Bullets, Facts, Heading, Report, Table, Text
from desktop.report.content import ReportInput, build_report
from desktop.report.decisions import Decisions
from desktop.words import Language, readable_time
from engine.api import SourceRecord
from tests.desktop import samples


def _texts(block: Block) -> list[Text]:
    match block:
        case Heading(text):
            return [Text(text)]
        case Text():
            return [block]
        case Bullets(items):
            return list(items)
        case Facts(pairs):
            return [Text(f"{name}: {value}") for name, value in pairs]
        case Table(header, rows):
            return [*(Text(name) for name in header), *chain.from_iterable(chain.from_iterable(rows))]


def _all(report: Report) -> list[Text]:
    return [text for block in report.blocks for text in _texts(block)]


def _plain(report: Report) -> str:
    return "\n".join(text.text for text in _all(report))


def _given(**changes: object) -> ReportInput:
    base = ReportInput(samples.case_record(), samples.VERSIONS, samples.MADE_AT, samples.differential(),
                       samples.plan(), "Bronchitis", samples.decisions(), samples.signature())
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_fact_of_the_case_is_printed(language: Language) -> None:
    plain = _plain(build_report(_given(), language))
    record = samples.case_record()
    for part in (record.text, record.patient.name, "C-10423", "38.9", "98", "132", "61", "penicillin", "warfarin",
                 "Fuzheng herbal mixture", "C-reactive protein", "148"):
        assert part in plain
    for finding in record.findings:
        assert (finding.name_zh if language == "zh" else finding.name_en) in plain


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_source_is_listed_with_edition_and_review_mark(language: Language) -> None:
    (line,) = [text.text for text in _all(build_report(_given(), language)) if text.text.startswith("[1] ")]
    for number, source in enumerate(samples.sources().values(), start=1):
        mark = "✓ " if source.reviewed else ""
        assert f"[{number}] {mark}{source.title}. " in line
        assert source.edition in line


def test_an_alert_is_printed_with_its_own_source_s_edition_not_the_table_s() -> None:
    plan = samples.plan()
    (alert, *others) = plan.check.alerts
    alert = replace(alert, source="fda-2016", edition="2026-11-26")
    record = SourceRecord("A safety communication", "2016-08-31", "", "", reviewed=False)
    check = replace(plan.check, alerts=[alert, *others], sources={"fda-2016": record})
    plain = _plain(build_report(_given(plan=replace(plan, check=check)), "en"))
    assert "(A safety communication, 2016-08-31;" in plain


def test_draft_mark_is_there_until_signed() -> None:
    draft = build_report(_given(signature=None), "en")
    assert draft.draft_mark == "DRAFT"
    assert "DRAFT: not signed, not valid" in _plain(draft)
    signed = build_report(_given(), "en")
    assert signed.draft_mark == ""
    assert "DRAFT" not in _plain(signed)
    assert "Signed by Dr Li Hua 李华 (clinician), 2026-11-22 11:05" in _plain(signed)


def test_unsupported_sentences_are_left_out_and_counted_unless_adopted() -> None:
    plain = _plain(build_report(_given(), "en"))
    assert "Eat twice as much garlic" not in plain
    assert "1 sentence(s) without a source were left out." in plain
    assert "A second film after six weeks is always needed. (clinician's own words)" in plain
    untouched = _plain(build_report(_given(decisions=Decisions()), "en"))
    assert "A second film" not in untouched
    assert "2 sentence(s) without a source" in untouched


def test_reworded_sentences_replace_the_draft_and_lose_its_source_marks() -> None:
    plain = _plain(build_report(_given(), "en"))
    assert "散步 Walk as I showed you. (clinician's own words)" in plain
    assert "Walk a little every day" not in plain


def test_a_blocked_option_is_struck_through_and_says_why() -> None:
    texts = _all(build_report(_given(), "en"))
    struck = [text.text for text in texts if text.struck]
    assert struck[:2] == ["Amoxicillin", "500 mg by mouth every 8 hours for 5 days"]
    assert "Doxycycline" not in struck
    assert "Penicillin allergy with swelling." in [text.text for text in texts]


def test_danger_signs_overrides_and_gaps_are_printed() -> None:
    plain = _plain(build_report(_given(), "en"))
    assert "Oxygen saturation 91 %, at or below 92 % (who-etat-2016)" in plain
    assert "Set aside: I will monitor the patient. INR on day 3" in plain
    assert "Not checked, no table knows it: Fuzheng herbal mixture" in plain
    assert "Check incomplete: Warfarin: no kidney row in the tables; look it up." in plain
    assert "Check incomplete: Liver function for clarithromycin: needs Child-Pugh class" in plain
    assert "“Swallow sitting or standing.”" in plain


def test_at_most_five_cant_miss_diagnoses() -> None:
    plain = _plain(build_report(_given(), "en"))
    assert "Pneumothorax: one-sided chest pain" in plain
    assert "A sixth one" not in plain


def test_an_abstained_differential_prints_no_probability() -> None:
    report = build_report(_given(differential=samples.abstained(), plan=None), "en")
    assert not any(isinstance(block, Table) for block in report.blocks)
    assert "Only one finding is known." in _plain(report)
    assert "62 %" not in _plain(report)


def test_an_uncovered_diagnosis_says_so_and_cites_passages() -> None:
    plain = _plain(build_report(_given(plan=samples.uncovered()), "en"))
    assert "No treatment row knows this diagnosis" in plain
    assert "Cystic fibrosis affects the lungs" in plain
    assert "[3]" in plain


def test_a_stale_result_says_so() -> None:
    assert "has changed since" in _plain(build_report(_given(stale=True), "en"))
    assert "has changed since" not in _plain(build_report(_given(), "en"))


def test_an_almost_empty_case_still_makes_a_report() -> None:
    report = build_report(ReportInput(CaseRecord(), samples.VERSIONS, samples.MADE_AT), "zh")
    assert "姓名: 未记录" in _plain(report)
    assert report.draft_mark


def test_every_page_carries_versions_date_and_the_reminder() -> None:
    report = build_report(_given(), "en")
    for part in ("0.1.0", "2026-11-20", "minilm-int8 1.0.0", "2026-11-22 10:42", "Decision support, not a decision"):
        assert part in report.footer
    assert "王秀英" in report.header


def test_the_same_input_gives_the_same_report() -> None:
    assert build_report(_given(), "zh") == build_report(_given(), "zh")


def test_times_are_shown_on_the_clinics_clock() -> None:
    assert readable_time("2026-11-22T10:42:59") == "2026-11-22 10:42"
    assert readable_time("2026-11-22") == "2026-11-22"
    assert readable_time("yesterday") == "yesterday"
    here = datetime(2026, 11, 22, 3, 0, tzinfo=UTC).astimezone()
    assert readable_time("2026-11-22T03:00:12Z") == f"{here:%Y-%m-%d %H:%M}"


def test_a_finding_known_by_two_vocabularies_is_printed_once() -> None:
    finding = samples.case_record().findings[0]
    twice = replace(samples.case_record(), findings=(finding, replace(finding, code="HP:0001945", name_en="fever")))
    assert "Present: Fever" in _plain(build_report(_given(record=twice), "en")).splitlines()


def test_the_list_on_paper_is_short_and_says_so() -> None:
    many = replace(samples.differential(), hypotheses=[
        replace(entry, rank=rank, cant_miss=rank == 9)
        for rank, entry in enumerate([samples.hypotheses()[0]] * 10, start=1)])
    (table,) = [block for block in build_report(_given(differential=many), "en").blocks
                if isinstance(block, Table) and block.header[1] == "Diagnosis"]
    assert [row[0][0].text for row in table.rows] == ["1", "2", "3", "4", "5", "9"]
    assert max(len(cell) for row in table.rows for cell in row[3:]) <= 3
    assert "0.06" not in " ".join(text.text for row in table.rows for cell in row for text in cell)
    assert "6 of 10 diagnoses" in _plain(build_report(_given(differential=many), "en"))
