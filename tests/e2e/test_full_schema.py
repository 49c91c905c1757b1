"""Shopify's own schema: our operations are valid on it, and the shipped one is a part of it."""

import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import build_client_schema, parse, validate

from longshore.stores.shopify import operations
from simulators.shopify.schema import schema as shipped
from support.exam_storefront import STAFF

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import cut_shopify_schema as cutter  # noqa: E402
from fetch_shopify_schema import fetch  # noqa: E402

pytestmark = pytest.mark.e2e
FILES = sorted((Path(operations.__file__).parent / "operations").glob("*.graphql"))


@pytest.fixture(scope="module")
def data() -> Any:
    return cutter.read(fetch())


@pytest.fixture(scope="module")
def full(data):
    return build_client_schema(data["data"], assume_valid=True)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_operation_is_valid_at_shopify(full, file: Path):
    assert validate(full, parse(file.read_text())) == []


@pytest.mark.parametrize("name", STAFF)
def test_what_the_exam_does_in_a_shop_is_valid_at_shopify(full, name: str):
    assert validate(full, parse(STAFF[name])) == []


def test_no_operation_uses_what_shopify_gives_up(full):
    from graphql import NoDeprecatedCustomRule

    for file in FILES:
        assert validate(full, parse(file.read_text()), [NoDeprecatedCustomRule]) == [], file.stem


def test_the_shipped_schema_is_a_part_of_shopifys(full):
    for name, kind in shipped().type_map.items():
        theirs: Any = full.type_map[name]
        assert type(theirs) is type(kind), name
        for field, ours in getattr(kind, "fields", {}).items():
            assert str(ours.type) == str(theirs.fields[field].type), f"{name}.{field}"
            for argument, given in getattr(ours, "args", {}).items():
                assert str(given.type) == str(theirs.fields[field].args[argument].type)
        for value in getattr(kind, "values", {}):
            assert value in theirs.values, f"{name}.{value}"


def test_the_shipped_schema_is_what_the_tool_cuts(data):
    from graphql import print_schema

    fresh = build_client_schema(data["data"], assume_valid=True)
    cut = cutter.cut(fresh, [file.read_text() for file in FILES])
    committed = ROOT / "src/simulators/shopify/schema/admin_2026-10.graphql"
    assert print_schema(cut) + "\n" == committed.read_text()
