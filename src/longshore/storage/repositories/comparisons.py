"""Comparisons as rows: what Shopify shows of ours, what people did there, and what is not ours."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from longshore.domain.folding import folded
from longshore.domain.listing import Field
from longshore.ports.ledger.listings import ListingSource
from longshore.ports.ledger.publication import Compared
from longshore.ports.publishing import ShownListing
from longshore.storage import work
from longshore.storage.models import (
    ForeignProduct,
    ForeignVariant,
    HintKind,
    Listing,
    ListingChange,
    ListingVariant,
    Outcome,
    Store,
    Storefront,
    VendorProduct,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import inbox
from longshore.storage.repositories.candidates import review_those_like
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.image_findings import IMAGE_FINDINGS, image_findings
from longshore.storage.repositories.listing_sources import plain_own, sources
from longshore.storage.repositories.outcomes import forget_product, review_again, tell_deleted
from longshore.storage.repositories.stock import refresh_dirty

_SENT = ListingChange.objects.filter(listing=OuterRef("pk"), outcome=Outcome.SENT)
_TOLD = ("put_back_on_shopify", *IMAGE_FINDINGS)
"""What the next comparison says again while it holds."""


class Comparisons:
    """Implements `ports.ledger.publication.ComparisonLedger`, but for bulk operations."""

    def product_hints(self, marketplace_id: int, limit: int) -> Sequence[tuple[str, datetime]]:
        source = _source(marketplace_id)
        found = inbox.hints(source, HintKind.STOREFRONT_PRODUCT, limit) if source else []
        release_connection()
        return found

    def clear_product_hints(
        self, marketplace_id: int, seen: Sequence[tuple[str, datetime]]
    ) -> None:
        inbox.clear_hints(_source(marketplace_id), HintKind.STOREFRONT_PRODUCT, seen)
        release_connection()

    def sources_of_products(
        self, marketplace_id: int, product_ids: Sequence[str], uuids: Sequence[str], at: datetime
    ) -> Sequence[ListingSource]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id).filter(
            Q(product_gid__in=list(product_ids))
            | Q(uuid__in=[one for one in uuids if _is_uuid(one)], product_gid="")
        )
        rows = rows.exclude(Exists(_SENT)).order_by("pk").select_related("product")
        found = sources([row.product for row in rows], at)
        release_connection()
        return found

    def keep_compared(self, compared: Sequence[Compared], at: datetime) -> None:
        if compared:
            with transaction.atomic():
                keep_compared(compared, at)
        release_connection()

    def keep_foreign(
        self, marketplace_id: int, shown: Sequence[ShownListing], at: datetime
    ) -> None:
        with transaction.atomic():
            _keep_foreign(marketplace_id, shown, at)
        release_connection()

    def forget_foreign(
        self,
        marketplace_id: int,
        *,
        but_since: datetime | None = None,
        product_ids: Sequence[str] = (),
    ) -> None:
        rows = ForeignProduct.objects.filter(marketplace_id=marketplace_id)
        if but_since is not None:
            rows.filter(seen_at__lt=but_since).delete()
        rows.filter(product_gid__in=list(product_ids)).delete()
        release_connection()

    def not_seen_since(
        self, marketplace_id: int, since: datetime, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id).exclude(product_gid="")
        rows = rows.filter(Q(compared_at=None) | Q(compared_at__lt=since)).exclude(Exists(_SENT))
        found = sources(
            [row.product for row in rows.order_by("pk").select_related("product")[:limit]], at
        )
        release_connection()
        return found

    def end_reading(self, marketplace_id: int, at: datetime) -> None:
        """From the first one on listings may be approved by themselves."""
        with transaction.atomic():
            rows = Storefront.objects.filter(marketplace_id=marketplace_id)
            first = rows.filter(read_at=None).exists()
            rows.update(read_at=at)
            if first:
                for store in Store.objects.filter(marketplace_id=marketplace_id):
                    VendorProduct.objects.filter(store=store).update(review_due=True)
                    work.review_listings(store.pk)
        release_connection()

    def keep_deleted(self, sources: Sequence[ListingSource], at: datetime) -> None:
        ids = [one.listing.listing_id for one in sources if one.listing is not None]
        if ids:
            with transaction.atomic():
                rows = Listing.objects.filter(pk__in=ids).order_by("pk")
                for row in rows.select_for_update(of=("self",)).select_related("product"):
                    forget_product(row)
                    row.compared_at = at
                    row.save()
                    tell_deleted(row, at)
        release_connection()

    def keep_settled(
        self,
        change_ids: Sequence[int],
        source: ListingSource,
        compared: Compared | None,
        at: datetime,
    ) -> None:
        with transaction.atomic():
            changes = ListingChange.objects.filter(pk__in=list(change_ids)).order_by("pk")
            rows = list(changes.filter(outcome=Outcome.SENT).select_for_update())
            arrived = compared.arrived if compared else (False,) * len(rows)
            for row, there in zip(rows, arrived, strict=True):
                row.outcome = Outcome.DONE if there else Outcome.NOT_SENT
                row.save(update_fields=["outcome"])
                if there:
                    _stocked_somewhere(row)
            if compared is not None:
                keep_compared([compared], at)
            elif source.listing is not None and source.listing.product_gid:
                self.keep_deleted([source], at)
        release_connection()


def _source(marketplace_id: int) -> str:
    pk = (
        Storefront.objects.filter(marketplace_id=marketplace_id)
        .values_list("pk", flat=True)
        .first()
    )
    return f"storefront:{pk}" if pk else ""


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4  # noqa: PLR2004 - how a uuid is written


def _stocked_somewhere(change: ListingChange) -> None:
    """New variants were made with their stock, but something may have been sold since: what stands
    there is not known, and is read before it is written.
    """
    for key, one in change.stock.items():
        if not one.get("gid"):
            ListingVariant.objects.filter(pk=int(key)).update(
                stocked_at_location=one["place"],
                known_quantity=None,
                known_tracked=one["tracked"],
                known_oversell=one["oversell"],
            )


def keep_compared(compared: Sequence[Compared], at: datetime) -> None:
    """In the caller's transaction."""
    by_listing = {one.source.listing.listing_id: one for one in compared if one.source.listing}
    found = Listing.objects.filter(pk__in=by_listing).order_by("pk").select_related("product")
    rows = list(found.select_for_update(of=("self",)))
    changed: list[int] = []
    lines: list[int] = []
    for row in rows:
        one = by_listing[row.pk]
        if _keep_listing(row, one, at) | _keep_variants(one, lines, at):
            changed.append(row.product_id)
        _tell(row, one, at)
    if changed:
        review_again(changed)
    if refresh_dirty(lines) and rows:
        work.push_stock(rows[0].marketplace_id)


def _keep_listing(row: Listing, one: Compared, at: datetime) -> bool:
    before = (row.known, row.own, row.product_gid)
    row.known = dict(one.known.product)
    row.own = plain_own(one.own.product)
    row.product_gid = one.product_id or row.product_gid
    row.compared_at = at
    row.save(update_fields=["known", "own", "product_gid", "compared_at"])
    return before != (row.known, row.own, row.product_gid)


def _keep_variants(one: Compared, lines: list[int], at: datetime) -> bool:
    """Whether anything is new."""
    keys = {*one.variants, *one.removed}
    changed: list[ListingVariant] = []
    for line in ListingVariant.objects.filter(pk__in=keys):
        before = _seen_of(line)
        if line.pk in one.removed:
            line.removed_at = at
            line.variant_gid = line.inventory_item_gid = line.stocked_at_location = ""
            line.known = {}
        else:
            shown = one.variants[line.pk]
            line.variant_gid = shown.variant_id
            line.inventory_item_gid = shown.inventory_item_id
            line.known = dict(one.known.variants.get(line.pk, {}))
            line.own = plain_own(one.own.variants.get(line.pk, {}))
            switches = one.switches.get(line.pk)
            if switches and line.known_tracked is not None and not line.stock_dirty:
                line.known_tracked, line.known_oversell = switches
        if before != _seen_of(line):
            changed.append(line)
            lines.append(line.pk)
    names = ("known", "own", "variant_gid", "inventory_item_gid", "stocked_at_location",
             "removed_at", "known_tracked", "known_oversell")  # fmt: skip
    ListingVariant.objects.bulk_update(changed, names, batch_size=500)
    return bool(changed)


def _seen_of(line: ListingVariant) -> tuple[object, ...]:
    switches = (line.known_tracked, line.known_oversell)
    return (line.known, line.own, line.variant_gid, line.removed_at, *switches)


def _tell(row: Listing, one: Compared, at: datetime) -> None:
    subject = f"listing:{row.pk}"
    found = [*one.findings, *image_findings(row, one.image_errors)]
    told = {finding.code for finding in found}
    gone = [code for code in _TOLD if code not in told]
    if row.known.get(Field.ON_SALE) and row.known.get(Field.STATUS) == "ACTIVE":
        gone.append("taken_off_on_shopify")
    resolve_findings(row.marketplace_id, subject, at, gone)
    for finding in found:
        note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)


def _keep_foreign(marketplace_id: int, shown: Sequence[ShownListing], at: datetime) -> None:
    """Products of other people; what a listing of ours stands on is not among them."""
    gids = [one.product_id for one in shown]
    mine = Listing.objects.filter(marketplace_id=marketplace_id, product_gid__in=gids)
    ours = set(mine.values_list("product_gid", flat=True))
    others = [one for one in shown if one.product_id not in ours]
    if not others:
        return
    ForeignProduct.objects.bulk_create(
        [
            ForeignProduct(
                marketplace_id=marketplace_id,
                product_gid=one.product_id,
                title=one.values[Field.TITLE],
                handle=one.handle,
                vendor=one.values[Field.VENDOR],
                status=one.values[Field.STATUS],
                seen_at=at,
            )
            for one in others
        ],
        update_conflicts=True,
        unique_fields=("marketplace", "product_gid"),
        update_fields=("title", "handle", "vendor", "status", "seen_at"),
    )
    _keep_foreign_variants(marketplace_id, others)
    review_those_like(marketplace_id, [one.product_id for one in others])


def _keep_foreign_variants(marketplace_id: int, others: Sequence[ShownListing]) -> None:
    kept = ForeignProduct.objects.filter(
        marketplace_id=marketplace_id, product_gid__in=[one.product_id for one in others]
    )
    ids = dict(kept.values_list("product_gid", "pk"))
    ForeignVariant.objects.filter(product_id__in=ids.values()).delete()
    ForeignVariant.objects.bulk_create(
        [
            ForeignVariant(
                marketplace_id=marketplace_id,
                product_id=ids[one.product_id],
                variant_gid=variant.variant_id,
                inventory_item_gid=variant.inventory_item_id,
                sku=folded(variant.values[Field.SKU]),
                barcode=folded(variant.values[Field.BARCODE]),
                options=variant.values[Field.OPTIONS],
            )
            for one in others
            for variant in one.variants
        ],
        batch_size=1000,
    )
