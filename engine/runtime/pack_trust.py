"""Who may sign a model pack: the local key of this machine, and distributors' public keys added by file.

The local key is made at set-up, lies in the user's data folder readable by nobody else, and signs only what this clinic
builds itself; such packs are marked "local". No private key is ever part of Lantern. A revocation list takes a key or
a single manifest out of trust again.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine import errors

Trust = Literal["local", "distributor"]
LOCAL_KEY = "local.key"
REVOKED = "revoked.json"
MAX_KEY_FILE_BYTES = 4096
TEST_KEY_IDS = frozenset({"4bf75f4da8a02144e3e0ac2f55a1d4f6"})
"""Keys whose private half is public, because the tests hold it: never trusted outside them."""
_DOMAIN = b"lantern model pack 1\0"


@dataclass(frozen=True, slots=True)
class Signature:
    """The content of `manifest.sig`."""

    key_id: str
    signature: str
    algorithm: Literal["ed25519"] = "ed25519"


@dataclass(frozen=True, slots=True)
class Revoked:
    """The content of `revoked.json`: key ids, and SHA-256 of single manifests."""

    key_ids: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The keys that count on this machine, by key id."""

    keys: dict[str, tuple[Trust, Ed25519PublicKey]]
    revoked: Revoked = field(default_factory=Revoked)

    def check(self, manifest_bytes: bytes, untrusted_signature: bytes) -> Trust:
        """Return who signed these bytes. Raises ModelUntrusted unless it is a key that counts."""
        try:
            signature = msgspec.json.decode(untrusted_signature, type=Signature)
            raw = base64.b64decode(signature.signature, validate=True)
        except (msgspec.MsgspecError, ValueError) as damaged:
            raise errors.ModelUntrusted("the signature cannot be read") from damaged
        if signature.key_id in self.revoked.key_ids:
            raise errors.ModelUntrusted(f"key {signature.key_id} was revoked")
        if hashlib.sha256(manifest_bytes).hexdigest() in self.revoked.manifests:
            raise errors.ModelUntrusted("this pack was revoked")
        if signature.key_id not in self.keys:
            raise errors.ModelUntrusted(f"signed by a key this machine does not trust: {signature.key_id[:40]!a}")
        trust, public = self.keys[signature.key_id]
        try:
            public.verify(raw, _DOMAIN + manifest_bytes)
        except InvalidSignature as forged:
            raise errors.ModelUntrusted("the signature does not fit the manifest") from forged
        return trust


def key_id(public: Ed25519PublicKey) -> str:
    """Return the name of a key: the first 32 hex digits of the SHA-256 of its raw bytes."""
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def sign(manifest_bytes: bytes, private: Ed25519PrivateKey) -> bytes:
    """Return the content of `manifest.sig`."""
    raw = private.sign(_DOMAIN + manifest_bytes)
    return msgspec.json.encode(Signature(key_id(private.public_key()), base64.b64encode(raw).decode()))


def load_trust(folder: Path) -> TrustStore:
    """Return the trust store in `folder`; an absent folder trusts nobody. Raises ModelUntrusted for a bad key."""
    keys: dict[str, tuple[Trust, Ed25519PublicKey]] = {}
    for path in sorted(folder.glob("*.pub")):
        public = read_public_key(path)
        keys[key_id(public)] = ("distributor", public)
    if (folder / LOCAL_KEY).is_file():
        public = read_private_key(folder / LOCAL_KEY).public_key()
        keys[key_id(public)] = ("local", public)
    return TrustStore(keys, _read_revoked(folder / REVOKED))


def make_local_key(folder: Path) -> Ed25519PrivateKey:
    """Return the local signing key, made on the first call with mode 0600."""
    path = folder / LOCAL_KEY
    if path.is_file():
        return read_private_key(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    written = folder / f"{LOCAL_KEY}.{os.getpid()}.part"
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(private_pem(private))
    written.replace(path)
    return private


def add_distributor(folder: Path, public_key: Path) -> str:
    """Trust the key in a PEM file and return its id. Raises ModelUntrusted when it is no key, or a test key."""
    public = read_public_key(public_key)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    identity = key_id(public)
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{identity}.pub").write_bytes(pem)
    return identity


def revoke(folder: Path, key_ids: Sequence[str] = (), manifests: Sequence[str] = ()) -> Revoked:
    """Add to the revocation list, in one rename, and return it. Raises ModelUntrusted for a list that is unreadable."""
    before = _read_revoked(folder / REVOKED)
    after = Revoked(
        sorted({*before.key_ids, *key_ids}), sorted({*before.manifests, *manifests})
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{REVOKED}.{os.getpid()}.part"
    part.write_bytes(msgspec.json.encode(after))
    part.replace(folder / REVOKED)
    return after


def private_pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a PEM file. Raises ModelUntrusted when it holds no Ed25519 key."""
    try:
        private = serialization.load_pem_private_key(_read_small(path), password=None)
    except (ValueError, TypeError) as damaged:
        raise errors.ModelUntrusted(f"no key in {path.name}") from damaged
    if not isinstance(private, Ed25519PrivateKey):
        raise errors.ModelUntrusted(f"not an Ed25519 key: {path.name}")
    _refuse_test_key(private.public_key())
    return private


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Return the key in a PEM file. Raises ModelUntrusted when it holds no Ed25519 key."""
    try:
        public = serialization.load_pem_public_key(_read_small(path))
    except (ValueError, TypeError) as damaged:
        raise errors.ModelUntrusted(f"no key in {path.name}") from damaged
    if not isinstance(public, Ed25519PublicKey):
        raise errors.ModelUntrusted(f"not an Ed25519 key: {path.name}")
    _refuse_test_key(public)
    return public


def _refuse_test_key(public: Ed25519PublicKey) -> None:
    if key_id(public) in TEST_KEY_IDS:
        raise errors.ModelUntrusted("a test key")


def _read_small(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_KEY_FILE_BYTES)


def _read_revoked(path: Path) -> Revoked:
    """Return the list, empty where there is none. An unreadable list fails closed."""
    if not path.is_file():
        return Revoked()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Revoked)
    except (msgspec.MsgspecError, UnicodeDecodeError) as damaged:
        raise errors.ModelUntrusted("the revocation list cannot be read") from damaged
