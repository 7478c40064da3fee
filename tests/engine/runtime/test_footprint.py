"""Whatever native code makes of a file, it ends a throw-away child: the caller gets a report or one typed refusal."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import footprint, gguf_header
from engine.runtime.footprint import Footprint
from tests.engine.runtime.test_gguf_header import mutate

SURVIVORS = 4


def told(model: Path) -> str:
    """Return the one line of a refusal, or the name of a model that still runs."""
    try:
        found = footprint.run(model, 512, timeout_s=120)
    except errors.ModelDamaged as refused:
        return refused.detail
    assert isinstance(found, Footprint)
    return model.name


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_mutants_that_pass_the_header_check_end_in_the_child(models: Path, tmp_path: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    wounded, chance, tried = tmp_path / "wounded.gguf", random.Random(11), 0
    shutil.copyfile(model, wounded)
    with model.open("rb") as stream:
        head = stream.read(4000)
    while tried < SURVIVORS:
        mutant = mutate(head, chance)[:4000].ljust(4000, b"\0")
        with wounded.open("r+b") as stream:
            stream.write(mutant)
        try:
            gguf_header.read(wounded)
        except errors.ModelDamaged:
            continue
        tried += 1
        assert told(wounded).startswith("wounded.gguf")


@pytest.mark.slow
def test_a_child_that_hangs_is_ended_and_named(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    with pytest.raises(errors.ModelDamaged, match="did not answer"):
        footprint.run(model, 512, timeout_s=0.01)
