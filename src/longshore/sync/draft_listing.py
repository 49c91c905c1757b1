"""Draft a listing: the product as it shall stand on Shopify, made of what the store has."""

import hashlib
from datetime import datetime
from decimal import Decimal

from longshore.domain.catalog import ProductType, VendorProduct, options_in_order
from longshore.domain.findings import Finding
from longshore.domain.pricing import Price, price_variant
from longshore.ports.ledger.listings import ListedVariant, ListingSource, ShopTerms
from longshore.ports.storefronts import ListingDraft, ListingVariantDraft

_WEIGHT_UNITS = {"kg": "KILOGRAMS", "g": "GRAMS", "lbs": "POUNDS", "oz": "OUNCES"}
_UNSAVED = "00000000-0000-0000-0000-000000000000"


def draft_listing(source: ListingSource, shop: ShopTerms, now: datetime) -> ListingDraft | Finding:
    """The draft at `now`'s prices, or what keeps a price from being made.

    Variants that the store has no more but Shopify does stay, at their last price and without
    stock: nothing is deleted there by itself, and their identity survives a mistake.
    """
    product = source.product
    variants: list[ListingVariantDraft] = []
    for listed in drafted_variants(source):
        price = price_variant(
            listed.variant, source.vendor.base, shop.base, source.vendor.rule, now
        )
        if isinstance(price, Finding):
            return _named(price, source)
        variants.append(_variant(listed, price, product))
    return ListingDraft(
        uuid=source.listing.uuid if source.listing else _UNSAVED,
        product_id=(source.listing.product_gid or None) if source.listing else None,
        title=product.name,
        description_html=product.description_html or product.short_description_html,
        vendor=source.vendor.name,
        product_type=product.categories[0] if product.categories else "",
        tags=tuple(dict.fromkeys(product.tags)),
        option_names=product.option_names,
        images=tuple((image.url, image.alt) for image in product.images),
        variants=tuple(variants),
        weight_unit=_WEIGHT_UNITS.get(source.vendor.weight_unit, "KILOGRAMS"),
    )


def drafted_variants(source: ListingSource) -> list[ListedVariant]:
    """The variants that a draft has, in the store's order."""
    live = [one for one in source.variants if sellable(one)]
    taken = {_key(one, source.product) for one in live}
    kept: list[ListedVariant] = []
    for one in source.variants:
        key = _key(one, source.product)
        if one.absent and one.variant_gid and one.variant.regular_price and key not in taken:
            taken.add(key)
            kept.append(one)
    if source.product.kind is ProductType.SIMPLE:
        kept = []
    kept = [one for one in kept if all(value for _, value in _options(one, source.product))]
    return sorted([*live, *kept], key=lambda one: (one.variant.position, one.variant.variation_id))


def sellable(one: ListedVariant) -> bool:
    """Whether the store sells this variant: it is there, public, and has a price."""
    return not one.absent and one.variant.public and bool(one.variant.regular_price)


def draft_digest(draft: ListingDraft) -> str:
    """A hash of what a draft says, without what only identifies it, and without stock, which has a
    lane of its own.
    """
    said = (
        draft.title,
        draft.description_html,
        draft.vendor,
        draft.product_type,
        draft.tags,
        draft.option_names,
        draft.images,
        draft.weight_unit,
        draft.active,
        tuple(
            (
                one.options,
                one.sku,
                one.barcode,
                _plain(one.price),
                _plain(one.compare_at),
                _plain(one.weight),
                one.image_url,
            )
            for one in draft.variants
        ),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _variant(listed: ListedVariant, price: Price, product: VendorProduct) -> ListingVariantDraft:
    one = listed.variant
    return ListingVariantDraft(
        key=listed.key,
        variant_id=listed.variant_gid or None,
        options=_options(listed, product),
        sku=one.sku,
        barcode=one.barcode,
        price=price.price.amount,
        compare_at=price.compare_at.amount if price.compare_at else None,
        # Until the rules have decided, nothing can be bought.
        tracked=True if listed.wanted_tracked is None else listed.wanted_tracked,
        oversell=listed.wanted_oversell,
        weight=one.weight,
        image_url=one.image.url if one.image else "",
    )


def _options(one: ListedVariant, product: VendorProduct) -> tuple[tuple[str, str], ...]:
    return options_in_order(product.option_names, one.variant.options)


def _key(one: ListedVariant, product: VendorProduct) -> tuple[str, ...]:
    return tuple(value.casefold() for _, value in _options(one, product))


def _plain(amount: Decimal | None) -> str | None:
    """The same text for the same amount, however many zeros it was stored with."""
    return None if amount is None else format(amount.normalize(), "f")


def _named(problem: Finding, source: ListingSource) -> Finding:
    evidence = {**problem.evidence, "vendor": source.vendor.name, "product": source.product.name}
    return Finding(problem.code, evidence)
