"""Verdicts on what the shop says of itself once we are in."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

FACTS = (
    Verdict(
        "D52",
        WARNING,
        VENDOR,
        "The shop runs WooCommerce {version}.",
        "It is old: {limit}",
        "Update WooCommerce; there may be bugs that newer versions have mended.",
    ),
    Verdict(
        "D52x",
        STOP,
        VENDOR,
        "The shop runs WooCommerce {version}.",
        "Versions before 2.2.0 cannot take orders from outside.",
        "Update WooCommerce to a current version.",
    ),
    Verdict(
        "D53",
        NOTE,
        OPERATOR,
        "The shop has several languages: {languages}.",
        "Products are imported in {language}.",
        "Another language can be chosen by the marketplace in the vendor's settings.",
    ),
    Verdict(
        "D54",
        NOTE,
        NOBODY,
        "The shop is translated on the fly by {plugin}.",
        "Only the base language can be imported: the translations are not in the shop's data.",
        "Nothing to do.",
    ),
    Verdict(
        "D55",
        NOTE,
        VENDOR,
        "The shop has no plugin that keeps tracking numbers.",
        "An order counts as shipped when it is set to Completed, without a number.",
        "To send numbers, install WooCommerce Shipment Tracking or Advanced Shipment Tracking, or"
        " type them here.",
    ),
    Verdict(
        "D56",
        WARNING,
        VENDOR,
        "{plugin} keeps tracking numbers in a way the shop's new order storage does not show.",
        "Its numbers do not reach us.",
        "Update {plugin}, or switch on compatibility mode under WooCommerce > Settings > Advanced >"
        " Features.",
    ),
    Verdict(
        "D57",
        WARNING,
        VENDOR,
        "Stock management is switched off in the whole shop.",
        "WooCommerce will not lower any stock for our orders; products sell by their stock status.",
        "WooCommerce > Settings > Products > Inventory: tick Enable stock management.",
    ),
    Verdict(
        "D58",
        NOTE,
        OPERATOR,
        "The shop uses {plugin}.",
        "Prices are read in {currency}; stock of bundles and of several warehouses may differ from"
        " what the shop shows.",
        "Compare a few products after the import.",
    ),
    Verdict(
        "D59",
        NOTE,
        HOST,
        "The shop cannot send us notices.",
        "Its server may not call other servers. We look at the shop on a schedule instead.",
        "Nothing to do. The host can allow outgoing requests.",
        "Please allow outgoing HTTPS requests from {host} (WP_HTTP_BLOCK_EXTERNAL, firewall).",
    ),
    Verdict(
        "D60",
        NOTE,
        HOST,
        "The shop's background jobs do not run by themselves.",
        "Its notices come late or never. We look at the shop on a schedule instead.",
        "Nothing to do. The host can call wp-cron.php every five minutes.",
        "DISABLE_WP_CRON is set on {host}. Please call wp-cron.php every five minutes.",
    ),
    Verdict(
        "D61",
        NOTE,
        NOBODY,
        "Our notices were switched off in the shop.",
        "We have made them anew.",
        "Nothing to do.",
    ),
    Verdict(
        "D62",
        WARNING,
        VENDOR,
        "The approval button does not work in this shop.",
        "A security rule blocks the address it uses, or the shop cannot call back.",
        "Make the key by hand: the guide shows where to click.",
    ),
)
