"""A step is made once, again when what it is made from changed, and never left half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import errors
from engine.runtime import hardware
from quantize.steps import Steps, check_disk, check_memory


def test_a_step_runs_once_for_the_same_source_and_again_for_another(tmp_path: Path) -> None:
    made: list[str] = []
    steps = Steps(tmp_path, lambda _: None)

    def make(part: Path) -> None:
        made.append(part.name)
        part.write_text("x")

    for source in ("a", "a", "b"):
        assert steps.file("F16.gguf", source, make).read_text() == "x"
    assert made == ["F16.gguf.part"] * 2


def test_a_step_that_breaks_leaves_no_file_and_is_made_again(tmp_path: Path) -> None:
    steps = Steps(tmp_path, lambda _: None)

    def break_off(part: Path) -> None:
        part.write_text("half")
        raise errors.ModelDamaged("power cut")

    with pytest.raises(errors.ModelDamaged):
        steps.file("model", "a", break_off)
    assert not (tmp_path / "model").exists()
    assert steps.file("model", "a", lambda part: part.write_text("whole") and None).read_text() == "whole"
    assert not list(tmp_path.glob("*.part"))


def test_a_step_that_writes_nothing_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(errors.ProgramError):
        Steps(tmp_path, lambda _: None).file("model", "a", lambda part: part.touch())


def test_too_little_disk_or_memory_is_refused_before_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_disk(tmp_path / "not" / "yet", 1)
    with pytest.raises(errors.ModelTooLarge):
        check_disk(tmp_path, 1 << 60)
    monkeypatch.setattr(hardware, "memory", lambda: (1 << 30, 1 << 20))
    with pytest.raises(errors.ModelTooLarge):
        check_memory(2 << 20, "this")
    monkeypatch.setattr(hardware, "memory", lambda: (0, 0))
    check_memory(1 << 60, "this")
