"""The report's part on genotypes: each gene with what was read of it, and what guidelines say about the drugs."""

from __future__ import annotations

from desktop.report.blocks import Block, Bullets, Heading, Table, Text, Tone
from desktop.words import Language, pick
from engine.api import Bilingual, GeneResult, GenotypeReport, GuidelineAdvice

TITLE = Bilingual("Genotypes", "基因型")
GENE = Bilingual("Gene", "基因")
DIPLOTYPE = Bilingual("Diplotypes", "双倍型")
PHENOTYPE = Bilingual("Phenotype", "表型")
POSITIONS = Bilingual("Positions read", "已读位点")
NO_PHENOTYPE = Bilingual("no phenotype table", "无表型对照表")
OUTSIDE = Bilingual("laboratory's own call", "实验室结果")
N_OF_M = Bilingual("{n} of {m}", "{n}/{m}")
NOT_CALLED = Bilingual("not called", "未判定")
AND_MORE = Bilingual("and {n} more", "等另{n}种")
OPEN = Bilingual(
    "{gene}: {n} unread position(s) keep this open, so it is not normal: {names}",
    "{gene}：{n}个未读位点使结果无法判定，不可视为正常：{names}")
GUIDELINES = Bilingual("Guidelines for this patient's drugs, in their own words", "与该患者用药相关的指南原文")
NO_GUIDELINE = Bilingual("No guideline row applies to the recorded drugs.", "没有适用于所记录药物的指南条目。")
ADVICE = Bilingual("{drug} · {genotype}: “{text}” ({source}, {strength}, {date}; unreviewed)",
                   "{drug} · {genotype}：“{text}”（{source}，{strength}，{date}；未经审核）")
STRENGTHS = {
    "Strong": Bilingual("strong", "强推荐"), "Moderate": Bilingual("moderate", "中等推荐"),
    "Optional": Bilingual("optional", "可选推荐"), "No recommendation": Bilingual("no recommendation", "无推荐"),
}
UNGRADED = Bilingual("not graded", "未分级")
MOST_DIPLOTYPES = 4
"""Ambiguous data may fit over a hundred; the first are the best supported, the rest is counted."""


def genotype_blocks(report: GenotypeReport | None, language: Language) -> tuple[Block, ...]:
    """Return nothing where the case holds no genotype data."""
    if report is None:
        return ()
    blocks: list[Block] = [Heading(pick(TITLE, language))]
    if report.refusal is not None:
        blocks.append(Text(pick(report.refusal, language), Tone.DANGER, bold=True))
    if report.genes:
        header = tuple(pick(name, language) for name in (GENE, DIPLOTYPE, PHENOTYPE, POSITIONS))
        blocks.append(Table(header, tuple(_row(gene, language) for gene in report.genes), (16, 40, 28, 16)))
    open_lines = tuple(Text(open_line(gene, language)) for gene in report.genes if gene.separating)
    if open_lines:
        blocks.append(Bullets(open_lines))
    said = tuple(Text(advice_line(row, language)) for row in report.recommendations)
    blocks.append(Heading(pick(GUIDELINES, language)))
    blocks.append(Bullets(said) if said else Text(pick(NO_GUIDELINE, language)))
    return tuple(blocks)


def cells(gene: GeneResult, language: Language) -> tuple[str, str, str, str]:
    """Return gene, diplotypes, phenotype and positions as they stand in a table, on paper and on screen."""
    shown = " · ".join(gene.diplotypes[:MOST_DIPLOTYPES]) or pick(NOT_CALLED, language)
    rest = len(gene.diplotypes) - MOST_DIPLOTYPES
    if rest > 0:
        shown = f"{shown} {pick(AND_MORE, language).format(n=rest)}"
    phenotype = pick(gene.phenotype or NO_PHENOTYPE, language)
    read = pick(N_OF_M, language).format(n=gene.positions_called, m=gene.positions_total)
    return gene.gene, shown, phenotype, pick(OUTSIDE, language) if gene.outside else read


def open_line(gene: GeneResult, language: Language) -> str:
    """Return which unread positions keep a gene open."""
    return pick(OPEN, language).format(gene=gene.gene, n=len(gene.separating), names=", ".join(gene.separating))


def advice_line(row: GuidelineAdvice, language: Language) -> str:
    """Return a guideline's own words with source, strength and date."""
    strength = pick(STRENGTHS.get(row.strength, UNGRADED), language)
    return pick(ADVICE, language).format(
        drug=row.drug, genotype=row.genotype, text=row.text, source=row.source, strength=strength, date=row.date)


def _row(gene: GeneResult, language: Language) -> tuple[tuple[Text, ...], ...]:
    return tuple((Text(text),) for text in cells(gene, language))
