"""The printed recovery code: 125 random bits and a checksum, in seven groups of four signs.

The alphabet leaves out I, L, O and U; when a reader types one of the first three all the same, it is read as the 1 or 0
that it was copied from. The checksum tells a mistyped code from a wrong one before any slow work starts.
"""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_RANDOM_SIGNS = 25
_CHECK_SIGNS = 3
_GROUP = 4


def new_recovery_code() -> str:
    """Return a fresh code as it is printed, such as `7K3M-…`: seven groups of four."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_SIGNS))
    return _grouped(signs + _checksum(signs))


def read_recovery_code(typed: str) -> str | None:
    """Return the code in its printed form, or None when it was mistyped (length, sign or checksum)."""
    signs = "".join(typed.upper().split()).replace("-", "").translate(_LOOKALIKES)
    if len(signs) != _RANDOM_SIGNS + _CHECK_SIGNS or any(sign not in _ALPHABET for sign in signs):
        return None
    if _checksum(signs[:_RANDOM_SIGNS]) != signs[_RANDOM_SIGNS:]:
        return None
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def _checksum(signs: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"lantern recovery\0" + signs.encode()).digest()[:4], "big")
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(_CHECK_SIGNS))
