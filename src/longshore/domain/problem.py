"""The shape of problems: how bad one is, who must act, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    NOTE = "note"
    WARNING = "warning"
    STOP = "stop"


class Who(StrEnum):
    """Who must act. NOBODY: it goes on by itself."""

    VENDOR = "vendor"
    OPERATOR = "operator"
    HOST = "host"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One cause: its words and its one cure. `title` and `advice` are gettext message ids with
    named placeholders filled from the finding's evidence, e.g. "{product} has no price".
    """

    code: str
    severity: Severity
    who: Who
    title: str
    advice: str


class _Tolerant(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"({name})"


def filled(text: str, evidence: Mapping[str, object]) -> str:
    """A text with its placeholders filled; one that the evidence lacks stays as its name."""
    return text.format_map(
        _Tolerant({name: value for name, value in evidence.items() if value is not None})
    )
