"""What fills each table of the benches' large marketplace: rows from generate_series, in SQL."""

from collections.abc import Sequence

from django.db import models

from longshore.storage import models as rows

PRODUCTS_A_VENDOR = 334
VARIANTS = 3
"""A thousand vendors then have a million stock lines."""

Step = tuple[type[models.Model], str, dict[str, str]]
"""A table, the rows it is filled from (FROM ...), and its columns as SQL over them; what is not
named gets its field's default. %(at)s is now, %(m)s the marketplace.
"""

STATE = (
    "CASE WHEN p.product_id %% 25 < 20 THEN 'published' WHEN p.product_id %% 25 < 23 THEN"
    " 'review' WHEN p.product_id %% 25 = 23 THEN 'declined' ELSE 'unpublished' END"
)
WHEN = "%(at)s - (%(orders)s - n) * (interval '365 days' / %(orders)s)"
"""Orders are spread over a year; the newest 3 in 100 are not shipped, the newest 40 not sent."""
OPEN_FROM = "%(orders)s - %(orders)s * 3 / 100"
NUMBER = "substr(o.name, 2)::int"

VENDORS_AND_STORES: Sequence[Step] = (
    (
        rows.Vendor,
        "generate_series(1, %(vendors)s) AS n",
        {
            "name": "'Vendor ' || lpad(n::text, 4, '0')",
            "email": "'shop' || n || '@vendor.example'",
            "buffer": "n %% 3",
            "created_at": "%(at)s",
        },
    ),
    (
        rows.Store,
        "storage_vendor v",
        {
            "vendor_id": "v.id",
            "base_url": "'https://shop-' || v.id || '.vendor.example'",
            "hook_token": "md5(v.id::text || 'hook')",
            "state": "CASE WHEN v.id %% 50 = 0 THEN 'broken' ELSE 'connected' END",
            "name": "v.name",
            "currency": "'EUR'",
            "prices_include_tax": "true",
            "connected_at": "%(at)s - interval '40 days'",
            "last_answer_at": "%(at)s - (v.id %% 90) * interval '1 second'",
            "polled_at": "%(at)s - (v.id %% 90) * interval '1 second'",
            "orders_polled_at": "%(at)s - (v.id %% 90) * interval '1 second'",
            "orders_read_at": "%(at)s - (v.id %% 90) * interval '1 second'",
            "swept_at": "%(at)s - (v.id %% 3000) * interval '1 second'",
        },
    ),
)
CATALOG: Sequence[Step] = (
    (
        rows.VendorProduct,
        f"storage_store s, generate_series(1, {PRODUCTS_A_VENDOR}) AS n",
        {
            "store_id": "s.id",
            "product_id": "n",
            "kind": "'variable'",
            "raw_type": "'variable'",
            "status": "'publish'",
            "name": "(array['Mug','Bowl','Vase','Plate','Jug','Cup'])[1 + n %% 6] || ' ' || "
            "substr(md5(n::text), 1, 6) || ' ' || s.id || '-' || n",
            "sku": "'P-' || s.id || '-' || n",
            "permalink": "s.base_url || '/product/' || n",
            "left_out": "CASE WHEN n %% 40 = 0 THEN 'product_not_public' ELSE '' END",
            "read_at": "%(at)s - interval '30 minutes'",
            "changed_at": "%(at)s - interval '2 days'",
            "review_due": "false",
        },
    ),
    (
        rows.VendorVariant,
        f"storage_vendorproduct p, generate_series(0, {VARIANTS - 1}) AS n",
        {
            "store_id": "p.store_id",
            "product_id": "p.id",
            "product_id_in_store": "p.product_id",
            "variation_id": "p.product_id * 10 + n",
            "sku": "p.sku || '-' || n",
            "barcode": "lpad((p.id * 10 + n)::text, 13, '0')",
            "regular_price": "(5 + p.product_id %% 90)::numeric",
            "tracked": "true",
            "quantity": "((p.id + n) %% 50)::int",
            "stock_status": "'instock'",
            "options": "jsonb_build_array(jsonb_build_array('Size', n::text))",
            "position": "n",
            "stock_requested_at": "%(at)s - interval '30 minutes'",
            "changed_at": "%(at)s - interval '2 days'",
        },
    ),
    (
        rows.Listing,
        "storage_vendorproduct p JOIN storage_store s ON s.id = p.store_id WHERE p.left_out = ''",
        {
            "vendor_id": "s.vendor_id",
            "product_id": "p.id",
            "state": STATE,
            "problems": "CASE WHEN p.product_id %% 25 = 20 THEN "
            "jsonb_build_array(jsonb_build_array('no_price', '{}'::jsonb)) ELSE "
            "'[]'::jsonb END",
            "dirty": "p.product_id %% 250 = 3",
            "created_at": "%(at)s - interval '3 days'",
        },
    ),
    (
        rows.ListingVariant,
        "storage_vendorvariant v JOIN storage_listing l ON l.product_id = v.product_id",
        {
            "listing_id": "l.id",
            "variant_id": "v.id",
            "variant_gid": "CASE WHEN l.state = 'published'"
            " THEN 'gid://shopify/ProductVariant/' || v.id ELSE '' END",
            "inventory_item_gid": "CASE WHEN l.state = 'published'"
            " THEN 'gid://shopify/InventoryItem/' || v.id ELSE '' END",
            "rule": "3",
            "wanted_tracked": "true",
            "wanted_quantity": "v.quantity",
            "known_tracked": "CASE WHEN l.state = 'published' THEN true END",
            "known_quantity": "CASE WHEN l.state = 'published' THEN v.quantity END",
            "decided_at": "%(at)s - interval '20 minutes'",
            "known_at": "CASE WHEN l.state = 'published' THEN %(at)s - interval '19 minutes' END",
            "stock_dirty": "l.state = 'published' AND v.id %% 500 = 0",
        },
    ),
    (
        rows.StockEvent,
        (
            "(SELECT id FROM storage_listingvariant ORDER BY id LIMIT 4000) lv, "
            "generate_series(1, 50) AS n"
        ),
        {
            "listing_variant_id": "lv.id",
            "at": "%(at)s - n * interval '40 minutes'",
            "kind": "(array['reading','decision','write','sale'])[1 + n %% 4]",
            "before": "n",
            "after": "n + 1",
        },
    ),
)
SOLD: Sequence[Step] = (
    (
        rows.StorefrontOrder,
        "generate_series(1, %(orders)s) AS n",
        {
            "order_gid": "'gid://shopify/Order/' || n",
            "name": "'#' || n",
            "created_in_shop": WHEN,
            "updated_in_shop": WHEN,
            "canceled_at": f"CASE WHEN n %% 100 = 7 THEN {WHEN} END",
            "payment": "'paid'",
            "currency": "'EUR'",
            "email": "'buyer' || n || '@example.org'",
            "shipping_address": "jsonb_build_object('first_name', 'Buyer', 'last_name',"
            " 'Example' || n, 'city', 'Bergen', 'country', 'NO')",
            "routing": "CASE WHEN n > %(orders)s - 40 THEN 'waiting' ELSE 'routed' END",
            "waits_for": "CASE WHEN n > %(orders)s - 40 THEN 'payment' ELSE '' END",
            "first_seen_at": f"{WHEN} + interval '1 second'",
            "read_at": WHEN,
        },
    ),
    (
        rows.StorefrontOrderLine,
        (
            "(SELECT o.id, substr(o.name, 2)::int AS number FROM storage_storefrontorder o) o, "
            "generate_series(1, 2) AS n, LATERAL (SELECT v.id, v.sku FROM "
            "storage_listingvariant lv JOIN storage_vendorvariant v ON v.id = lv.variant_id "
            "WHERE lv.id >= 1 + (o.number::bigint * 7919 + n * 104729) %% (SELECT max(id) FROM "
            "storage_listingvariant) ORDER BY lv.id LIMIT 1) AS v(id, sku), LATERAL (SELECT id "
            "FROM storage_listingvariant WHERE variant_id = v.id) AS lv(id)"
        ),
        {
            "order_id": "o.id",
            "line_gid": "'gid://shopify/LineItem/' || o.id || '-' || n",
            "listing_variant_id": "lv.id",
            "title": "'Thing ' || v.sku",
            "sku": "v.sku",
            "quantity": "n",
            "unit_price": "(4 + o.number %% 40)::numeric",
        },
    ),
    (
        rows.PurchaseOrder,
        (
            "(SELECT DISTINCT l.order_id, v.store_id FROM storage_storefrontorderline l JOIN "
            "storage_listingvariant lv ON lv.id = l.listing_variant_id JOIN "
            "storage_vendorvariant v ON v.id = lv.variant_id) t JOIN storage_storefrontorder o "
            "ON o.id = t.order_id JOIN storage_store s ON s.id = t.store_id WHERE o.routing = "
            "'routed'"
        ),
        {
            "order_id": "o.id",
            "vendor_id": "s.vendor_id",
            "store_id": "s.id",
            "reference": "'LS-' || o.id || '-' || s.id",
            "state": "CASE WHEN o.canceled_at IS NOT NULL THEN 'canceled' ELSE 'accepted' END",
            "created_at": "o.first_seen_at",
            "answered_at": f"o.first_seen_at + (1 + {NUMBER} %% 7) * interval '1 second'",
            "store_order_id": "o.id",
            "store_order_number": "(o.id + 500000)::text",
            "store_state": "'processing'",
            "shipped_at": f"CASE WHEN {NUMBER} <= {OPEN_FROM} AND o.canceled_at IS NULL THEN "
            "o.first_seen_at + interval '1 day' END",
        },
    ),
    (
        rows.PurchaseOrderLine,
        (
            "storage_purchaseorder p JOIN storage_storefrontorderline l ON l.order_id = "
            "p.order_id JOIN storage_listingvariant lv ON lv.id = l.listing_variant_id JOIN "
            "storage_vendorvariant v ON v.id = lv.variant_id AND v.store_id = p.store_id"
        ),
        {
            "purchase_order_id": "p.id",
            "order_line_id": "l.id",
            "variant_id": "v.id",
            "quantity": "l.quantity",
            "unit_price": "l.unit_price",
            "shipped": "CASE WHEN p.shipped_at IS NULL THEN 0 ELSE l.quantity END",
        },
    ),
    (
        rows.Shipment,
        "storage_purchaseorder p WHERE p.shipped_at IS NOT NULL",
        {
            "purchase_order_id": "p.id",
            "key": "'k' || p.id",
            "state": "'fulfilled'",
            "tracking_number": "'TRK' || lpad(p.id::text, 10, '0')",
            "carrier": "'Posten'",
            "found_at": "p.shipped_at",
            "fulfilled_at": "p.shipped_at",
        },
    ),
)


def _scan(kind: str, ago: str) -> Step:
    """A walk over every store that ended well."""
    return (
        rows.Scan,
        "storage_store s",
        {
            "store_id": "s.id",
            "kind": f"'{kind}'",
            "phase": "'done'",
            "products_seen": str(PRODUCTS_A_VENDOR),
            "changed": "s.id %% 2",
            "proven": "true",
            "started_at": f"%(at)s - interval '{ago}'",
            "finished_at": f"%(at)s - interval '{ago}'",
        },
    )


def _event(kind: str, at: str) -> Step:
    """One line of every part's timeline."""
    return (
        rows.OrderEvent,
        f"storage_purchaseorder p WHERE {at} IS NOT NULL",
        {
            "order_id": "p.order_id",
            "purchase_order_id": "p.id",
            "at": at,
            "kind": f"'{kind}'",
        },
    )


def _finding(code: str, severity: str, who: str, kind: str, source: str) -> Step:
    """Open problems of one kind."""
    return (
        rows.OpenFinding,
        source,
        {
            "vendor_id": "NULL::bigint" if kind == "order" else "t.vendor_id",
            "subject": f"'{kind}:' || t.id",
            "code": f"'{code}'",
            "severity": f"'{severity}'",
            "who": f"'{who}'",
            "first_seen_at": "%(at)s - interval '1 hour'",
            "last_seen_at": "%(at)s",
        },
    )


STEPS: Sequence[Step] = (
    *VENDORS_AND_STORES,
    _scan("full", "1 day"),
    _scan("sweep", "30 minutes"),
    *CATALOG,
    *SOLD,
    _event("accepted", "p.answered_at"),
    _event("shipped", "p.shipped_at"),
    _finding(
        "store_unreachable", "stop", "vendor", "store", "storage_store t WHERE t.state = 'broken'"
    ),
    _finding(
        "image_failed", "note", "vendor", "listing", "storage_listing t WHERE t.id %% 150 = 1"
    ),
    _finding(
        "order_oversold",
        "stop",
        "operator",
        "order",
        "storage_storefrontorder t WHERE"
        " substr(t.name, 2)::int > %(orders)s - 400 AND t.id %% 10 = 0",
    ),
)
