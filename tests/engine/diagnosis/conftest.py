"""One compiled diagnosis index for all tests of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagnosis.compile import compile_into
from engine.diagnosis.diagnose import Diagnoser
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources


@pytest.fixture(scope="session")
def diagnosis_index(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeIndex:
    path = tmp_path_factory.mktemp("diagnosis") / "index.sqlite"
    writer = IndexWriter(path)
    compile_into(Path(resources()) / "knowledge", writer)
    writer.close()
    return KnowledgeIndex(path)


@pytest.fixture(scope="session")
def diagnoser(diagnosis_index: KnowledgeIndex) -> Diagnoser:
    return Diagnoser(diagnosis_index)
