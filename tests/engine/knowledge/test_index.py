"""The index: what goes in comes out, and what is damaged says so."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import KnowledgeDamaged, KnowledgeMissing
from engine.knowledge.index import IndexWriter, KnowledgeIndex


@pytest.fixture
def index_path(tmp_path: Path) -> Path:
    path = tmp_path / "index.sqlite"
    writer = IndexWriter(path)
    writer.put_json("a.words", {"发热": ["fever", 1.5, None]})
    writer.put_array("a.numbers", np.arange(6, dtype=np.int16).reshape(2, 3))
    writer.close()
    return path


def test_values_and_arrays_come_back_as_they_went_in(index_path: Path) -> None:
    index = KnowledgeIndex(index_path)
    assert index.json("a.words") == {"发热": ["fever", 1.5, None]}
    assert np.array_equal(index.array("a.numbers"), [[0, 1, 2], [3, 4, 5]])
    assert "a.words" in index
    assert "b" not in index
    index.close()


def test_an_open_index_cannot_be_written(index_path: Path) -> None:
    index = KnowledgeIndex(index_path)
    with pytest.raises(Exception, match="readonly"):
        index.tables.execute("DELETE FROM entry")
    with pytest.raises(ValueError, match="read-only"):
        index.array("a.numbers")[0, 0] = 9
    index.close()


def test_a_missing_index_is_reported_as_missing(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeMissing):
        KnowledgeIndex(tmp_path / "absent.sqlite")


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_index_is_reported_as_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(content)
    with pytest.raises(KnowledgeDamaged):
        KnowledgeIndex(path)


def test_an_absent_entry_is_damage_not_an_empty_value(index_path: Path) -> None:
    index = KnowledgeIndex(index_path)
    with pytest.raises(KnowledgeDamaged):
        index.json("a.absent")
    with pytest.raises(KnowledgeDamaged):
        index.array("a.words")
    index.close()
