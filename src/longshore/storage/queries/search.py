"""Finding by any number, a word or its begin: ids of orders, products and stock lines."""

# ruff: noqa: S608 - the SQL is made of our own constants
import re
from typing import Any

from django.db import connection

from longshore.storage.search_sql import BUYER_WORDS, PARCEL_NUMBER, PRODUCT_WORDS

MOST = 500
"""More than anybody reads; whoever finds so many types one more word."""
NUMBER = 19
"""Digits that no longer fit into a number of the database."""

_ORDERS = f"""
(SELECT id FROM storage_storefrontorder WHERE marketplace_id = %(m)s AND name = ANY(%(names)s))
UNION (SELECT id FROM storage_storefrontorder WHERE marketplace_id = %(m)s
    AND order_gid = %(gid)s)
UNION (SELECT order_id FROM storage_purchaseorder WHERE marketplace_id = %(m)s
    AND (reference = %(upper)s OR store_order_number = %(bare)s) LIMIT {MOST})
UNION (SELECT order_id FROM storage_purchaseorder WHERE marketplace_id = %(m)s
    AND store_order_id = %(number)s LIMIT {MOST})
UNION (SELECT p.order_id FROM storage_shipment s
    JOIN storage_purchaseorder p ON p.id = s.purchase_order_id
    WHERE s.marketplace_id = %(m)s AND s.others <> '[]'
        AND upper(replace(s.others::text, ' ', '')) LIKE %(among)s LIMIT {MOST})
UNION (SELECT p.order_id FROM storage_shipment s
    JOIN storage_purchaseorder p ON p.id = s.purchase_order_id
    WHERE s.marketplace_id = %(m)s AND s.tracking_number <> ''
        AND {PARCEL_NUMBER} LIKE %(parcel)s LIMIT {MOST})
UNION (SELECT order_id FROM storage_storefrontorderline
    WHERE marketplace_id = %(m)s AND lower(sku) = %(lower)s ORDER BY id DESC LIMIT {MOST})
UNION (SELECT id FROM storage_storefrontorder
    WHERE {BUYER_WORDS} @@ to_tsquery('simple', %(words)s) AND marketplace_id = %(m)s
    LIMIT {MOST})
LIMIT {MOST}
"""
_PRODUCTS = f"""
(SELECT id FROM storage_vendorproduct WHERE marketplace_id = %(m)s
    AND lower(sku) LIKE %(begin)s LIMIT {MOST})
UNION (SELECT product_id FROM storage_vendorvariant WHERE marketplace_id = %(m)s
    AND lower(sku) LIKE %(begin)s LIMIT {MOST})
UNION (SELECT product_id FROM storage_vendorvariant WHERE marketplace_id = %(m)s
    AND barcode = %(text)s AND barcode <> '' LIMIT {MOST})
UNION (SELECT id FROM storage_vendorproduct
    WHERE {PRODUCT_WORDS} @@ to_tsquery('simple', %(words)s) AND marketplace_id = %(m)s
    LIMIT {MOST})
LIMIT {MOST}
"""
_VARIANTS = f"""
(SELECT id FROM storage_vendorvariant WHERE marketplace_id = %(m)s
    AND lower(sku) LIKE %(begin)s LIMIT {MOST})
UNION (SELECT id FROM storage_vendorvariant WHERE marketplace_id = %(m)s
    AND barcode = %(text)s AND barcode <> '' LIMIT {MOST})
UNION (SELECT v.id FROM (SELECT id FROM storage_vendorproduct
    WHERE {PRODUCT_WORDS} @@ to_tsquery('simple', %(words)s) AND marketplace_id = %(m)s
    LIMIT {MOST}) p JOIN storage_vendorvariant v ON v.product_id = p.id LIMIT {MOST})
LIMIT {MOST}
"""
_LINES = f"""
SELECT lv.id FROM storage_listingvariant lv WHERE lv.variant_id IN ({_VARIANTS}) LIMIT {MOST}
"""


def found_orders(marketplace_id: int, text: str) -> list[int]:
    """Orders by Shopify's or the store's number or id, our reference, a tracking number, an SKU, or
    words of the buyer's name and address; at most MOST.
    """
    return _ids(_ORDERS, marketplace_id, text)


def found_products(marketplace_id: int, text: str) -> list[int]:
    """Vendor products by words of the name, the begin of an SKU, or a barcode; at most MOST."""
    return _ids(_PRODUCTS, marketplace_id, text)


def found_lines(marketplace_id: int, text: str) -> list[int]:
    """Stock lines by the begin of an SKU, a barcode, or words of the product; at most MOST."""
    return _ids(_LINES, marketplace_id, text)


def found_variants(marketplace_id: int, text: str) -> list[int]:
    """Vendor variants by the begin of an SKU, a barcode, or words of the product; at most MOST."""
    return _ids(_VARIANTS, marketplace_id, text)


def _ids(sql: str, marketplace_id: int, text: str) -> list[int]:
    text = text.strip()
    bare = text.lstrip("#")
    asked: dict[str, Any] = {
        "m": marketplace_id,
        "text": text,
        "lower": text.lower(),
        "upper": text.upper(),
        "begin": f"{_literal(text.lower())}%",
        "bare": bare,
        "names": [text, bare, f"#{bare}"],
        "parcel": f"{_literal(text.replace(' ', '').upper())}%",
        "among": f"%[_{_literal(text.replace(' ', '').upper())}%",
        "gid": f"gid://shopify/Order/{bare}",
        "number": int(bare) if bare.isascii() and bare.isdigit() and len(bare) < NUMBER else None,
        "words": words_of(text),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [row[0] for row in cursor.fetchall()]


def words_of(text: str) -> str:
    """A tsquery: each word must be there, or a longer one that begins with it."""
    return " & ".join(f"{word}:*" for word in re.findall(r"[^\W_]+", text)[:8])


def _literal(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
