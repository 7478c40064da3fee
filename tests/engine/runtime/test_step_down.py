"""When memory is short the largest model that fits is used, Hello and log say so, and none that fits is said too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors, installation
from engine.runtime import hardware, pack_trust, packs
from tests.engine.runtime.sample_packs import Gguf, make_pack, manifest_of, new_key, public_pem, sign_again

KEY = new_key()
MEGABYTE = 1 << 20


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two language models: `tiny`, and `large`, whose file is longer."""
    monkeypatch.setattr(packs, "prove", lambda _: None)
    models = tmp_path / "models"
    (tmp_path / "clinic.pub").write_bytes(public_pem(KEY))
    pack_trust.add_distributor(packs.trust_folder(models), tmp_path / "clinic.pub")
    packs.install(make_pack(tmp_path / "tiny", KEY), models)
    large = make_pack(tmp_path / "large", KEY, name="large")
    (large / "tiny.gguf").write_bytes(Gguf().build() + b"\0" * (50 * MEGABYTE))
    sign_again(large, KEY, replace(manifest_of(large, name="large"), title="Large"))
    packs.install(large, models)
    return models


def free(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: (16_000 * MEGABYTE, megabytes * MEGABYTE))


def test_with_room_the_larger_model_is_used(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 4000)
    chosen, why = packs.choose_text_model(machine)
    assert (chosen.manifest.name, why) == ("large", "")


def test_when_memory_is_short_the_smaller_one_is_used_and_said(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(monkeypatch, 60)
    chosen, why = packs.choose_text_model(machine)
    assert chosen.manifest.name == "tiny"
    assert "memory is short" in why
    usable, problems = installation._models(machine)
    assert usable["text"] == "tiny 1.0"
    assert any("tiny 1.0 is used instead of large 1.0" in problem.en for problem in problems)


def test_when_nothing_fits_it_is_said_and_nothing_loads(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 1)
    with pytest.raises(errors.ModelTooLarge):
        packs.choose_text_model(machine)
    usable, problems = installation._models(machine)
    assert "text" not in usable
    assert installation.MEMORY_SHORT in problems
