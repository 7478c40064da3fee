"""What every folder made by a recipe has beside its weights: a card naming its licence, and the licence."""

from __future__ import annotations

from pathlib import Path

from engine.locations import resources


def publish(out: Path, name: str, about: str, data: str, seed: int) -> None:
    """Write README.md (with the licence in its front matter) and LICENSE.txt into `out`."""
    front = f"---\nlicense: apache-2.0\ntags: [lantern, {name}]\n---\n"
    body = f"# {name}\n\n{about.strip()}\n\nTrained on {data}. Seed {seed}. No patient's data, no clinical use.\n"
    (out / "README.md").write_text(front + body, encoding="utf-8")
    licence = resources().parent / "LICENSE"
    (out / "LICENSE.txt").write_text(licence.read_text(encoding="utf-8"), encoding="utf-8")
