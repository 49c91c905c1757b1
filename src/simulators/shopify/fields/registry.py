"""Which function answers which field, and what holds for all: scopes, keys, limits, errors."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from graphql import GraphQLError, GraphQLResolveInfo
from graphql.execution.values import get_directive_values

from simulators.shopify.clock import stamp
from simulators.shopify.rows import Entry, NotModelled, Refused, Row, UserErrors
from simulators.shopify.schema import denied, named, protected, with_reading
from simulators.shopify.state import State

LARGEST_ARRAY = 250
EXEMPT = frozenset({"productSet", "fulfillmentCreate", "productVariantsBulkCreate"})
"""They have limits of their own."""
REMEMBERED_KEYS = 100_000
Handler = Callable[..., Any]


@dataclass
class Context:
    """One request: what its token may do, and where it came in."""

    state: State
    scopes: frozenset[str]
    base: str = ""
    """The address by which the shop was reached; files lie below it."""
    bulk: bool = False
    """A line of a bulk mutation."""
    whole: bool = False
    """In a bulk query connections give everything."""
    slice: tuple[int, int] | None = None
    """The rows of the root connection that a step of a bulk query works on."""
    denied: Mapping[str, str] = field(default_factory=dict[str, str])
    hidden: frozenset[str] = frozenset()


def context_for(state: State, base: str = "") -> Context:
    settings = state.settings
    scopes = with_reading(settings.scopes)
    hidden: frozenset[str] = frozenset() if settings.protected_data else protected()
    return Context(state, scopes, base, denied=denied(scopes), hidden=hidden)


@dataclass(frozen=True)
class _Known:
    handler: Handler
    names: frozenset[str] | None
    """Arguments it takes; None for any."""
    idempotent: bool = False


_KNOWN: dict[str, dict[str, _Known]] = {}


def field_of(place: str) -> Callable[[Handler], Handler]:
    """Declares who answers "Type.field", called with the context, the row and the arguments."""
    owner, _, name = place.partition(".")

    def declare(handler: Handler) -> Handler:
        _KNOWN.setdefault(owner, {})[name] = _Known(handler, _names(handler))
        return handler

    return declare


def mutation(name: str, *, idempotent: bool = False) -> Callable[[Handler], Handler]:
    """Declares a mutation: called with the context and the arguments, it returns the payload."""

    def declare(handler: Handler) -> Handler:
        _KNOWN.setdefault("Mutation", {})[name] = _Known(handler, _names(handler), idempotent)
        return handler

    return declare


def _names(handler: Handler) -> frozenset[str] | None:
    parameters = inspect.signature(handler).parameters.values()
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        return None
    return frozenset(one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY)


def is_idempotent(name: str) -> bool:
    known = _KNOWN["Mutation"].get(name)
    return known is not None and known.idempotent


def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """graphql-core's field resolver."""
    context: Context = info.context
    owner, name = info.parent_type.name, info.field_name
    place = f"{owner}.{name}"
    if place in context.denied:
        raise _access_denied(name, context.denied[place])
    if place in context.hidden:
        return None
    known = _KNOWN.get(owner, {}).get(name)
    if known is not None:
        given = _arguments(place, known, arguments)
        if owner == "Mutation":
            return _mutate(context, info, known, given)
        try:
            value = known.handler(context, source, **given)
        except Refused as refusal:
            raise _top_level(refusal) from None
        return stamp(value) if isinstance(value, datetime) else value
    return _plain(source, place, name)


def _plain(source: Any, place: str, name: str) -> Any:
    if isinstance(source, dict):
        row = cast("Row", source)
        if name in row:
            value = row[name]
            return stamp(value) if isinstance(value, datetime) else value
        if name == "edges" and "nodes" in row:
            cursors = row.get("cursors") or [""] * len(row["nodes"])
            pairs = zip(row["nodes"], cursors, strict=True)
            return [{"node": node, "cursor": cursor} for node, cursor in pairs]
    raise NotModelled(place)


def _arguments(place: str, known: _Known, arguments: Row) -> Row:
    given = {_snake(name): value for name, value in arguments.items()}
    _check_arrays(place.partition(".")[2], arguments)
    if known.names is None:
        return given
    unknown = [name for name in given.keys() - known.names if given[name] not in (None, False, [])]
    if unknown:
        raise NotModelled(f"{place} with {', '.join(sorted(unknown))}")
    return {name: value for name, value in given.items() if name in known.names}


_RENAMED = {"id": "gid", "input": "data"}
"""Arguments whose names mean something else in Python."""


@cache
def _snake(name: str) -> str:
    if name in _RENAMED:
        return _RENAMED[name]
    return re.sub(r"[A-Z]", lambda match: f"_{match.group().lower()}", name)


def _check_arrays(name: str, value: Any) -> None:
    if name in EXEMPT:
        return
    if isinstance(value, dict):
        for one in cast("Row", value).values():
            if isinstance(one, dict | list):
                _check_arrays(name, one)
    elif isinstance(value, list):
        rows = cast("list[Any]", value)
        if len(rows) > LARGEST_ARRAY:
            raise _top_level(
                Refused(
                    "MAX_INPUT_SIZE_EXCEEDED",
                    f"The input array size of {len(rows)} is greater than the maximum allowed of"
                    f" {LARGEST_ARRAY}.",
                )
            )
        for one in rows:
            if isinstance(one, dict | list):
                _check_arrays(name, one)


def _mutate(context: Context, info: GraphQLResolveInfo, known: _Known, given: Row) -> Row:
    payload = Payload.of(info)
    try:
        context.state.faults.refuse(info.field_name)
        if known.idempotent:
            done = _once(context, info, known, given)
        else:
            done = known.handler(context, **given)
    except UserErrors as errors:
        return payload.refused(errors.entries)
    except Refused as refusal:
        raise _top_level(refusal) from None
    return payload.made(done)


# --- idempotency keys ---


def _once(context: Context, info: GraphQLResolveInfo, known: _Known, given: Row) -> Row:
    key = _key(info)
    if key is None:
        raise Refused(
            "BAD_REQUEST",
            "The @idempotent directive is required for this mutation but was not provided.",
        )
    name = info.field_name
    text = json.dumps([name, given], sort_keys=True, default=str)
    content = hashlib.sha256(text.encode()).digest()
    keys = context.state.idempotency
    before = keys.get(key)
    if before is not None:
        if before["content"] != content:
            raise UserErrors(
                (None, "The idempotency key was used with other parameters.",
                 "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
            )  # fmt: skip
        if before["answer"] is None:
            raise UserErrors(
                (None, "A previous request with this idempotency key failed.",
                 "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")
            )  # fmt: skip
        return before["answer"]
    entry: Row = {"content": content, "answer": None}
    try:
        entry["answer"] = known.handler(context, **given)
    except UserErrors:
        keys[key] = entry
        raise
    keys[key] = entry
    if len(keys) > REMEMBERED_KEYS:
        del keys[next(iter(keys))]
    return entry["answer"]


def _key(info: GraphQLResolveInfo) -> str | None:
    directive = info.schema.get_directive("idempotent")
    if directive is None:
        return None
    found = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    key = str((found or {}).get("key") or "").strip()
    return key or None


# --- answers ---


@dataclass(frozen=True)
class Payload:
    """The type that a mutation answers: its fields, and where its errors go."""

    fields: tuple[str, ...]
    errors: Mapping[str, frozenset[str] | None]
    """By the field they go to, the codes that entries may have; None where they have no code."""

    @classmethod
    def of(cls, info: GraphQLResolveInfo) -> "Payload":
        return _payload(getattr(info, "return_type"))  # noqa: B009 - partly untyped there

    def refused(self, entries: tuple[Entry, ...]) -> Row:
        row: Row = dict.fromkeys(self.fields)
        for name, codes in self.errors.items():
            row[name] = [self._entry(entry, codes) for entry in entries]
        return row

    def made(self, done: Row) -> Row:
        """`errors` of what was done are entries beside it."""
        entries: list[Entry] = done.get("errors") or []
        row: Row = {
            name: [self._entry(entry, codes) for entry in entries]
            for name, codes in self.errors.items()
        }
        return {**row, **done}

    def _entry(self, entry: Entry, codes: frozenset[str] | None) -> Row:
        place, message, code = entry
        if codes is not None and code is not None and code not in codes:
            raise NotModelled(f"the code {code} of this mutation")
        element = next((int(step) for step in place or () if step.isdigit()), None)
        return {"field": place, "message": message, "code": code, "elementIndex": element}


@cache
def _payload(kind: Any) -> Payload:
    kind = named(kind)
    errors: dict[str, frozenset[str] | None] = {}
    for name, one in kind.fields.items():
        if not name.lower().endswith("usererrors"):
            continue
        code = named(one.type).fields.get("code")
        errors[name] = None if code is None else frozenset(named(code.type).values)
    return Payload(tuple(kind.fields), errors)


def _access_denied(name: str, sentence: str) -> GraphQLError:
    return GraphQLError(
        f"Access denied for {name} field. Required access: {sentence}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": sentence,
        },
    )


def _top_level(refusal: Refused) -> GraphQLError:
    return GraphQLError(str(refusal), extensions={"code": refusal.code})
