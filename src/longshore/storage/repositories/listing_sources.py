"""From rows to what a review or a publication looks at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F

from longshore.domain import catalog, pricing
from longshore.domain.findings import Finding
from longshore.domain.ownership import By, Own, OwnValue
from longshore.domain.stock import StockStatus, StoreStock
from longshore.ports.ledger.listings import (
    ListedVariant,
    Listing,
    ListingSource,
    ShopTerms,
    State,
    VendorTerms,
)
from longshore.storage.models import Listing as ListingRow
from longshore.storage.models import (
    ListingVariant,
    LocationLayout,
    Store,
    Storefront,
    VariantSource,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.listing_rules import policies_of, rules_of
from longshore.storage.repositories.translations import chosen_translations


def shop_terms(marketplace_id: int) -> ShopTerms | None:
    """What the storefront asks of listings, None while there is none."""
    row = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    if row is None:
        return None
    return ShopTerms(
        base=pricing.PriceBase(row.currency, row.taxes_included),
        variant_limit=row.variant_limit,
        location_limit=row.location_limit,
        publication_id=row.publication_id,
        per_vendor=row.location_layout == LocationLayout.PER_VENDOR,
        shared_location_id=row.shared_location_id,
        prepared=row.prepared,
        hears="PRODUCTS_UPDATE" in row.webhooks_active,
        read=row.read_at is not None,
        rules=rules_of(marketplace_id),
    )


def sources(products: Sequence[VendorProduct], at: datetime) -> list[ListingSource]:
    """Each product with its variants, its vendor's terms and its listing, in the same order."""
    ids = [one.pk for one in products]
    terms = _vendors(products)
    translations = chosen_translations(products)
    listings = {row.product_id: row for row in ListingRow.objects.filter(product_id__in=ids)}
    lines, elsewhere = _lines(ids)
    variants: defaultdict[int, list[ListedVariant]] = defaultdict(list)
    rows = VendorVariant.objects.filter(product_id__in=ids).order_by("position", "variation_id")
    for row in rows:
        variants[row.product_id].append(_listed(row, lines.get(row.pk)))
    return [
        ListingSource(
            row_id=one.pk,
            product=_translated(_product(one), translations.get(one.pk)),
            left_out=Finding(one.left_out, one.left_out_evidence) if one.left_out else None,
            absent=one.absent_since is not None,
            variants=tuple(variants[one.pk]),
            vendor=terms[one.store_id],
            listing=_listing(listings[one.pk]) if one.pk in listings else None,
            loaded_at=at,
            elsewhere=one.pk in elsewhere,
            kept_back=one.kept_back,
        )
        for one in products
    ]


def _lines(product_ids: Sequence[int]) -> tuple[dict[int, ListingVariant], set[int]]:
    """The listing variants of these products by the product's own vendor variant, whoever's goods
    they sell now; and the products whose goods other vendors have as well.
    """
    rows = ListingVariant.objects.filter(listing__product_id__in=product_ids)
    lines = {row.variant_id: row for row in rows}
    elsewhere: set[int] = set()
    shared = VariantSource.objects.filter(listing_variant__listing__product_id__in=product_ids)
    shared = shared.annotate(home=F("listing_variant__listing__product_id"))
    by_id: dict[int, ListingVariant] = {}
    for source in shared.select_related("variant__product"):
        by_id = by_id or {row.pk: row for row in lines.values()}
        if source.variant.product_id == source.home:
            lines[source.variant_id] = by_id[source.listing_variant_id]
        elif _sells(source.variant):
            elsewhere.add(source.home)
    return lines, elsewhere


def _sells(row: VendorVariant) -> bool:
    there = row.absent_since is None and row.product.absent_since is None
    return there and not row.product.left_out and row.public and bool(row.regular_price)


def _vendors(products: Sequence[VendorProduct]) -> dict[int, VendorTerms]:
    """The terms by store."""
    found: dict[int, VendorTerms] = {}
    rows = Store.objects.filter(pk__in={one.store_id for one in products}).select_related("vendor")
    stores = list(rows)
    if not stores:
        return found
    policies = policies_of(stores[0].marketplace_id, {store.vendor_id for store in stores})
    for store in stores:
        vendor = store.vendor
        found[store.pk] = VendorTerms(
            vendor_id=vendor.pk,
            name=vendor.name,
            auto_approve=vendor.auto_approve,
            base=pricing.PriceBase(store.currency, store.prices_include_tax),
            rule=pricing.PriceRule(vendor.rate, vendor.rate_dated, vendor.tax_factor),
            weight_unit=store.weight_unit,
            country=str(store.profile.get("country") or ""),
            location_id=vendor.location_id,
            policy=policies[vendor.pk],
            drafts_first=vendor.drafts_first,
        )
    return found


def _product(row: VendorProduct) -> catalog.VendorProduct:
    return catalog.VendorProduct(
        product_id=row.product_id,
        kind=catalog.ProductType(row.kind),
        raw_type=row.raw_type,
        status=row.status,
        visible=row.visible,
        protected=row.protected,
        name=row.name,
        slug=row.slug,
        permalink=row.permalink,
        sku=row.sku,
        description_html=row.description_html,
        short_description_html=row.short_description_html,
        categories=tuple(row.categories),
        tags=tuple(row.tags),
        brand=row.brand,
        images=tuple(catalog.VendorImage(*image) for image in row.images),
        option_names=tuple(row.option_names),
        created_at=row.created_in_store,
        modified_at=row.modified_in_store,
        variants=None,
        variation_ids=tuple(row.variation_ids),
        attributes=tuple((name, tuple(values)) for name, values in row.attributes),
    )


def _translated(
    product: catalog.VendorProduct, chosen: VendorProduct | None
) -> catalog.VendorProduct:
    """With the texts of the language that the marketplace chose. Options keep their original words:
    nothing tells which variation is the translation of which.
    """
    if chosen is None:
        return product
    return replace(
        product,
        name=chosen.name,
        description_html=chosen.description_html,
        short_description_html=chosen.short_description_html,
        categories=tuple(chosen.categories),
        tags=tuple(chosen.tags),
    )


def _listed(row: VendorVariant, line: ListingVariant | None) -> ListedVariant:
    made = ListedVariant(row_id=row.pk, variant=_variant(row), absent=row.absent_since is not None)
    if line is None:
        return made
    return replace(
        made,
        key=line.pk,
        variant_gid=line.variant_gid,
        wanted_tracked=line.wanted_tracked,
        wanted_oversell=line.wanted_oversell,
        wanted_quantity=line.wanted_quantity,
        removed=line.removed_at is not None,
        known=line.known,
        own=own_values(line.own),
        accepted_price=line.accepted_price,
    )


def _variant(row: VendorVariant) -> catalog.VendorVariant:
    image: Any = row.image
    return catalog.VendorVariant(
        product_id=row.product_id_in_store,
        variation_id=row.variation_id,
        sku=row.sku,
        barcode=row.barcode,
        regular_price=row.regular_price,
        sale_price=row.sale_price,
        sale_from=row.sale_from,
        sale_to=row.sale_to,
        stock=StoreStock(row.tracked, row.quantity, StockStatus(row.stock_status)),
        pooled=row.pooled,
        options=tuple((name, value) for name, value in row.options),
        weight=row.weight,
        image=catalog.VendorImage(*image) if image else None,
        public=row.public,
        position=row.position,
    )


def _listing(row: ListingRow) -> Listing:
    return Listing(
        listing_id=row.pk,
        uuid=str(row.uuid),
        state=State(row.state),
        linked=row.linked,
        product_gid=row.product_gid,
        dirty=row.dirty,
        unpublished_because=row.unpublished_because,
        known=row.known,
        own=own_values(row.own),
        echoed=row.echoed,
        compared_at=row.compared_at,
        link_gid=row.link_gid,
        joined=row.joins_id is not None,
    )


def own_values(kept: dict[str, Any]) -> dict[str, OwnValue]:
    return {
        name: OwnValue(one["value"], By(one["by"]), one.get("undone")) for name, one in kept.items()
    }


def plain_own(own: Own) -> dict[str, Any]:
    """As a row keeps them."""
    return {
        name: {"value": one.value, "by": one.by.value}
        | ({"undone": one.undone} if one.by is By.UNDO else {})
        for name, one in own.items()
    }
