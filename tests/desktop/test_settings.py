"""Settings: typed, whole or default, and never a reason not to start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from desktop.settings import Settings, load_settings, save_settings


def test_saved_settings_come_back(tmp_path: Path) -> None:
    chosen = replace(Settings(), language="zh", page_size="A5", commit_first=False, font_percent=150, region="云南")
    save_settings(tmp_path / "new folder" / "settings.json", chosen)
    loaded = load_settings(tmp_path / "new folder" / "settings.json")
    assert (loaded.settings, loaded.damaged) == (chosen, None)


def test_no_file_gives_the_defaults_without_a_complaint(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "settings.json")
    assert (loaded.settings, loaded.damaged) == (Settings(), None)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b'{"language": "fr"}',
        b'{"font_percent": 1000}',
        b'{"commit_first": "yes"}',
        b'{"lock_after_minutes": 0}',
        b" " * 70_000,
        b"[" * 60_000,
    ],
)
def test_a_damaged_file_gives_the_defaults_says_so_and_is_kept(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(damaged)
    loaded = load_settings(path)
    assert loaded.settings == Settings()
    assert loaded.damaged is not None
    assert loaded.damaged.code == "settings_damaged"
    assert (tmp_path / "settings.damaged.json").read_bytes() == damaged
    assert load_settings(path).damaged is None


def test_a_field_of_a_later_release_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"page_size": "A5", "new_thing": [1, 2]}')
    loaded = load_settings(tmp_path / "settings.json")
    assert (loaded.settings.page_size, loaded.damaged) == ("A5", None)


def test_a_folder_in_its_place_is_damage_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    assert load_settings(tmp_path / "settings.json").damaged is not None


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(untrusted=st.binary(max_size=200))
def test_any_bytes_give_settings(tmp_path: Path, untrusted: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(untrusted)
    loaded = load_settings(tmp_path / "settings.json")
    assert (loaded.damaged is None) or loaded.settings == Settings()


def test_commit_first_is_on_unless_the_lead_turns_it_off() -> None:
    assert Settings().commit_first
    assert msgspec.json.decode(b"{}", type=Settings) == Settings()
