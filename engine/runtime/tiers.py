"""What a machine of this size can do: four tiers, from tables alone to a graphics card, in words for both languages."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import Bilingual
from engine.runtime.hardware import Hardware

GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Tier:
    """`memory_bytes` is what the whole machine must have; `model` is the size class that fits beside the desktop."""

    name: str
    memory_bytes: int
    model: str
    does: Bilingual


TIERS = (
    Tier(
        "tables", 0, "none",
        Bilingual(
            "Ranking, checks and plans from the tables; no language model.",
            "由表格给出排序、核对和治疗计划；不使用语言模型。",
        ),
    ),
    Tier(
        "small", 4 * GIB, "0.1-1.5 B, 4 bit",
        Bilingual(
            "Rewords plans; a 1-1.5 B model can also give a vote on the diagnosis.",
            "可改写计划文字；10-15 亿参数的模型还可参与诊断投票。",
        ),
    ),
    Tier(
        "medium", 12 * GIB, "3-4 B, 4 bit",
        Bilingual(
            "A 3-4 B model: better wording and a stronger vote, slower on few cores.",
            "30-40 亿参数的模型：文字更好，投票更可靠，核心少时较慢。",
        ),
    ),
    Tier(
        "gpu", 8 * GIB, "3-8 B on the card",
        Bilingual("Models run on the graphics card, several times faster.", "模型在显卡上运行，速度快数倍。"),
    ),
)
"""From the smallest to the largest. The last one also needs a card that passed its trial."""


def tier_of(machine: Hardware, *, gpu_works: bool) -> Tier:
    """Return the highest tier that the machine reaches; unknown memory reaches the lowest."""
    if gpu_works and machine.memory_bytes >= TIERS[-1].memory_bytes:
        return TIERS[-1]
    reached: Tier = TIERS[0]
    for tier in TIERS[:-1]:
        reached = tier if machine.memory_bytes >= tier.memory_bytes else reached
    return reached
