"""Fixed phrases about measured outcomes in both languages; every number in them comes from a field."""

from __future__ import annotations

from engine.api import Bilingual, Measurement
from engine.treatment.wording import inside, number


def other_unit(name: Bilingual, value: Measurement) -> Bilingual:
    """Say that an outcome value stands in a unit in which it cannot be compared."""
    shown = _value(value)
    return Bilingual(
        f"{name.en}: {shown} is in another unit and was not compared.", f"{name.zh}：{shown} 的单位不同，未作比较。"
    )


def not_possible(name: Bilingual, value: Measurement) -> Bilingual:
    """Say that an outcome value can hardly be true and was left out."""
    shown = _value(value)
    return Bilingual(
        f"{name.en}: {shown} cannot be right and was not used. Check the entry.",
        f"{name.zh}：{shown} 不合理，未采用。请核对录入。",
    )


def _value(value: Measurement) -> str:
    amount = value.value if isinstance(value.value, str) else number(value.value)
    return f"{amount} {value.unit or ''}".strip() + (f" ({value.date})" if value.date else "")


def from_to(name: Bilingual, before: Bilingual, on: str | None, last: Bilingual, since: str | None) -> Bilingual:
    """Return how a measure moved, such as ``Peak flow: 300 L/min (2026-11-01), now 250 L/min (2026-11-15)``."""
    return Bilingual(
        f"{name.en}: {before.en} ({on or '?'}), now {last.en} ({since or '?'})",
        f"{name.zh}：{before.zh}（{on or '?'}），现为 {last.zh}（{since or '?'}）",
    )


def worse_by(moved: Bilingual) -> Bilingual:
    return Bilingual(f"Worse while taking this. {moved.en}.", f"用药期间加重。{moved.zh}。")


def measure_again(name: Bilingual) -> Bilingual:
    return Bilingual(f"Measure again: {inside(name.en)}", f"请重新测量：{name.zh}")


def two_values(said: Bilingual) -> Bilingual:
    return Bilingual(
        f"the entries of one day differ; the last is {said.en}", f"同一天的数值不一致；最后一次为{said.zh}"
    )


def measured_worse(name: Bilingual) -> Bilingual:
    return Bilingual(
        f"{name.en} is worse: danger signs and doses missed first, then the next option",
        f"{name.zh}变差：先查危险信号和漏服，再考虑下一选项",
    )


def measured_better(name: Bilingual) -> Bilingual:
    return Bilingual(f"{name.en} is better: go on", f"{name.zh}好转：继续治疗")


GOAL_REACHED = Bilingual("Goal reached: no further treatment is needed for it", "已达标：无需为此加强治疗")
GOAL_NOT_REACHED = Bilingual(
    "Not at the goal and no better: ask about doses missed, then the next option",
    "未达标且无改善：先询问漏服，再考虑下一选项",
)
FEELS_BETTER = Bilingual(
    "Feels better, yet a measure is worse: measure and ask again before changing anything",
    "自觉好转但指标变差：先复测并再次询问，再作调整",
)
FEELS_WORSE = Bilingual(
    "Feels worse, yet a measure is better: ask what is worse before changing the drug",
    "自觉加重但指标好转：换药前先问清哪方面加重",
)
