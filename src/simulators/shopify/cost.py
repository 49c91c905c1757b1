"""What a call costs and whether the bucket still holds that much.

The formula fits published figures (assumption `connection-cost`): an object or a list costs 1, a
connection 2 + max(1, floor(2 ln first)) x (1 + what a node costs), a mutation 10, what says how a
mutation went nothing. productSet pays for what it carries.
"""

import math
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    is_abstract_type,
    is_leaf_type,
    value_from_ast_untyped,
)

from simulators.shopify.clock import Clock
from simulators.shopify.rows import Row
from simulators.shopify.schema import named, schema

MOST = 1000
MUTATION = 10
FREE = frozenset({"MoneyBag", "MoneyV2", "PageInfo"})
PER_VARIANT, PER_FILE, PER_METAFIELD, PER_VARIANT_FILE = 0.2, 1.9, 0.4, 0.6
"""What productSet's parts cost beside the base (shopify.dev/changelog, dynamic complexity)."""


class Bucket:
    """A leaky bucket of points."""

    def __init__(self, clock: Clock, maximum: float, restore_rate: float) -> None:
        self._clock = clock
        self.maximum = maximum
        self.restore_rate = restore_rate
        self.available = maximum
        self._at = clock.seconds()

    def take(self, points: float) -> bool:
        self._refill()
        if points > self.available:
            return False
        self.available -= points
        return True

    def give_back(self, points: float) -> None:
        self.available = min(self.maximum, self.available + points)

    def status(self) -> dict[str, float]:
        self._refill()
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": math.floor(self.available),
            "restoreRate": self.restore_rate,
        }

    def _refill(self) -> None:
        now = self._clock.seconds()
        refilled = self.available + max(0.0, now - self._at) * self.restore_rate
        self.available, self._at = min(self.maximum, refilled), now


def requested(
    document: DocumentNode, variables: Row, operation: OperationDefinitionNode | None = None
) -> int:
    """The points taken in advance, by the page sizes asked for."""
    return _Count(document, variables, operation).total(None)


def actual(
    document: DocumentNode, variables: Row, operation: OperationDefinitionNode, data: Any
) -> int:
    """The points that count in the end, by what was found (assumption `actual-cost`)."""
    return _Count(document, variables, operation).total(
        cast("Row", data) if isinstance(data, dict) else {}
    )


@dataclass
class _Count:
    document: DocumentNode
    variables: Row
    operation: OperationDefinitionNode | None
    fragments: dict[str, FragmentDefinitionNode] = field(
        default_factory=dict[str, FragmentDefinitionNode]
    )

    def __post_init__(self) -> None:
        for one in self.document.definitions:
            if isinstance(one, FragmentDefinitionNode):
                self.fragments[one.name.value] = one
            elif self.operation is None and isinstance(one, OperationDefinitionNode):
                self.operation = one
        defaults: Row = {
            one.variable.name.value: value_from_ast_untyped(one.default_value)
            for one in (self.operation.variable_definitions if self.operation else ())
            if one.default_value
        }
        self.variables = {**defaults, **self.variables}

    def total(self, data: Row | None) -> int:
        operation = self.operation
        if operation is None:
            return 0
        if operation.operation is not OperationType.MUTATION:
            root = schema().query_type
            return max(1, math.ceil(self._selected(operation.selection_set, root, data)))
        points = 0.0
        for one in self._fields(operation.selection_set):
            payload = named(_field(schema().mutation_type, one))
            points += MUTATION + self._surcharge(one)
            points += self._selected(one.selection_set, payload, _found(data, one), free=True)
        return math.ceil(points)

    def _fields(self, selections: SelectionSetNode) -> list[FieldNode]:
        return [one for one in selections.selections if isinstance(one, FieldNode)]

    def _selected(
        self, selections: SelectionSetNode | None, parent: Any, data: Any, *, free: bool = False
    ) -> float:
        """`free`: the direct fields of a mutation's payload, whose objects cost nothing."""
        if selections is None:
            return 0
        points, branches = 0.0, dict[str, float]()
        for one in selections.selections:
            if isinstance(one, FieldNode):
                points += self._one(one, parent, data, free=free)
                continue
            fragment: Any = (
                one if isinstance(one, InlineFragmentNode)
                else self.fragments[cast("Any", one).name.value]
            )  # fmt: skip
            condition = fragment.type_condition
            kind: Any = schema().type_map[condition.name.value] if condition else parent
            found = self._selected(fragment.selection_set, kind, data, free=free)
            if is_abstract_type(parent) and kind is not parent:
                branches[kind.name] = branches.get(kind.name, 0) + found
            else:
                points += found
        return points + max(branches.values(), default=0)

    def _one(self, node: FieldNode, parent: Any, data: Any, *, free: bool) -> float:
        if node.name.value.startswith("__"):
            return 0
        kind = named(_field(parent, node))
        if is_leaf_type(kind) or kind.name.endswith("UserError") or kind.name in FREE:
            return 0
        found = _found(data, node)
        if isinstance(found, list):
            found = next((one for one in cast("list[Any]", found) if one is not None), None)
        if data is not None and found is None:
            return 0
        if kind.name.endswith("Connection"):
            return self._connection(node, kind, found)
        return (0 if free else 1) + self._selected(node.selection_set, kind, found)

    def _connection(self, node: FieldNode, kind: Any, found: Any) -> float:
        arguments = self._arguments(node)
        size = int(arguments.get("first") or arguments.get("last") or 0)
        each = 0.0
        for one in self._fields(cast("SelectionSetNode", node.selection_set)):
            if one.name.value == "nodes":
                inner = named(kind.fields["nodes"].type)
                each += 1 + self._selected(one.selection_set, inner, None)
            elif one.name.value == "edges":
                edge = named(kind.fields["edges"].type)
                for two in self._fields(cast("SelectionSetNode", one.selection_set)):
                    if two.name.value == "node":
                        inner = named(edge.fields["node"].type)
                        each += 1 + self._selected(two.selection_set, inner, None)
        if isinstance(found, dict):
            page = cast("Row", found)
            size = len(page.get("nodes") or page.get("edges") or ())
            if not size:
                return 2
        return 2 + _steps(size) * each

    def _surcharge(self, node: FieldNode) -> float:
        if node.name.value != "productSet":
            return 0
        given: Row = self._arguments(node).get("input") or {}
        variants: list[Row] = given.get("variants") or []
        fields = len(given.get("metafields") or ())
        fields += sum(len(one.get("metafields") or ()) for one in variants)
        return (
            PER_VARIANT * len(variants)
            + PER_FILE * len(given.get("files") or ())
            + PER_METAFIELD * fields
            + PER_VARIANT_FILE * sum(1 for one in variants if one.get("file"))
        )

    def _arguments(self, node: FieldNode) -> Row:
        return {
            one.name.value: value_from_ast_untyped(one.value, self.variables)
            for one in node.arguments
        }


def _steps(size: int) -> int:
    return max(1, math.floor(2 * math.log(size))) if size > 0 else 1


def _field(parent: Any, node: FieldNode) -> Any:
    return parent.fields[node.name.value].type


def _found(data: Any, node: FieldNode) -> Any:
    """What stands in the answer for a field; None where there is no answer to look at."""
    if not isinstance(data, dict):
        return None
    name = node.alias.value if node.alias else node.name.value
    return cast("Row", data).get(name)
