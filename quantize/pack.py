"""Turn a folder of files into a signed model pack, and check one."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine import errors
from engine.knowledge.index import seal
from engine.runtime import pack_files, pack_install, pack_manifest, pack_trust
from engine.runtime.pack_install import Verified
from engine.runtime.pack_manifest import MANIFEST, SIGNATURE, Manifest, PackFile


def listed_files(folder: Path) -> list[PackFile]:
    """Return every file of `folder` but manifest and signature, by name. Raises ModelDamaged for links and folders."""
    names = sorted(pack_files.names_in(folder) - {MANIFEST, SIGNATURE})
    return [PackFile(name, (folder / name).stat().st_size, seal(folder / name)) for name in names]


def write_unsigned(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a folder that nobody vouches for yet; an older signature is taken away."""
    manifest_bytes = pack_manifest.encode(manifest)
    pack_manifest.decode(manifest_bytes)
    (folder / SIGNATURE).unlink(missing_ok=True)
    (folder / MANIFEST).write_bytes(manifest_bytes)


def read_unsigned(folder: Path) -> Manifest:
    """Return the manifest of a folder, signed or not. Raises ModelMissing where there is none, ModelDamaged."""
    if not (folder / MANIFEST).is_file():
        raise errors.ModelMissing(f"no {MANIFEST} in {folder.name}")
    return pack_manifest.decode((folder / MANIFEST).read_bytes())


def write_pack(folder: Path, manifest: Manifest, key: Ed25519PrivateKey) -> Verified:
    """Write manifest and signature into `folder` and return the pack, verified as an installation would."""
    manifest_bytes = pack_manifest.encode(manifest)
    pack_manifest.decode(manifest_bytes)
    (folder / MANIFEST).write_bytes(manifest_bytes)
    (folder / SIGNATURE).write_bytes(pack_trust.sign(manifest_bytes, key))
    public = key.public_key()
    trust = pack_trust.TrustStore({pack_trust.key_id(public): ("local", public)})
    return pack_install.verify_folder(folder, trust)


def make_key(path: Path) -> str:
    """Write a new signing key to `path` (mode 0600) and its public half beside it (`.pub`); return the key's id."""
    if path.exists():
        raise errors.BadRequest(f"{path.name} is already there; a key is never overwritten")
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pack_trust.private_pem(key))
    public = key.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    path.with_name(path.name + ".pub").write_bytes(pem)
    return pack_trust.key_id(public)
