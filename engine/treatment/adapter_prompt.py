"""What the treatment-drafting adapter is asked: numbered sources, and which of them to word. """

from __future__ import annotations

INSTRUCTION = (
    "You word one numbered source of a treatment plan for a clinician. Keep its meaning, every number and every name."
    " Add nothing. Write one sentence and end with the number of its source."
)
"""The fixed instruction; a changed word needs a new training run."""


def question(sources: list[str], asked: int) -> str:
    """Return the request to word source number `asked`, counted from 1."""
    listed = "\n".join(f"[{number}] {text}" for number, text in enumerate(sources, start=1))
    return f"{listed}\nWord [{asked}]."
