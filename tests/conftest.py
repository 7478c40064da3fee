"""What every test shares: one compiled knowledge index, and a machine that is asked for nothing outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.knowledge.compile import compile_index, is_current
from engine.knowledge.index import KnowledgeIndex
from engine.locations import compiled_knowledge, resources
from tests.conftest_models import models

__all__ = ["models"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def knowledge_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled index: the one beside the sources when it is current, else a fresh one."""
    sources = resources() / "knowledge"
    if is_current(sources, compiled_knowledge().parent):
        return compiled_knowledge()
    target = tmp_path_factory.mktemp("knowledge")
    compile_index(sources, target)
    return target / compiled_knowledge().name


@pytest.fixture(scope="session")
def knowledge(knowledge_path: Path) -> KnowledgeIndex:
    return KnowledgeIndex(knowledge_path)
