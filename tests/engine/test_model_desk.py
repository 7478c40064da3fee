"""The engine reports packs with cards, tiers and device, and does what the Models page asks through the same checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import api, errors, model_desk
from engine.runtime import packs
from tests.conftest_models import models

__all__ = ["models"]


def ask(models: Path, action: str, **more: str) -> api.ModelsReported:
    return model_desk.act(api.ModelsRequest(api.RunId("1"), action, **more), models)  # type: ignore[arg-type]


def test_installed_packs_come_with_licence_card_and_trust(models: Path) -> None:
    found = {model.name: model for model in ask(models, "list").models}
    smol = found["smollm2-135m-instruct"]
    assert (smol.licence, smol.trust, smol.previous, smol.gate_passed) == ("Apache-2.0", "local", "", None)
    assert "SmolLM2" in smol.card
    report = ask(models, "list")
    assert report.device.startswith("CPU")
    assert report.tier in {tier.name for tier in report.tiers}
    assert report.said == api.Bilingual("", "")


def test_a_sound_pack_is_verified_and_an_unknown_one_is_refused(models: Path) -> None:
    assert "every file" in ask(models, "verify", name="minilm-l6-v2").said.en
    for action in ("verify", "rollback"):
        with pytest.raises((errors.ModelMissing, errors.ModelDamaged)):
            ask(models, action, name="absent")
    with pytest.raises(errors.ModelMissing):
        ask(models, "install", folder="/no/such/stick")


def test_a_changed_card_is_not_shown(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise errors.ModelDamaged("changed")

    monkeypatch.setattr(model_desk.pack_files, "check_file", refuse)
    assert all(model.card == "" for model in ask(models, "list").models)


def test_previous_versions_are_named(models: Path) -> None:
    assert packs.previous_version(models, "minilm-l6-v2") == ""
    assert packs.previous_version(models, "absent") == ""
