"""Each awkward kind of request ends as it should and the process does not grow; 200 in a row by `bench --soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime import packs
from engine.soak import soak
from tests.conftest_models import models

__all__ = ["models"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_awkward_requests_end_as_they_should_and_memory_stays(models: Path) -> None:
    found = soak(packs.text_model(models).model_path, 40)
    assert found.failures == []
    assert sum(found.endings.values()) == 40
    assert {"cancelled", "context_full", "length", "too_large", "bad_request", "3 scores"} <= set(found.endings)
    assert found.growth_bytes_per_request < 40_000
