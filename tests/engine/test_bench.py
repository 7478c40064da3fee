"""The bench measures the real model beside the real bare loop; its figures are complete and belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import bench, bench_rounds, errors
from engine.runtime import packs
from tests.conftest_models import models

__all__ = ["models"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_figures_of_the_default_model_are_complete(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bench, bench_rounds):
        monkeypatch.setattr(module, "NEW_TOKENS", 12)
    monkeypatch.setattr(bench_rounds, "PROMPT_TOKENS", 60)
    figures = bench.measure(packs.text_model(models).model_path, rounds=3, threads=1)
    assert (figures.threads, figures.rounds) == (1, 3)
    for name, spread in figures.spread.items():
        assert 0 < spread.low <= getattr(figures, name) <= spread.high
    for ratio in (figures.prefill_ratio, figures.decode_ratio, figures.grammar_ratio):
        assert min(ratio.clock, ratio.processor) > 0.3
    assert 0 < figures.first_token_s.warm < figures.first_token_s.cold
    assert 0 < figures.first_token_s.restart < figures.first_token_s.cold
    assert figures.rss_mb > 50
    assert figures.card is None
    assert figures.device


def test_without_a_model_the_bench_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    for unverified in (None, tmp_path / "absent.gguf"):
        with pytest.raises(errors.ModelMissing):
            bench.measure(unverified)


def test_a_file_with_a_bad_header_is_refused_before_it_is_measured(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\xff" * 100)
    with pytest.raises(errors.ModelDamaged):
        bench.measure(tmp_path / "bad.gguf")
