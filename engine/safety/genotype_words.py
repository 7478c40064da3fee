"""What is said about a genotype, short and in both languages; the guideline's own words stand beside it as a quote."""

from __future__ import annotations

from engine.api import Bilingual, Severity
from engine.genomics.pgx import GeneCall, Recommendation
from engine.safety.drugs import Drug

NAMED_POSITIONS = 5
"""Positions named in a sentence; the rest is counted, and the genotype tab lists them all."""

_ADVICE = {
    Severity.CONTRAINDICATED: Bilingual("calls this contraindicated", "列为禁用"),
    Severity.AVOID: Bilingual("advises against the usual use of this drug", "建议避免按常规使用此药"),
    Severity.CAUTION: Bilingual(
        "advises another dose, another drug or closer monitoring", "建议调整剂量、换药或加强监测"
    ),
    Severity.NOTE: Bilingual("gives a remark", "有提示"),
}
_STRENGTHS = {
    "Strong": Bilingual("strong", "强推荐"),
    "Moderate": Bilingual("moderate", "中等推荐"),
    "Optional": Bilingual("optional", "可选推荐"),
}
_UNGRADED = Bilingual("not graded", "未分级")
_PHENOTYPES_ZH = {
    "Ultrarapid Metabolizer": "超快代谢型",
    "Rapid Metabolizer": "快代谢型",
    "Normal Metabolizer": "正常代谢型",
    "Likely Intermediate Metabolizer": "可能为中间代谢型",
    "Intermediate Metabolizer": "中间代谢型",
    "Likely Poor Metabolizer": "可能为慢代谢型",
    "Possible Intermediate Metabolizer": "可能为中间代谢型",
    "Poor Metabolizer": "慢代谢型",
    "Increased Function": "功能增强",
    "Normal Function": "功能正常",
    "Decreased Function": "功能降低",
    "Possible Decreased Function": "功能可能降低",
    "Poor Function": "功能差",
    "Indeterminate": "无法判定",
    "Normal": "正常",
    "G6PD Normal": "G6PD正常",
    "G6PD Variable": "G6PD活性不定",
    "G6PD Deficient": "G6PD缺乏",
    "G6PD Deficient with CNSHA": "G6PD缺乏伴慢性非球形红细胞溶血性贫血",
    "Malignant Hyperthermia Susceptibility": "恶性高热易感",
    "Uncertain Susceptibility": "易感性不确定",
    "increased risk of aminoglycoside-induced hearing loss": "氨基糖苷类致聋风险升高",
    "normal risk of aminoglycoside-induced hearing loss": "氨基糖苷类致聋风险正常",
    "uncertain risk of aminoglycoside-induced hearing loss": "氨基糖苷类致聋风险不确定",
}


def phenotype(name: str | None) -> Bilingual:
    """Return a phenotype in both languages; an untranslated one stays as the table has it."""
    return Bilingual(name or "", _PHENOTYPES_ZH.get(name or "", name or ""))


def advice(drug: Drug, calls: list[GeneCall], row: Recommendation, severity: Severity) -> Bilingual:
    """Return one sentence that names drug, genes, phenotypes, who advises, how strongly, and where to look."""
    said, graded = _ADVICE[severity], _STRENGTHS.get(row.strength, _UNGRADED)
    genes_en = ", ".join(_called(call).en for call in calls)
    genes_zh = "，".join(_called(call).zh for call in calls)
    some = row.population not in ("", "general")
    return Bilingual(
        f"{drug.inn.capitalize()} and {genes_en}: {row.source} ({graded.en}) {said.en}"
        f"{f' in some patients ({row.population})' if some else ''}; see guideline.",
        f"{drug.name_zh()}与{genes_zh}：{row.source}指南（{graded.zh}）"
        f"{f'对部分患者（{row.population}）' if some else ''}{said.zh}，详见指南。",
    )


def _called(call: GeneCall) -> Bilingual:
    diplotype = " / ".join(call.best[:1]) if len(call.best) == 1 else f"{len(call.best)} possible diplotypes"
    diplotype_zh = diplotype if len(call.best) == 1 else f"{len(call.best)}种可能的双倍型"
    known = phenotype(call.phenotype)
    return Bilingual(
        f"{call.gene} {diplotype}{f' ({known.en})' if known.en else ''}",
        f"{call.gene} {diplotype_zh}{f'（{known.zh}）' if known.zh else ''}",
    )


def unsettled(drug: Drug, call: GeneCall) -> Bilingual:
    """Return why the phenotype of a called gene is open for `drug`, naming the positions that keep it so."""
    why = _why_open(call)
    return Bilingual(
        f"{drug.inn.capitalize()}: {call.gene} is not settled ({why.en}); do not read it as normal.",
        f"{drug.name_zh()}：{call.gene}结果无法判定（{why.zh}），不可视为正常。",
    )


def _why_open(call: GeneCall) -> Bilingual:
    if call.separating:
        named = _some(call.separating)
        return Bilingual(f"not read: {named.en}", f"未读取位点：{named.zh}")
    if call.undocumented:
        named = _some(call.undocumented)
        return Bilingual(f"undocumented variation at {named.en}", f"以下位点存在未收录的变异：{named.zh}")
    if call.gene.startswith("HLA"):
        return Bilingual("both alleles are needed, each with two fields", "需提供两个等位基因，每个精确到两段编号")
    if len(call.best) > 1:
        return Bilingual(f"{len(call.best)} diplotypes explain the data", f"{len(call.best)}种双倍型均可解释数据")
    called = call.best[0] if call.best else ""
    return Bilingual(f"no table row for {called or 'what was read'}", f"表中没有{called or '所读结果'}的条目")


def _some(positions: list[str]) -> Bilingual:
    named, rest = ", ".join(positions[:NAMED_POSITIONS]), len(positions) - NAMED_POSITIONS
    return (
        Bilingual(f"{named} and {rest} more", f"{named}等{len(positions)}个") if rest > 0 else Bilingual(named, named)
    )


def without_genotype(drug: Drug, genes: list[str]) -> Bilingual:
    """Return that a guideline exists for genes that nobody has called."""
    named = ", ".join(genes)
    return Bilingual(
        f"{drug.inn.capitalize()}: a guideline exists for {named}; no genotype is known.",
        f"{drug.name_zh()}：有{named}相关用药指南，但无基因型结果。",
    )


def refused(reason: str) -> Bilingual:
    """Return that the variant file could not be used, and why."""
    return Bilingual(
        f"The variant file was not used: {reason}. No gene was read from it.",
        f"变异文件未能使用（{_refusal_zh(reason)}），未从中读取任何基因。",
    )


def _refusal_zh(reason: str) -> str:
    """Return a refusal of `engine.genomics.vcf` in Chinese; what follows a known beginning (a number) is left out."""
    return next((zh for begins, zh in _REFUSALS_ZH.items() if reason.startswith(begins)), reason)


def disagreement(call: GeneCall) -> Bilingual:
    """Return that the variant file and the laboratory say different things about a gene."""
    called = " / ".join(call.best)
    return Bilingual(
        f"{call.gene}: the laboratory called {called}, the variant file gives {call.disagrees}; "
        f"the laboratory's call was used. One of them is wrong: check the sample.",
        f"{call.gene}：实验室结果为{called}，变异文件为{call.disagrees.replace(' or ', '或')}；"
        f"已采用实验室结果。两者必有一误，请核对样本。",
    )


def unknown_gene(gene: str) -> Bilingual:
    """Return that no table knows a gene of the laboratory's calls."""
    return Bilingual(f"Gene “{gene}” is in no table; its call was not used.", f"表中没有基因“{gene}”，其结果未被使用。")


_REFUSALS_ZH = {
    "the file is cut off or damaged": "文件被截断或已损坏",
    "the file cannot be read": "文件无法读取",
    "the file unpacks to something far larger": "文件解压后远大于正常变异文件",
    "the last line is cut off": "最后一行不完整",
    "this is no VCF file": "不是VCF文件",
    "the file has no column line": "文件缺少列标题行",
    "the file holds": "文件须恰好包含一名患者的样本",
    "the file is on genome build": "文件基于GRCh37或更早的参考基因组，需要GRCh38",
    "a line has too few columns": "某行列数不足",
    "a line has a position": "某行的位置不是数字",
    "reference bases differ": "多处参考碱基与GRCh38不符，可能是其他参考基因组版本",
    "none of the positions": "文件中没有表内的任何位点",
    "known variants stand at other positions": "已知变异的位置与GRCh38不符，可能是其他参考基因组版本",
}
