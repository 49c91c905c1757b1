"""What may go wrong, named by what happens next. Every error has two texts: `person` for whoever
must act, `internal` for us with secrets and personal data left out.
"""

from longshore.domain.findings import Finding


class LongshoreError(Exception):
    """Base of all errors that are part of the plan.

    `finding` is the problem as data where the cause is known well enough to show.
    """

    def __init__(self, person: str, internal: str = "", *, finding: Finding | None = None) -> None:
        super().__init__(internal or person)
        self.person = person
        self.internal = internal or person
        self.finding = finding


class TryLater(LongshoreError):
    """The same call may succeed later. `after` is the other side's wish in seconds, None if it
    gave none. `maybe_done`: a write may have happened although its answer was lost.
    """

    def __init__(
        self,
        person: str,
        internal: str = "",
        *,
        after: float | None = None,
        maybe_done: bool = False,
        finding: Finding | None = None,
    ) -> None:
        super().__init__(person, internal, finding=finding)
        self.after = after
        self.maybe_done = maybe_done


class NeedsVendor(LongshoreError):
    """Only the vendor can mend it (a dead key, a closed shop)."""


class NeedsOperator(LongshoreError):
    """Only the marketplace can mend it (a missing scope, a revoked token)."""


class Rejected(LongshoreError):
    """The other side understood and said no; repeating the same is useless. Nothing was done."""


class Bug(LongshoreError):
    """Our own mistake: the other side could not make sense of what we sent."""
