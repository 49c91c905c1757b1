"""Our operations against the schema shipped with the simulator; `make e2e` uses Shopify's own."""

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse, validate

from longshore.stores.shopify import operations
from simulators.shopify.cost import MOST, requested
from simulators.shopify.schema import schema

FOLDER = Path(operations.__file__).parent / "operations"
FILES = sorted(FOLDER.glob("*.graphql"))


def test_there_are_operations():
    assert len(FILES) > 20


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_operation_is_valid_named_after_its_file_and_affordable(file: Path):
    document = parse(file.read_text())
    assert validate(schema(), document) == []
    (definition,) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    assert definition.name is not None
    words = re.findall(r"[A-Z][a-z]+", definition.name.value)
    assert "_".join(words).lower() == file.stem
    assert requested(document, {}) <= MOST


def test_a_field_that_shopify_does_not_have_is_noticed():
    document = parse("query { shop { favouriteColour } }")
    assert validate(schema(), document)


def test_the_idempotency_directive_is_on_every_stock_write():
    assert "@idempotent(key: $key)" in (FOLDER / "stock_set.graphql").read_text()
