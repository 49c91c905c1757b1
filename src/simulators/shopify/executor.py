"""Runs a GraphQL request: parse, validate against the schema, cost, execute, answer."""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any

import graphql
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    parse,
    validate,
)

from simulators.shopify import cost
from simulators.shopify.cost import MOST, Bucket
from simulators.shopify.fields.registry import Context, context_for, resolve
from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.schema import schema
from simulators.shopify.state import State
from simulators.shopify.webhooks import Webhooks

_execute: Any = getattr(graphql, "execute")  # noqa: B009 - partly untyped there
KEPT_DOCUMENTS = 512


@dataclass(frozen=True)
class Document:
    """A request's text, read once."""

    node: DocumentNode | None
    problems: tuple[Row, ...]
    operations: dict[str, OperationDefinitionNode]

    def fields(self, name: str | None) -> dict[str, int]:
        """How often each root field is asked for: aliases make one document do many things."""
        picked = self.pick(name)
        roots = picked.selection_set.selections if picked else ()
        return dict(Counter(one.name.value for one in roots if isinstance(one, FieldNode)))

    def pick(self, name: str | None) -> OperationDefinitionNode | None:
        if name:
            return self.operations.get(name)
        return next(iter(self.operations.values())) if len(self.operations) == 1 else None


class Executor:
    def __init__(self, state: State, webhooks: Webhooks) -> None:
        self._state = state
        self._webhooks = webhooks
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = threading.Lock()
        settings = state.settings
        self.bucket = Bucket(state.clock, settings.bucket or 0, settings.restore_rate or 0)

    def run(
        self, query: str, variables: Row, *, base: str = "", operation: str | None = None
    ) -> tuple[Row, int]:
        """The answer's JSON and the cost that was asked for."""
        document = self.document(query)
        if document.node is None or document.problems:
            return {"errors": list(document.problems)}, 0
        picked = document.pick(operation)
        if picked is None:
            return self._problem("BAD_REQUEST", "An operation name is required."), 0
        points = cost.requested(document.node, variables, picked)
        if points > MOST:
            return self._too_dear(points), points
        with self._lock:
            taken = self.bucket.take(points)
        if not taken:
            return self.throttled(points), points
        with self._state.lock:
            result = self.execute(document, picked, variables, context_for(self._state, base))
            self._webhooks.flush()
        return self._answer(document.node, picked, variables, result, points), points

    def execute(
        self,
        document: Document,
        picked: OperationDefinitionNode,
        variables: Row,
        context: Context,
    ) -> ExecutionResult:
        """Runs one operation without charging for it; the caller holds the state's lock."""
        result = _execute(
            schema(),
            document.node,
            variable_values=variables,
            operation_name=picked.name.value if picked.name else None,
            context_value=context,
            field_resolver=resolve,
            type_resolver=_kind,
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("the schema has no asynchronous resolvers")
        for error in result.errors or ():
            if isinstance(error.original_error, NotModelled):
                raise error.original_error
        return result

    def document(self, query: str) -> Document:
        with self._lock:
            known = self._documents.get(query)
            if known is not None:
                self._documents.move_to_end(query)
                return known
        known = _read(query)
        with self._lock:
            self._documents[query] = known
            if len(self._documents) > KEPT_DOCUMENTS:
                self._documents.popitem(last=False)
        return known

    def _answer(
        self,
        document: DocumentNode,
        picked: OperationDefinitionNode,
        variables: Row,
        result: ExecutionResult,
        points: int,
    ) -> Row:
        body: Row = {"data": result.data}
        spent = min(points, cost.actual(document, variables, picked, result.data))
        with self._lock:
            self.bucket.give_back(points - spent)
        if result.errors:
            body["errors"] = errors_of(result)
        return {**body, "extensions": self._cost(points, spent)}

    def _problem(self, code: str, message: str, points: int | None = None) -> Row:
        where = {"documentation": "https://shopify.dev/api/usage/rate-limits"}
        extensions = {"code": code, **(where if code == "THROTTLED" else {})}
        body: Row = {"errors": [{"message": message, "extensions": extensions}]}
        return body if points is None else {**body, "extensions": self._cost(points, None)}

    def _too_dear(self, points: int) -> Row:
        body = self._problem(
            "MAX_COST_EXCEEDED",
            f"Query cost is {points}, which exceeds the single query max cost limit ({MOST}).",
            points,
        )
        body["errors"][0]["extensions"].update({"cost": points, "maxCost": MOST})
        return body

    def throttled(self, points: int) -> Row:
        """The answer of a call that is turned away."""
        return self._problem("THROTTLED", "Throttled", points)

    def _cost(self, points: int, spent: int | None) -> Row:
        with self._lock:
            status = self.bucket.status()
        return {
            "cost": {
                "requestedQueryCost": points,
                "actualQueryCost": spent,
                "throttleStatus": status,
            }
        }


def errors_of(result: ExecutionResult) -> list[Row]:
    """Errors as the answer shows them."""
    return [
        {
            "message": error.message,
            "path": error.path,
            "extensions": error.extensions or {"code": "BAD_REQUEST"},
        }
        for error in result.errors or ()
    ]


def _read(query: str) -> Document:
    try:
        node = parse(query)
    except GraphQLError as error:
        problem = {"message": error.message, "extensions": {"code": "PARSE_ERROR"}}
        return Document(None, (problem,), {})
    problems = tuple(
        {"message": error.message, "extensions": {"code": "undefinedField"}}
        for error in validate(schema(), node)
    )
    operations = {
        one.name.value if one.name else "": one
        for one in node.definitions
        if isinstance(one, OperationDefinitionNode)
    }
    return Document(node, problems, operations)


def _kind(value: Any, *_: Any) -> str:
    return str(value["__typename"])
