"""Key slots: only the right secret for the right user of the right file opens one, and tampering is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from desktop import errors
from desktop.case.record import UserId
from desktop.store import keys
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost, KeyFile, Slot
from tests.desktop.store.conftest import QUICK

KEY = keys.new_database_key()
ANN = UserId("ann-id")


@pytest.fixture(scope="module")
def slot() -> Slot:
    return keys.wrap(KEY, "file-id", ANN, "Ann", "pass word", QUICK)


@pytest.fixture(scope="module")
def key_file(slot: Slot) -> KeyFile:
    recovery = keys.wrap(KEY, "file-id", keys.RECOVERY, "", "CODE", QUICK)
    return KeyFile("file-id", ((slot, recovery),))


def test_the_right_password_opens(key_file: KeyFile) -> None:
    (unwrapped,) = keys.unwrap(key_file, "Ann", "pass word")
    assert (unwrapped.key, unwrapped.user_id) == (KEY, ANN)


@pytest.mark.parametrize("login", ["ann", "ANN", "Ａｎｎ"])
def test_the_login_is_read_without_case_or_width(key_file: KeyFile, login: str) -> None:
    assert keys.unwrap(key_file, login, "pass word")


def test_a_password_typed_full_width_is_the_same(key_file: KeyFile) -> None:
    assert keys.unwrap(key_file, "Ann", "ｐａｓｓ ｗｏｒｄ")


@pytest.mark.parametrize(("login", "password"), [("Ann", "Pass word"), ("Ann", ""), ("Bob", "pass word"), ("", "CODE")])
def test_anything_else_does_not_open(key_file: KeyFile, login: str, password: str) -> None:
    with pytest.raises(errors.WrongPassword):
        keys.unwrap(key_file, login, password)


def test_the_recovery_code_opens_its_own_slot_only(key_file: KeyFile) -> None:
    assert keys.unwrap_recovery(key_file, "CODE")[0].key == KEY
    with pytest.raises(errors.WrongPassword):
        keys.unwrap_recovery(key_file, "pass word")


@pytest.mark.parametrize(
    "tampered",
    [
        {"user_id": "bob-id"},
        {"login": "ANN"},
        {"cost": HashingCost(2048, 1, 1)},
        {"cost": HashingCost(1024, 2, 1)},
        {"salt": bytes(16)},
        {"nonce": bytes(12)},
        {"sealed_key": bytes(48)},
    ],
)
def test_a_changed_header_does_not_open(slot: Slot, tampered: dict[str, object]) -> None:
    changed = KeyFile("file-id", ((replace(slot, **tampered),),))  # type: ignore[arg-type]
    with pytest.raises(errors.WrongPassword):
        keys.unwrap(changed, "ann", "pass word")


def test_a_slot_moved_to_another_file_does_not_open(slot: Slot) -> None:
    with pytest.raises(errors.WrongPassword):
        keys.unwrap(KeyFile("another-id", ((slot,),)), "Ann", "pass word")


def test_new_slots_cost_what_the_rfc_recommends() -> None:
    cost = keys.STANDARD_COST
    assert (cost.memory_kib, cost.iterations, cost.lanes) == (64 * 1024, 3, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 1023), ("memory_kib", 262_145), ("memory_kib", 10**12), ("iterations", 0), ("iterations", 11),
     ("lanes", 0), ("lanes", 17), ("lanes", -1), ("memory_kib", 1.5)],
)
def test_costs_out_of_bounds_are_refused_before_they_are_paid(
    tmp_path: Path, key_file: KeyFile, field: str, value: float
) -> None:
    plain = msgspec.to_builtins(key_file)
    plain["sets"][0][0]["cost"][field] = value
    with pytest.raises(errors.CaseFileDamaged):
        keys.read_key_file(written(tmp_path, msgspec.json.encode(plain)))


def test_a_crowd_of_slots_is_refused(tmp_path: Path, slot: Slot) -> None:
    crowd = KeyFile("file-id", ((slot,) * 101,))
    with pytest.raises(errors.CaseFileDamaged):
        keys.read_key_file(written(tmp_path, msgspec.json.encode(crowd)))


@pytest.mark.parametrize(
    "untrusted",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"format": 1}', b'{"format": "1"}', b"{" * 5000, b'{"format": 0}',
     b'{"format": 1, "database_id": "x", "sets": []}', b" " * 300_000],
)
def test_a_damaged_key_file_is_reported(tmp_path: Path, untrusted: bytes) -> None:
    with pytest.raises(errors.CaseFileDamaged):
        keys.read_key_file(written(tmp_path, untrusted))


def test_a_newer_format_is_told_from_damage(tmp_path: Path) -> None:
    with pytest.raises(errors.CaseFileNewer):
        keys.read_key_file(written(tmp_path, b'{"format": 2, "anything": true}'))


def test_a_key_file_comes_back_equal(tmp_path: Path, key_file: KeyFile) -> None:
    files = written(tmp_path, b"")
    keys.write_key_file(files, key_file)
    assert keys.read_key_file(files) == key_file


def test_the_unlock_screen_lists_users_without_the_recovery_slot(key_file: KeyFile) -> None:
    assert key_file.logins() == ("Ann",)


def test_the_key_itself_is_not_in_the_file(tmp_path: Path, key_file: KeyFile) -> None:
    files = written(tmp_path, b"")
    keys.write_key_file(files, key_file)
    content = files.keys.read_bytes()
    assert KEY not in content
    assert KEY.hex().encode() not in content


def written(tmp_path: Path, content: bytes) -> CaseFiles:
    files = CaseFiles(tmp_path / "case")
    files.folder.mkdir()
    files.keys.write_bytes(content)
    return files
