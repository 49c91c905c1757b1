"""Several mutations in one call: each operation of ours has one root field, so that it can stand
beside others under an alias.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from longshore.stores.shopify import operations
from longshore.stores.shopify.client import Json, ShopifyClient, obj, rows

NAME = "Batch"
MOST_POINTS = 900.0
"""A call costs at most 1,000 (shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits); ours are
estimates.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One operation of a batch, by the name of its file, with what it is taken to cost."""

    name: str
    variables: Mapping[str, Any]
    cost: float


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """`payload` is the root field's value; `error` the text of an error that is this part's own."""

    payload: Json | None
    error: str = ""


def packed(parts: Sequence[Part], most: int) -> list[list[int]]:
    """The indexes of parts call by call, in their order, none beyond what one call may cost."""
    calls: list[list[int]] = []
    points = 0.0
    for index, part in enumerate(parts):
        if not calls or points + part.cost > MOST_POINTS or len(calls[-1]) >= most:
            calls.append([])
            points = 0.0
        calls[-1].append(index)
        points += part.cost
    return calls


def call(client: ShopifyClient, parts: Sequence[Part]) -> list[PartAnswer]:
    """Sends the parts in one call; their answers in the same order. Raises as `client.call`, but
    for errors that belong to one part only.
    """
    found = [_piece(part.name, index) for index, part in enumerate(parts)]
    declared = " ".join(declaration for declaration, _ in found)
    text = f"mutation {NAME}({declared}) {{ {' '.join(field for _, field in found)} }}"
    variables = {
        f"{name}{index}": value
        for index, part in enumerate(parts)
        for name, value in part.variables.items()
    }
    cost = sum(part.cost for part in parts)
    data, errors = client.call_document(NAME, text, variables, cost)
    told: dict[str, str] = {}
    for error in errors:
        path: Sequence[Any] = error.get("path") or ("",)
        told.setdefault(str(path[0]), str(error.get("message") or "an error without a text"))
    return [
        PartAnswer(obj(data.get(f"r{index}")) or None, told.get(f"r{index}", ""))
        for index in range(len(parts))
    ]


@cache
def _piece(name: str, index: int) -> tuple[str, str]:
    """An operation's variables and its field, renamed for its place."""
    operation, field = _parsed(name)
    rename = _Rename(str(index))
    declared = [print_ast(visit(one, rename)) for one in operation.variable_definitions]
    return " ".join(declared), f"r{index}: {print_ast(visit(field, rename))}"


@cache
def _parsed(name: str) -> tuple[OperationDefinitionNode, FieldNode]:
    (operation,) = parse(operations.text(name)).definitions
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError(f"{name} is no operation")
    (field,) = operation.selection_set.selections
    if not isinstance(field, FieldNode):
        raise TypeError(f"{name} has no root field")
    return operation, field


class _Rename(Visitor):
    """Variables with a number behind their names."""

    def __init__(self, suffix: str) -> None:
        super().__init__()
        self._suffix = suffix

    def leave_variable(self, node: VariableNode, *_: object) -> VariableNode:
        return VariableNode(name=NameNode(value=f"{node.name.value}{self._suffix}"))


__all__ = ["Part", "PartAnswer", "call", "packed", "rows"]
