"""The safety tables alone, compiled from the sources in a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.genomics.compile import compile_into as compile_genomics
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.safety.compile import compile_into
from engine.safety.drugs import DrugDictionary
from engine.safety.verdict import SafetyChecker


@pytest.fixture(scope="session")
def safety_index(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeIndex:
    path: Path = tmp_path_factory.mktemp("safety") / "safety.sqlite"
    writer = IndexWriter(path)
    compile_into(resources() / "knowledge", writer)
    compile_genomics(resources() / "knowledge", writer)
    writer.close()
    return KnowledgeIndex(path)


@pytest.fixture(scope="session")
def dictionary(safety_index: KnowledgeIndex) -> DrugDictionary:
    return DrugDictionary(safety_index)


@pytest.fixture(scope="session")
def checker(safety_index: KnowledgeIndex) -> SafetyChecker:
    return SafetyChecker(safety_index)
