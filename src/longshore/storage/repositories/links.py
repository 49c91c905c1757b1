"""Links as rows: listings on products that were on Shopify before us."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from longshore.domain.findings import Finding
from longshore.domain.listing import Field
from longshore.domain.undoing import LINK, UNLINK
from longshore.ports.errors import Rejected
from longshore.ports.ledger.links import Link, Unlink
from longshore.ports.ledger.listings import ListingSource
from longshore.storage import work
from longshore.storage.models import (
    ForeignProduct,
    Listing,
    ListingChange,
    ListingState,
    ListingVariant,
    Outcome,
    SyncRun,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.listing_sources import sources
from longshore.storage.repositories.outcomes import review_again
from longshore.storage.repositories.places import Places
from longshore.storage.repositories.stock import refresh_dirty


class Links(Places):
    """Implements `ports.ledger.links.LinkLedger`."""

    def links_due(self, marketplace_id: int, limit: int, at: datetime) -> Sequence[ListingSource]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, product_gid="", dirty=True)
        rows = rows.exclude(link_gid="").order_by("pk").select_related("product")[:limit]
        found = sources([row.product for row in rows], at)
        release_connection()
        return found

    def keep_linked(self, link: Link, at: datetime) -> None:
        with transaction.atomic():
            row = _locked(link.source)
            row.product_gid = link.shown.product_id
            row.linked, row.link_gid, row.candidate_gid = True, "", ""
            row.known, row.echoed, row.own = dict(link.shown.values), {}, {}
            row.compared_at = at
            row.save()
            for line in ListingVariant.objects.filter(pk__in=link.variants):
                shown = link.variants[line.pk]
                line.variant_gid = shown.variant_id
                line.inventory_item_gid = shown.inventory_item_id
                line.known, line.own = dict(shown.values), {}
                line.known_tracked, line.known_oversell = shown.tracked, shown.oversell
                line.known_quantity, line.stocked_at_location = None, ""
                line.save()
            ForeignProduct.objects.filter(
                marketplace_id=row.marketplace_id, product_gid=row.product_gid
            ).delete()
            _note_step(row, LINK, at)
            _tell_missing(row, link, at)
            review_again([row.product_id])
            if refresh_dirty(list(link.variants)):
                work.push_stock(row.marketplace_id)
        release_connection()

    def keep_not_linked(self, source: ListingSource, why: str, at: datetime) -> None:
        with transaction.atomic():
            row = _locked(source)
            row.link_gid, row.dirty, row.publish_error = "", False, why
            row.state = ListingState.REVIEW
            row.save()
            review_again([row.product_id])
            del at
        release_connection()

    def unlinks_due(self, marketplace_id: int, limit: int) -> Sequence[Unlink]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, unlink_asked=True)
        found: list[Unlink] = []
        for row in rows.order_by("pk").select_related("vendor")[:limit]:
            lines = row.variants.exclude(inventory_item_gid="").order_by("pk")
            places = {line.stocked_at_location for line in lines} - {""}
            found.append(
                Unlink(
                    row.pk,
                    next(iter(places), row.vendor.location_id),
                    tuple(line.inventory_item_gid for line in lines if line.stocked_at_location),
                    f"unlink-{row.uuid}-{row.product_gid.rpartition('/')[2]}",
                )
            )
        release_connection()
        return found

    def keep_unlinked(self, unlink: Unlink, at: datetime) -> None:
        with transaction.atomic():
            row = Listing.objects.select_for_update().get(pk=unlink.listing_id)
            _note_step(row, UNLINK, at)
            row.product_gid, row.linked, row.unlink_asked = "", False, False
            row.known, row.echoed, row.own = {}, {}, {}
            row.candidate_gid, row.candidate_refused = "", True
            row.state, row.dirty = ListingState.REVIEW, False
            row.save()
            row.variants.update(
                variant_gid="",
                inventory_item_gid="",
                stocked_at_location="",
                known={},
                own={},
                known_tracked=None,
                known_oversell=None,
                known_quantity=None,
                stock_dirty=False,
            )
            resolve_findings(row.marketplace_id, f"listing:{row.pk}", at)
            review_again([row.product_id])
        release_connection()


@transaction.atomic
def ask_link(
    marketplace_id: int, listing_id: int, product_gid: str, user_id: int | None, at: datetime
) -> None:
    """A person says that a listing is a product that is on Shopify already; "": the one that was
    proposed. Raises Rejected.
    """
    row = _mine(marketplace_id, listing_id).first()
    if row is None:
        raise Rejected("There is no such product.")
    if row.product_gid:
        raise Rejected("It is on Shopify already. Unlink it or take it off first.")
    wanted = product_gid or row.candidate_gid
    theirs = ForeignProduct.objects.filter(marketplace_id=marketplace_id, product_gid=wanted)
    if not wanted or not theirs.exists():
        raise Rejected("There is no such product on Shopify.")
    taken = Listing.objects.filter(marketplace_id=marketplace_id, link_gid=wanted)
    if taken.exclude(pk=row.pk).exists():
        raise Rejected("Another product is being linked to it.")
    row.link_gid, row.state, row.dirty = wanted, ListingState.APPROVED, True
    row.approved_at, row.approved_by_id, row.unpublished_because = at, user_id, ""
    row.publish_error = ""
    row.save()
    work.publish_listings(marketplace_id)


@transaction.atomic
def link_as_proposed(
    marketplace_id: int, listing_ids: Sequence[int], user_id: int | None, at: datetime
) -> tuple[list[int], list[int]]:
    """Returns the listings that are being linked, and those that cannot be: no proposal, or it is
    another's by now.
    """
    wanted = list(listing_ids)
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk__in=wanted)
    proposed = list(rows.exclude(candidate_gid="").filter(product_gid="", link_gid=""))
    taken: set[str] = set()
    done: list[int] = []
    for row in proposed:
        if row.candidate_gid in taken:
            continue
        taken.add(row.candidate_gid)
        try:
            with transaction.atomic():
                ask_link(marketplace_id, row.pk, "", user_id, at)
        except Rejected:
            continue
        done.append(row.pk)
    mine = set(rows.values_list("pk", flat=True))
    return done, sorted(mine - set(done))


@transaction.atomic
def refuse_link(marketplace_id: int, listing_id: int) -> None:
    """A person says that the proposed product is another one. Raises Rejected."""
    row = _mine(marketplace_id, listing_id).first()
    if row is None:
        raise Rejected("There is no such product.")
    row.candidate_gid, row.candidate_by, row.candidate_refused = "", "", True
    row.save()
    review_again([row.product_id])


@transaction.atomic
def ask_unlink(marketplace_id: int, listing_id: int) -> None:
    """The listing leaves its product, which stays on Shopify as it is. Raises Rejected."""
    row = _mine(marketplace_id, listing_id).filter(linked=True).first()
    if row is None:
        raise Rejected("It is not linked.")
    row.unlink_asked = True
    row.save(update_fields=["unlink_asked"])
    work.publish_listings(marketplace_id)


def _mine(marketplace_id: int, listing_id: int) -> "QuerySet[Listing]":
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk=listing_id)
    return rows.select_for_update(of=("self",))


def _locked(source: ListingSource) -> Listing:
    rows = Listing.objects.select_for_update(of=("self",)).select_related("product")
    return rows.get(product_id=source.row_id)


def _note_step(row: Listing, step: str, at: datetime) -> None:
    run, _ = SyncRun.objects.get_or_create(
        marketplace_id=row.marketplace_id, finished_at=None, defaults={"started_at": at}
    )
    product = {"product": {"product_gid": row.product_gid, Field.TITLE: row.known.get("title")}}
    ListingChange.objects.create(
        marketplace_id=row.marketplace_id,
        run=run,
        listing=row,
        step=step,
        before={**product, "variants": {}} if step == UNLINK else {"product": {}, "variants": {}},
        after={**product, "variants": {}} if step == LINK else {"product": {}, "variants": {}},
        outcome=Outcome.DONE,
        at=at,
    )


def _tell_missing(row: Listing, link: Link, at: datetime) -> None:
    subject = f"listing:{row.pk}"
    resolve_findings(row.marketplace_id, subject, at, ["variant_not_linked", "same_on_shopify"])
    if link.missing:
        evidence = {"product": row.product.name, "variant": ", ".join(link.missing[:5])}
        finding = Finding("variant_not_linked", evidence)
        note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)
