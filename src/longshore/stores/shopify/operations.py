"""The GraphQL operations as files, read once."""

from functools import cache
from importlib.resources import files

MUTATION_COST = 12.0
QUERY_COST = 60.0
"""What a call is taken to cost before the first answer tells."""


@cache
def text(name: str) -> str:
    """The document of operations/<name>.graphql."""
    return (files("longshore.stores.shopify") / "operations" / f"{name}.graphql").read_text(
        encoding="utf-8"
    )


@cache
def is_mutation(name: str) -> bool:
    return text(name).lstrip().startswith("mutation")


def first_cost(name: str) -> float:
    return MUTATION_COST if is_mutation(name) else QUERY_COST
