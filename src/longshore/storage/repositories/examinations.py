"""Examinations as rows: asked for, followed step by step, kept with what came of them."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from longshore.domain.findings import Finding
from longshore.ports.doctor import Order, Step
from longshore.ports.errors import Rejected
from longshore.ports.ledger.connections import Attempt, Attempted, Outcome, StoreKeys
from longshore.storage import work
from longshore.storage.models import Examination, ExaminationState, Store, StoreState, Vendor
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.connections import Connections
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.store_states import move, profile_from, store_subject
from longshore.storage.repositories.walks import begin_import

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed."""

    address: str
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    may_use_query: bool = False


@transaction.atomic
def ask(vendor_id: int, asked: Asked, at: datetime, *, store_id: int | None = None) -> uuid.UUID:
    """Remembers what to examine and sends the doctor."""
    vendor = Vendor.objects.get(pk=vendor_id)
    row = Examination.objects.create(
        marketplace_id=vendor.marketplace_id,
        vendor=vendor,
        store_id=store_id,
        address=asked.address[:2000],
        consumer_key=asked.key,
        consumer_secret=asked.secret,
        may_use_query=asked.may_use_query,
        asked_at=at,
    )
    work.examine_connection(row.pk)
    return row.uuid


def begin(examination_id: int) -> Attempt | None:
    """What to examine; None when it is done already, or its vendor was removed."""
    row = Examination.objects.filter(pk=examination_id).first()
    if row is None or row.state == ExaminationState.DONE:
        return None
    row.state = ExaminationState.RUNNING
    row.steps = []
    row.save(update_fields=["state", "steps"])
    order = Order(
        row.address,
        row.consumer_key.reveal(),
        row.consumer_secret.reveal(),
        may_use_query=row.may_use_query,
    )
    release_connection()
    return Attempt(row.marketplace_id, row.vendor_id, order, row.store_id)


class Steps:
    """Writes each step as it ends, so that a page can follow."""

    def __init__(self, examination_id: int) -> None:
        self._id = examination_id
        self._steps: list[dict[str, Any]] = []

    def add(self, step: Step) -> None:
        self._steps.append(_step_as_json(step))
        Examination.objects.filter(pk=self._id).update(steps=self._steps)
        release_connection()


@transaction.atomic
def keep(examination_id: int, attempted: Attempted, at: datetime) -> None:
    """What came of it. The key is forgotten, unless a person must still choose."""
    _keep(Examination.objects.select_for_update().get(pk=examination_id), attempted, at)


@transaction.atomic
def keep_visit(store_id: int, attempted: Attempted, steps: Sequence[Step], at: datetime) -> None:
    """A visit that nobody asked for, at a store that is connected."""
    store = Store.objects.get(pk=store_id)
    row = Examination(
        marketplace_id=store.marketplace_id,
        vendor_id=store.vendor_id,
        address=store.base_url,
        steps=[_step_as_json(step) for step in steps],
        asked_at=at,
    )
    _keep(row, attempted, at)


def _keep(row: Examination, attempted: Attempted, at: datetime) -> None:
    diagnosis = attempted.diagnosis
    row.outcome = attempted.outcome
    row.store_id = attempted.store_id
    row.verdict = diagnosis.verdict
    row.findings = [_as_json(one) for one in diagnosis.findings]
    row.profile = asdict(diagnosis.profile) if diagnosis.profile else None
    row.approval_url = diagnosis.approval_url
    row.requests = diagnosis.requests
    row.seconds = diagnosis.seconds
    if attempted.outcome is Outcome.DIFFERENT:
        row.consumer_key, row.consumer_secret = diagnosis.key, diagnosis.secret
    _end(row, at)


@transaction.atomic
def keep_failure(examination_id: int, finding: Finding, at: datetime) -> None:
    """The examination itself was cut off by this problem."""
    row = Examination.objects.select_for_update().get(pk=examination_id)
    row.outcome = Outcome.NEEDS_SOMEBODY
    row.verdict = finding.code
    row.findings = [_as_json(finding)]
    _end(row, at)


def _end(row: Examination, at: datetime) -> None:
    row.state = ExaminationState.DONE
    row.ended_at = at
    if row.outcome != Outcome.DIFFERENT:
        row.consumer_key = row.consumer_secret = ""
    row.save()
    old = Examination.objects.filter(vendor_id=row.vendor_id, asked_at__lt=at - KEPT_FOR)
    old.exclude(pk=row.pk).delete()


@transaction.atomic
def choose_catalog(marketplace_id: int, store_id: int, at: datetime, *, same: bool) -> None:
    """A person's choice about a held store. Raises Rejected where nothing waits for one."""
    store = (
        Store.objects.select_for_update(no_key=True)
        .filter(pk=store_id, marketplace_id=marketplace_id, state=StoreState.HELD)
        .first()
    )
    if store is None:
        raise Rejected("This store does not wait for a choice.")
    rows = Examination.objects.select_for_update().filter(store=store, outcome=Outcome.DIFFERENT)
    waiting = rows.order_by("-asked_at").first()
    if same and (waiting is None or not waiting.profile):
        move(store, StoreState.BROKEN, at)  # the doctor looks again, and a choice is asked again
        work.examine_store(store_id)
    elif same and waiting is not None:
        profile = profile_from(waiting.profile or {})
        key, secret = waiting.consumer_key.reveal(), waiting.consumer_secret.reveal()
        findings = [Finding(one["code"], one["evidence"]) for one in waiting.findings]
        keys = StoreKeys(profile.base_url, key, secret)
        Connections().replace_keys(store_id, keys, profile, findings, at)
        begin_import(store_id, at)
    else:
        resolve_findings(marketplace_id, store_subject(store), at)
        move(store, StoreState.PAUSED, at)
    outcome = Outcome.CONNECTED if same else Outcome.DISMISSED
    rows.update(outcome=outcome, consumer_key="", consumer_secret="")


def _step_as_json(step: Step) -> dict[str, Any]:
    found = step.finding
    return {
        "name": step.name,
        "code": found.code if found else "",
        "evidence": dict(found.evidence) if found else {},
        "seconds": round(step.seconds, 1),
    }


def _as_json(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "evidence": dict(finding.evidence)}
