"""The functions that a portable build needs are those of the library that llama.cpp itself uses."""

from __future__ import annotations

from pathlib import Path

from engine.runtime import llama_native


def test_the_register_that_is_asked_is_the_one_that_models_load_by() -> None:
    llama_native.start_backend()
    counted = llama_native._exported("ggml_backend_reg_count", Path("/no/such/folder"))
    assert counted() >= 1, "another copy of the library would have an empty register"


def test_a_build_for_one_processor_has_no_card_here() -> None:
    assert llama_native.cards() == []
    assert not llama_native.supports_gpu()
