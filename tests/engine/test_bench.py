"""The bench measures the real model beside the real bare loop; its figures are complete and belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import bench, errors
from engine.runtime import packs
from tests.conftest_models import models

__all__ = ["models"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_figures_of_the_default_model_are_complete(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "NEW_TOKENS", 12)
    monkeypatch.setattr(bench, "PROMPT_TOKENS", 60)
    figures = bench.measure(packs.text_model(models).model_path, rounds=3, threads=1)
    assert (figures.threads, figures.rounds) == (1, 3)
    for name, spread in figures.spread.items():
        assert 0 < spread.low <= getattr(figures, name) <= spread.high
    assert figures.prefill_ratio > 0.3
    assert figures.decode_ratio > 0.3
    assert 0 < figures.first_token_warm_s < figures.first_token_cold_s
    assert figures.rss_mb > 50
    assert figures.grammar_ratio > 0.3
    assert 0 < figures.first_token_restart_s < figures.first_token_cold_s


def test_without_a_model_the_bench_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    for unverified in (None, tmp_path / "absent.gguf"):
        with pytest.raises(errors.ModelMissing):
            bench.measure(unverified)


def test_a_file_with_a_bad_header_is_refused_before_it_is_measured(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\xff" * 100)
    with pytest.raises(errors.ModelDamaged):
        bench.measure(tmp_path / "bad.gguf")
