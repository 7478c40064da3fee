"""Small but complete packs and model headers for tests: real formats, no weights worth the name."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.knowledge.index import seal
from engine.runtime import pack_manifest, pack_trust
from engine.runtime.pack_manifest import MANIFEST, SIGNATURE, Manifest, PackFile

TENSOR_BYTES = 16 * 4 * 4


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(data)) + data


@dataclass(slots=True)
class Gguf:
    """A GGUF file of one small tensor; change a field and `build` it again."""

    version: int = 3
    keys: dict[str, tuple[int, bytes]] = field(
        default_factory=lambda: {
            "general.architecture": (8, text("llama")),
            "llama.block_count": (4, struct.pack("<I", 1)),
            "llama.context_length": (4, struct.pack("<I", 128)),
            "llama.embedding_length": (4, struct.pack("<I", 16)),
            "llama.attention.head_count": (4, struct.pack("<I", 2)),
            "tokenizer.ggml.tokens": (9, struct.pack("<IQ", 8, 4) + b"".join(text(each) for each in "abcd")),
            "tokenizer.ggml.eos_token_id": (4, struct.pack("<I", 3)),
        }
    )
    tensor_name: str = "token_embd.weight"
    shape: tuple[int, ...] = (16, 4)
    tensor_type: int = 0
    offset: int = 0
    tensor_count: int = 1
    data: bytes = b"\0" * TENSOR_BYTES

    def build(self) -> bytes:
        head = b"GGUF" + struct.pack("<IQQ", self.version, self.tensor_count, len(self.keys))
        for name, (kind, value) in self.keys.items():
            head += text(name) + struct.pack("<I", kind) + value
        head += text(self.tensor_name) + struct.pack("<I", len(self.shape))
        head += struct.pack(f"<{len(self.shape)}Q", *self.shape) + struct.pack("<IQ", self.tensor_type, self.offset)
        return head + b"\0" * (-len(head) % 32) + self.data


def new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def make_pack(folder: Path, key: Ed25519PrivateKey, version: str = "1.0", name: str = "tiny") -> Path:
    """Write a complete, signed pack into `folder` (made) and return it."""
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(Gguf().build())
    (folder / "CARD.md").write_text(f"A pack for tests, version {version}.")
    sign_again(folder, key, manifest_of(folder, version, name))
    return folder


def manifest_of(folder: Path, version: str = "1.0", name: str = "tiny") -> Manifest:
    paths = sorted(path for path in folder.iterdir() if path.name not in (MANIFEST, SIGNATURE))
    files = [PackFile(path.name, path.stat().st_size, seal(path)) for path in paths]
    return Manifest(
        name=name, version=version, task="text", title="Tiny", licence="none", model="tiny.gguf", files=files,
        card="CARD.md",
    )


def sign_again(folder: Path, key: Ed25519PrivateKey, manifest: Manifest) -> None:
    """Sign whatever `manifest` says, true or not."""
    manifest_bytes = pack_manifest.encode(manifest)
    (folder / MANIFEST).write_bytes(manifest_bytes)
    (folder / SIGNATURE).write_bytes(pack_trust.sign(manifest_bytes, key))
