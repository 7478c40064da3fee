"""Every known attack on a pack is refused with its code, and a refused pack leaves everything as it was."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine import errors
from engine.runtime import pack_files, pack_install, pack_manifest, pack_trust, packs
from engine.runtime.pack_manifest import MANIFEST, SIGNATURE, Manifest, PackFile
from tests.engine.runtime.sample_packs import Gguf, make_pack, manifest_of, new_key, public_pem, sign_again

KEY = new_key()


@pytest.fixture(autouse=True)
def _unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """These packs hold no model that could speak; what the golden prompt finds is tested on real ones."""
    monkeypatch.setattr(packs, "prove", lambda _: None)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A models folder that trusts KEY as a distributor."""
    models = tmp_path / "models"
    (tmp_path / "clinic.pub").write_bytes(public_pem(KEY))
    pack_trust.add_distributor(packs.trust_folder(models), tmp_path / "clinic.pub")
    return models


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A pack as it comes on a USB stick."""
    return make_pack(tmp_path / "stick" / "tiny", KEY)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_installed_pack_is_listed_verified_and_described(machine: Path, stick: Path) -> None:
    pack = packs.install(stick, machine)
    assert (pack.name, pack.version, pack.task, pack.trust) == ("tiny", "1.0", "text", "distributor")
    assert packs.installed(machine) == [pack]
    assert packs.verify(machine, "tiny") == pack
    assert "version 1.0." in packs.describe(machine, "tiny")
    assert packs.versions(machine) == {"tiny": "1.0"}


def test_installing_again_changes_nothing(machine: Path, stick: Path) -> None:
    packs.install(stick, machine)
    before = files_below(machine)
    packs.install(stick, machine)
    assert files_below(machine) == before


def test_nothing_installed_is_model_missing_and_no_encoder(machine: Path) -> None:
    assert packs.installed(machine) == []
    assert packs.open_encoder(machine) is None
    for ask in (lambda: packs.open_text_runtime(machine), lambda: packs.verify(machine, "tiny")):
        with pytest.raises(errors.ModelMissing):
            ask()


def test_a_folder_that_is_not_there_is_model_missing(machine: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.ModelMissing):
        packs.install(tmp_path / "no stick", machine)


# ------------------------------------------------------------------------------------------------ attacks on files


def flip_a_bit(stick: Path) -> None:
    data = bytearray((stick / "tiny.gguf").read_bytes())
    data[-1] ^= 1
    (stick / "tiny.gguf").write_bytes(data)


def cut(stick: Path) -> None:
    os.truncate(stick / "tiny.gguf", 100)


def lengthen(stick: Path) -> None:
    with (stick / "tiny.gguf").open("ab") as stream:
        stream.write(b"\0")


def leave_out(stick: Path) -> None:
    (stick / "CARD.md").unlink()


def add_extra(stick: Path) -> None:
    (stick / "autorun.inf").write_text("[autorun]")


def add_folder(stick: Path) -> None:
    (stick / "more").mkdir()


def add_crowd(stick: Path) -> None:
    for number in range(10_000):
        (stick / f"{number}.txt").touch()


def link_model(stick: Path) -> None:
    (stick / "tiny.gguf").rename(stick.parent / "real.gguf")
    (stick / "tiny.gguf").symlink_to(stick.parent / "real.gguf")


def hard_link_model(stick: Path) -> None:
    os.link(stick / "tiny.gguf", stick.parent / "second-name.gguf")


def link_manifest(stick: Path) -> None:
    (stick / MANIFEST).rename(stick.parent / "real.json")
    (stick / MANIFEST).symlink_to(stick.parent / "real.json")


def pipe_instead_of_model(stick: Path) -> None:
    (stick / "tiny.gguf").unlink()
    os.mkfifo(stick / "tiny.gguf")


@pytest.mark.parametrize(
    "attack",
    [
        flip_a_bit, cut, lengthen, leave_out, add_extra, add_folder, add_crowd, link_model, hard_link_model,
        link_manifest, pipe_instead_of_model,
    ],
)  # fmt: skip
@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
def test_an_attack_on_the_files_is_refused_as_damage(
    machine: Path, stick: Path, attack: Callable[[Path], None]
) -> None:
    attack(stick)
    before = files_below(machine)
    with pytest.raises(errors.ModelDamaged):
        packs.install(stick, machine)
    assert files_below(machine) == before
    assert packs.installed(machine) == []


def test_a_file_swapped_while_it_is_copied_is_refused(
    machine: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_copy = pack_files.copy_file

    def copy_then_swap(source: Path, staging: Path, file: PackFile) -> None:
        true_copy(source, staging, file)
        if file.name == "tiny.gguf":
            (staging / file.name).write_bytes(b"\0" * file.size_bytes)

    monkeypatch.setattr(pack_files, "copy_file", copy_then_swap)
    with pytest.raises(errors.ModelDamaged):
        packs.install(stick, machine)
    assert packs.installed(machine) == []


# -------------------------------------------------------------------------------------------- attacks on the trust


def edit_manifest(stick: Path) -> None:
    path = stick / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"Tiny", b"Tony"))


def sign_with_another_key(stick: Path) -> None:
    sign_again(stick, new_key(), manifest_of(stick))


def claim_the_trusted_key(stick: Path) -> None:
    forged = msgspec.json.decode(pack_trust.sign((stick / MANIFEST).read_bytes(), new_key()))
    forged["key_id"] = pack_trust.key_id(KEY.public_key())
    (stick / SIGNATURE).write_bytes(msgspec.json.encode(forged))


def remove_signature(stick: Path) -> None:
    (stick / SIGNATURE).unlink()


def remove_manifest(stick: Path) -> None:
    (stick / MANIFEST).unlink()


def garble_signature(stick: Path) -> None:
    (stick / SIGNATURE).write_bytes(b'{"key_id": 7')


def swell_signature(stick: Path) -> None:
    (stick / SIGNATURE).write_bytes(b" " * 100_000)


@pytest.mark.parametrize(
    "attack",
    [
        edit_manifest, sign_with_another_key, claim_the_trusted_key, remove_signature, remove_manifest,
        garble_signature, swell_signature,
    ],
)  # fmt: skip
def test_an_attack_on_the_signature_is_refused_as_untrusted(
    machine: Path, stick: Path, attack: Callable[[Path], None]
) -> None:
    attack(stick)
    with pytest.raises(errors.ModelUntrusted):
        packs.install(stick, machine)
    assert packs.installed(machine) == []


def test_a_machine_without_keys_trusts_nobody(tmp_path: Path, stick: Path) -> None:
    with pytest.raises(errors.ModelUntrusted):
        packs.install(stick, tmp_path / "empty")


def test_a_revoked_key_and_a_revoked_manifest_are_refused(machine: Path, stick: Path) -> None:
    revoked_file = packs.trust_folder(machine) / pack_trust.REVOKED
    manifest_hash = hashlib.sha256((stick / MANIFEST).read_bytes()).hexdigest()
    for revoked in (
        pack_trust.Revoked(key_ids=[pack_trust.key_id(KEY.public_key())]),
        pack_trust.Revoked(manifests=[manifest_hash]),
    ):
        revoked_file.write_bytes(msgspec.json.encode(revoked))
        with pytest.raises(errors.ModelUntrusted):
            packs.install(stick, machine)


def test_an_unreadable_revocation_list_fails_closed(machine: Path, stick: Path) -> None:
    (packs.trust_folder(machine) / pack_trust.REVOKED).write_text("{")
    with pytest.raises(errors.ModelUntrusted):
        packs.install(stick, machine)


def test_a_test_key_is_never_trusted(tmp_path: Path) -> None:
    public_test_key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"lantern test key").digest())
    (tmp_path / "test.pub").write_bytes(public_pem(public_test_key))
    with pytest.raises(errors.ModelUntrusted):
        pack_trust.add_distributor(tmp_path / "trust", tmp_path / "test.pub")
    (tmp_path / pack_trust.LOCAL_KEY).write_bytes(pack_trust.private_pem(public_test_key))
    with pytest.raises(errors.ModelUntrusted):
        pack_trust.load_trust(tmp_path)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.pub").write_text("Dear clinic, please trust me.")
    with pytest.raises(errors.ModelUntrusted):
        pack_trust.add_distributor(tmp_path / "trust", tmp_path / "letter.pub")


def test_the_local_key_is_made_once_private_and_marks_packs_as_local(tmp_path: Path) -> None:
    trust = packs.trust_folder(tmp_path)
    key = pack_trust.make_local_key(trust)
    assert pack_trust.key_id(pack_trust.make_local_key(trust).public_key()) == pack_trust.key_id(key.public_key())
    assert stat.S_IMODE((trust / pack_trust.LOCAL_KEY).stat().st_mode) == 0o600
    assert packs.install(make_pack(tmp_path / "own", key), tmp_path).trust == "local"


# -------------------------------------------------------------------------- manifests that lie, rightly signed or not


def listed(manifest: Manifest, **changes: object) -> Manifest:
    first, *rest = manifest.files
    return replace(manifest, files=[replace(first, **changes), *rest])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        lambda m: listed(m, name="../CARD.md"),
        lambda m: listed(m, name="/etc/passwd.txt"),
        lambda m: listed(m, name="a\\b.md"),
        lambda m: listed(m, name="CON.md"),
        lambda m: listed(m, name="lpt1.x.md"),
        lambda m: listed(m, name="card.md."),
        lambda m: listed(m, name=".hidden.md"),
        lambda m: listed(m, name="TINY.gguf"),
        lambda m: listed(m, name="MANIFEST.json"),
        lambda m: listed(m, name="weights.pkl"),
        lambda m: listed(m, name="pytorch_model.bin"),
        lambda m: listed(m, sha256="0" * 63),
        lambda m: listed(m, sha256="A" * 64),
        lambda m: listed(m, size_bytes=-1),
        lambda m: listed(m, size_bytes=1 << 50),
        lambda m: replace(m, files=[]),
        lambda m: replace(m, files=m.files * 20),
        lambda m: replace(m, name="../tiny"),
        lambda m: replace(m, name="nul"),
        lambda m: replace(m, name="Tiny"),
        lambda m: replace(m, version="../1"),
        lambda m: replace(m, version="1.0-beta"),
        lambda m: replace(m, version="1.2.3.4.5"),
        lambda m: replace(m, model="other.gguf"),
        lambda m: replace(m, model="CARD.md"),
        lambda m: replace(m, tokenizer="../../tokenizer.json"),
        lambda m: replace(m, format=2),
        lambda m: replace(m, task="shell"),
    ],
)
def test_a_lying_manifest_is_refused_even_when_rightly_signed(
    machine: Path, stick: Path, change: Callable[[Manifest], Manifest]
) -> None:
    sign_again(stick, KEY, change(manifest_of(stick)))
    with pytest.raises(errors.ModelDamaged):
        packs.install(stick, machine)
    assert packs.installed(machine) == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b" " * (1 << 20) + b"{}"])
def test_bytes_that_are_no_manifest_are_damage(data: bytes) -> None:
    with pytest.raises(errors.ModelDamaged):
        pack_manifest.decode(data)


def test_a_model_with_a_bad_header_is_refused_though_rightly_signed(machine: Path, stick: Path) -> None:
    (stick / "tiny.gguf").write_bytes(Gguf(tensor_count=1 << 40).build())
    sign_again(stick, KEY, manifest_of(stick))
    with pytest.raises(errors.ModelDamaged):
        packs.install(stick, machine)


def test_a_pack_larger_than_the_disk_is_refused_before_a_byte_is_copied(
    machine: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_install, "DISK_RESERVE_BYTES", 1 << 60)
    with pytest.raises(errors.ModelTooLarge):
        packs.install(stick, machine)


# ------------------------------------------------------------------------------------------- versions and roll-back


def test_a_newer_version_replaces_and_rollback_returns(machine: Path, tmp_path: Path) -> None:
    for version in ("1.9", "1.10"):
        packs.install(make_pack(tmp_path / version, KEY, version), machine)
    assert packs.versions(machine) == {"tiny": "1.10"}
    assert packs.rollback(machine, "tiny").version == "1.9"
    assert packs.versions(machine) == {"tiny": "1.9"}
    assert packs.rollback(machine, "tiny").version == "1.10"


def test_a_downgrade_is_refused_also_after_a_rollback(machine: Path, tmp_path: Path) -> None:
    for version in ("1.0", "2.0"):
        packs.install(make_pack(tmp_path / version, KEY, version), machine)
    packs.rollback(machine, "tiny")
    with pytest.raises(errors.ModelDamaged):
        packs.install(make_pack(tmp_path / "old", KEY, "1.5"), machine)
    assert packs.versions(machine) == {"tiny": "1.0"}


def test_another_pack_with_the_same_version_is_refused(machine: Path, stick: Path) -> None:
    packs.install(stick, machine)
    sign_again(stick, KEY, replace(manifest_of(stick), title="Other"))
    with pytest.raises(errors.ModelDamaged):
        packs.install(stick, machine)


def test_rollback_without_an_earlier_version_is_model_missing(machine: Path, stick: Path) -> None:
    packs.install(stick, machine)
    with pytest.raises(errors.ModelMissing):
        packs.rollback(machine, "tiny")


def test_rollback_to_a_damaged_version_is_refused_and_changes_nothing(machine: Path, tmp_path: Path) -> None:
    for version in ("1.0", "2.0"):
        packs.install(make_pack(tmp_path / version, KEY, version), machine)
    damage(machine, "1.0")
    with pytest.raises(errors.ModelDamaged):
        packs.rollback(machine, "tiny")
    assert packs.versions(machine) == {"tiny": "2.0"}


def damage(machine: Path, version: str) -> None:
    model = packs.packs_folder(machine) / "tiny" / version / "tiny.gguf"
    model.chmod(0o644)
    flip_a_bit(model.parent)


# ----------------------------------------------------------------------------------- damage after the installation


def test_damage_after_installation_is_found_when_opened(machine: Path, stick: Path) -> None:
    packs.install(stick, machine)
    damage(machine, "1.0")
    for ask in (lambda: packs.verify(machine, "tiny"), lambda: packs.open_text_runtime(machine)):
        with pytest.raises(errors.ModelDamaged):
            ask()


def test_a_pack_that_lost_its_trust_stays_in_the_list_with_the_reason(machine: Path, stick: Path) -> None:
    packs.install(stick, machine)
    for key in packs.trust_folder(machine).glob("*.pub"):
        key.unlink()
    (pack,) = packs.installed(machine)
    assert pack.trust == "model_untrusted"
    assert packs.versions(machine) == {"tiny": "model_untrusted"}
    with pytest.raises(errors.ModelUntrusted):
        packs.open_text_runtime(machine)


@pytest.mark.parametrize("state", [b"", b"{}", b'{"current": "../../.."}', b'{"current": "9"}'])
def test_a_damaged_state_file_is_reported_not_followed(machine: Path, stick: Path, state: bytes) -> None:
    packs.install(stick, machine)
    (packs.packs_folder(machine) / "tiny" / "state.json").write_bytes(state)
    with pytest.raises((errors.ModelDamaged, errors.ModelMissing)):
        packs.verify(machine, "tiny")
    assert [pack.trust for pack in packs.installed(machine)] in (["model_damaged"], ["model_missing"])


def test_a_version_folder_holding_another_pack_is_damage(machine: Path, stick: Path, tmp_path: Path) -> None:
    packs.install(stick, machine)
    packs.install(make_pack(tmp_path / "other", KEY, name="other"), machine)
    home = packs.packs_folder(machine)
    (home / "tiny" / "1.0").rename(tmp_path / "away")
    (home / "other" / "1.0").rename(home / "tiny" / "1.0")
    with pytest.raises(errors.ModelDamaged):
        packs.verify(machine, "tiny")


def test_the_models_folder_can_be_moved_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path))
    assert packs.models_dir() == tmp_path
    monkeypatch.delenv("LANTERN_MODELS_DIR")
    assert packs.models_dir().parts[-2:] == ("lantern", "models")
