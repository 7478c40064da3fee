"""One whole engine for the tests of the command line, and a way to put lines to it as outsiders do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import assembly
from engine.__main__ import main

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def whole_engine(knowledge_path: Path, models: Path) -> assembly.Engine:
    return assembly.Engine(knowledge_path, models)


@pytest.fixture
def ask(tmp_path: Path, whole_engine: assembly.Engine, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run one command over some lines and return its results; the tables are loaded once for all tests."""
    monkeypatch.setattr(assembly, "Engine", lambda: whole_engine)

    def run(command: str, *lines: object, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        source.write_text("\n".join(texts) + "\n", encoding="utf-8")
        assert main([command, "--in", str(source), "--out", str(target), *options]) == 0
        return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]

    return run
