"""What is true about a listing: what it shall say on Shopify, field by field, and which writes
bring it there from what is believed to stand there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

Value = Any
"""A field's value as JSON: text, None, true or false, or lists of texts."""
Values = Mapping[str, Value]
"""By the names in `Field`."""
UNSAVED = "00000000-0000-0000-0000-000000000000"
"""The uuid of a listing that has no row yet."""
ACTIVE, DRAFT = "ACTIVE", "DRAFT"
"""Shopify's words for a product that buyers may see, and one that they do not."""
WEIGHT_UNITS = {"kg": "KILOGRAMS", "g": "GRAMS", "lbs": "POUNDS", "oz": "OUNCES"}
"""WooCommerce's units (settings/products/woocommerce_weight_unit) as Shopify names them."""


class Field(StrEnum):
    """What a listing says. From OPTIONS on: of each variant."""

    TITLE = "title"
    DESCRIPTION = "description"
    VENDOR = "vendor"
    TYPE = "product_type"
    TAGS = "tags"
    METAFIELDS = "metafields"
    IMAGES = "images"
    OPTION_NAMES = "option_names"
    STATUS = "status"
    ON_SALE = "on_sale"
    OPTIONS = "options"
    PRICE = "price"
    COMPARE_AT = "compare_at"
    SKU = "sku"
    BARCODE = "barcode"
    WEIGHT = "weight"
    IMAGE = "image"


MEDIA = "media"
"""Beside the fields of a product: {source url: media id} of images that Shopify has."""
TEXTS = (Field.TITLE, Field.DESCRIPTION, Field.VENDOR, Field.TYPE)
"""Single values of a product, each written without touching the others."""
SOLD_AS = (Field.PRICE, Field.COMPARE_AT, Field.SKU, Field.BARCODE, Field.WEIGHT)
"""The same of a variant."""


LISTING_FIELDS = frozenset({*TEXTS, Field.TAGS, Field.STATUS})
"""What people may say of a product in the hub."""
VARIANT_FIELDS = frozenset({*SOLD_AS})


@dataclass(frozen=True, slots=True)
class ListingVariantDraft:
    """One variant to publish. `key` is the hub's listing variant id; `variant_id` the Shopify id
    once it has one, so that variants keep their identity when options are renamed. `tracked`,
    `oversell` and `quantity` (at the draft's location) are written only with a new variant: from
    then on stock has a lane of its own.
    """

    key: int
    variant_id: str | None
    options: tuple[tuple[str, str], ...]
    sku: str
    barcode: str
    price: Decimal
    compare_at: Decimal | None
    tracked: bool
    oversell: bool
    weight: Decimal | None
    image_url: str
    quantity: int | None = None
    weight_unit: str = "KILOGRAMS"


@dataclass(frozen=True, slots=True)
class Metafield:
    """`kind` is Shopify's type name, such as single_line_text_field."""

    namespace: str
    key: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ListingDraft:
    """A product as it shall stand on Shopify, whole. `uuid` is the listing's own id and the custom
    id that makes the upsert idempotent. `location_id`: where new variants are stocked. `media`
    maps source urls that are on Shopify already to their media ids.
    """

    uuid: str
    product_id: str | None
    title: str
    description_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    """(source url, alt text)"""
    variants: tuple[ListingVariantDraft, ...]
    location_id: str = ""
    active: bool = True
    on_sale: bool = True
    metafields: tuple[Metafield, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Said:
    """What a listing says, or shall say: of the product, and of each variant by its key."""

    product: Values = field(default_factory=dict[str, Value])
    variants: Mapping[int, Values] = field(default_factory=dict[int, Values])


class Step(StrEnum):
    """One write to Shopify. SET replaces lists whole, all others leave alone what they do not
    name.
    """

    SET = "set"
    CONTENT = "content"
    VARIANTS = "variants"
    TAGS_ADD = "tags_add"
    TAGS_REMOVE = "tags_remove"
    METAFIELDS = "metafields"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


ON_OR_OFF = frozenset({Step.PUBLISH, Step.UNPUBLISH})


@dataclass(frozen=True, slots=True)
class Writing:
    """A step with the fields that it writes."""

    step: Step
    said: Said = Said()


def plain(amount: Decimal | None) -> str | None:
    """The same text for the same amount, however many zeros it was stored with."""
    if amount is None:
        return None
    return format(amount.normalize(), "f") if amount else "0"


def said_by(draft: ListingDraft) -> Said:
    """A draft field by field, without stock, which has a lane of its own."""
    product: dict[str, Value] = {
        Field.TITLE: draft.title,
        Field.DESCRIPTION: draft.description_html,
        Field.VENDOR: draft.vendor,
        Field.TYPE: draft.product_type,
        Field.TAGS: sorted(draft.tags),
        Field.METAFIELDS: {
            f"{one.namespace}.{one.key}": [one.kind, one.value] for one in draft.metafields
        },
        Field.IMAGES: [list(image) for image in draft.images],
        Field.OPTION_NAMES: list(draft.option_names),
        Field.STATUS: ACTIVE if draft.active else DRAFT,
        Field.ON_SALE: draft.on_sale,
    }
    return Said(product, {one.key: _said_by_variant(one) for one in draft.variants})


def _said_by_variant(one: ListingVariantDraft) -> dict[str, Value]:
    weight = plain(one.weight)
    return {
        Field.OPTIONS: [value for _, value in one.options],
        Field.PRICE: plain(one.price),
        Field.COMPARE_AT: plain(one.compare_at),
        Field.SKU: one.sku,
        Field.BARCODE: one.barcode,
        Field.WEIGHT: None if weight is None else f"{weight} {one.weight_unit}",
        Field.IMAGE: one.image_url,
    }


def drafted(draft: ListingDraft, said: Said) -> ListingDraft:
    """The draft with what `said` says in place of its own words. Images that somebody put there by
    hand have no address, and are left out.
    """
    product = said.product
    return replace(
        draft,
        title=product[Field.TITLE],
        description_html=product[Field.DESCRIPTION],
        vendor=product[Field.VENDOR],
        product_type=product[Field.TYPE],
        tags=tuple(product[Field.TAGS]),
        images=tuple((one[0], one[1]) for one in product[Field.IMAGES] if one[0]),
        active=product[Field.STATUS] == ACTIVE,
        on_sale=product[Field.ON_SALE],
        variants=tuple(_drafted(one, said.variants[one.key]) for one in draft.variants),
    )


def _drafted(one: ListingVariantDraft, said: Values) -> ListingVariantDraft:
    amount, _, unit = (said[Field.WEIGHT] or "").partition(" ")
    compare_at = said[Field.COMPARE_AT]
    names = [name for name, _ in one.options]
    return replace(
        one,
        options=tuple(zip(names, said[Field.OPTIONS], strict=True)),
        price=Decimal(said[Field.PRICE]),
        compare_at=None if compare_at is None else Decimal(compare_at),
        sku=said[Field.SKU],
        barcode=said[Field.BARCODE],
        weight=Decimal(amount) if amount else None,
        weight_unit=unit or one.weight_unit,
        image_url=said[Field.IMAGE],
    )


def same(name: str, left: Value, right: Value) -> bool:
    """Whether two values of a field are the same to Shopify: tags know no upper and lower case and
    no order, an image is known by its address.
    """
    if name == Field.ON_SALE:
        return left is right
    if name == Field.TAGS:
        return _folded(left) == _folded(right)
    if name == Field.IMAGES:
        return _images(left) == _images(right)
    return (left or None) == (right or None)


def _folded(tags: Sequence[str] | None) -> frozenset[str]:
    return frozenset(tag.casefold() for tag in tags or ())


def _images(images: Sequence[Sequence[str]] | None) -> list[tuple[str, ...]]:
    """Address and text of each; behind them stands Shopify's id where it has one."""
    return [tuple(one[:2]) for one in images or ()]


def differing(wanted: Values, known: Values, names: Sequence[str]) -> dict[str, Value]:
    """The wanted values of those fields that differ; what is not known differs."""
    return {
        name: wanted[name]
        for name in names
        if name in wanted and not (name in known and same(name, wanted[name], known[name]))
    }


def plan_writes(
    wanted: Said, known: Said, *, exists: bool, linked: bool = False
) -> tuple[Writing, ...]:
    """The writes that bring Shopify from `known` to `wanted`, in the order they must be made; empty
    when nothing differs. `exists`: there is a product already. A variant that `known` does not
    have is new. A `linked` product was there before us: it never gets the whole SET, so its
    options, images and other variants stay.
    """
    if not exists:
        return _created(wanted)
    whole = None if linked else _whole(wanted, known)
    steps = [whole] if whole is not None else _fields(wanted, known)
    steps += _lists(wanted.product, known.product)
    on_sale = wanted.product.get(Field.ON_SALE)
    if on_sale is not None and on_sale is not known.product.get(Field.ON_SALE, False):
        steps.append(_on_sale(on=on_sale))
    return tuple(steps)


def _created(wanted: Said) -> tuple[Writing, ...]:
    if not wanted.product.get(Field.ON_SALE):
        return ()
    product = {name: one for name, one in wanted.product.items() if name != Field.ON_SALE}
    return (Writing(Step.SET, Said(product, wanted.variants)), _on_sale(on=True))


def _on_sale(*, on: bool) -> Writing:
    return Writing(Step.PUBLISH if on else Step.UNPUBLISH, Said({Field.ON_SALE: on}))


def _whole(wanted: Said, known: Said) -> Writing | None:
    """The SET that a changed list needs: other variants, options or images."""
    names = (Field.IMAGES, Field.OPTION_NAMES)
    lists = differing(wanted.product, known.product, names)
    moved = any(
        key not in known.variants
        or differing(one, known.variants[key], (Field.OPTIONS, Field.IMAGE))
        for key, one in wanted.variants.items()
    )
    if not lists and not moved:
        return None
    texts = differing(wanted.product, known.product, (*TEXTS, Field.STATUS))
    return Writing(Step.SET, Said({**texts, **lists}, wanted.variants))


def _fields(wanted: Said, known: Said) -> list[Writing]:
    steps: list[Writing] = []
    texts = differing(wanted.product, known.product, (*TEXTS, Field.STATUS))
    if texts:
        steps.append(Writing(Step.CONTENT, Said(texts)))
    variants: dict[int, Values] = {}
    for key, one in wanted.variants.items():
        changed = differing(one, known.variants[key], SOLD_AS) if key in known.variants else {}
        if changed:
            variants[key] = changed
    if variants:
        steps.append(Writing(Step.VARIANTS, Said({}, variants)))
    return steps


def _lists(wanted: Values, known: Values) -> list[Writing]:
    """Tags and metafields one by one: those of other people stay."""
    steps: list[Writing] = []
    now: list[str] = wanted.get(Field.TAGS) or []
    was: list[str] = known.get(Field.TAGS) or []
    added = [tag for tag in now if tag.casefold() not in _folded(was)]
    removed = [tag for tag in was if tag.casefold() not in _folded(now)]
    if added:
        steps.append(Writing(Step.TAGS_ADD, Said({Field.TAGS: added})))
    if removed and Field.TAGS in wanted:
        steps.append(Writing(Step.TAGS_REMOVE, Said({Field.TAGS: removed})))
    fields: dict[str, Value] = wanted.get(Field.METAFIELDS) or {}
    there: dict[str, Value] = known.get(Field.METAFIELDS) or {}
    changed = {name: one for name, one in fields.items() if there.get(name) != one}
    if changed:
        steps.append(Writing(Step.METAFIELDS, Said({Field.METAFIELDS: changed})))
    return steps


def after(known: Said, writing: Writing) -> Said:
    """What is known once the writing has been done."""
    product = {**known.product}
    for name, value in writing.said.product.items():
        product[name] = _after(writing.step, known.product.get(name), value)
    variants = {**known.variants}
    for key, one in writing.said.variants.items():
        variants[key] = {**variants.get(key, {}), **one}
    return Said(product, variants)


def before(known: Said, writing: Writing) -> Said:
    """What the fields that it writes said before; a variant that was not there has none."""
    product = {name: known.product[name] for name in writing.said.product if name in known.product}
    variants = {
        key: {name: known.variants[key][name] for name in one if name in known.variants[key]}
        for key, one in writing.said.variants.items()
        if key in known.variants
    }
    return Said(product, variants)


def _after(step: Step, known: Value, value: Value) -> Value:
    match step:
        case Step.TAGS_ADD:
            there: list[str] = known or []
            return sorted({*there, *value})
        case Step.TAGS_REMOVE:
            gone = _folded(value)
            tags: list[str] = known or []
            return [tag for tag in tags if tag.casefold() not in gone]
        case Step.METAFIELDS:
            fields: dict[str, Value] = known or {}
            return {**fields, **value}
        case _:
            return value
