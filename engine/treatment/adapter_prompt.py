"""What the treatment-drafting adapter is asked, and which conditions it was never taught: they measure it."""

from __future__ import annotations

import hashlib

HELD_EVERY = 4
"""Conditions whose hash falls on one in so many are left out of its training altogether."""

INSTRUCTION = (
    "You word one numbered source of a treatment plan for a clinician. Keep its meaning, every number and every name."
    " Add nothing. Write one sentence and end with the number of its source."
)
"""The fixed instruction; a changed word needs a new training run."""


def question(sources: list[str], asked: int) -> str:
    """Return the request to word source number `asked`, counted from 1."""
    listed = "\n".join(f"[{number}] {text}" for number, text in enumerate(sources, start=1))
    return f"{listed}\nWord [{asked}]."


def is_held_out(condition: str) -> bool:
    """Whether a condition is kept for the gate and never trained on."""
    return hashlib.sha256(condition.encode()).digest()[0] % HELD_EVERY == 0
