"""What a bench prints: figures, and the goals they are held to."""

import json
import operator
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_RELATIONS = {">=": operator.ge, "<=": operator.le, "==": operator.eq}


@dataclass
class Report:
    """`goals` maps a goal's name to (relation, bound, figure), e.g. (">=", 4.0, 5.2)."""

    bench: str
    figures: dict[str, float] = field(default_factory=dict)
    goals: dict[str, tuple[str, float, float]] = field(default_factory=dict)

    def goal(self, name: str, relation: str, bound: float, figure: float) -> None:
        self.goals[name] = (relation, bound, round(figure, 4))

    @property
    def holds(self) -> bool:
        return all(_RELATIONS[how](figure, bound) for how, bound, figure in self.goals.values())

    def as_json(self) -> str:
        body = {
            "bench": self.bench,
            "figures": {name: round(value, 4) for name, value in self.figures.items()},
            "goals": {
                name: {
                    "goal": f"{how} {bound:g}",
                    "figure": figure,
                    "holds": _RELATIONS[how](figure, bound),
                }
                for name, (how, bound, figure) in self.goals.items()
            },
            "machine": machine(),
        }
        return json.dumps(body, indent=2)


def machine() -> dict[str, str | int]:
    return {
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def write(report: Report, target: str) -> None:
    """To a file, or to stdout for "-"."""
    if target == "-":
        sys.stdout.write(report.as_json() + "\n")
    else:
        Path(target).write_text(report.as_json() + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
