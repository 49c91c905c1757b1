"""Runs a GraphQL request: parse, validate against the schema, cost, execute, answer."""

import threading
from collections.abc import Sequence
from typing import Any

import graphql
from graphql import DocumentNode, ExecutionResult, GraphQLError, parse, validate

from simulators.shopify.cost import MOST, Bucket, requested
from simulators.shopify.resolvers import Resolvers
from simulators.shopify.schema import schema
from simulators.shopify.state import NotModelled, Row, State
from simulators.shopify.webhooks import Webhooks

_execute: Any = getattr(graphql, "execute")  # noqa: B009 - partly untyped there


class Executor:
    def __init__(self, state: State, webhooks: Webhooks) -> None:
        self._state = state
        self._webhooks = webhooks
        self._documents: dict[str, tuple[DocumentNode | None, list[Row]]] = {}
        self._lock = threading.Lock()
        settings = state.settings
        self.bucket = Bucket(state.clock, settings.bucket, settings.restore_rate)

    def run(self, query: str, variables: dict[str, Any], scopes: Sequence[str]) -> tuple[Row, int]:
        """The answer's JSON and the cost that was asked for."""
        document, problems = self._document(query)
        if document is None or problems:
            return {"errors": problems}, 0
        points = requested(document, variables)
        if points > MOST:
            return self._error("MAX_COST_EXCEEDED", f"Query cost is {points}", points), points
        with self._lock:
            if not self.bucket.take(points):
                return self._error("THROTTLED", "Throttled", points), points
        resolvers = Resolvers(self._state, self._webhooks, scopes)
        with self._state.lock:
            result = _execute(
                schema(),
                document,
                variable_values=variables,
                field_resolver=resolvers.resolve,
            )
        if not isinstance(result, ExecutionResult):
            raise TypeError("the schema has no asynchronous resolvers")
        for topic, payload in resolvers.after:
            self._webhooks.fire(topic, payload)
        return self._answer(result, points), points

    def _document(self, query: str) -> tuple[DocumentNode | None, list[Row]]:
        known = self._documents.get(query)
        if known is None:
            known = self._read(query)
            self._documents[query] = known
        return known

    def _read(self, query: str) -> tuple[DocumentNode | None, list[Row]]:
        try:
            document = parse(query)
        except GraphQLError as error:
            return None, [{"message": error.message, "extensions": {"code": "PARSE_ERROR"}}]
        return document, [
            {"message": error.message, "extensions": {"code": "undefinedField"}}
            for error in validate(schema(), document)
        ]

    def _answer(self, result: ExecutionResult, points: int) -> Row:
        body: Row = {"data": result.data}
        if result.errors:
            for error in result.errors:
                if isinstance(error.original_error, NotModelled):
                    raise error.original_error
            body["errors"] = [
                {
                    "message": error.message,
                    "path": error.path,
                    "extensions": error.extensions or {"code": "BAD_REQUEST"},
                }
                for error in result.errors
            ]
        return {**body, "extensions": self._cost(points, points)}

    def _error(self, code: str, message: str, points: int) -> Row:
        return {
            "errors": [{"message": message, "extensions": {"code": code}}],
            "extensions": self._cost(points, None),
        }

    def _cost(self, points: int, actual: int | None) -> Row:
        return {
            "cost": {
                "requestedQueryCost": points,
                "actualQueryCost": actual,
                "throttleStatus": self.bucket.status(),
            }
        }
