"""The state of fixed prompt heads on disk, so that the first plan after a restart begins as quickly as a second one.

Only heads that are Lantern's own instructions are kept (`Prompt.fixed`): never a word of a case. A file counts only for
exactly the model, build, template version and tokens that it was made with, and only when its seal, made with a
key of this machine, fits every byte: native code would trust a damaged state. Anything else is deleted and
evaluated again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import struct
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger(__name__)

MAGIC = b"lantern head state 1\n"
KEY_FILE, SUFFIX = "seal.key", ".head"
MAX_FILES, MAX_STATE_BYTES = 8, 256 << 20
_SEAL_BYTES = 32


class PrefixCache:
    """One folder of states for one model. `made_with` is all that a state depends on besides its tokens."""

    def __init__(self, folder: Path, made_with: str) -> None:
        self._folder = folder
        self._made_with = made_with.encode()

    def get(self, tokens: Sequence[int]) -> bytes | None:
        """Return the state after these tokens, or None where there is no sound one."""
        path = self._path(tokens)
        try:
            if path.stat().st_size > MAX_STATE_BYTES:
                raise ValueError("too long")
            data = path.read_bytes()
            return self._opened(data, tokens)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as unfit:
            log.warning("a kept prompt state was refused (%s) and is made again", unfit)
            self._drop(path)
            return None

    def put(self, tokens: Sequence[int], state: bytes) -> None:
        """Keep a state. A disk that refuses costs speed and a log line, nothing else."""
        if not state or len(state) > MAX_STATE_BYTES // 2:
            return
        path = self._path(tokens)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(MAGIC + self._seal(tokens, state) + state)
            part.replace(path)
            self._keep_newest()
        except OSError as refused:
            log.warning("a prompt state could not be kept: %s", refused.strerror)
            self._drop(part)

    def _opened(self, data: bytes, tokens: Sequence[int]) -> bytes:
        begin = len(MAGIC) + _SEAL_BYTES
        if not data.startswith(MAGIC) or len(data) <= begin:
            raise ValueError("no kept state")
        state = data[begin:]
        if not hmac.compare_digest(data[len(MAGIC) : begin], self._seal(tokens, state)):
            raise ValueError("the seal does not fit")
        return state

    def _seal(self, tokens: Sequence[int], state: bytes) -> bytes:
        return hmac.digest(self._key(), self._name(tokens) + state, "sha256")

    def _name(self, tokens: Sequence[int]) -> bytes:
        packed = struct.pack(f"<{len(tokens)}i", *tokens)
        return hashlib.sha256(self._made_with + b"\0" + packed).digest()

    def _path(self, tokens: Sequence[int]) -> Path:
        return self._folder / (self._name(tokens).hex()[:32] + SUFFIX)

    def _key(self) -> bytes:
        """Return this machine's key, made on first use and readable by its user alone."""
        path = self._folder / KEY_FILE
        try:
            key = path.read_bytes()
            if len(key) == _SEAL_BYTES:
                return key
        except FileNotFoundError:
            pass
        key = secrets.token_bytes(_SEAL_BYTES)
        part = path.with_name(f"{KEY_FILE}.{os.getpid()}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(key)
        part.replace(path)
        return key

    def _keep_newest(self) -> None:
        kept = sorted(self._folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[MAX_FILES:]:
            self._drop(path)

    @staticmethod
    def _drop(path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as refused:
            log.warning("an old prompt state could not be removed: %s", refused.strerror)
