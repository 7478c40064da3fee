"""One DIR serves every evaluation set: files are found in it and below it, the nearest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.evaluation.found import nearest_file


def test_the_nearest_file_that_fits_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ship" / "deep").mkdir(parents=True)
    for place in ("ship/deep/pairs.csv", "ship/pairs.csv"):
        (tmp_path / place).touch()
    assert nearest_file(tmp_path, "pairs*.csv") == tmp_path / "ship" / "pairs.csv"
    (tmp_path / "pairs.csv").touch()
    assert nearest_file(tmp_path, "pairs*.csv") == tmp_path / "pairs.csv"


def test_a_file_that_is_nowhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no pairs"):
        nearest_file(tmp_path, "pairs*.csv")
