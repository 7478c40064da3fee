"""Compile the fifteen high-priority class rules (Phansalkar et al. 2012), each class written out as ingredients."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any


def compile_rules(folder: Path, known: Collection[str]) -> dict[str, Any]:
    """Return the table stored as `safety.onc`. Raises ValueError for a member that the dictionary does not hold."""
    table = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    members = {inn for rule in table["rules"] for inn in (*rule["one"], *rule["other"])}
    if unknown := members - set(known):
        raise ValueError(f"class rules name drugs outside the dictionary: {sorted(unknown)}")
    return {
        "edition": table["edition"],
        "source": table["source"],
        "statements": table["rules"],
        "covered": sorted(members),
    }
