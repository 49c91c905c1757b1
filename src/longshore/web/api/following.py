"""Over the API, what an integrator follows: shops, vendors' parts of orders, parcels, problems."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Status

from longshore import wiring
from longshore.domain.access import Scope
from longshore.domain.findings import KINDS
from longshore.domain.problem import filled
from longshore.storage.queries import integrating
from longshore.web.api import following_shapes as shapes
from longshore.web.api.access import KEYS, ApiRequest, doer, once
from longshore.web.api.answers import ERRORS, WRITE_ERRORS
from longshore.web.api.shapes import Cursor as Asked
from longshore.web.api.shapes import Id, Ids, PageOf, cursor_of, page_of

stores = Router(tags=["Shops"])
parts = Router(tags=["Orders"])
problems = Router(tags=["Problems"])


@stores.get(
    "/stores", auth=KEYS[Scope.VENDORS_READ], response={200: PageOf[shapes.Store], **ERRORS}
)
def list_stores(
    request: ApiRequest, page: Query[Asked], vendor_id: Id | None = None
) -> PageOf[shapes.Store]:
    """The vendors' WooCommerce shops, the newest first, and how each is."""
    found = integrating.store_rows(
        request.auth.marketplace_id, vendor_id=vendor_id, cursor=cursor_of(page)
    )
    return page_of(shapes.Store, found)


@stores.get(
    "/stores/{int:store_id}", auth=KEYS[Scope.VENDORS_READ], response={200: shapes.Store, **ERRORS}
)
def read_store(request: ApiRequest, store_id: Path[Id]) -> shapes.Store:
    found = integrating.store_row(request.auth.marketplace_id, store_id)
    if found is None:
        raise Http404
    return shapes.Store.model_validate(found, from_attributes=True)


@parts.get(
    "/parts", auth=KEYS[Scope.ORDERS_READ], response={200: PageOf[shapes.OrderPart], **ERRORS}
)
def list_parts(
    request: ApiRequest,
    page: Query[Asked],
    state: shapes.PartState = "all",
    vendor_id: Id | None = None,
) -> PageOf[shapes.OrderPart]:
    """Purchase orders: each is one vendor's part of one order; the newest first."""
    found = integrating.part_rows(
        request.auth.marketplace_id, state=state, vendor_id=vendor_id, cursor=cursor_of(page)
    )
    return page_of(shapes.OrderPart, found)


@parts.get(
    "/parts/{int:part_id}",
    auth=KEYS[Scope.ORDERS_READ],
    response={200: shapes.OrderPart, **ERRORS},
)
def read_part(request: ApiRequest, part_id: Path[Id]) -> shapes.OrderPart:
    found = integrating.part_row(request.auth.marketplace_id, part_id)
    if found is None:
        raise Http404
    return shapes.OrderPart.model_validate(found, from_attributes=True)


@parts.get(
    "/parcels", auth=KEYS[Scope.ORDERS_READ], response={200: PageOf[shapes.SentParcel], **ERRORS}
)
def list_parcels(
    request: ApiRequest, page: Query[Asked], vendor_id: Id | None = None
) -> PageOf[shapes.SentParcel]:
    """Shipments of all vendors, the newest first."""
    found = integrating.parcel_rows(
        request.auth.marketplace_id, vendor_id=vendor_id, cursor=cursor_of(page)
    )
    return page_of(shapes.SentParcel, found)


@problems.get(
    "/findings", auth=KEYS[Scope.FINDINGS_READ], response={200: PageOf[shapes.Finding], **ERRORS}
)
def list_findings(
    request: ApiRequest,
    page: Query[Asked],
    code: shapes.Code = "",
    vendor_id: Id | None = None,
) -> PageOf[shapes.Finding]:
    """Problems that are open now, the newest first, with who must act and what helps."""
    found = integrating.finding_rows(
        request.auth.marketplace_id, code=code, vendor_id=vendor_id, cursor=cursor_of(page)
    )
    return PageOf[shapes.Finding](items=[_finding(row) for row in found.rows], next=found.older)


@problems.post(
    "/findings/settle",
    auth=KEYS[Scope.FINDINGS_WRITE],
    response={200: shapes.Settled, **WRITE_ERRORS},
)
@once
def settle_findings(request: ApiRequest, which: Ids) -> Status[shapes.Settled]:
    """Closes problems until their cause is seen again."""
    with transaction.atomic():
        done = list(wiring.settle_findings(request.auth.marketplace_id, which.ids, None))
        if done:
            after = {"count": len(done), "ids": done}
            what = wiring.What("finding_settled", "findings", after=after)
            wiring.note_deed(doer(request), what)
    return Status(200, shapes.Settled(done=done))


def _finding(row: integrating.FindingRow) -> shapes.Finding:
    kind = KINDS.get(row.code)
    return shapes.Finding(
        id=row.id,
        code=row.code,
        severity=row.severity,
        who=row.who,
        subject=row.subject,
        vendor_id=row.vendor_id,
        title=filled(_(kind.title), row.evidence) if kind else row.code,
        advice=filled(_(kind.advice), row.evidence) if kind and kind.advice else "",
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        times_seen=row.times_seen,
    )
