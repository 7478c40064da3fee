"""An index with the text tables alone, so that these tests need no other part of the engine."""

from __future__ import annotations

import pytest

from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.text.compile import compile_into
from engine.text.entities import TextReader


@pytest.fixture(scope="session")
def text_index(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeIndex:
    path = tmp_path_factory.mktemp("text") / "text.sqlite"
    writer = IndexWriter(path)
    compile_into(resources() / "knowledge", writer)
    writer.close()
    return KnowledgeIndex(path)


@pytest.fixture(scope="session")
def reader(text_index: KnowledgeIndex) -> TextReader:
    return TextReader(text_index)
