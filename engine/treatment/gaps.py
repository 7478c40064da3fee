"""The checks of one option that could not be made, as one line instead of one for each table."""

from __future__ import annotations

from collections.abc import Iterable

from engine.api import Bilingual, IncompleteCheck

KINDS = {
    "interaction": Bilingual("interaction", "相互作用"),
    "dose": Bilingual("dose", "剂量"),
    "renal": Bilingual("kidney", "肾脏"),
    "hepatic": Bilingual("liver", "肝脏"),
    "pregnancy": Bilingual("pregnancy", "妊娠"),
    "lactation": Bilingual("breast-feeding", "哺乳"),
    "paediatric": Bilingual("children", "儿童"),
    "elderly": Bilingual("older people", "老年"),
    "qt": Bilingual("QT", "QT间期"),
}
NEEDS = {
    "kidney function": Bilingual("kidney function", "肾功能"),
    "age": Bilingual("the age", "年龄"),
    "weight": Bilingual("the weight", "体重"),
    "pregnancy": Bilingual("whether pregnant", "是否妊娠"),
    "lactation": Bilingual("whether breast-feeding", "是否哺乳"),
    "dose": Bilingual("a dose as a mass", "以质量表示的剂量"),
    "frequency": Bilingual("how often it is taken", "给药次数"),
}
NO_ROW = "table"


def in_one_line(gaps: Iterable[IncompleteCheck]) -> list[Bilingual]:
    """Return one line for everything that is missing or in no table, then what can only be said in its own words."""
    by_need: dict[str, list[Bilingual]] = {}
    own_words: list[Bilingual] = []
    for gap in gaps:
        if gap.kind in KINDS and (gap.needs in NEEDS or gap.needs == NO_ROW):
            by_need.setdefault(gap.needs, []).append(KINDS[gap.kind])
        else:
            own_words.append(gap.display or Bilingual(f"Not checked: {gap.kind}.", f"未检查：{gap.kind}。"))
    parts = [_part(need, kinds) for need, kinds in sorted(by_need.items(), key=lambda item: item[0] == NO_ROW)]
    if not parts:
        return own_words
    english, chinese = "; ".join(part.en for part in parts), "；".join(part.zh for part in parts)
    return [Bilingual(f"Not checked: {english}.", f"未核查：{chinese}。"), *own_words]


def _part(need: str, kinds: list[Bilingual]) -> Bilingual:
    english = ", ".join(dict.fromkeys(kind.en for kind in kinds))
    chinese = "、".join(dict.fromkeys(kind.zh for kind in kinds))
    if need == NO_ROW:
        return Bilingual(f"{english} (no table row, look it up)", f"{chinese}（表中无条目，请另行查阅）")
    return Bilingual(f"{english} (needs {NEEDS[need].en})", f"{chinese}（缺少{NEEDS[need].zh}）")
