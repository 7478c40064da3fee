"""The one shape in which every evaluation reports: named figures, each with its n, its floor and its aim."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `floor` is what a simple method or the best peer reaches, `aim` what Lantern is built for."""

    name: str
    value: float
    n: int
    floor: float | None = None
    aim: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MetricTable:
    """All figures of one set, in reading order; `notes` say what a reader must know to believe them."""

    title: str
    metrics: list[Metric]
    notes: list[str] = field(default_factory=list)


def as_text(table: MetricTable) -> str:
    """Return the table as aligned lines for a terminal or the README."""
    width = max((len(metric.name) for metric in table.metrics), default=10)
    lines = [table.title, f"{'figure':<{width}}  {'value':>9}  {'n':>6}  {'floor':>7}  {'aim':>7}"]
    lines += [_line(metric, width) for metric in table.metrics]
    return "\n".join([*lines, *(f"note: {note}" for note in table.notes)])


def _line(metric: Metric, width: int) -> str:
    figures = f"{metric.value:>9.4g}  {metric.n:>6}  {_number(metric.floor):>7}  {_number(metric.aim):>7}"
    return f"{metric.name:<{width}}  {figures}  {metric.unit}".rstrip()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
