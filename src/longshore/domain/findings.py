"""What is true about problems: a finding is data, its words are looked up by code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from longshore.domain.listing_findings import LISTING_KINDS
from longshore.domain.order_findings import ORDER_KINDS
from longshore.domain.problem import FindingKind, Severity, Who
from longshore.domain.shipping_findings import SHIPPING_KINDS
from longshore.domain.verdicts import VERDICTS

__all__ = ["KINDS", "Finding", "FindingKind", "Severity", "Who"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: its kind's code and the evidence (plain values, redacted, JSON-safe)."""

    code: str
    evidence: Mapping[str, str | int | None] = field(default_factory=dict[str, str | int | None])

    @property
    def kind(self) -> FindingKind:
        return KINDS[self.code]


_CATALOG = (
    FindingKind(
        "product_type_left_out",
        Severity.NOTE,
        Who.NOBODY,
        "{product} is {type}; only simple and variable products are imported.",
        "Nothing to do. Change the product's type in the shop if it should be sold here.",
    ),
    FindingKind(
        "product_not_public",
        Severity.NOTE,
        Who.NOBODY,
        "{product} is not public in the shop ({status}).",
        "Publish it in the shop and it is imported by itself.",
    ),
    FindingKind(
        "product_translation",
        Severity.NOTE,
        Who.NOBODY,
        "{product} is the translation ({language}) of another product.",
        "Nothing to do. The original is imported once; stock and orders stay on it.",
    ),
    FindingKind(
        "translations_differ",
        Severity.WARNING,
        Who.VENDOR,
        "{count} products of {vendor} show another stock in a translation than in the original.",
        "Let the language plugin keep stock the same in all languages. We use the original's.",
    ),
    FindingKind(
        "product_unreadable",
        Severity.WARNING,
        Who.OPERATOR,
        "Product {product_id} cannot be read: {why}.",
        "Open the product in the shop, save it again, then retry here.",
    ),
    FindingKind(
        "product_no_variants",
        Severity.WARNING,
        Who.VENDOR,
        "{product} has no variation that can be bought.",
        "Add variations with a price in the shop.",
    ),
    FindingKind(
        "variant_any_option",
        Severity.WARNING,
        Who.VENDOR,
        "A variation of {product} does not name its {option}.",
        "Give the variation a fixed {option} in the shop.",
    ),
    FindingKind(
        "variant_same_options",
        Severity.WARNING,
        Who.VENDOR,
        "Two variations of {product} have the same options: {options}.",
        "Remove one of them in the shop.",
    ),
    FindingKind(
        "too_many_options",
        Severity.WARNING,
        Who.OPERATOR,
        "{product} has {count} options; Shopify allows 3.",
        "Ask the vendor to merge options, or leave the product out.",
    ),
    FindingKind(
        "too_many_variants",
        Severity.WARNING,
        Who.OPERATOR,
        "{product} has {count} variants; this Shopify shop allows {limit}.",
        "Ask the vendor to split the product, or leave it out.",
    ),
    FindingKind(
        "no_price",
        Severity.WARNING,
        Who.VENDOR,
        "{product} has no price, so it is not put on sale.",
        "Set a price in the shop.",
    ),
    FindingKind(
        "price_needs_currency_rule",
        Severity.WARNING,
        Who.OPERATOR,
        "Prices of {vendor} are in {from}, the storefront sells in {to}.",
        "Set an exchange rate for this vendor, then approve its products.",
    ),
    FindingKind(
        "price_currency_unknown",
        Severity.WARNING,
        Who.OPERATOR,
        "The shop of {vendor} does not tell the currency of its prices.",
        "Say which one it is on the vendor's page; until then nothing of it is published.",
    ),
    FindingKind(
        "rate_old",
        Severity.WARNING,
        Who.OPERATOR,
        "The exchange rate of {vendor} is of {dated} (1 {from} = {rate} {to}).",
        "Enter today's rate, or say that it is still right. Prices go on with the old one.",
    ),
    FindingKind(
        "price_needs_tax_rule",
        Severity.WARNING,
        Who.OPERATOR,
        "Prices of {vendor} are {from} tax, the storefront's are {to} tax.",
        "Set a tax rule for this vendor, then approve its products.",
    ),
    FindingKind(
        "publish_refused",
        Severity.WARNING,
        Who.OPERATOR,
        "Shopify refused {product}: {why}.",
        "Correct the product as named, then publish again.",
    ),
)

_CONNECTION = (
    FindingKind(
        "store_unreachable",
        Severity.STOP,
        Who.VENDOR,
        "The shop at {host} does not answer.",
        "Check that {host} opens in a browser; if it does not, ask the host.",
    ),
    FindingKind(
        "store_certificate",
        Severity.STOP,
        Who.HOST,
        "The certificate of {host} cannot be trusted.",
        "Ask the host to renew the certificate; every host does that free of charge.",
    ),
    FindingKind(
        "store_address_private",
        Severity.STOP,
        Who.OPERATOR,
        "{host} is an address inside a private network.",
        "Give the shop's public address, or allow the network with LONGSHORE_ALLOW_NETS.",
    ),
    FindingKind(
        "store_key_refused",
        Severity.STOP,
        Who.VENDOR,
        "The shop at {host} refuses the key.",
        "Create a new key with Read/Write access and connect again.",
    ),
    FindingKind(
        "store_key_read_only",
        Severity.STOP,
        Who.VENDOR,
        "The key for {host} may read but not write.",
        "Create a key with Read/Write access and connect again.",
    ),
    FindingKind(
        "store_not_woocommerce",
        Severity.STOP,
        Who.VENDOR,
        "{host} answers, but not as a WooCommerce shop.",
        "Check the address; it must be the shop whose products are to be sold.",
    ),
    FindingKind(
        "store_answer_broken",
        Severity.STOP,
        Who.HOST,
        "{host} sends something other than the shop's data ({what}).",
        "Ask the host whether a firewall, cache or maintenance page answers in place of the shop.",
    ),
    FindingKind(
        "store_catalog_differs",
        Severity.STOP,
        Who.OPERATOR,
        "{host} answers, but only {matched} of {asked} products we compared are those we know.",
        "Say whether it is the same shop. Until then its stock and orders wait as they are.",
    ),
    FindingKind(
        "store_slow_down",
        Severity.NOTE,
        Who.NOBODY,
        "{host} asks us to wait.",
        "Nothing to do. Reading goes on by itself.",
    ),
    FindingKind(
        "webhooks_dead",
        Severity.NOTE,
        Who.NOBODY,
        "Notices from {host} do not arrive; the shop is read on a schedule instead.",
        "Nothing to do. Changes are found a little later.",
    ),
    FindingKind(
        "scan_incomplete",
        Severity.WARNING,
        Who.NOBODY,
        "The catalog of {host} kept changing while it was read ({seen} of {total}).",
        "Nothing to do. It is read again by itself; nothing was removed.",
    ),
    FindingKind(
        "storefront_refused",
        Severity.STOP,
        Who.OPERATOR,
        "Shopify refuses the connection: {why}.",
        "Open Settings and connect Shopify again.",
    ),
    FindingKind(
        "storefront_scope_missing",
        Severity.STOP,
        Who.OPERATOR,
        "Shopify has not granted {scope}; {feature} cannot work.",
        "Grant the scope to the app in Shopify, then test the connection again.",
    ),
    FindingKind(
        "location_limit",
        Severity.NOTE,
        Who.OPERATOR,
        "The Shopify plan allows no further location; {vendor} shares one.",
        "Nothing to do. Orders still reach the right vendor.",
    ),
    FindingKind(
        "silence",
        Severity.WARNING,
        Who.OPERATOR,
        "{what} has not run since {since}.",
        "Check that a worker is running (longshore up, or longshore worker).",
    ),
)

_BRAKES = (
    FindingKind(
        "held_vanished",
        Severity.STOP,
        Who.OPERATOR,
        "{count} of {total} products of {vendor} are gone from one reading to the next.",
        "Ask {vendor}, then apply or ignore it; until then they stay on sale as they were. What is"
        " still gone after a day is taken off sale by itself.",
    ),
    FindingKind(
        "held_sold_out",
        Severity.STOP,
        Who.OPERATOR,
        "{count} of {total} stock lines of {vendor} went to nothing at once.",
        "Ask {vendor}, then apply or ignore it; until then the last numbers stand, but for what"
        " sold lately. A second full reading after 15 minutes applies it by itself.",
    ),
    FindingKind(
        "held_prices",
        Severity.STOP,
        Who.OPERATOR,
        "{count} of {total} prices of {vendor} moved by more than half at once.",
        "Compare them in {vendor}'s shop, then apply or ignore it; until then the old prices"
        " stand.",
    ),
    FindingKind(
        "held_answers",
        Severity.WARNING,
        Who.VENDOR,
        "{vendor}'s shop sends products that make no sense: {why}.",
        "Ask the host or a developer what changed in the shop; until then the last good values"
        " stand.",
    ),
)

_DOCTOR = tuple(verdict.as_kind() for verdict in VERDICTS.values())

KINDS: Mapping[str, FindingKind] = {
    k.code: k
    for k in (
        *_CATALOG,
        *LISTING_KINDS,
        *_CONNECTION,
        *ORDER_KINDS,
        *SHIPPING_KINDS,
        *_BRAKES,
        *_DOCTOR,
    )
}
