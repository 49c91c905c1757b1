"""Queries of bulk operations: what they may look like, and how their answers become lines."""

from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.schema import named, schema

MOST_CONNECTIONS = 5
DEEPEST = 2
"""How deep connections may lie within the root's."""


def problem_of(query: str) -> str | None:
    """Why Shopify would not run it."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return error.message
    errors = validate(schema(), document)
    if errors:
        return errors[0].message
    operation = document.definitions[0]
    if len(document.definitions) > 1 or not isinstance(operation, OperationDefinitionNode):
        raise NotModelled("a bulk query with fragments")
    if operation.operation is not OperationType.QUERY:
        return "Only queries can be run."
    look = _Look()
    look.at(operation, schema().query_type, 0, told=True)
    if look.problem is None and look.roots != 1:
        return "A bulk query has one connection at its root."
    return look.problem


class _Look:
    """Walks a query and counts its connections."""

    def __init__(self) -> None:
        self.connections = 0
        self.roots = 0
        self.problem: str | None = None

    def at(self, node: Any, parent: Any, depth: int, *, told: bool) -> None:
        """`told`: the object at hand tells its id, so that children can name their parent."""
        for one in node.selection_set.selections if node.selection_set else ():
            if not isinstance(one, FieldNode):
                raise NotModelled("a bulk query with fragments")
            if one.name.value.startswith("__"):
                continue
            kind = named(parent.fields[one.name.value].type)
            if kind.name.endswith("Connection"):
                self._connection(one, kind, depth, told=told)
            elif one.selection_set:
                self.at(one, kind, depth, told=told)

    def _connection(self, node: FieldNode, kind: Any, depth: int, *, told: bool) -> None:
        self.connections += 1
        self.roots += depth == 0
        if self.connections > MOST_CONNECTIONS:
            self.problem = f"Queries may have at most {MOST_CONNECTIONS} connections."
        if depth > DEEPEST:
            self.problem = f"Connections may be nested at most {DEEPEST} levels deep."
        if not told:
            self.problem = "The parent of a nested connection must select its id."
        for one in _nodes(node):
            inner = named(kind.fields["nodes"].type)
            names = {
                two.name.value for two in one.selection_set.selections if isinstance(two, FieldNode)
            }
            self.at(one, inner, depth + 1, told="id" in names)


def _nodes(node: FieldNode) -> list[Any]:
    """The selections of a connection's nodes, written either way."""
    found: list[Any] = []
    for one in node.selection_set.selections if node.selection_set else ():
        if isinstance(one, FieldNode) and one.name.value == "nodes":
            found.append(one)
        elif isinstance(one, FieldNode) and one.name.value == "edges":
            inner = one.selection_set.selections if one.selection_set else ()
            fields = [two for two in inner if isinstance(two, FieldNode)]
            found += [two for two in fields if two.name.value == "node"]
    return found


class Flat:
    """Answers as lines: what lies in a nested connection becomes a line of its own that names the
    line it belongs to.
    """

    @staticmethod
    def roots(data: Row) -> list[Row]:
        return _inside(next(iter(data.values())))

    @staticmethod
    def lines(node: Row, parent: str | None = None) -> list[Row]:
        children: list[Row] = []
        line = _shown(node, children)
        if parent is not None:
            line["__parentId"] = parent
        found = [line]
        for child in children:
            found += Flat.lines(child, str(node["id"]))
        return found


def _shown(value: Row, children: list[Row]) -> Row:
    shown: Row = {}
    for name, one in value.items():
        if _is_connection(one):
            children += _inside(one)
        elif isinstance(one, dict):
            shown[name] = _shown(cast("Row", one), children)
        else:
            shown[name] = one
    return shown


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and bool(cast("Row", value).keys() & {"nodes", "edges"})


def _inside(connection: Row) -> list[Row]:
    if "nodes" in connection:
        return connection["nodes"]
    return [edge["node"] for edge in connection["edges"]]
