"""The key file: the random database key, wrapped once for every named user and once for the printed recovery code.

A slot is Argon2id over the password, then ChaCha20-Poly1305 around the database key, with the slot's own header and the
database id as associated data: nobody can swap slots, rename them, or move them to another file. The costs are read
from an untrusted file and therefore bounded before they are used. Login names are readable in this file (the unlock
screen lists them); nothing about patients is.

During a change of the database key the file holds two sets, new and old, and whichever opens the database is right;
see rekey.py.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msgspec import Meta

from desktop import errors, paths
from desktop.case.record import UserId
from desktop.store.database import KEY_BYTES, DatabaseKey
from desktop.store.files import CaseFiles

FORMAT = 1
RECOVERY = UserId("recovery")
_NONCE_BYTES = 12
_SALT_BYTES = 16
_MAX_FILE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class HashingCost:
    """What one try of a password costs. The bounds keep a tampered key file from taking the machine's memory."""

    memory_kib: Annotated[int, Meta(ge=1024, le=262_144)] = 65_536
    iterations: Annotated[int, Meta(ge=1, le=10)] = 3
    lanes: Annotated[int, Meta(ge=1, le=16)] = 4


STANDARD_COST = HashingCost()
"""RFC 9106's second recommended option: 64 MiB, three passes, four lanes."""

Salt = Annotated[bytes, Meta(min_length=_SALT_BYTES, max_length=64)]
Nonce = Annotated[bytes, Meta(min_length=_NONCE_BYTES, max_length=_NONCE_BYTES)]
Sealed = Annotated[bytes, Meta(min_length=KEY_BYTES + 16, max_length=KEY_BYTES + 16)]


@dataclass(frozen=True, slots=True)
class Slot:
    user_id: Annotated[str, Meta(min_length=1, max_length=64)]
    login: Annotated[str, Meta(max_length=200)]
    cost: HashingCost
    salt: Salt
    nonce: Nonce
    sealed_key: Sealed


Slots = Annotated[tuple[Slot, ...], Meta(max_length=100)]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """`sets` holds one set of slots, or two while the database key is being changed, the newer first."""

    database_id: Annotated[str, Meta(max_length=64)]
    sets: Annotated[tuple[Slots, ...], Meta(min_length=1, max_length=2)]
    format: Literal[1] = 1

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.sets[0]

    def logins(self) -> tuple[str, ...]:
        """Return the names for the unlock screen, sorted."""
        return tuple(sorted(slot.login for slot in self.slots if slot.user_id != RECOVERY))

    def with_slot(self, slot: Slot) -> KeyFile:
        """Return the key file with `slot` in place of that user's earlier one."""
        others = tuple(other for other in self.slots if other.user_id != slot.user_id)
        return replace(self, sets=((*others, slot), *self.sets[1:]))

    def without_user(self, user_id: UserId) -> KeyFile:
        kept = tuple(slot for slot in self.slots if slot.user_id != user_id)
        return replace(self, sets=(kept, *self.sets[1:]))


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A database key that a password opened; whether it fits the database is still to be seen."""

    user_id: UserId
    key: DatabaseKey
    set_number: int


def new_database_key() -> DatabaseKey:
    return DatabaseKey(secrets.token_bytes(KEY_BYTES))


def wrap(key: DatabaseKey, database_id: str, user_id: UserId, login: str, secret: str,
         cost: HashingCost = STANDARD_COST) -> Slot:
    """Return a slot from which `secret` gives `key` back."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    empty = Slot(user_id, login, cost, salt, nonce, b"")
    sealed = ChaCha20Poly1305(_stretch(secret, empty)).encrypt(nonce, key, _header(database_id, empty))
    return replace(empty, sealed_key=sealed)


def unwrap(key_file: KeyFile, login: str, secret: str) -> tuple[Unwrapped, ...]:
    """Return the keys that `secret` opens for `login`: one, or two during a change of key. Raises WrongPassword.

    An unknown login costs the same time as a wrong password, so that names cannot be guessed by the clock.
    """
    wanted = _folded(login)
    return _open_slots(key_file, secret, lambda slot: slot.user_id != RECOVERY and _folded(slot.login) == wanted)


def unwrap_recovery(key_file: KeyFile, code: str) -> tuple[Unwrapped, ...]:
    """Return the keys that the printed recovery code opens. Raises WrongPassword."""
    return _open_slots(key_file, code, lambda slot: slot.user_id == RECOVERY)


def read_key_file(files: CaseFiles) -> KeyFile:
    """Return the key file. Raises CaseFileMissing, CaseFileNewer or CaseFileDamaged."""
    try:
        if files.keys.stat().st_size > _MAX_FILE_BYTES:
            raise errors.CaseFileDamaged("the key file is too large")
        untrusted = files.keys.read_bytes()
    except FileNotFoundError as error:
        if files.folder.exists():
            raise errors.CaseFileDamaged("the key file is missing") from error
        raise errors.CaseFileMissing(str(files.folder)) from error
    _refuse_newer(untrusted)
    try:
        return msgspec.json.decode(untrusted, type=KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.CaseFileDamaged(f"key file: {error}") from error


def write_key_file(files: CaseFiles, key_file: KeyFile) -> None:
    """Replace the key file in one step. Raises DiskFull; the old one then still stands."""
    paths.write_durably(files.keys, msgspec.json.format(msgspec.json.encode(key_file), indent=1))


def _refuse_newer(untrusted: bytes) -> None:
    try:
        found = msgspec.json.decode(untrusted, type=_Format).format
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.CaseFileDamaged(f"key file: {error}") from error
    if found > FORMAT:
        raise errors.CaseFileNewer(f"key file format {found}")


@dataclass(frozen=True, slots=True)
class _Format:
    format: int


def _open_slots(key_file: KeyFile, secret: str, wanted: Callable[[Slot], bool]) -> tuple[Unwrapped, ...]:
    found: list[Unwrapped] = []
    tried = False
    for number, slots in enumerate(key_file.sets):
        for slot in filter(wanted, slots):
            tried = True
            key = _open(key_file.database_id, slot, secret)
            if key is not None:
                found.append(Unwrapped(UserId(slot.user_id), key, number))
    if not tried:
        _waste_time(key_file, secret)
    if not found:
        raise errors.WrongPassword("no key slot opens")
    return tuple(found)


def _open(database_id: str, slot: Slot, secret: str) -> DatabaseKey | None:
    cipher = ChaCha20Poly1305(_stretch(secret, slot))
    try:
        return DatabaseKey(cipher.decrypt(slot.nonce, slot.sealed_key, _header(database_id, slot)))
    except InvalidTag:
        return None


def _waste_time(key_file: KeyFile, secret: str) -> None:
    for slot in key_file.slots[:1]:
        _stretch(secret, slot)


def _stretch(secret: str, slot: Slot) -> bytes:
    # NFKC: the same password typed through another input method must give the same bytes.
    normal = unicodedata.normalize("NFKC", secret).encode("utf-8", "surrogatepass")
    cost = slot.cost
    return Argon2id(salt=slot.salt, length=32, iterations=cost.iterations, lanes=cost.lanes,
                    memory_cost=cost.memory_kib).derive(normal)


def _header(database_id: str, slot: Slot) -> bytes:
    return msgspec.json.encode((FORMAT, database_id, slot.user_id, slot.login, slot.cost, slot.salt))


def _folded(login: str) -> str:
    return unicodedata.normalize("NFKC", login).casefold()
