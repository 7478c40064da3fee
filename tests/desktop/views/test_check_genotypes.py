"""The Genotypes tab and its part of the report: every gene, what was not read, and the guidelines' own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.i18n import Languages
from desktop.report.blocks import Block, Bullets, Heading, Table, Text
from desktop.report.content import ReportInput, build_report
from desktop.report.genotype_part import genotype_blocks
from desktop.views.check import CheckPage
from engine.api import Bilingual, GeneResult, GenotypeReport, GuidelineAdvice
from tests.desktop import samples

OPEN = GeneResult("CYP2C19", ["*1/*1", *(f"*1/*{n}" for n in range(2, 8))], Bilingual("Indeterminate", "无法判定"),
                  33, 35, ["rs4986893", "rs1"], ["rs4986893"])
LABORATORY = GeneResult("CYP2D6", ["*4/*4"], Bilingual("Poor Metabolizer", "慢代谢型"), 0, 0, outside=True)
BARE = GeneResult("CYP4F2", [], None, 0, 20, ["rs2"])
ADVICE = GuidelineAdvice("codeine", "CYP2D6", "CYP2D6 0.0", "Avoid <codeine> use.", "Strong", "CPIC", "2024-03-25")
REPORT = GenotypeReport([OPEN, LABORATORY, BARE], [ADVICE])


def words(blocks: tuple[Block, ...]) -> str:
    """Everything that the blocks say."""
    said = []
    for block in blocks:
        if isinstance(block, Table):
            said += [*block.header, *(text.text for row in block.rows for cell in row for text in cell)]
        elif isinstance(block, Bullets):
            said += [item.text for item in block.items]
        else:
            assert isinstance(block, Heading | Text)
            said.append(block.text)
    return "\n".join(said)


@pytest.fixture
def page(qtbot: QtBot) -> CheckPage:
    page = CheckPage(today=lambda: date(2026, 11, 22))
    qtbot.addWidget(page)
    page.show_case(samples.case_record())
    page.show()
    return page


def test_the_tab_is_there_only_with_genotype_data(page: CheckPage) -> None:
    page.show_check(samples.check_result())
    assert page.tabs.count() == 1
    assert not page.tabs.tabBar().isVisible()
    page.show_check(replace(samples.check_result(), genotypes=REPORT))
    assert [page.tabs.tabText(place) for place in range(page.tabs.count())] == ["Alerts", "Genotypes"]
    assert page.tabs.tabBar().isVisible()
    page.show_case(samples.case_record())
    assert page.tabs.count() == 1
    assert page.genotypes.text() == ""


def test_the_tab_lists_genes_positions_and_guidelines(page: CheckPage) -> None:
    page.show_check(replace(samples.check_result(), genotypes=REPORT))
    text = page.genotypes.text()
    for part in ("CYP2C19", "33 of 35", "Indeterminate", "and 3 more", "1 unread position(s) keep this open",
                 "CYP2C19: not read, and changing nothing here: rs1", "laboratory&#x27;s own call", "Poor Metabolizer",
                 "not called", "no phenotype table", "0 of 20", "Avoid &lt;codeine&gt; use.",
                 "CPIC, strong, 2024-03-25"):
        assert part in text, part
    assert "normal: rs4986893" in text


def test_a_refused_file_is_said_first(page: CheckPage) -> None:
    refusal = Bilingual("The variant file was not used: this is no VCF file.", "变异文件未能使用（不是VCF文件）。")
    page.show_check(replace(samples.check_result(), genotypes=GenotypeReport([], [], refusal)))
    assert "was not used" in page.genotypes.text()
    assert "No guideline row applies" in page.genotypes.text()
    assert "未能使用" in words(genotype_blocks(GenotypeReport([], [], refusal), "zh"))


def test_the_tab_speaks_chinese(page: CheckPage, languages: Languages) -> None:
    page.show_check(replace(samples.check_result(), genotypes=REPORT))
    languages.use("zh")
    QCoreApplication.sendPostedEvents()
    assert [page.tabs.tabText(place) for place in range(2)] == ["警示", "基因型"]
    for part in ("慢代谢型", "33/35", "不可视为正常", "强推荐", "未读取，但不影响此处结果"):
        assert part in page.genotypes.text(), part


def test_the_report_prints_what_the_tab_shows() -> None:
    assert genotype_blocks(None, "en") == ()
    plan = samples.plan()
    plan = replace(plan, check=replace(plan.check, genotypes=REPORT))
    given = ReportInput(samples.case_record(), samples.VERSIONS, "2026-11-22T10:00", plan=plan)
    said = words(genotype_blocks(REPORT, "en"))
    for part in ("CYP2C19", "33 of 35", "rs4986893", "Avoid <codeine> use.", "2024-03-25", "unreviewed"):
        assert part in said, part
    printed = build_report(given, "zh").blocks
    assert genotype_blocks(REPORT, "zh") == printed[-len(genotype_blocks(REPORT, "zh")):]
