"""The functions that a portable build needs are those of the library that llama.cpp itself uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime import llama_native


def test_the_register_that_is_asked_is_the_one_that_models_load_by() -> None:
    llama_native.start_backend()
    counted = llama_native._exported("ggml_backend_reg_count", Path("/no/such/folder"))
    assert counted() >= 1, "another copy of the library would have an empty register"


def test_a_build_for_one_processor_has_no_card_here() -> None:
    assert llama_native.cards() == []
    assert llama_native.card_backends() == ()


def test_a_build_for_cards_is_known_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libggml-base.so", "libggml-cpu-haswell.so", "libggml-vulkan.so.0", "ggml-cuda.dll"):
        (tmp_path / name).touch()
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path))
    assert llama_native.card_backends() == ("cuda", "vulkan")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="one C++ library for all is a matter of Linux loaders")
def test_the_c_plus_plus_library_of_the_system_is_there_for_every_library() -> None:
    """A card build that brings half a C++ library of its own must find the whole one first."""
    code = "import engine.runtime.llama_native, ctypes; ctypes.CDLL(None)['_ZSt9terminatev']"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)
