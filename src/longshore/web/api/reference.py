"""The API's description in the order and the words a person reads it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """One value that is taken or given."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    title: str
    words: str
    parameters: tuple[Value, ...]
    body: tuple[Value, ...]
    answer: tuple[Value, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


def operations_of(schema: Mapping[str, Any]) -> list[Group]:
    """By tag, as they were declared."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            groups.setdefault(one["tags"][0], []).append(_operation(schema, path, method, one))
    return [Group(name, tuple(found)) for name, found in groups.items()]


def _operation(
    schema: Mapping[str, Any], path: str, method: str, one: Mapping[str, Any]
) -> Operation:
    good = next(code for code in one["responses"] if int(code) < 400)  # noqa: PLR2004 - HTTP's
    answer = one["responses"][good]["content"]["application/json"]["schema"]
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        method=method.upper(),
        path=path,
        title=one["summary"],
        words=one.get("description", ""),
        parameters=tuple(
            Value(
                p["name"],
                _kind(schema, p["schema"]),
                bool(p.get("required")),
                p.get("description", ""),
            )
            for p in one.get("parameters", ())
        ),
        body=tuple(_values(schema, body.get("schema", {}))),
        answer=tuple(_values(schema, answer)),
        codes=tuple(str(code) for code in one["responses"]),
    )


def _values(schema: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Value]:
    shape = _resolved(schema, given)
    required = shape.get("required", ())
    for name, one in shape.get("properties", {}).items():
        yield Value(name, _kind(schema, one), name in required, one.get("description", ""))


def _resolved(schema: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = given.get("$ref", "")
    if not reference:
        return given
    found: Mapping[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    if "anyOf" in one:
        kinds = [_kind(schema, choice) for choice in one["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in one:
        return ", ".join(str(value) for value in one["enum"])
    if "$ref" in one:
        shape = _resolved(schema, one)
        return "{" + ", ".join(shape.get("properties", {})) + "}"
    if one.get("type") == "array":
        return f"list of {_kind(schema, one.get('items', {}))}"
    return str(one.get("format") or one.get("type") or "any")
