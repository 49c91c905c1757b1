"""What is true about what a marketplace makes of vendors' goods: which come in, what their words
become. Case and stray spaces never matter (`domain.folding`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from html import escape

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.findings import Finding
from longshore.domain.folding import folded
from longshore.domain.listing import Metafield


class Subject(StrEnum):
    """What an import rule looks at. TYPE is the store's own word; PRICE and STOCK are of the
    cheapest and of all variants, in the store's currency and units.
    """

    CATEGORY = "category"
    TAG = "tag"
    TYPE = "type"
    BRAND = "brand"
    NAME = "name"
    SKU = "sku"
    PRICE = "price"
    STOCK = "stock"


class Comparison(StrEnum):
    IS = "is"
    CONTAINS = "contains"
    BELOW = "below"
    AT_LEAST = "at_least"


NUMBERS = frozenset({Subject.PRICE, Subject.STOCK})
ORDERED = frozenset({Comparison.BELOW, Comparison.AT_LEAST})


@dataclass(frozen=True, slots=True)
class ImportRule:
    """Lets products in (`include`) or keeps them out. The first rule that fits decides. What no
    rule fits comes in, unless a rule lets others of the same vendor in: then only those come.
    """

    rule_id: int
    include: bool
    subject: Subject
    comparison: Comparison
    value: str
    name: str = ""
    vendor_id: int | None = None

    def __str__(self) -> str:
        return self.name or f"{self.subject} {self.comparison.replace('_', ' ')} {self.value}"


class NameKind(StrEnum):
    """CATEGORY: a category's product type. CATEGORY_TAG: a tag that a category brings. TAG: another
    word for a tag, none drops it. OPTION, VALUE: of an option and of its values. METAFIELD: where
    an attribute that makes no variations is written, as namespace.key.
    """

    CATEGORY = "category"
    CATEGORY_TAG = "category_tag"
    TAG = "tag"
    OPTION = "option"
    VALUE = "value"
    METAFIELD = "metafield"


@dataclass(frozen=True, slots=True)
class NameRule:
    """What a vendor's word becomes. The first rule that fits decides."""

    kind: NameKind
    source: str
    target: str
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Templates:
    """Texts with {title}, {brand}, {vendor}, {sku}, {category}; a description also with
    {description} and {short}. Empty: the vendor's own.
    """

    title: str = ""
    description: str = ""
    sku: str = ""
    shown_vendor: str = ""


TITLE_WORDS = frozenset({"title", "brand", "vendor", "sku", "category"})
VENDOR_WORDS = frozenset({"brand", "vendor"})
DESCRIPTION_WORDS = TITLE_WORDS | {"description", "short"}
LONGEST_TITLE = 255
"""Shopify takes no longer one (help.shopify.com: product details)."""
_WORD = re.compile(r"\{([a-z_]+)\}")


# --- which goods come in ---


def kept_out_because(
    product: VendorProduct,
    variants: Sequence[VendorVariant],
    rules: Sequence[ImportRule],
    vendor_id: int,
) -> Finding | None:
    """Why the marketplace does not want a product, None when it does."""
    decides = deciding_rule(product, variants, rules, vendor_id)
    if decides is None:
        if not any(rule.include for rule in rules if rule.vendor_id in {None, vendor_id}):
            return None
        return Finding("not_included", {"product": product.name})
    if decides.include:
        return None
    return Finding("kept_out_by_rule", {"product": product.name, "rule": str(decides)})


def deciding_rule(
    product: VendorProduct,
    variants: Sequence[VendorVariant],
    rules: Sequence[ImportRule],
    vendor_id: int,
) -> ImportRule | None:
    """The first rule that fits a vendor's product."""
    mine = (rule for rule in rules if rule.vendor_id in {None, vendor_id})
    return next((rule for rule in mine if _fits(rule, product, variants)), None)


def _fits(rule: ImportRule, product: VendorProduct, variants: Sequence[VendorVariant]) -> bool:
    if rule.subject in NUMBERS:
        number = _price(variants) if rule.subject is Subject.PRICE else _stock(variants)
        return number is not None and _compared(number, rule)
    wanted = folded(rule.value)
    words = map(folded, _words(rule.subject, product, variants))
    if rule.comparison is Comparison.CONTAINS:
        return any(wanted in word for word in words)
    return any(wanted == word for word in words)


def _compared(number: Decimal, rule: ImportRule) -> bool:
    limit = amount_of(rule.value)
    if limit is None:
        return False
    match rule.comparison:
        case Comparison.BELOW:
            return number < limit
        case Comparison.AT_LEAST:
            return number >= limit
        case _:
            return number == limit


def amount_of(text: str) -> Decimal | None:
    """The number that a rule's value is, None where it is none."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _price(variants: Sequence[VendorVariant]) -> Decimal | None:
    return min((one.regular_price for one in variants if one.regular_price), default=None)


def _stock(variants: Sequence[VendorVariant]) -> Decimal | None:
    """None where a variant that is not counted is in stock: it has no number."""
    if any(not one.stock.tracked and one.stock.status == "instock" for one in variants):
        return None
    pooled = max((one.stock.quantity or 0 for one in variants if one.pooled), default=0)
    return Decimal(pooled + sum(one.stock.quantity or 0 for one in variants if not one.pooled))


def _words(
    subject: Subject, product: VendorProduct, variants: Sequence[VendorVariant]
) -> Sequence[str]:
    match subject:
        case Subject.CATEGORY:
            return product.categories
        case Subject.TAG:
            return product.tags
        case Subject.TYPE:
            return [product.raw_type]
        case Subject.BRAND:
            return [product.brand]
        case Subject.SKU:
            return [product.sku, *(one.sku for one in variants)]
        case _:
            return [product.name]


def rule_problem(rule: ImportRule) -> str:
    """Why a rule makes no sense, in words for whoever writes it; "" when it does."""
    if not rule.value.strip():
        return "A rule needs a value."
    if (rule.subject in NUMBERS) and amount_of(rule.value) is None:
        return f"{rule.value} is no number."
    if rule.comparison in ORDERED and rule.subject not in NUMBERS:
        return "Only prices and stock are compared by size."
    if rule.comparison is Comparison.CONTAINS and rule.subject in NUMBERS:
        return "A number contains nothing; compare it by size."
    return ""


def name_problem(rule: NameRule) -> str:
    """Why a name rule makes no sense, in words for whoever writes it; "" when it does."""
    if not rule.source.strip():
        return "A rule needs the vendor's word."
    if rule.kind is NameKind.TAG or rule.target.strip():
        namespace, _, key = rule.target.partition(".")
        if rule.kind is NameKind.METAFIELD and not (namespace.strip() and key.strip()):
            return "A metafield is named as namespace.key, for example custom.material."
        return ""
    return "A rule needs the word that it becomes."


# --- what their words become ---


class Names:
    """The name rules of one vendor, ready to be asked."""

    def __init__(self, rules: Sequence[NameRule], vendor_id: int) -> None:
        self._targets: dict[tuple[NameKind, str], str] = {}
        for rule in rules:
            if rule.vendor_id in {None, vendor_id}:
                self._targets.setdefault((rule.kind, folded(rule.source)), rule.target)

    def word(self, kind: NameKind, word: str) -> str:
        """What it becomes; itself where no rule fits."""
        return self._targets.get((kind, folded(word)), word)

    def product_type(self, categories: Sequence[str]) -> str:
        """The first category that a rule names, else the first one as it is."""
        for category in categories:
            found = self._targets.get((NameKind.CATEGORY, folded(category)))
            if found is not None:
                return found
        return categories[0] if categories else ""

    def tags(self, tags: Sequence[str], categories: Sequence[str]) -> tuple[str, ...]:
        """Each once, whatever its case."""
        words = [self.word(NameKind.TAG, tag) for tag in tags]
        words += [
            self._targets.get((NameKind.CATEGORY_TAG, folded(category)), "")
            for category in categories
        ]
        found: dict[str, str] = {}
        for word in words:
            if word.strip():
                found.setdefault(word.strip().casefold(), word.strip())
        return tuple(found.values())

    def metafields(self, attributes: Sequence[tuple[str, Sequence[str]]]) -> tuple[Metafield, ...]:
        found: dict[str, Metafield] = {}
        for name, values in attributes:
            target = self._targets.get((NameKind.METAFIELD, folded(name)), "")
            namespace, _, key = target.partition(".")
            if namespace and key and values:
                text = ", ".join(values)
                found.setdefault(target, Metafield(namespace, key, "single_line_text_field", text))
        return tuple(found.values())


def merged_options(
    options: Sequence[tuple[str, str]], merges: Sequence[Sequence[str]], most: int
) -> tuple[tuple[str, str], ...]:
    """Options with those of a merge made one, as "Color / Material: Red / Wool". Only a product
    that has more than `most` needs it; the first merge whose options are all there is made first.
    """
    found = list(options)
    for merge in merges:
        if len(found) <= most:
            break
        names = [folded(name) for name in merge]
        parts = [one for one in found if folded(one[0]) in names]
        if len(parts) < len(names):
            continue
        joined = (" / ".join(one[0] for one in parts), " / ".join(one[1] for one in parts))
        place = found.index(parts[0])
        found = [one for one in found if one not in parts]
        found.insert(place, joined)
    return tuple(found)


def template_problem(text: str, words: frozenset[str]) -> str:
    """Which word of a template nobody knows; "" when all are known."""
    unknown = sorted(set(_WORD.findall(text)) - words)
    if not unknown:
        return ""
    known = ", ".join(f"{{{one}}}" for one in sorted(words))
    return f"{{{unknown[0]}}} is not known here. Known are {known}."


def filled(template: str, words: Mapping[str, str], *, html: bool = False) -> str:
    """A template with its words put in; in HTML those that are HTML already stay as they are."""

    def word(match: re.Match[str]) -> str:
        value = words.get(match[1], "")
        return escape(value) if html and match[1] not in {"description", "short"} else value

    text = _WORD.sub(word, template)
    return text if html else " ".join(text.split())
