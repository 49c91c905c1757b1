"""Draft a listing: the product as it shall stand on Shopify, made of what the store has by the
marketplace's rules, with the values that people decided otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from longshore.domain.catalog import MAX_OPTIONS, ProductType, VendorProduct, options_in_order
from longshore.domain.findings import Finding
from longshore.domain.folding import folded
from longshore.domain.listing import (
    MEDIA,
    UNSAVED,
    WEIGHT_UNITS,
    Field,
    ListingDraft,
    ListingVariantDraft,
    Said,
    Writing,
    drafted,
    plan_writes,
    said_by,
)
from longshore.domain.mapping import LONGEST_TITLE, NameKind, Names, filled, merged_options
from longshore.domain.markup import PricedGoods, is_suspicious
from longshore.domain.ownership import OwnValues, decide
from longshore.domain.pricing import price_variant
from longshore.ports.ledger.listings import (
    ON,
    ListedVariant,
    ListingSource,
    ShopTerms,
    VariantPrice,
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """`draft` and `wanted` say the same, `known` is what Shopify says now, `vendors` what the
    vendor's goods alone would make. `prices` are by the vendor variants' rows, before anybody's own
    price. `problems` keep it from being published.
    """

    draft: ListingDraft
    vendors: ListingDraft
    wanted: Said
    known: Said
    prices: Mapping[int, VariantPrice]
    problems: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()

    def writes(self, source: ListingSource) -> tuple[Writing, ...]:
        """What brings Shopify there."""
        exists = self.draft.product_id is not None
        linked = source.listing is not None and source.listing.linked
        return plan_writes(self.wanted, self.known, exists=exists, linked=linked)


def draft_listing(
    source: ListingSource, shop: ShopTerms, now: datetime, location_id: str = ""
) -> Drafted | Finding:
    """The draft at `now`'s prices, or what keeps a price from being made. New variants are stocked
    at `location_id`, else at the vendor's.

    Variants that the store has no more but Shopify does stay, at their last price and without
    stock: nothing is deleted there by itself, and their identity survives a mistake.
    """
    words = _Words(source, shop)
    prices: dict[int, VariantPrice] = {}
    variants: list[ListingVariantDraft] = []
    for listed in drafted_variants(source):
        price = _price(source, listed, shop, now)
        if isinstance(price, Finding):
            return _named(price, source)
        prices[listed.row_id] = price
        variants.append(words.variant(listed, price))
    draft = words.product(tuple(variants), location_id or source.vendor.location_id)
    listing = source.listing
    known, own = known_of(source), own_of(source)
    wanted = decide(
        said_by(draft),
        known,
        own,
        source.vendor.policy.owners,
        exists=draft.product_id is not None,
        linked=listing is not None and listing.linked,
    )
    effective = drafted(draft, wanted)
    return Drafted(
        draft=effective,
        vendors=draft,
        wanted=wanted,
        known=known,
        prices=prices,
        problems=_problems(source, effective),
        notes=_notes(source, prices),
    )


def bare_draft(source: ListingSource) -> ListingDraft:
    """A draft of a listing that is only to be taken off sale."""
    listing = source.listing
    return ListingDraft(
        uuid=listing.uuid if listing else UNSAVED,
        product_id=(listing.product_gid or None) if listing else None,
        title=source.product.name,
        description_html="",
        vendor="",
        product_type="",
        tags=(),
        option_names=(),
        images=(),
        variants=(),
        on_sale=False,
    )


def known_of(source: ListingSource) -> Said:
    """What Shopify says of a listing, as we believe."""
    variants = {one.key: one.known for one in source.variants if one.key and one.variant_gid}
    return Said(source.listing.known if source.listing else {}, variants)


def own_of(source: ListingSource) -> OwnValues:
    variants = {one.key: one.own for one in source.variants if one.key and one.own}
    return OwnValues(source.listing.own if source.listing else {}, variants)


# --- which variants ---


def drafted_variants(source: ListingSource) -> list[ListedVariant]:
    """The variants that a draft has, in the store's order."""
    live = [one for one in source.variants if sellable(one)]
    taken = {_key(one, source.product) for one in live}
    kept: list[ListedVariant] = []
    for one in source.variants:
        key = _key(one, source.product)
        stays = one.absent and one.variant_gid and not one.removed and one.variant.regular_price
        if stays and key not in taken:
            taken.add(key)
            kept.append(one)
    if source.product.kind is ProductType.SIMPLE:  # its variations of before are others
        kept = [one for one in kept if one.variant.variation_id == 0]
    kept = [one for one in kept if all(value for _, value in options_of(one, source.product))]
    return sorted([*live, *kept], key=lambda one: (one.variant.position, one.variant.variation_id))


def sellable(one: ListedVariant) -> bool:
    """Whether this variant can be sold: the store has it, public and with a price, and nobody
    deleted it on Shopify.
    """
    there = not one.absent and not one.removed and one.variant.public
    return there and bool(one.variant.regular_price)


def options_of(one: ListedVariant, product: VendorProduct) -> tuple[tuple[str, str], ...]:
    return options_in_order(product.option_names, one.variant.options)


def _key(one: ListedVariant, product: VendorProduct) -> tuple[str, ...]:
    return tuple(folded(value) for _, value in options_of(one, product))


# --- what they say ---


class _Words:
    """What the marketplace makes of one product's words."""

    def __init__(self, source: ListingSource, shop: ShopTerms) -> None:
        self._source = source
        self._product = source.product
        self._policy = source.vendor.policy
        self._names = Names(shop.rules.names, source.vendor.vendor_id)
        self._unit = WEIGHT_UNITS.get(source.vendor.weight_unit.casefold())
        templates = self._policy.templates
        brand = {"brand": self._product.brand, "vendor": source.vendor.name}
        shown = filled(templates.shown_vendor, brand) if templates.shown_vendor else ""
        self._vendor = shown or source.vendor.name

    def product(self, variants: tuple[ListingVariantDraft, ...], location_id: str) -> ListingDraft:
        product, listing = self._product, self._source.listing
        templates = self._policy.templates
        words = self._known_words(product.sku)
        description = product.description_html or product.short_description_html
        if templates.description:
            description = filled(templates.description, words, html=True)
        images: dict[str, str] = {}
        for image in product.images:
            images.setdefault(image.url, image.alt)
        media: Mapping[str, str] = (listing.known.get(MEDIA) or {}) if listing else {}
        return ListingDraft(
            uuid=listing.uuid if listing else UNSAVED,
            product_id=(listing.product_gid or None) if listing else None,
            title=filled(templates.title, words) if templates.title else product.name,
            description_html=description,
            vendor=self._vendor,
            product_type=self._names.product_type(product.categories),
            tags=self._names.tags(product.tags, product.categories),
            option_names=self.option_names(),
            images=tuple(images.items()),
            variants=variants,
            location_id=location_id,
            on_sale=listing is None or not listing.product_gid or listing.state in ON,
            metafields=self._names.metafields(product.attributes),
            media=media,
        )

    def option_names(self) -> tuple[str, ...]:
        return tuple(
            name for name, _ in self.options([(n, "") for n in self._product.option_names])
        )

    def options(self, options: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        named = [
            (self._names.word(NameKind.OPTION, name), self._names.word(NameKind.VALUE, value))
            for name, value in options
        ]
        return merged_options(named, self._policy.merges, MAX_OPTIONS)

    def variant(self, listed: ListedVariant, price: VariantPrice) -> ListingVariantDraft:
        one = listed.variant
        template = self._policy.templates.sku
        sku = filled(template, self._known_words(one.sku)) if template and one.sku else one.sku
        return ListingVariantDraft(
            key=listed.key or -listed.row_id,
            variant_id=listed.variant_gid or None,
            options=self.options(options_of(listed, self._product)),
            sku=sku,
            barcode=one.barcode,
            price=price.price,
            compare_at=price.compare_at,
            # Until the rules have decided, nothing can be bought.
            tracked=True if listed.wanted_tracked is None else listed.wanted_tracked,
            oversell=listed.wanted_oversell,
            quantity=listed.wanted_quantity or 0,
            weight=one.weight if self._unit else None,
            weight_unit=self._unit or "KILOGRAMS",
            image_url=one.image.url if one.image else "",
        )

    def _known_words(self, sku: str) -> dict[str, str]:
        product = self._product
        return {
            "title": product.name,
            "brand": product.brand,
            "vendor": self._vendor,
            "sku": sku,
            "category": product.categories[0] if product.categories else "",
            "description": product.description_html,
            "short": product.short_description_html,
        }


# --- what they cost ---


def _price(
    source: ListingSource, listed: ListedVariant, shop: ShopTerms, now: datetime
) -> VariantPrice | Finding:
    """A price too far from the last good one is held: that one stays."""
    vendor, product = source.vendor, source.product
    goods = PricedGoods(vendor.vendor_id, product.categories, product.tags)
    found = price_variant(
        listed.variant, vendor.base, shop.base, vendor.rule, now, shop.rules.markups, goods
    )
    if isinstance(found, Finding):
        return found
    amount = found.price.amount
    compare_at = found.compare_at.amount if found.compare_at else None
    known = listed.known.get(Field.PRICE)
    if known is None or Field.PRICE in listed.own or amount == listed.accepted_price:
        return VariantPrice(amount, compare_at, found.rule)
    if not is_suspicious(Decimal(known), amount, vendor.policy.tolerance):
        return VariantPrice(amount, compare_at, found.rule)
    before = listed.known.get(Field.COMPARE_AT)
    return VariantPrice(
        Decimal(known),
        None if before is None else Decimal(before),
        found.rule,
        held=amount,
        held_compare_at=compare_at,
    )


# --- what is wrong with them ---


def _problems(source: ListingSource, draft: ListingDraft) -> tuple[Finding, ...]:
    length = len(draft.title)
    if length <= LONGEST_TITLE:
        return ()
    evidence = {"product": source.product.name, "length": length, "limit": LONGEST_TITLE}
    return (Finding("title_too_long", evidence),)


def _notes(source: ListingSource, prices: Mapping[int, VariantPrice]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    held = next((one for one in prices.values() if one.held is not None), None)
    if held is not None:
        evidence = {
            "product": source.product.name,
            "before": str(held.price),
            "after": str(held.held),
        }
        found.append(Finding("price_held", evidence))
    unit = source.vendor.weight_unit
    weighed = any(one.variant.weight for one in source.variants)
    if weighed and unit.casefold() not in WEIGHT_UNITS:
        found.append(Finding("weight_unit_unknown", {"vendor": source.vendor.name, "unit": unit}))
    return tuple(found)


def _named(problem: Finding, source: ListingSource) -> Finding:
    evidence = {**problem.evidence, "vendor": source.vendor.name, "product": source.product.name}
    return Finding(problem.code, evidence)


def option_names(source: ListingSource, shop: ShopTerms | None) -> tuple[str, ...]:
    """A product's options as its listing has them."""
    return _Words(source, shop).option_names() if shop else source.product.option_names


def listing_options(
    source: ListingSource, shop: ShopTerms | None, one: ListedVariant
) -> tuple[tuple[str, str], ...]:
    """A variant's options as its listing has them."""
    options = options_of(one, source.product)
    return _Words(source, shop).options(options) if shop else options


__all__ = [
    "Drafted",
    "bare_draft",
    "draft_listing",
    "drafted_variants",
    "known_of",
    "listing_options",
    "option_names",
    "sellable",
]
