"""The fewest threads that are as good as more, kept for one model, build and machine, and ignored when unreadable."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime import calibration


@pytest.mark.parametrize(
    ("speeds", "threads"),
    [({1: 80.0}, 1), ({1: 80.0, 2: 82.0}, 1), ({1: 80.0, 2: 140.0}, 2), ({1: 80.0, 2: 140.0, 4: 90.0}, 2),
     ({1: 10.0, 2: 10.4, 3: 20.0, 4: 20.5}, 3)],
)  # fmt: skip
def test_a_thread_must_earn_its_core(speeds: dict[int, float], threads: int) -> None:
    assert calibration.best(speeds) == threads


def test_what_was_measured_holds_for_the_same_model_build_and_cores_only(tmp_path: Path) -> None:
    wanted = calibration.key("abc", "build 1", "A, 4 cores")
    made = calibration.Calibration(2, calibration.rounded({2: 19.001, 1: 10.0}), 256, {"256": 300.0}, 3, {"3": 1.2})
    calibration.keep(tmp_path, wanted, made)
    assert calibration.kept(tmp_path, wanted) == made
    assert made.decode_tps == {"1": 10.0, "2": 19.0}
    for other in (calibration.key("abd", "build 1", "A, 4 cores"), calibration.key("abc", "build 2", "A, 4 cores"),
                  calibration.key("abc", "build 1", "A, 8 cores")):
        assert calibration.kept(tmp_path, other) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"\xff", b'{"k": {"threads": 0}}', b'{"k": {"threads": 5000}}',
     b'{"k": {"threads": 1, "pass_tokens": 0}}', b'{"k": {"threads": 1, "guessed_tokens": 999}}'],
)  # fmt: skip
def test_an_unusable_file_is_no_calibration(tmp_path: Path, data: bytes) -> None:
    (tmp_path / calibration.FILE).write_bytes(data)
    assert calibration.kept(tmp_path, "k") is None
    assert calibration.kept(tmp_path / "absent", "k") is None


def test_other_models_are_remembered_until_they_are_many(tmp_path: Path) -> None:
    names = [f"model {n}" for n in range(calibration.MOST_KEPT + 2)]
    for number, name in enumerate(names):
        calibration.keep(tmp_path, name, calibration.Calibration(number + 1))
    calibration.keep(tmp_path, names[-1], calibration.Calibration(99))
    kept = [calibration.kept(tmp_path, name) for name in names]
    assert [each.threads if each else None for each in kept] == [None, None, *range(3, len(names)), 99]
