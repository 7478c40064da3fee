"""Calibration runs to its end on the real small model, and what it stores is what the next opening uses; there only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine import bench_calibrate, bench_rounds
from engine.__main__ import main
from engine.bench_calibrate import SENTENCES, Guessed, guess_gains
from engine.runtime import calibration, gguf, hardware, llama_native, packs
from engine.runtime.gguf import GgufRuntime


@pytest.fixture
def own_models(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packs in a folder that may be written to, and short measurements."""
    shutil.copytree(models, tmp_path / "models")
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(hardware, "cores", lambda: 2)
    monkeypatch.setattr(bench_rounds, "NEW_TOKENS", 6)
    for name, value in (
        ("PASSES", (64, 128)), ("GUESSES", (2,)), ("SENTENCES", SENTENCES[:2]), ("COMPARED_TYPES", ("Q4_0",)),
        ("REPEATS", 1), ("PROMPT_TOKENS", 60), ("MIN_GUESS_GAIN", 0.0),
    ):
        monkeypatch.setattr(bench_calibrate, name, value)
    return tmp_path / "models"


def opened_as(models: Path) -> str:
    with closing(packs.open_text_runtime(models)):
        return gguf.made_with()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_the_command_finds_is_used_at_the_next_opening_of_that_model_on_that_machine(
    own_models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened_as(own_models).endswith(f"pass {calibration.PASS_TOKENS} guessed 0 on card 0")
    assert main(["bench", "--calibrate"]) == 0
    told = dict(line.split("\t", 1) for line in capsys.readouterr().out.splitlines())
    assert told["threads"] in ("1", "2")
    assert told["guessed tokens"] == "2"
    assert told["advice"].startswith("as Q4_0 it would read ")
    used = f"pass {told['tokens a pass']} guessed 2 on card 0"
    assert told["tokens a pass"] in ("64", "128")
    assert opened_as(own_models).endswith(used)
    plain = f"pass {calibration.PASS_TOKENS} guessed 0 on card 0"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(hardware, "processor", lambda: "another processor, 2 cores")
        assert opened_as(own_models).endswith(plain)
    with monkeypatch.context() as updated:
        updated.setattr(llama_native, "build", lambda: "another build")
        assert opened_as(own_models).endswith(plain)
    assert opened_as(own_models).endswith(used)


@pytest.fixture
def runtime(models: Path) -> Iterator[GgufRuntime]:
    with closing(GgufRuntime(packs.text_model(models).model_path, "default", 512, threads=1)) as made:
        yield made


@pytest.mark.slow
def test_guessing_runs_the_model_less_often_and_is_off_afterwards(runtime: GgufRuntime) -> None:
    found = guess_gains(runtime, SENTENCES[:3], (1, 4))
    assert set(found) == {1, 4}
    for each in found.values():
        assert isinstance(each, Guessed)
        assert 0.3 < each.passes < 0.95
        assert 0 <= each.same_text <= 1
        assert each.gain > 0
    assert found[4].passes <= found[1].passes
    assert guess_gains(runtime, SENTENCES[:1], (0,))[0].passes == 1
