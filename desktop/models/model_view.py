"""What the Models page shows: the engine's last report, what is going on, and whether this user may change anything."""

from __future__ import annotations

from dataclasses import dataclass

from engine import api


@dataclass(frozen=True, slots=True)
class ModelView:
    """`busy_with` names the action that runs, empty for none; `failure` says in the engine's words what went wrong."""

    report: api.ModelsReported | None = None
    busy_with: str = ""
    failure: str = ""
    failure_code: str = ""
    may_change: bool = False
