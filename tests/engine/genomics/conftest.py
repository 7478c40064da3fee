"""The genomics tables, compiled alone: these tests need no other knowledge."""

from pathlib import Path

import pytest

from engine.genomics.compile import compile_into
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import Pharmacogenomics
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources

DATA = Path(__file__).parents[2] / "data" / "pgx"


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> GenomicsTables:
    path = tmp_path_factory.mktemp("genomics") / "index.sqlite"
    writer = IndexWriter(path)
    compile_into(resources() / "knowledge", writer)
    writer.close()
    return GenomicsTables(KnowledgeIndex(path))


@pytest.fixture(scope="session")
def genomics(tables: GenomicsTables) -> Pharmacogenomics:
    return Pharmacogenomics(tables)


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA
