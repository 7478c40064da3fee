"""`lantern-quantize` as IT calls it: exit codes, messages, and packs that a machine then accepts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.runtime import pack_trust, packs
from engine.runtime.pack_manifest import MANIFEST
from quantize.__main__ import main
from tests.engine.runtime.sample_packs import Gguf


@pytest.fixture(autouse=True)
def _unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """These packs hold no model that could speak; what the golden prompt finds is tested on real ones."""
    monkeypatch.setattr(packs, "prove", lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a model that somebody downloaded."""
    made = tmp_path / "download"
    made.mkdir()
    (made / "model.gguf").write_bytes(Gguf().build())
    (made / "CARD.md").write_text("A model for tests.")
    return made


def pack(folder: Path, *more: str) -> int:
    return main(["pack", str(folder), "--name", "mine", "--version", "1.0", "--licence", "MIT", *more])


def test_key_pack_verify_and_install(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, models = tmp_path / "clinic.key", tmp_path / "models"
    assert main(["key", str(key)]) == 0
    identity = capsys.readouterr().out.strip()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert pack(folder, "--key", str(key)) == 0
    assert main(["verify", str(folder), "--models-dir", str(models)]) == 1
    assert "model_untrusted" in capsys.readouterr().err
    assert pack_trust.add_distributor(packs.trust_folder(models), key.with_name("clinic.key.pub")) == identity
    assert main(["verify", str(folder), "--models-dir", str(models)]) == 0
    assert packs.install(folder, models).trust == "distributor"


def test_without_a_key_the_machine_signs_itself(tmp_path: Path, folder: Path) -> None:
    assert pack(folder, "--models-dir", str(tmp_path / "models")) == 0
    assert packs.install(folder, tmp_path / "models").trust == "local"


def test_a_manifest_is_only_replaced_with_force(tmp_path: Path, folder: Path) -> None:
    models = ["--models-dir", str(tmp_path / "models")]
    assert pack(folder, *models) == 0
    before = (folder / MANIFEST).read_bytes()
    (folder / "CARD.md").write_text("Changed.")
    assert main(["pack", str(folder), *models]) == 1
    assert (folder / MANIFEST).read_bytes() == before
    assert main(["pack", str(folder), "--force", *models]) == 0
    assert main(["verify", str(folder), *models]) == 0


def test_a_key_is_rotated_trust_the_new_sign_again_revoke_the_old(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, where = tmp_path / "old.key", tmp_path / "new.key", ["--models-dir", str(tmp_path / "models")]
    for key in (old, new):
        assert main(["key", str(key)]) == 0
        assert main(["trust", f"{key}.pub", *where]) == 0
    identity = capsys.readouterr().out.split()[0]
    assert pack(folder, "--key", str(old)) == 0
    assert main(["verify", str(folder), *where]) == 0
    assert main(["revoke", identity, *where]) == 0
    assert main(["verify", str(folder), *where]) == 1
    assert "revoked" in capsys.readouterr().err
    assert main(["pack", str(folder), "--key", str(new), "--force"]) == 0
    assert main(["verify", str(folder), *where]) == 0
    assert main(["revoke", "--manifest", str(folder), *where]) == 0
    assert main(["verify", str(folder), *where]) == 1


@pytest.mark.parametrize("given", [[], ["short"], ["Z" * 32]])
def test_revoking_nothing_that_is_a_key_is_refused(tmp_path: Path, given: list[str]) -> None:
    assert main(["revoke", *given, "--models-dir", str(tmp_path)]) == 1
    assert not (tmp_path / "trust" / "revoked.json").exists()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    assert main(["key", str(tmp_path / "a.key")]) == 0
    before = (tmp_path / "a.key").read_bytes()
    assert main(["key", str(tmp_path / "a.key")]) == 1
    assert (tmp_path / "a.key").read_bytes() == before


def test_a_folder_without_a_model_or_with_a_pickle_cannot_be_packed(tmp_path: Path, folder: Path) -> None:
    models = ["--models-dir", str(tmp_path / "models")]
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert pack(folder, *models) == 1
    (folder / "pytorch_model.bin").unlink()
    (folder / "model.gguf").unlink()
    assert pack(folder, *models) == 1


def test_a_folder_that_is_not_there_fails_with_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path / "absent")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["dance"], ["pack"], ["verify"]])
def test_wrong_usage_exits_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_help_has_examples_and_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    offered = set(text.split("examples:")[0].replace("{", " ").replace("}", " ").replace(",", " ").split())
    assert {"fetch", "gguf", "train", "pack", "verify", "key"} <= offered
    assert "lantern-quantize fetch" in text
