"""The names of faults. Each has one line, and the row of the failure study or of the doctor's table
that it stands for (a letter and a number).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`default`: the value when none is given. `acts`: adding it changes the shop then and there.
    `lasting`: it holds until it is cleared. Both take no `times`, `match` or `after`.
    """

    name: str
    line: str
    row: str
    default: str = "1"
    acts: bool = False
    lasting: bool = False

    @property
    def bites(self) -> bool:
        """It happens to single requests, which may be chosen and counted."""
        return not (self.acts or self.lasting)


_ROWS = (
    # who is asking
    Kind("strip_auth", "the Authorization header never reaches PHP", "C01 D35"),
    Kind("is_ssl_false", "TLS ends at a proxy, PHP believes it is on http", "C04 D36"),
    Kind("key_unknown", "no key is known: revoked, or of another shop", "C05 D34"),
    Kind("key_ro", "every key is Read only", "C11 D39"),
    Kind("key_wo", "every key is Write only", "C11 D39b"),
    Kind("role_low", "the keys' users have too few rights; value: the role", "C11 D40", "customer"),
    Kind("user_deleted", "the keys' users were deleted, and their keys with them", "C05 D34"),
    Kind(
        "only_get_post",
        "other verbs than GET and POST are turned away; value: status",
        "C10 D32",
        "405",
    ),
    Kind("block_ua", "a pattern of User-Agents is turned away (455)", "C09 D30", "(?i)python|^$"),
    Kind("jwt_plugin", "a plugin takes the Authorization header for a JWT (403)", "C15 D14"),
    Kind(
        "site_basic_auth",
        "the whole site asks for a password; value: user:password",
        "C15 D15",
        "staging:secret",
    ),
    Kind("rest_login", "a plugin closes the REST API to strangers (401)", "C15 D13"),
    Kind("skew", "the shop's clock is wrong; value: seconds", "X07 D38", "1200", acts=True),
    # on the way
    Kind(
        "redirect",
        "every address is sent on; value: status,www|https|slash|login|address",
        "C02 D10 D11",
        "301,https",
    ),
    Kind("latency", "each answer waits; value: seconds", "C08 D48", "1"),
    Kind("rate_limit", "429 with Retry-After; value: its seconds", "C08 D49", "2"),
    Kind("burst_5xx", "a proxy's error page, nothing done; value: status", "C08 D48", "503"),
    Kind("hang", "nothing is done and nothing answered; value: seconds", "C08 D48", "60"),
    Kind("reset", "the connection is reset before anything is done", "C08"),
    Kind(
        "reset_after_bytes",
        "the work is done, the answer breaks off; value: bytes of the body",
        "C08",
        "200",
    ),
    Kind(
        "truncated",
        "the work is done, JSON ends early in a whole answer; value: bytes",
        "C13 D46",
        "200",
    ),
    Kind(
        "commit_then_timeout",
        "all is done, no answer comes; an order settles after so many seconds",
        "O01",
        "5",
    ),
    Kind(
        "commit_then_502",
        "all is done, a proxy says 502; an order settles after so many seconds",
        "O01",
        "5",
    ),
    Kind("empty_200", "200 with nothing in it", "C08 C13"),
    Kind("bom", "a byte order mark before the JSON", "C13 D46"),
    Kind("notice_prefix", "a PHP notice before the JSON", "C13 D46"),
    Kind("comment_suffix", "an HTML comment of a cache plugin after the JSON", "C13 D46"),
    Kind("gzip_bomb", "a small gzip answer of many megabytes; value: megabytes", "X01", "64"),
    Kind(
        "cache_rest",
        "GETs are answered from a cache; value: seconds it keeps them",
        "C07 D45",
        "604800",
    ),
    Kind("waf", "a firewall answers instead; value: see blocks.py", "C03 D20-D31", "cloudflare"),
    Kind("maintenance", "WordPress is being updated (503)", "C15 D50"),
    Kind("no_totals", "a proxy takes X-WP-Total away", "D44"),
    Kind("no_query", "the server drops everything after the question mark", "D41"),
    Kind("legacy_off", "the old API below /wc-api/ is switched off", "D19", acts=True),
    Kind(
        "old_wc", "the shop is another release; value: 2.2, 3.5.8 ...", "D18 D52", "2.6", acts=True
    ),
    Kind("woocommerce_off", "WooCommerce is switched off: no wc routes", "D17", lasting=True),
    # the catalog
    Kind("equal_dates", "all products share one date", "R01", acts=True),
    Kind(
        "insert_mid_scan",
        "products appear while pages are read; value: how many in all",
        "R04",
        "1",
    ),
    Kind(
        "delete_mid_scan",
        "products vanish while pages are read; value: how many in all",
        "R03 R04",
        "1",
    ),
    Kind(
        "fail_if_per_page_gt",
        "big pages kill PHP (500); value: the biggest page that works",
        "R10 D47",
        "20",
    ),
    Kind("poison_item", "a list with this product dies (500); value: its id", "R10 D47", "0"),
    Kind("type_noise", "numbers as text, text as numbers, lists as objects", "R06", lasting=True),
    Kind("no_price", "so many products lose their price", "R05", "3", acts=True),
    Kind(
        "any_variations",
        "so many variable products get a variation with an open option",
        "R08",
        "1",
        acts=True,
    ),
    Kind("dup_sku", "so many products share one SKU", "R09", "2", acts=True),
    Kind("type_change", "a variable product becomes simple; value: its id", "R08", "0", acts=True),
    Kind(
        "wpml",
        "WPML: so many products exist in German too, with the same SKU",
        "L01 D53",
        "3",
        acts=True,
    ),
    Kind(
        "polylang",
        "Polylang: so many products exist in German too, with the same SKU",
        "L01 D53",
        "3",
        acts=True,
    ),
    Kind(
        "currency_by_user",
        "prices and orders in the currency of the key's user; value: code",
        "L03 D58",
        "USD",
        lasting=True,
    ),
    Kind("locale", "the shop speaks this language; value: fr, de", "L04", "fr", lasting=True),
    # stock
    Kind("pooled", "so many variable products count their stock together", "S05", "1", acts=True),
    Kind("negative", "so many products have a quantity below zero", "S06", "1", acts=True),
    Kind("decimal", "so many products have a fractional quantity", "S06", "1", acts=True),
    Kind(
        "manage_stock_off",
        "stock management is switched off for the whole shop",
        "S07 D57",
        acts=True,
    ),
    Kind(
        "direct_meta_write",
        "so many quantities are changed in the database, unseen",
        "R02",
        "1",
        acts=True,
    ),
    Kind(
        "mass_zero",
        "an ERP sets this share of all counted products to zero; value: per cent",
        "S08",
        "100",
        acts=True,
    ),
    # orders
    Kind(
        "accept_missing_product",
        "orders of unknown products are taken, as this version does; value off: refused",
        "O03",
        "on",
        acts=True,
    ),
    Kind(
        "email_required",
        "a plugin takes no order without the customer's e-mail address",
        "O06",
        acts=True,
    ),
    Kind(
        "refuse_order",
        "a plugin refuses new orders (400), nothing done; value: what it says",
        "O06 O11",
        "We do not ship to this address.",
    ),
    Kind("ignore_filters", "lists of orders and products ignore every filter", "O02 R07"),
    Kind(
        "mail_log",
        "what the shop mails to buyers is kept, as always; value off: forgotten",
        "O07",
        "on",
        acts=True,
    ),
    Kind("vendor_cancels", "the newest so many open orders are canceled", "O11", "1", acts=True),
    Kind("trash", "the newest so many orders go to the trash", "O11", "1", acts=True),
    Kind("custom_status", "a plugin adds a status; value: its slug", "F04", "shipped", acts=True),
    Kind(
        "tracking_plugin",
        "a tracking plugin is active; value: official, ast or none",
        "F01 D55",
        "official",
        acts=True,
    ),
    Kind("classic", "orders are kept as posts", "F02 R01", acts=True),
    Kind("hpos", "orders are kept in tables of their own", "F02 D56", acts=True),
    # webhooks
    Kind("drop", "deliveries are lost", "W01"),
    Kind("dup", "deliveries are sent twice", "W06"),
    Kind("shuffle", "deliveries of one run are sent in reverse order", "W06", lasting=True),
    Kind("same_delivery_id", "all deliveries carry one id", "W03", lasting=True),
    Kind(
        "unsigned_ping",
        "the ping at creation is unsigned, as always; value off: there is none",
        "W02 W04",
        "on",
        lasting=True,
    ),
    Kind("owner_deleted", "deliveries carry an error instead of the object", "W05", lasting=True),
    Kind(
        "auto_disable",
        "webhooks are disabled early; value: failures in a row that are borne",
        "W01",
        "0",
        lasting=True,
    ),
)
KINDS = {kind.name: kind for kind in _ROWS}
