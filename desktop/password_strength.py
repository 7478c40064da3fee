"""A hint on how hard a new password is to guess, by length first, as NIST SP 800-63B advises.

It never refuses more than a too short one: rules about signs and capitals make people write passwords down.
"""

from __future__ import annotations

from enum import StrEnum

MINIMUM_CHARS = 8
_GOOD_CHARS = 14
_FAIR_CHARS = 10
_MOST_COMMON = frozenset({"password", "12345678", "123456789", "1234567890", "qwertyuiop", "iloveyou", "11111111",
                          "88888888", "password1", "lantern1", "abcd1234", "a1234567"})


class Strength(StrEnum):
    TOO_SHORT = "too_short"
    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"


def strength(password: str, user_name: str = "") -> Strength:
    """Return how strong `password` is; a Chinese character counts as two letters."""
    units = sum(2 if ord(sign) > 0x2E7F else 1 for sign in password)
    if units < MINIMUM_CHARS:
        return Strength.TOO_SHORT
    if _is_easy(password.casefold(), user_name.casefold()):
        return Strength.WEAK
    if units >= _GOOD_CHARS:
        return Strength.GOOD
    return Strength.FAIR if units >= _FAIR_CHARS else Strength.WEAK


def _is_easy(password: str, user_name: str) -> bool:
    few_different = len(set(password)) <= 4
    named = len(user_name) >= 3 and user_name in password
    return password in _MOST_COMMON or few_different or named
