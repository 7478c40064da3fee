"""Rounding with regard to the inputs changes products less than rounding each weight by itself."""

from __future__ import annotations

import numpy as np

from quantize.rounding import rounded


def plainly(weights: np.ndarray, bits: int) -> np.ndarray:
    scales = np.abs(weights).max(axis=0) / (2 ** (bits - 1) - 1)
    return np.round(weights / scales) * scales


def test_products_with_like_inputs_change_less_than_by_plain_rounding() -> None:
    chance = np.random.default_rng(7)
    mixed = chance.normal(size=(48, 48)).astype(np.float32)
    inputs = (chance.normal(size=(2_000, 48)) * np.linspace(0.1, 3, 48)).astype(np.float32) @ mixed
    weights = chance.normal(size=(48, 24)).astype(np.float32)
    whole, scales = rounded(weights, inputs[:1_000], 5)
    fresh = inputs[1_000:]
    ours = np.square(fresh @ (whole * scales) - fresh @ weights).mean()
    plain = np.square(fresh @ plainly(weights, 5) - fresh @ weights).mean()
    assert ours < 0.6 * plain


def test_no_number_is_beyond_its_bits_and_zeros_stay_zeros() -> None:
    weights = np.array([[1.0, 0.0], [-1.0, 0.0], [0.4, 0.0]], dtype=np.float32)
    whole, scales = rounded(weights, np.eye(3, dtype=np.float32), 7)
    assert whole.dtype == np.int8
    assert whole[:, 0].tolist() == [63, -63, 25]
    assert not whole[:, 1].any()
    assert np.isfinite(scales).all()


def test_inputs_that_never_occur_are_rounded_like_any_other() -> None:
    weights = np.array([[0.5], [0.25]], dtype=np.float32)
    whole, _ = rounded(weights, np.array([[1.0, 0.0]], dtype=np.float32), 8)
    assert whole[:, 0].tolist() == [127, 64]
