"""Shopify's search syntax, as far as the simulated shop reads it."""

from datetime import UTC, datetime

import pytest

from simulators.shopify.rows import NotModelled
from simulators.shopify.search import matcher

ROW = {
    "id": 7,
    "sku": "MUG-1",
    "title": "Blue mug",
    "tags": ["blue", "Sale"],
    "test": False,
    "updated": datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
    "none": None,
}
FIELDS = {
    "id": lambda row: row["id"],
    "sku": lambda row: row["sku"],
    "title": lambda row: row["title"],
    "tag": lambda row: row["tags"],
    "test": lambda row: row["test"],
    "updated_at": lambda row: row["updated"],
    "cancelled_at": lambda row: row["none"],
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sku:mug-1", True),
        ("sku:'MUG-1'", True),
        ('sku:"MUG-1"', True),
        ("sku:mug", False),
        ("sku:mug*", True),
        ("title:'blue mug'", True),
        ("tag:sale", True),
        ("tag:red", False),
        ("test:false", True),
        ("test:true", False),
        ("-test:true", True),
        ("NOT test:false", False),
        ("id:7", True),
        ("id:>=7 AND id:<8", True),
        ("id:gid://shopify/Order/7", True),
        ("updated_at:>='2026-11-24T06:00:00Z'", True),
        ("updated_at:>2026-11-24T06:00:00Z", False),
        ("updated_at:<2026-11-25", True),
        ("cancelled_at:>2020-01-01", False),
        ("sku:x OR sku:mug-1", True),
        ("sku:x OR sku:y", False),
        ("(sku:x OR sku:mug-1) tag:blue", True),
        ("sku:mug-1 tag:red", False),
        ("sku:mug-1 AND (tag:red OR -test:true)", True),
        (r"title:'bl\'ue'", False),
    ],
)
def test_what_a_search_finds(query: str, found: bool):
    assert matcher(query, FIELDS)(ROW) is found


@pytest.mark.parametrize("query", ["color:blue", "mug", "(sku:x", "sku:x)", "AND"])
def test_what_nobody_modelled_is_refused_loudly(query: str):
    with pytest.raises(NotModelled):
        matcher(query, FIELDS)(ROW)
