"""The facts about SQLCipher and sqlite-utils that the store rests on; when one changes, the store must be looked at."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

import desktop
from desktop import errors
from desktop.store import database

KEY = database.DatabaseKey(bytes(range(32)))


@pytest.fixture
def db(tmp_path: Path) -> database.Any:
    opened = database.connect(tmp_path / "some.db", KEY)
    database.use_write_ahead_log(opened)
    yield opened
    opened.close()


def test_sqlite_utils_catches_the_exceptions_of_sqlcipher(db: database.Any) -> None:
    db["t"].insert({"a": 1})
    db["t"].insert({"a": 2, "b": 3}, alter=True)
    db["missing"].drop(ignore=True)
    db["t"].create_index(["a"], find_unique_name=True)
    db["t"].create_index(["a"], find_unique_name=True)
    assert len(db["t"].indexes) == 2


def test_the_alias_is_set_before_sqlite_utils() -> None:
    from sqlite_utils import utils

    assert sys.modules["pysqlite3"] is database.sqlcipher3
    assert utils.sqlite3 is database.sqlcipher3


def test_only_this_module_imports_sqlcipher() -> None:
    root = Path(desktop.__file__).parents[1]
    importing = set()
    for path in [*root.glob("desktop/**/*.py"), *root.glob("engine/**/*.py"), *root.glob("quantize/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in {"sqlcipher3", "sqlite_utils", "pysqlite3"} for name in names):
                importing.add(path.relative_to(root).as_posix())
    assert importing == {"desktop/store/database.py"}


def test_a_wrong_key_shows_at_the_first_read_and_prints_nothing(
    db: database.Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    db.conn.execute("CREATE TABLE t (x)")
    with pytest.raises(errors.WrongPassword):
        database.connect(tmp_path / "some.db", database.DatabaseKey(bytes(32)))
    assert capfd.readouterr() == ("", "")


def test_a_file_cut_at_a_page_boundary_passes_sqlciphers_own_check(db: database.Any, tmp_path: Path) -> None:
    db.conn.execute("CREATE TABLE t (x)")
    db.conn.execute("INSERT INTO t VALUES (hex(randomblob(100000)))")
    db.close()
    path = tmp_path / "some.db"
    path.write_bytes(path.read_bytes()[: -4 * 4096])
    plain = database.dbapi2.connect(str(path))
    plain.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    assert plain.execute("PRAGMA cipher_integrity_check").fetchall() == []
    plain.close()
    with pytest.raises(errors.CaseFileDamaged):
        database.connect(path, KEY)


def test_a_file_cut_under_an_open_connection_is_told_by_its_length(db: database.Any, tmp_path: Path) -> None:
    db.conn.execute("CREATE TABLE t (x)")
    db.conn.execute("INSERT INTO t VALUES (hex(randomblob(100000)))")
    path = tmp_path / "some.db"
    database.require_sealed_pages(db, path)
    os.truncate(path, path.stat().st_size - 4 * 4096)
    with pytest.raises(errors.CaseFileDamaged, match="bytes instead of"):
        database.require_sealed_pages(db, path)


def test_a_deleted_log_opens_as_ok_with_rows_gone(db: database.Any, tmp_path: Path) -> None:
    db.conn.execute("CREATE TABLE t (x)")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.conn.execute("INSERT INTO t VALUES (1)")
    copy = tmp_path / "copy.db"
    copy.write_bytes((tmp_path / "some.db").read_bytes())
    opened = database.connect(copy, KEY)
    database.require_consistent(opened)
    assert database.fetch_one(opened, "SELECT count(*) FROM t") == 0
    opened.close()


def test_an_empty_file_opens_as_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    opened = database.connect(path, KEY)
    database.require_consistent(opened)
    opened.close()


def test_trigrams_find_nothing_below_three_characters(db: database.Any) -> None:
    db.conn.execute("CREATE VIRTUAL TABLE s USING fts5 (x, tokenize = 'trigram')")
    db.conn.execute("INSERT INTO s VALUES ('病人胸痛三天')")
    assert db.conn.execute("SELECT count(*) FROM s WHERE s MATCH '胸痛'").fetchone()[0] == 0
    assert db.conn.execute("SELECT count(*) FROM s WHERE s MATCH '胸痛三'").fetchone()[0] == 1


def test_a_programming_mistake_is_not_taken_for_a_fault_of_the_file(db: database.Any) -> None:
    with pytest.raises(database.dbapi2.OperationalError), database.faults():
        db.conn.execute("SELEKT 1")


def test_a_place_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    with pytest.raises(errors.CaseFileError):
        database.connect(tmp_path / "no folder" / "some.db", KEY)
