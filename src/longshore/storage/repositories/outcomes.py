"""Keeping what became of writes: what Shopify says now, and why it refused the others."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from longshore.domain.daily_limit import PER_DAY, finish_date, next_day
from longshore.domain.findings import Finding
from longshore.domain.folding import folded
from longshore.domain.listing import MEDIA, Field, Said, Step, Writing, after, same
from longshore.ports.ledger.listings import ON, STOREFRONT
from longshore.ports.publishing import Made, NotMade
from longshore.storage import work
from longshore.storage.bulk import update_rows
from longshore.storage.models import (
    Listing,
    ListingChange,
    ListingState,
    ListingVariant,
    Outcome,
    Storefront,
    VendorProduct,
)
from longshore.storage.repositories.findings import note_finding, settle_findings
from longshore.storage.repositories.stock import refresh_dirty
from longshore.storage.repositories.stock_lines import StockEventRow, chunks, keep_events

AGAIN_AFTER = timedelta(minutes=1)
IMAGES_AFTER = timedelta(minutes=2)
_CLEAN = ("publish_refused", "deleted_on_shopify")
"""What a write that went well proves wrong."""
_LISTING = (
    "known",
    "echoed",
    "product_gid",
    "state",
    "dirty",
    "published_at",
    "publish_error",
    "unpublished_because",
    "compared_at",
    "try_again_at",
    "images_due_at",
    "images_looks",
)

_VARIANTS = """
UPDATE storage_listingvariant lv SET known = lv.known || w.known::jsonb,
    variant_gid = coalesce(nullif(w.gid, ''), lv.variant_gid),
    inventory_item_gid = coalesce(nullif(w.item, ''), lv.inventory_item_gid)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS w (line, known, gid, item)
WHERE lv.id = w.line
"""

_STOCKED = """
UPDATE storage_listingvariant lv SET stocked_at_location = s.place, known_quantity = s.quantity,
    known_tracked = s.tracked, known_oversell = s.oversell, known_at = %s, removed_at = NULL
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::bool[], %s::bool[])
    AS s (line, place, quantity, tracked, oversell) WHERE lv.id = s.line
"""


def plain_said(said: Said) -> dict[str, Any]:
    """As a row keeps it."""
    return {
        "product": dict(said.product),
        "variants": {str(key): dict(one) for key, one in said.variants.items()},
    }


def said_of(kept: Mapping[str, Any]) -> Said:
    return Said(kept["product"], {int(key): one for key, one in kept["variants"].items()})


@dataclass(slots=True)
class _Written:
    """What is to be written on one stock line."""

    known: dict[str, Any] = field(default_factory=dict[str, Any])
    gid: str = ""
    item: str = ""


@transaction.atomic
def keep_outcomes(
    changes: "QuerySet[ListingChange]", outcomes: Mapping[int, Made | NotMade], at: datetime
) -> None:
    """`outcomes` by the changes' ids; a change that was settled meanwhile stays as it is."""
    rows = list(
        changes.filter(outcome=Outcome.SENT).order_by("listing_id", "pk").select_for_update()
    )
    if not rows:
        return
    ids = sorted({row.listing_id for row in rows})
    locked = Listing.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    listings = {row.pk: row for row in locked.select_related("product")}
    kept = _Kept(at)
    for change in rows:
        kept.one(listings[change.listing_id], change, outcomes[change.pk])
    with connection.cursor() as cursor:
        update_rows(ListingChange, ("outcome", "why"), rows, cursor=cursor)
        update_rows(Listing, _LISTING, listings.values(), cursor=cursor)
    kept.finish(list(listings.values()))


class _Kept:
    """Gathers what follows from the outcomes of one commit."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.lines: defaultdict[int, _Written] = defaultdict(_Written)
        self.stocked: dict[int, dict[str, Any]] = {}
        self.refused: dict[int, str] = {}
        self.clean: set[int] = set()
        self.first: list[Listing] = []
        self.look_again: set[int] = set()
        self.daily_limit = False

    def one(self, listing: Listing, change: ListingChange, outcome: Made | NotMade) -> None:
        match outcome:
            case Made():
                change.outcome = Outcome.DONE
                self._made(listing, change, outcome)
            case NotMade():
                self._not_made(listing, change, outcome)

    # --- done ---

    def _made(self, listing: Listing, change: ListingChange, made: Made) -> None:
        writing = Writing(Step(change.step), said_of(change.after))
        listing.known = dict(after(Said(listing.known), writing).product)
        _keep_shown(listing, writing, made)
        listing.compared_at = self.at
        listing.publish_error = ""
        listing.try_again_at = None
        for key, one in writing.said.variants.items():
            self.lines[key].known |= one
        if writing.step is Step.SET:
            self._set(listing, change, writing.said, made)
        if change.last:
            self._settled(listing, change)
        self.clean.add(listing.pk)

    def _set(self, listing: Listing, change: ListingChange, said: Said, made: Made) -> None:
        listing.product_gid = made.product_id
        if Field.IMAGES in said.product:
            urls = [one[0] for one in said.product[Field.IMAGES]]
            for one in said.variants.values():
                if one.get(Field.IMAGE) and one[Field.IMAGE] not in urls:
                    urls.append(one[Field.IMAGE])
            listing.known[MEDIA] = dict(zip(urls, made.media, strict=False))
            listing.images_due_at = self.at + IMAGES_AFTER if made.media else None
            listing.images_looks = 0
        by_id = {one.variant_id: one for one in made.variants}
        by_options = {tuple(map(folded, one.options)): one for one in made.variants}
        for key, one in said.variants.items():
            stock: dict[str, Any] = change.stock.get(str(key), {})
            known = by_id.get(str(stock.get("gid")))
            found = known or by_options.get(tuple(map(folded, one[Field.OPTIONS])))
            if found is None:
                continue
            line = self.lines[key]
            line.gid, line.item = found.variant_id, found.inventory_item_id
            if stock and not stock.get("gid"):
                self.stocked[key] = stock

    def _settled(self, listing: Listing, change: ListingChange) -> None:
        """With this nothing differs, unless a person decided otherwise meanwhile."""
        wanted_on = listing.state in ON
        if wanted_on != (change.step != Step.UNPUBLISH):
            return
        listing.dirty = False
        if listing.reviewed_at is not None and listing.reviewed_at >= change.at:
            self.look_again.add(listing.product_id)  # a review found something else meanwhile
        if wanted_on:
            if listing.published_at is None:
                self.first.append(listing)
                listing.published_at = self.at
            listing.state = ListingState.PUBLISHED

    # --- not done ---

    def _not_made(self, listing: Listing, change: ListingChange, outcome: NotMade) -> None:
        change.why = outcome.why
        if outcome.gone and listing.product_gid:
            change.outcome = Outcome.REFUSED
            forget_product(listing)
            return
        if outcome.later:
            change.outcome = Outcome.LATER
            listing.publish_error = outcome.why
            listing.try_again_at = self.at + AGAIN_AFTER
            if outcome.daily_limit:
                self.daily_limit = True
                listing.publish_error = ""
                listing.try_again_at = next_day(self.at)
            return
        change.outcome = Outcome.REFUSED
        listing.publish_error = outcome.why
        listing.dirty = False  # not sent again until it differs or a person asks
        self.refused[listing.pk] = outcome.why

    # --- what follows ---

    def finish(self, listings: Sequence[Listing]) -> None:
        owner = listings[0].marketplace_id
        self._write_lines(owner)
        told: dict[str, list[Finding]] = {f"listing:{pk}": [] for pk in self.clean}
        for listing in listings:
            why = self.refused.get(listing.pk)
            if why is not None:
                evidence = {"product": listing.product.name, "why": why}
                told[f"listing:{listing.pk}"] = [Finding("publish_refused", evidence)]
            if listing.unpublished_because == STOREFRONT:
                tell_deleted(listing, self.at)
        vendors = {f"listing:{row.pk}": row.vendor_id for row in listings}
        settle_findings(owner, told, _CLEAN, self.at, vendors)
        review_again(self.look_again)
        if self.lines and refresh_dirty(list(self.lines)):
            work.push_stock(owner)
        if self.daily_limit:
            keep_daily_limit(owner, self.at)
        _greet_shops(self.first)

    def _write_lines(self, owner: int) -> None:
        with connection.cursor() as cursor:
            for part in chunks(list(self.lines), 2000):
                rows = [self.lines[key] for key in part]
                known = [json.dumps(row.known) for row in rows]
                gids = [row.gid for row in rows]
                cursor.execute(_VARIANTS, [list(part), known, gids, [row.item for row in rows]])
            if not self.stocked:
                return
            rows_of = list(self.stocked.values())
            names = ("place", "quantity", "tracked", "oversell")
            columns = [[one[name] for one in rows_of] for name in names]
            cursor.execute(_STOCKED, [self.at, list(self.stocked), *columns])
        events = [
            StockEventRow(key, "write", None, one["quantity"], {"made": True})
            for key, one in self.stocked.items()
        ]
        keep_events(owner, events, self.at)


def _keep_shown(listing: Listing, writing: Writing, made: Made) -> None:
    """Where Shopify shows our words otherwise than we wrote them, that is no edit of anybody."""
    echoed = {name: one for name, one in listing.echoed.items() if name not in writing.said.product}
    for name, shown in made.shown.items():
        sent = writing.said.product.get(name)
        if sent is not None and name != Field.TAGS and not same(name, sent, shown):
            echoed[name] = shown
    listing.echoed = echoed


def review_again(product_ids: Iterable[int]) -> None:
    """Asks for a review of these vendor products."""
    rows = VendorProduct.objects.filter(pk__in=list(product_ids))
    rows.filter(review_due=False).update(review_due=True)
    for store_id in rows.values_list("store_id", flat=True).distinct():
        work.review_listings(store_id)


def forget_product(listing: Listing) -> None:
    """Somebody deleted it on Shopify. It stays off until a person wants it anew."""
    listing.product_gid = ""
    listing.known, listing.echoed = {}, {}
    listing.linked = False
    listing.dirty = False
    if listing.state in ON:
        listing.state = ListingState.UNPUBLISHED
        listing.unpublished_because = STOREFRONT
    ListingVariant.objects.filter(listing=listing).update(
        variant_gid="",
        inventory_item_gid="",
        stocked_at_location="",
        known={},
        known_tracked=None,
        known_oversell=None,
        known_quantity=None,
        removed_at=None,
        stock_dirty=False,
    )


def tell_deleted(listing: Listing, at: datetime) -> None:
    note_finding(
        listing.marketplace_id,
        f"listing:{listing.pk}",
        Finding("deleted_on_shopify", {"product": listing.product.name}),
        at,
        vendor_id=listing.vendor_id,
    )


def keep_daily_limit(marketplace_id: int, at: datetime) -> None:
    """Publication goes on tomorrow; the finding says when it will be done."""
    shop = Storefront.objects.get(marketplace_id=marketplace_id)
    Storefront.objects.filter(pk=shop.pk).update(variants_refused_at=at)
    waiting = ListingVariant.objects.filter(
        marketplace_id=marketplace_id, variant_gid="", listing__dirty=True, listing__state__in=ON
    ).count()
    evidence: dict[str, str | int | None] = {
        "per_day": PER_DAY,
        "left": waiting,
        "finish": finish_date(waiting, at).isoformat(),
    }
    finding = Finding("variants_daily_limit", evidence)
    note_finding(marketplace_id, f"storefront:{shop.pk}", finding, at)
    work.publish_listings(marketplace_id, in_s=(next_day(at) - at).total_seconds())


def _greet_shops(first: Sequence[Listing]) -> None:
    """From a vendor's first listing on the shops may be asked to send us webhooks."""
    for vendor_id in {row.vendor_id for row in first}:
        mine = [row for row in first if row.vendor_id == vendor_id]
        others = Listing.objects.filter(vendor_id=vendor_id, published_at__isnull=False)
        if not others.exclude(pk__in=[row.pk for row in mine]).exists():
            for store_id in {row.product.store_id for row in mine}:
                work.heal_store(store_id)
            work.heal_storefront(mine[0].marketplace_id)
