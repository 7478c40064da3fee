"""Calibration figures on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.calibration import expected_calibration_error, selective_accuracy


def test_perfect_confidence_has_no_error() -> None:
    assert expected_calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0


def test_error_is_the_weighted_gap_between_confidence_and_accuracy() -> None:
    confidence, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([True, False, False, False])
    assert expected_calibration_error(confidence, right) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)


def test_silence_on_the_least_sure_is_counted() -> None:
    confidence, right = np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, True, False, False])
    assert selective_accuracy(confidence, right, 1.0) == 0.5
    assert selective_accuracy(confidence, right, 0.5) == 1.0
