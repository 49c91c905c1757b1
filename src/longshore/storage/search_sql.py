"""Indexes that find anything by a number, a word or the begin of one, without any extension of
PostgreSQL. The expressions here are those that `storage.queries.search` asks with: an index is
used only by the very expression it was made of.
"""

from django.db.migrations import RunSQL


def words(text: str) -> str:
    """Text as words to look for: punctuation parts words, so that an address is found by a part."""
    return f"to_tsvector('simple'::regconfig, regexp_replace({text}, '[^[:alnum:]]+', ' ', 'g'))"


PRODUCT_WORDS = words("name")
BUYER_WORDS = words(
    "coalesce(shipping_address ->> 'first_name', '') || ' ' ||"
    " coalesce(shipping_address ->> 'last_name', '') || ' ' ||"
    " coalesce(shipping_address ->> 'company', '') || ' ' ||"
    " coalesce(billing_address ->> 'first_name', '') || ' ' ||"
    " coalesce(billing_address ->> 'last_name', '') || ' ' ||"
    " coalesce(billing_address ->> 'company', '') || ' ' || email"
)
PARCEL_NUMBER = "upper(replace(tracking_number, ' ', ''))"

_INDEXES = (
    ("product_by_word", "storage_vendorproduct", f"USING gin ({PRODUCT_WORDS})"),
    ("product_by_sku", "storage_vendorproduct", "(marketplace_id, lower(sku) text_pattern_ops)"),
    ("variant_by_sku", "storage_vendorvariant", "(marketplace_id, lower(sku) text_pattern_ops)"),
    (
        "variant_by_barcode",
        "storage_vendorvariant",
        "(marketplace_id, barcode) WHERE barcode <> ''",
    ),
    ("order_by_buyer", "storage_storefrontorder", f"USING gin ({BUYER_WORDS})"),
    ("order_by_name", "storage_storefrontorder", "(marketplace_id, name)"),
    ("order_line_by_sku", "storage_storefrontorderline", "(marketplace_id, lower(sku))"),
    ("part_by_number", "storage_purchaseorder", "(marketplace_id, store_order_number)"),
    ("part_by_answer", "storage_purchaseorder", "(marketplace_id, answered_at)"),
    (
        "parcel_by_number",
        "storage_shipment",
        f"(marketplace_id, ({PARCEL_NUMBER}) text_pattern_ops) WHERE tracking_number <> ''",
    ),
    ("part_by_store_id", "storage_purchaseorder", "(marketplace_id, store_order_id)"),
    ("parcels_with_others", "storage_shipment", "(marketplace_id) WHERE others <> '[]'"),
)


def operations() -> list[RunSQL]:
    return [
        RunSQL(f"CREATE INDEX {name} ON {table} {what}", f"DROP INDEX {name}")
        for name, table, what in _INDEXES
    ]
