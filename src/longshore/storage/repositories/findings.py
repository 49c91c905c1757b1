"""Findings as rows: the same problem of the same subject is one open row, however often seen."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from longshore.domain.findings import Finding
from longshore.storage.models import OpenFinding

_SEEN_AGAIN = """
ON CONFLICT (marketplace_id, subject, code) WHERE resolved_at IS NULL DO UPDATE
    SET evidence = EXCLUDED.evidence, last_seen_at = EXCLUDED.last_seen_at,
        times_seen = storage_openfinding.times_seen + 1,
        known_at = CASE WHEN storage_openfinding.evidence = EXCLUDED.evidence
            THEN storage_openfinding.known_at END
"""
"""What a person said to know asks for nobody until it is another: then it counts as new."""

_NOTE = f"""
INSERT INTO storage_openfinding (marketplace_id, vendor_id, subject, code, evidence, severity, who,
    times_seen, first_seen_at, last_seen_at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, 1, %s, %s)
{_SEEN_AGAIN}
"""  # noqa: S608 - our own constants

_NOTE_MANY = f"""
INSERT INTO storage_openfinding (marketplace_id, vendor_id, subject, code, evidence, severity, who,
    times_seen, first_seen_at, last_seen_at)
SELECT %(m)s, vendor, subject, code, evidence, severity, who, 1, %(at)s, %(at)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r
    (subject text, vendor bigint, code text, evidence jsonb, severity text, who text)
{_SEEN_AGAIN}
"""  # noqa: S608


def note_finding(
    marketplace_id: int,
    subject: str,
    finding: Finding,
    at: datetime,
    *,
    vendor_id: int | None = None,
) -> None:
    """Opens the finding, or notes that it was seen again. `subject` names what it is about:
    "store:3", "store_product:3:4711", "storefront:1", "listing:41", "order:7",
    "purchase_order:9", "shipment:5".
    """
    kind = finding.kind
    row = [marketplace_id, vendor_id, subject, finding.code, json.dumps(dict(finding.evidence))]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [*row, kind.severity.value, kind.who.value, at, at])


def note_many(
    marketplace_id: int, found: Sequence[tuple[str, int | None, Finding]], at: datetime
) -> None:
    """The same for many (subject, vendor, finding) in one statement."""
    if not found:
        return
    rows = [
        {
            "subject": subject,
            "vendor": vendor_id,
            "code": finding.code,
            "evidence": dict(finding.evidence),
            "severity": finding.kind.severity.value,
            "who": finding.kind.who.value,
        }
        for subject, vendor_id, finding in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_MANY, {"m": marketplace_id, "at": at, "rows": json.dumps(rows)})


def resolve_findings(
    marketplace_id: int, subject: str, at: datetime, codes: Iterable[str] | None = None
) -> int:
    """Closes the subject's open findings (all, or these codes); returns how many there were."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, subject=subject, resolved_at__isnull=True
    )
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return rows.update(resolved_at=at)


def settle_findings(
    marketplace_id: int,
    told: Mapping[str, Sequence[Finding]],
    codes: Iterable[str],
    at: datetime,
    vendors: Mapping[str, int],
) -> None:
    """For many subjects at once: notes what is `told` of each, and closes what of `codes` is open
    and not told any more. `vendors` by subject.
    """
    open_ones = OpenFinding.objects.filter(
        marketplace_id=marketplace_id,
        subject__in=list(told),
        code__in=list(codes),
        resolved_at__isnull=True,
    )
    mended = [
        pk
        for pk, subject, code in open_ones.values_list("pk", "subject", "code")
        if code not in {finding.code for finding in told[subject]}
    ]
    if mended:
        OpenFinding.objects.filter(pk__in=mended).update(resolved_at=at)
    for subject, findings in told.items():
        for finding in findings:
            note_finding(marketplace_id, subject, finding, at, vendor_id=vendors.get(subject))
