"""Calibration figures on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.calibration import error_if_calibrated, expected_calibration_error, selective_accuracy


def test_perfect_confidence_has_no_error() -> None:
    assert expected_calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0


def test_error_is_the_weighted_gap_between_confidence_and_accuracy() -> None:
    confidence, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([True, False, False, False])
    assert expected_calibration_error(confidence, right) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)


def test_silence_on_the_least_sure_is_counted() -> None:
    confidence, right = np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, True, False, False])
    assert selective_accuracy(confidence, right, 1.0) == 0.5
    assert selective_accuracy(confidence, right, 0.5) == 1.0


def test_few_cases_show_an_error_even_when_every_confidence_is_true() -> None:
    few, many = np.full(100, 0.5), np.full(10_000, 0.5)
    assert 0.02 < error_if_calibrated(few) < 0.08
    assert error_if_calibrated(many) < 0.01
    assert error_if_calibrated(np.ones(50)) == 0
