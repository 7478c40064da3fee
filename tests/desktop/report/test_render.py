"""The pages: text can be read out of the PDF, the draft mark is on every page, nothing is cut off."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPageSize, QPdfWriter

from desktop.errors import ReportFailed
from desktop.report.blocks import Report, Text
from desktop.report.content import ReportInput, build_report
from desktop.report.render import PageSize, pdf_bytes, print_to, write_pdf
from desktop.words import Language
from tests.desktop import samples

A_MM = {PageSize.A4: (210, 297), PageSize.A5: (148, 210)}


def _report(language: Language = "en", *, signed: bool = False, plan_sentences: int = 0) -> Report:
    plan = samples.long_plan(plan_sentences) if plan_sentences else samples.plan()
    return build_report(ReportInput(
        samples.case_record(), samples.VERSIONS, samples.MADE_AT, samples.differential(), plan, "Bronchitis",
        samples.decisions(), samples.signature() if signed else None), language)


def _pages(content: bytes) -> list[str]:
    """Return the text of each page, spaces removed; Qt names some Chinese glyphs by their radical's code point."""
    reader = PdfReader(io.BytesIO(content))
    return ["".join(_plain(page.extract_text()).split()) for page in reader.pages]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\N{CJK RADICAL C-SIMPLIFIED LEAF}", "页")


@pytest.mark.parametrize("size", list(PageSize))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_draft_is_on_every_page_until_signed(qapp: object, language: Language, size: PageSize) -> None:
    draft = _pages(pdf_bytes(_report(language), size))
    assert len(draft) > 1
    assert all("DRAFT" in page for page in draft)
    if language == "zh":
        assert all("草稿" in page for page in draft)
    signed = _pages(pdf_bytes(_report(language, signed=True), size))
    assert not any("DRAFT" in page or "草稿" in page for page in signed)


@pytest.mark.parametrize("size", list(PageSize))
def test_pages_have_the_size_of_the_paper(qapp: object, size: PageSize) -> None:
    box = PdfReader(io.BytesIO(pdf_bytes(_report(), size))).pages[0].mediabox
    millimetres = (float(box.width) * 25.4 / 72, float(box.height) * 25.4 / 72)
    assert millimetres == pytest.approx(A_MM[size], abs=1)


def test_every_page_says_patient_number_and_reminder(qapp: object) -> None:
    english = _pages(pdf_bytes(_report("en")))
    for number, page in enumerate(english, start=1):
        assert f"Page{number}of{len(english)}" in page
        assert "C-10423" in page
        assert "Decisionsupport,notadecision" in page
    chinese = _pages(pdf_bytes(_report("zh")))
    for number, page in enumerate(chinese, start=1):
        assert f"第{number}页,共{len(chinese)}页" in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_source_id_can_be_read_out(qapp: object, language: Language) -> None:
    whole = "".join(_pages(pdf_bytes(_report(language))))
    for name in samples.sources():
        assert name in whole


@pytest.mark.parametrize("size", list(PageSize))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_plans_are_printed_to_the_last_sentence(qapp: object, language: Language, size: PageSize) -> None:
    pages = _pages(pdf_bytes(_report(language, plan_sentences=120), size))
    whole = "".join(pages)
    for number in range(120):
        assert (f"Sentencenumber{number:04d}" if language == "en" else f"第{number:04d}句") in whole
    assert len(pages) >= 6


def test_one_very_long_story_goes_over_many_pages(qapp: object) -> None:
    words = " ".join(f"word{number:05d}" for number in range(3000))
    case = replace(samples.case_record(), text=words)
    report = build_report(ReportInput(case, samples.VERSIONS, samples.MADE_AT), "en")
    whole = "".join(_pages(pdf_bytes(report, PageSize.A5)))
    assert all(f"word{number:05d}" in whole for number in range(3000))


def test_text_of_a_record_never_becomes_markup(qapp: object) -> None:
    report = replace(_report(), blocks=(Text("<b>5 < 6 & 7</b> <img src=x>"),))
    assert "<b>5<6&7</b><imgsrc=x>" in _pages(pdf_bytes(report))[0]


def test_a_pdf_is_written_whole(qapp: object, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    write_pdf(_report(), target)
    assert len(PdfReader(target).pages) > 1
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_refuses_leaves_nothing_and_says_so(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(ReportFailed) as refused:
        write_pdf(_report(), tmp_path / "missing" / "report.pdf")
    assert refused.value.code == "report_failed"
    assert list(tmp_path.iterdir()) == []


def test_an_old_report_survives_a_failed_write(qapp: object, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.mkdir()
    with pytest.raises(ReportFailed):
        write_pdf(_report(), target)
    assert list(tmp_path.iterdir()) == [target]


def test_printing_uses_the_paper_of_the_device(qapp: object) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QPdfWriter(buffer)
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    print_to(_report(), device)
    buffer.close()
    assert len(_pages(bytes(buffer.data().data()))) > 1


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_device_that_refuses_is_an_error(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(ReportFailed):
        print_to(_report(), QPdfWriter(str(tmp_path / "missing" / "report.pdf")))


@pytest.mark.parametrize("size", list(PageSize))
@pytest.mark.parametrize("sentences", range(1, 40, 6))
def test_no_heading_stands_alone_at_the_end_of_a_page(qapp: object, size: PageSize, sentences: int) -> None:
    pages = _pages(pdf_bytes(_report("en", plan_sentences=sentences), size))
    headings = ("Rehabilitation", "Lifestyle", "Safetynet:comebackif", "Follow-up", "Drugsafety", "Sources",
                "Changesagainstthepreviousplan", "PlanforPneumonia", "Donotmiss", "Differentialdiagnosis",
                "Plan", "Case")
    assert not [page[-40:] for page in pages if page.endswith(headings)]
