"""From rows to what a review or a publication looks at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from longshore.domain import catalog, pricing
from longshore.domain.findings import Finding
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
    VendorProduct,
    VendorVariant,
)


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
    )


def sources(products: Sequence[VendorProduct], at: datetime) -> list[ListingSource]:
    """Each product with its variants, its vendor's terms and its listing, in the same order."""
    ids = [one.pk for one in products]
    terms = _vendors({one.store_id for one in products})
    listings = {row.product_id: row for row in ListingRow.objects.filter(product_id__in=ids)}
    lines = {
        row.variant_id: row for row in ListingVariant.objects.filter(variant__product_id__in=ids)
    }
    variants: defaultdict[int, list[ListedVariant]] = defaultdict(list)
    rows = VendorVariant.objects.filter(product_id__in=ids).order_by("position", "variation_id")
    for row in rows:
        variants[row.product_id].append(_listed(row, lines.get(row.pk)))
    return [
        ListingSource(
            row_id=one.pk,
            product=_product(one),
            left_out=Finding(one.left_out, one.left_out_evidence) if one.left_out else None,
            absent=one.absent_since is not None,
            variants=tuple(variants[one.pk]),
            vendor=terms[one.store_id],
            listing=_listing(listings[one.pk]) if one.pk in listings else None,
            loaded_at=at,
        )
        for one in products
    ]


def _vendors(store_ids: Iterable[int]) -> dict[int, VendorTerms]:
    found: dict[int, VendorTerms] = {}
    for store in Store.objects.filter(pk__in=list(store_ids)).select_related("vendor"):
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
    )


def _listed(row: VendorVariant, line: ListingVariant | None) -> ListedVariant:
    return ListedVariant(
        row_id=row.pk,
        variant=_variant(row),
        absent=row.absent_since is not None,
        key=line.pk if line else 0,
        variant_gid=line.variant_gid if line else "",
        wanted_tracked=line.wanted_tracked if line else None,
        wanted_oversell=line.wanted_oversell if line else False,
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
        published_digest=row.published_digest,
        unpublished_because=row.unpublished_because,
    )
