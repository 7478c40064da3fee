"""The sealed head: a small file beside the database that says how far the database must reach.

Why: a write-ahead log that was deleted, cut or bit-flipped opens as "ok" with committed work gone, because SQLite takes
the first bad frame for the end of the log. Only something outside the database can know that there was more.

Order of writing: commit first, then the head, and only then is the caller told that the work is saved.
* Power goes before the commit: database and head both stand at n.
* Power goes between commit and head: the database stands at n + 1, the head at n. Nothing is missing, so one commit
  ahead is accepted and the head is written again.
* The database is behind the head, even by one: work that somebody was told is saved is gone. Refused.
* The database is two or more ahead: the head was replaced by an older copy and could hide a loss. Refused. (The store
  never starts a transaction while the head is behind, so this cannot come from crashes.)
What can go unnoticed: a commit that nobody was told of (power went before the head was written, then the log was
damaged too), and a whole folder swapped for an older copy of itself; for the latter there are backups and the paper.

The file holds two fixed slots that are written in turn, in place: a torn write spoils one slot and leaves the other,
one commit older, and a full disk cannot stop it because it never grows.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop import errors, paths

_SLOT_BYTES = 4096
"""A slot is one disk block, so that a torn write cannot reach its neighbour."""
_SEAL_HEX = 64


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a database reaches: transactions committed, audit records, and the chain value of the last of them."""

    database_id: str
    commits: int
    audit_records: int
    audit_mac: str


class SealedHead:
    """The head file, sealed with the chain key that only the opened database knows."""

    def __init__(self, path: Path, chain_key: bytes) -> None:
        self._path = path
        self._chain_key = chain_key

    def read(self) -> Reach:
        """Return the newest slot whose seal holds. Raises CaseFileDamaged when none does."""
        untrusted = self._path.read_bytes()
        slots = (untrusted[:_SLOT_BYTES], untrusted[_SLOT_BYTES : 2 * _SLOT_BYTES])
        sealed = [reach for slot in slots if (reach := self._unseal(slot)) is not None]
        if not sealed:
            raise errors.CaseFileDamaged("no slot of the head has a valid seal")
        return max(sealed, key=lambda reach: reach.commits)

    def create(self, reach: Reach) -> None:
        """Write a new head file with both slots at `reach`."""
        paths.write_durably(self._path, self._seal(reach) * 2)

    def write(self, reach: Reach) -> None:
        """Record `reach` in the slot whose turn it is. Raises DiskFull; the other slot then still holds."""
        try:
            with self._path.open("rb+") as file:
                file.seek(_SLOT_BYTES * (reach.commits % 2))
                file.write(self._seal(reach))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise errors.DiskFull(f"the head cannot be written: {error.strerror}") from error

    def _seal(self, reach: Reach) -> bytes:
        body = msgspec.json.encode(reach)
        return (self._mac(body) + body).ljust(_SLOT_BYTES)

    def _unseal(self, slot: bytes) -> Reach | None:
        seal, body = slot[:_SEAL_HEX], slot[_SEAL_HEX:].rstrip()
        if not hmac.compare_digest(seal, self._mac(body)):
            return None
        return msgspec.json.decode(body, type=Reach)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._chain_key, b"lantern head\0" + body, "sha256").hex().encode()


def require_reach(head: Reach, found: Reach, mac_at_head: str | None) -> None:
    """Raise CaseFileDamaged unless `found` is what `head` promises, or one commit further.

    `mac_at_head` is the database's chain value at the head's last audit record, None when it has no such record.
    """
    if found.database_id != head.database_id:
        raise errors.CaseFileDamaged("the head belongs to another case file")
    if found.commits < head.commits:
        raise errors.CaseFileDamaged(f"{head.commits - found.commits} saved transactions are missing")
    if found.commits > head.commits + 1:
        raise errors.CaseFileDamaged("the head is older than the case file")
    if mac_at_head != head.audit_mac:
        raise errors.CaseFileDamaged("the audit chain does not pass through the head")
    if found.commits == head.commits and found.audit_records != head.audit_records:
        raise errors.CaseFileDamaged("the number of audit records differs from the head")
