"""One gene of one patient: what was called, what was not read, and what that leaves open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class GeneCall:
    """`diplotypes` are all that explain the data, best first, `best` those tied at the top; `missing` positions were
    not read, `separating` are those of them that keep the phenotype open. `phenotype_as_read` is what it would be if
    every unread position were reference: to be shown as such, never used. `disagrees`: another call of the same gene
    that says something else."""

    gene: str
    diplotypes: list[str]
    phenotype: str | None
    positions_called: int
    positions_total: int
    missing: list[str]
    best: list[str] = field(default_factory=list)
    activity_score: str | None = None
    phenotype_as_read: str | None = None
    origin: str = "genotype"
    separating: list[str] = field(default_factory=list)
    undocumented: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    definition_version: str = ""
    disagrees: str = ""


def combined(read: list[GeneCall], outside: list[GeneCall]) -> dict[str, GeneCall]:
    """Return one call for each gene: a laboratory's own call stands before ours, and says where ours differs."""
    calls = {call.gene: call for call in read}
    return calls | {call.gene: _beside(call, calls.get(call.gene)) for call in outside}


def _beside(outside: GeneCall, ours: GeneCall | None) -> GeneCall:
    if ours is None or not ours.best or _same(outside, ours):
        return outside
    told = " or ".join(ours.best)
    note = f"the variant file gives {told} ({ours.phenotype or 'no phenotype'}); the laboratory's call is used"
    return replace(outside, disagrees=told, notes=[*outside.notes, note])


def _same(outside: GeneCall, ours: GeneCall) -> bool:
    """Whether the two name the same pair, or a phenotype that both are sure of."""
    pairs = {tuple(sorted(name.split("/"))) for name in ours.best}
    same_pair = {tuple(sorted(name.split("/"))) for name in outside.best} <= pairs
    return same_pair or (outside.phenotype == ours.phenotype and outside.phenotype not in (None, "Indeterminate"))
