"""Trial orders as rows: every step of one is on disk before the next is taken."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from longshore.domain.money import Money
from longshore.domain.orders import (
    Address,
    PutBack,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderLineDraft,
    StoreOrderState,
    differences,
)
from longshore.domain.placing import Search
from longshore.domain.placing_policy import BuyerEmail, ToPlace, draft_for, policy_of
from longshore.domain.trial import (
    GIVE_UP_AFTER,
    MARK,
    PREFIX,
    Goods,
    TrialOutcome,
    TrialState,
    next_watch,
)
from longshore.ports.errors import Rejected
from longshore.ports.ledger.trials import Trial
from longshore.storage import work
from longshore.storage.models import IN_USE, Store, TrialOrder, VendorVariant
from longshore.storage.repositories.hints import ask_again
from longshore.storage.repositories.purchase_drafts import address_of, addressed, read, shown
from longshore.storage.repositories.references import new_reference
from longshore.storage.repositories.store_stock import READ_AFTER_S

SHOP_PRICES = "shop_prices"
_OPEN = [one.value for one in TrialState if one is not TrialState.ENDED]
_RUNNING = [one.value for one in TrialState if one.running]
_IN_STOCK = Q(tracked=True, quantity__gt=0) | Q(tracked=False, stock_status="instock")


def due(at: datetime) -> Q:
    """Trials that there is something to do about."""
    return Q(state__in=_OPEN) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))


@transaction.atomic
def ask_trial(marketplace_id: int, vendor_id: int, store_id: int, note: str, at: datetime) -> int:
    """Asks for a trial order; the one that is under way already counts. Returns its id. Raises
    Rejected where the shop is not in use.
    """
    stores = Store.objects.select_for_update(no_key=True)
    store = stores.filter(marketplace_id=marketplace_id, vendor_id=vendor_id, pk=store_id).first()
    if store is None:
        raise Rejected("There is no such shop.")
    if store.state not in IN_USE:
        raise Rejected("The shop is not connected now. Check it first, then try again.")
    running = TrialOrder.objects.filter(store=store, state__in=_RUNNING).first()
    if running is None:
        running = TrialOrder.objects.create(
            marketplace_id=marketplace_id,
            store=store,
            reference=new_reference(PREFIX),
            note=note,
            asked_at=at,
        )
    work.send_trial_orders(store_id)
    return running.pk


class Trials:
    """Implements `ports.ledger.trials.TrialLedger` for one store."""

    def __init__(self, store_id: int) -> None:
        self._store_id = store_id

    @property
    def _mine(self) -> "QuerySet[TrialOrder]":
        return TrialOrder.objects.filter(store_id=self._store_id)

    def due(self, at: datetime) -> Trial | None:
        self.give_up(at)
        row = self._mine.filter(due(at)).select_related("store").order_by("asked_at").first()
        return None if row is None else _trial(row)

    def give_up(self, at: datetime) -> None:
        """Those that could not even be sent for long."""
        late = self._mine.filter(state=TrialState.ASKED, asked_at__lte=at - GIVE_UP_AFTER)
        for number, why in late.values_list("pk", "why"):
            self.ended(number, TrialOutcome.NOT_SENT, at, why)

    def goods(self, trial_id: int) -> Goods | None:  # noqa: ARG002 - the same for each
        rows = VendorVariant.objects.filter(
            _IN_STOCK,
            store_id=self._store_id,
            public=True,
            absent_since=None,
            regular_price__gt=0,
            product__absent_since=None,
            product__left_out="",
        )
        found = rows.order_by("regular_price", "pk").first()
        if found is None:
            return None
        return Goods(found.product_id_in_store, found.variation_id)

    @transaction.atomic
    def begin(self, trial_id: int, goods: Goods, at: datetime) -> StoreOrderDraft | None:
        row = self._locked(trial_id)
        if row.state != TrialState.ASKED:
            return None
        draft = _draft(row, goods)
        row.state, row.draft, row.sent_at = TrialState.SENDING, shown(draft), at
        row.product_id, row.variation_id = goods.product_id, goods.variation_id
        row.before, row.next_try_at, row.why = goods.before, None, ""
        _step(row, "sent", at)
        row.save()
        return draft

    @transaction.atomic
    def again(self, trial_id: int, why: str, at: datetime, again_at: datetime) -> None:
        row = self._locked(trial_id)
        if row.state != TrialState.SENDING:
            return
        row.state, row.why, row.next_try_at = TrialState.ASKED, why, again_at
        _step(row, "waits", at, why=why)
        row.save()
        self._again(at, again_at)

    @transaction.atomic
    def uncertain(self, trial_id: int, at: datetime) -> None:
        row = self._locked(trial_id)
        if row.state != TrialState.SENDING:
            return
        row.state, row.next_try_at = TrialState.UNCERTAIN, at
        _step(row, "no_answer", at)
        row.save()
        self._again(at, at)

    @transaction.atomic
    def looked_up(
        self, trial_id: int, at: datetime, again_at: datetime, *, half_made: bool
    ) -> None:
        row = self._locked(trial_id)
        if row.state != TrialState.UNCERTAIN:
            return
        row.next_try_at = again_at
        if half_made:
            row.half_made_since = row.half_made_since or at
            row.clean_look_ups, row.clean_since = 0, None
        else:
            row.clean_look_ups += 1
            row.clean_since, row.half_made_since = row.clean_since or at, None
        _step(row, "looked", at)
        row.save()
        self._again(at, again_at)

    @transaction.atomic
    def placed(self, trial_id: int, order: StoreOrder, at: datetime, *, found: bool) -> None:
        row = self._locked(trial_id)
        if row.order_id is not None:
            return
        row.state, row.next_try_at = TrialState.PLACED, None
        row.order_id, row.order_number = order.order_id, order.number
        row.reduced = order.state.reduces_stock
        own_prices = SHOP_PRICES not in row.store.profile.get("limits", ())
        told = differences(read(row.draft), order, own_prices=own_prices) if row.draft else ()
        row.differs = "; ".join(str(one.evidence.get("difference")) for one in told)
        if order.state is StoreOrderState.COMPLETED and not order.digital:
            row.differs = "; ".join(filter(None, [row.differs, "completed the moment it arrived"]))
        _step(row, "found" if found else "arrived", at, number=order.number)
        _step(row, "differs" if row.differs else "matches", at, why=row.differs)
        row.save()
        self._again(at, at)

    @transaction.atomic
    def step(self, trial_id: int, what: str, at: datetime, **more: str | int) -> None:
        row = self._locked(trial_id)
        _step(row, what, at, **more)
        row.save(update_fields=["steps"])

    def put_back_begins(self, trial_id: int, counted: int) -> None:
        self._mine.filter(pk=trial_id).update(put_back=PutBack.BEGUN, counted=counted)

    def put_back_ends(self, trial_id: int, state: PutBack) -> None:
        self._mine.filter(pk=trial_id).update(put_back=state)

    @transaction.atomic
    def watch(self, trial_id: int, at: datetime) -> None:
        row = self._locked(trial_id)
        if row.state not in {TrialState.UNCERTAIN, TrialState.WATCHED}:
            return
        since = row.watched_since or at
        row.watched_since = since
        if row.state == TrialState.UNCERTAIN:
            row.outcome, row.ended_at = TrialOutcome.NOT_THERE, at
            _step(row, "not_there", at)
        row.next_try_at = next_watch(row.watches, since)
        row.watches += 1
        row.state = TrialState.WATCHED if row.next_try_at else TrialState.ENDED
        row.save()

    @transaction.atomic
    def away(self, trial_id: int, at: datetime) -> None:
        row = self._locked(trial_id)
        outcome = TrialOutcome.DIFFERS if row.differs else TrialOutcome.WELL
        self._end(row, outcome, at, "")

    @transaction.atomic
    def ended(self, trial_id: int, outcome: TrialOutcome, at: datetime, why: str = "") -> None:
        self._end(self._locked(trial_id), outcome, at, why)

    def _end(self, row: TrialOrder, outcome: TrialOutcome, at: datetime, why: str) -> None:
        if row.state == TrialState.ENDED:
            return
        row.state, row.outcome, row.ended_at, row.next_try_at = TrialState.ENDED, outcome, at, None
        row.why = why
        _step(row, outcome.value, at, why=why)
        row.save()
        if row.product_id is not None:
            # What was read while the unit was off the shelf must not stay believed.
            ask_again(row.marketplace_id, self._store_id, [row.product_id], at, in_s=READ_AFTER_S)

    def _locked(self, trial_id: int) -> TrialOrder:
        rows = self._mine.select_for_update(of=("self",), no_key=True)
        return rows.select_related("store__vendor__marketplace").get(pk=trial_id)

    def _again(self, at: datetime, again_at: datetime) -> None:
        wait = max(timedelta(seconds=0.3), again_at - at)
        work.send_trial_orders(self._store_id, in_s=wait.total_seconds() + 0.2)


def _trial(row: TrialOrder) -> Trial:
    goods = None
    if row.product_id is not None:
        goods = Goods(row.product_id, row.variation_id, row.before)
    return Trial(
        trial_id=row.pk,
        state=TrialState(row.state),
        reference=row.reference,
        asked_at=row.asked_at,
        sent_at=row.sent_at,
        search=Search(row.clean_look_ups, row.clean_since, row.half_made_since),
        goods=goods,
        order_id=row.order_id,
        reduced=row.reduced,
        restocks=bool(row.store.profile.get("restocks", True)),
        put_back=PutBack(row.put_back),
        counted=row.counted,
    )


def _draft(row: TrialOrder, goods: Goods) -> StoreOrderDraft:
    """Written by the vendor's own policy, to nobody's address, so that nobody gets mail."""
    store, marketplace = row.store, row.store.vendor.marketplace
    variant = VendorVariant.objects.get(
        store=store, product_id_in_store=goods.product_id, variation_id=goods.variation_id
    )
    currency = store.currency or "EUR"
    price = Money(variant.regular_price or Decimal(1), currency)
    facts = ToPlace(
        reference=row.reference,
        order="#0",
        marketplace=marketplace.name,
        vendor=store.vendor.name,
        currency=currency,
        lines=(StoreOrderLineDraft(goods.product_id, goods.variation_id, 1, price),),
        address=Address(
            marketplace.name, "Test", country=str(store.profile.get("country") or "")[:2]
        ),
        email=BuyerEmail.NONE,
        to=addressed(marketplace),
        shipping_title="Test",
        shipping_share=Money(Decimal(0), currency),
        status_moves_stock=bool(store.profile.get("restocks", True)),
        own_address=address_of(marketplace.invoice_address),
    )
    draft = draft_for(policy_of(store.vendor.placing), facts)
    told = f"{row.note} {row.reference}".strip()
    return replace(draft, note=told, fields=(*draft.fields, (MARK, "yes")))


def _step(row: TrialOrder, what: str, at: datetime, **more: Any) -> None:
    kept = {name: value for name, value in more.items() if value not in {"", None}}
    last = row.steps[-1] if row.steps else {}
    if {**last, "at": ""} == {"what": what, "at": "", **kept}:
        return
    row.steps = [*row.steps, {"what": what, "at": at.isoformat(), **kept}][-40:]
