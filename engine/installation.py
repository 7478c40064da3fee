"""What this engine is made of on this machine, and what is missing, in words for Hello and the Trust screen.

A missing or damaged file does not stop the child: it says hello, names the problem, and each run that needs the file
fails with its code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine import __version__, api, errors
from engine.runtime import gpu, hardware, packs

NO_TEXT_MODEL = api.Bilingual(
    "No language model is installed: plans come as tables without worded sentences. IT can install a model pack.",
    "未安装语言模型：治疗计划只显示表格，没有成文的句子。IT 人员可以安装模型包。",
)
MEMORY_SHORT = api.Bilingual(
    "No installed language model fits the free memory: plans come as tables. Close other programs and restart.",
    "空闲内存不足以运行任何已安装的语言模型：治疗计划只显示表格。请关闭其他程序后重新启动。",
)
NO_ENCODER = api.Bilingual(
    "No sentence encoder is installed: findings are read by the dictionaries alone. IT can install a model pack.",
    "未安装句子编码器：仅靠词典识别症状和体征。IT 人员可以安装模型包。",
)


class Pipeline(Protocol):
    """What runs a request; see engine.pipeline."""

    def run(
        self, request: api.RunRequest, emit: Callable[[api.RunEvent], None], cancelled: Callable[[], bool]
    ) -> dict[str, float]:
        """Emit every result of `request` and return the milliseconds of each step. Raises EngineError."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The engine of a child. `models` is task to pack; `warm` loads the tables ahead of the first request."""

    pipeline: Pipeline
    versions: api.Versions
    device: str
    models: dict[str, str] = field(default_factory=dict)
    problems: tuple[api.Bilingual, ...] = ()
    warm: Callable[[], None] = lambda: None


class UnfitPipeline:
    """Stands in where the engine could not be put together: every run fails with the reason."""

    def __init__(self, reason: errors.EngineError) -> None:
        self._reason = reason

    def run(self, *_of_any_request: object) -> dict[str, float]:
        """Raise the reason."""
        raise self._reason


def assemble() -> Installation:
    """Return this machine's engine; never raises for a file that is missing or damaged."""
    from engine.assembly import Engine
    from engine.pipeline import Pipeline

    models_dir = packs.models_dir()
    models, problems = _models(models_dir)
    device = gpu.device_line(models_dir)
    try:
        engine = Engine(models_dir=models_dir)
        versions = engine.versions()
    except errors.InstallationError as unfit:
        unknown = api.Versions(__version__, "", packs.versions(models_dir))
        reason = api.Bilingual(
            f"The knowledge files cannot be used ({unfit.code}). Ask IT to install Lantern again.",
            f"知识库文件无法使用（{unfit.code}）。请 IT 人员重新安装 Lantern。",
        )
        return Installation(UnfitPipeline(unfit), unknown, device, models, (reason, *problems))

    def warm() -> None:
        engine.warm()
        hardware.return_freed_memory()

    return Installation(Pipeline(engine), versions, device, models, problems, warm)


def _models(models_dir: Path) -> tuple[dict[str, str], tuple[api.Bilingual, ...]]:
    """Return task to usable pack, and a line for each pack that cannot be used and each task without one."""
    usable: dict[str, str] = {}
    problems: list[api.Bilingual] = []
    for pack in sorted(packs.installed(models_dir), key=lambda each: -each.size_bytes):
        if pack.task == "adapter" and pack.trust in ("local", "distributor"):
            continue  # no model of its own: the language model that it is for names it
        if pack.trust in ("local", "distributor"):
            usable.setdefault(pack.task, f"{pack.name} {pack.version}")
        else:
            problems.append(_unusable(pack))
    problems.extend(_step_down(models_dir, usable))
    absent = {"text": NO_TEXT_MODEL, "encoder": NO_ENCODER}
    problems.extend(line for task, line in absent.items() if task not in usable)
    return usable, tuple(problems)


def _step_down(models_dir: Path, usable: dict[str, str]) -> list[api.Bilingual]:
    """Name the language model that really fits now in `usable`, and say so when a larger one is installed."""
    if "text" not in usable:
        return []
    try:
        chosen = packs.fitting_text_model(models_dir)
    except errors.ModelTooLarge:
        del usable["text"]
        return [MEMORY_SHORT]
    except errors.InstallationError:
        return []  # what is unfit about it is already named
    name = f"{chosen.name} {chosen.version}"
    if name == usable["text"]:
        return []
    larger, usable["text"] = usable["text"], name
    return [api.Bilingual(
        f"Memory is short: {name} is used instead of {larger}.", f"内存不足：改用 {name}，不使用 {larger}。"
    )]


def _unusable(pack: packs.Pack) -> api.Bilingual:
    return api.Bilingual(
        f"Model pack {pack.name} cannot be used ({pack.trust}). Ask IT to install it again.",
        f"模型包 {pack.name} 无法使用（{pack.trust}）。请 IT 人员重新安装。",
    )
