"""What treatment needs from the safety tables, as Protocols: the plan asks, the tables decide.

Written here, and not imported, so that treatment can be built and tested alone and never reaches into a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from engine import api

VerdictWord = Literal["ok", "caution", "blocked", "not_checked"]


class Verdict(Protocol):
    """What the safety tables say of one proposed drug on top of the case."""

    @property
    def verdict(self) -> VerdictWord: ...
    @property
    def alerts(self) -> Sequence[api.Alert]: ...
    @property
    def incomplete(self) -> Sequence[api.IncompleteCheck]: ...


class Safety(Protocol):
    """The safety tables. `engine.safety.verdict.SafetyChecker` is the real one."""

    def check(self, case: api.Case) -> api.CheckResult: ...
    def verdict(self, case: api.Case, drug: str, regimen: api.Regimen | None) -> Verdict | None: ...
