"""The shape of a verdict: what the doctor saw, what it means, the one next step."""

from dataclasses import dataclass

from longshore.domain.problem import FindingKind, Severity, Who


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cause. Texts are gettext message ids with named placeholders filled from the evidence.
    `host` is a ready message to the shop's host, "" where the host has nothing to do with it.
    """

    code: str
    severity: Severity
    who: Who
    seen: str
    means: str
    do: str
    host: str = ""

    @property
    def stops(self) -> bool:
        """Whether the store cannot be used until somebody acts."""
        return self.severity is Severity.STOP

    def as_kind(self) -> FindingKind:
        """The same as a problem on the hub's pages."""
        return FindingKind(self.code, self.severity, self.who, self.seen, self.do)
