"""Diagnose a connection: examine the store, and when it worked before, say what changed since."""

from dataclasses import replace
from datetime import datetime

from longshore.domain.changes import namespace_changes, plugin_changes
from longshore.domain.findings import Finding
from longshore.ports.doctor import Diagnosis, Examiner, Order, Tell
from longshore.ports.stores import ConnectionProfile

_UNEXPLAINED = frozenset({"D00", "D29", "D34", "D41", "D48"})
"""Verdicts that a change in the shop explains better."""


def diagnose_connection(
    examiner: Examiner,
    order: Order,
    tell: Tell,
    *,
    before: ConnectionProfile | None = None,
    good_until: datetime | None = None,
) -> Diagnosis:
    """`before` is the last profile that worked, until `good_until`. What changed since is added to
    a failed diagnosis, and leads it where the cause itself says little.
    """
    diagnosis = examiner.examine(order, tell)
    if diagnosis.connected or before is None or good_until is None:
        return diagnosis
    changed = _changes(before, diagnosis)
    if not changed:
        return diagnosis
    finding = Finding(
        "D51",
        {
            "since": f"{good_until:%d %B}",
            "changes": ", ".join(changed[:8]),
            "candidate": changed[0].lstrip("+- "),
        },
    )
    if diagnosis.verdict in _UNEXPLAINED:
        return replace(diagnosis, verdict="D51", findings=(finding, *diagnosis.findings))
    return replace(diagnosis, findings=(*diagnosis.findings, finding))


def _changes(before: ConnectionProfile, diagnosis: Diagnosis) -> list[str]:
    now = diagnosis.profile
    if now is not None and now.plugins:
        moved = plugin_changes(
            {**before.plugins, "WordPress": before.wordpress_version},
            {**now.plugins, "WordPress": now.wordpress_version},
        )
        return list(moved)
    if diagnosis.namespaces:
        return list(namespace_changes(before.namespaces, diagnosis.namespaces))
    return []
