"""`train` lists every recipe without importing one, says what is missing, and runs one as its own program."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantize import recipes
from quantize.__main__ import main
from quantize.commands import train


def test_every_recipe_is_listed_with_what_it_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train"]) == 0
    lines = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    files = {path.stem for path in Path(recipes.__path__[0]).glob("[a-z]*.py")}
    assert {name.replace("-", "_") for name in lines} <= files
    assert {"diagnosis-rerank", "clinic-lm"} <= set(lines)
    assert all(len(summary) > 20 for summary in lines.values())


def test_a_recipe_that_needs_a_missing_package_says_which(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "HEAVY", ("numpy_of_the_future",))
    recipe = train.Recipe("clinic_lm", "A model.", ("numpy_of_the_future",))
    monkeypatch.setattr(train, "every_recipe", lambda: [recipe])
    assert main(["train", "clinic-lm"]) == 1
    assert "numpy_of_the_future" in capsys.readouterr().err


def test_an_unknown_recipe_fails_and_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "cold-fusion"]) == 1
    assert "diagnosis_rerank" in capsys.readouterr().err


def test_options_after_the_name_go_to_the_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["train", "diagnosis-rerank", "--help"])
    assert left.value.code == 0
    assert "knowledge" in capsys.readouterr().out
