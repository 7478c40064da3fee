"""A child without knowledge or models still says hello, names what is missing, and fails runs with that code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import api, assembly, errors, installation
from engine.knowledge.index import IndexWriter, seal
from engine.runtime import packs
from tests.conftest_models import models

__all__ = ["models"]

CHECK = api.CheckRequest(api.RunId("r"), api.Case())



@pytest.fixture
def knowledge_path(tmp_path: Path) -> Path:
    """An index that holds nothing but its version."""
    path = tmp_path / "tiny.sqlite"
    writer = IndexWriter(path)
    writer.put_json("index.version", "test")
    writer.close()
    path.with_suffix(".json").write_text(json.dumps({"sha256": seal(path)}))
    return path


def test_without_packs_the_missing_ones_are_named_in_both_languages(
    knowledge_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "compiled_knowledge", lambda: knowledge_path)
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    made = installation.assemble()
    assert made.models == {}
    assert made.problems == (installation.NO_TEXT_MODEL, installation.NO_ENCODER)
    assert made.versions.knowledge == "test"


def test_with_packs_each_task_has_its_model(
    knowledge_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "compiled_knowledge", lambda: knowledge_path)
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(models))
    made = installation.assemble()
    assert made.models == {
        "encoder": "minilm-l6-v2 2.0", "entities": "entity-tagger 1.1", "ranker": "condition-ranker 1.0",
        "multilingual": "multilingual-encoder 1.0", "text": "smollm2-135m-instruct 1.0",
    }  # fmt: skip
    assert made.problems == ()
    assert made.device.startswith("CPU")


def test_a_pack_that_lost_its_trust_is_a_problem_line(
    knowledge_path: Path, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = packs.packs_folder(tmp_path)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.symlink_to(packs.packs_folder(models))
    monkeypatch.setattr(assembly, "compiled_knowledge", lambda: knowledge_path)
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    made = installation.assemble()
    assert made.models == {}
    assert any("smollm2-135m-instruct cannot be used (model_untrusted)" in line.en for line in made.problems)


def test_without_knowledge_every_run_fails_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "compiled_knowledge", lambda: tmp_path / "knowledge.sqlite")
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    made = installation.assemble()
    assert "knowledge_missing" in made.problems[0].en
    with pytest.raises(errors.KnowledgeMissing):
        made.pipeline.run(CHECK, lambda _event: None, lambda: False)


def test_one_changed_byte_in_the_knowledge_is_found_before_any_number_is_used(
    knowledge_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(knowledge_path.read_bytes())
    content[-1] ^= 1
    knowledge_path.write_bytes(content)
    monkeypatch.setattr(assembly, "compiled_knowledge", lambda: knowledge_path)
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    made = installation.assemble()
    assert "knowledge_damaged" in made.problems[0].en
    with pytest.raises(errors.KnowledgeDamaged):
        made.pipeline.run(CHECK, lambda _event: None, lambda: False)


def test_knowledge_without_its_seal_is_not_used(knowledge_path: Path, tmp_path: Path) -> None:
    knowledge_path.with_suffix(".json").unlink()
    with pytest.raises(errors.KnowledgeDamaged, match="seal"):
        assembly.Engine(knowledge_path, tmp_path)
