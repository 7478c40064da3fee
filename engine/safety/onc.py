"""Compile rules about classes of drugs, each class written out as ingredients.

Two tables have this form: the fifteen high-priority rules (Phansalkar et al. 2012), and Lantern's rows from drug labels
and safety communications, for drugs newer than the French thesaurus and pairs that it does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

CLASS = "@"


def compile_rules(folder: Path, known: Collection[str]) -> dict[str, Any]:
    """Return the table of `folder`. Raises ValueError for a member that the dictionary does not hold."""
    table = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    classes: dict[str, list[str]] = table.get("classes", {})
    rules = [rule | {side: list(_members(rule[side], classes)) for side in ("one", "other")} for rule in table["rules"]]
    members = {inn for rule in rules for inn in (*rule["one"], *rule["other"])}
    if unknown := members - set(known):
        raise ValueError(f"class rules name drugs outside the dictionary: {sorted(unknown)}")
    return {
        "edition": table["edition"],
        "source": table["source"],
        "statements": rules,
        "covered": sorted(members),
    }


def _members(names: Iterable[str], classes: dict[str, list[str]]) -> Iterable[str]:
    """Yield each ingredient once; "@name" stands for the members of a class."""
    written = (inn for name in names for inn in (classes[name[1:]] if name.startswith(CLASS) else [name]))
    return dict.fromkeys(written)
