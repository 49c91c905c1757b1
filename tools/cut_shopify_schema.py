"""Cuts Shopify's Admin schema down to what our operations use and the simulator offers: names and
types only, inputs and enums whole, and beside it the facts that the full schema tells of what is
left (scopes, protected fields, carriers).

    python tools/cut_shopify_schema.py admin_2026-10.json.gz

Fields and types are only ever removed, so what is valid on the cut schema is valid at Shopify.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    print_schema,
    visit,
)
from graphql.type import is_enum_type, is_scalar_type

ROOT = Path(__file__).parents[1]
OPERATIONS = ROOT / "src/longshore/stores/shopify/operations"
TARGET = ROOT / "src/simulators/shopify/schema"
OFFERED = TARGET / "offered.graphql"
"""What the simulator offers beyond the operations the hub has today."""
ALWAYS = {
    "QueryRoot": {"node", "nodes"},
    "Node": {"id"},
    "DisplayableError": {"field", "message"},
    "AppCatalog": {"id", "title"},  # what a sales channel's catalog is
}
IMPLEMENTED = frozenset({"Node", "DisplayableError", "Catalog", "Media", "ProductOperation"})
"""Interfaces kept; the others would ask for fields nobody uses."""
_SCOPES = re.compile(r"Requires (?:the|at least one of the following scopes:)([^.]*)")
_NAMES = re.compile(r"\b(?:read|write)_\w+")


class _Used(Visitor):
    """Collects each (type, field) that documents select and the types of their variables."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.fields: dict[str, set[str]] = {name: set(use) for name, use in ALWAYS.items()}
        self.types: set[str] = set()

    def enter_field(self, node: Any, *_: object) -> None:
        parent = self.info.get_parent_type()
        if parent is not None:
            self.fields.setdefault(parent.name, set()).add(node.name.value)

    def enter_named_type(self, node: Any, *_: object) -> None:
        self.types.add(node.name.value)


def cut(full: GraphQLSchema, documents: Iterable[str]) -> GraphQLSchema:
    info = TypeInfo(full)
    used = _Used(info)
    for text in (*documents, OFFERED.read_text(encoding="utf-8")):
        visit(parse(text), TypeInfoVisitor(info, used))
    _both_forms(full, used.fields)
    keep = set(used.fields) | used.types
    for name, fields in used.fields.items():
        owner: Any = full.type_map[name]
        for field in fields:
            if field != "__typename":
                keep |= _reached(owner.fields[field])
    _close_inputs(full, keep)
    for name in keep:
        used.fields.setdefault(name, set())
    kwargs = full.to_kwargs()
    types = {name: kind for name, kind in full.type_map.items() if name in keep}
    # Interfaces first: what an object may still implement depends on what they keep.
    for name, kind in sorted(
        types.items(), key=lambda pair: not isinstance(pair[1], GraphQLInterfaceType)
    ):
        _trim(kind, used.fields[name], keep)
    kwargs["types"] = tuple(types.values())
    kwargs["subscription"] = None
    kwargs["directives"] = tuple(
        one for one in full.directives if one.name in {"idempotent", "skip", "include"}
    )
    for directive in kwargs["directives"]:
        directive.description = None
        for argument in directive.args.values():
            argument.description = None
    kwargs["assume_valid"] = True
    return GraphQLSchema(**kwargs)


def _both_forms(full: GraphQLSchema, fields: dict[str, set[str]]) -> None:
    """Connections are kept with nodes and with edges, whichever of them a document uses."""
    for name in [name for name in fields if name.endswith("Connection")]:
        kind: Any = full.type_map[name]
        fields[name] |= {"nodes", "edges", "pageInfo"} & set(kind.fields)
        edge = get_named_type(kind.fields["edges"].type)
        fields.setdefault(edge.name, set()).update({"cursor", "node"})


def _reached(field: Any) -> set[str]:
    return {get_named_type(field.type).name} | {
        get_named_type(argument.type).name for argument in field.args.values()
    }


def _close_inputs(full: GraphQLSchema, keep: set[str]) -> None:
    waiting = list(keep)
    while waiting:
        kind = full.type_map[waiting.pop()]
        if isinstance(kind, GraphQLInputObjectType):
            for field in kind.fields.values():
                name = get_named_type(field.type).name
                if name not in keep:
                    keep.add(name)
                    waiting.append(name)


def _trim(kind: Any, fields: set[str], keep: set[str]) -> None:
    kind.description = None
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        _trim_fields(kind, fields, keep)
    elif isinstance(kind, GraphQLUnionType):
        kind.__dict__["types"] = tuple(one for one in kind.types if one.name in keep)
    elif isinstance(kind, GraphQLInputObjectType):
        for field in kind.fields.values():
            field.description = None
            field.deprecation_reason = None
    elif is_enum_type(kind):
        for value in kind.values.values():
            value.description = None
            value.deprecation_reason = None
    elif is_scalar_type(kind):
        kind.specified_by_url = None


def _trim_fields(kind: Any, fields: set[str], keep: set[str]) -> None:
    kept = {name: field for name, field in kind.fields.items() if name in fields}
    for field in kept.values():
        field.description = None
        field.deprecation_reason = None
        field.args = {n: a for n, a in field.args.items() if get_named_type(a.type).name in keep}
        for argument in field.args.values():
            argument.description = None
    if "id" in kind.fields and not kept:
        kept = {"id": kind.fields["id"]}
    kind.__dict__["fields"] = kept
    kind.__dict__["interfaces"] = tuple(
        one
        for one in kind.interfaces
        if one.name in keep & IMPLEMENTED and set(one.fields) <= set(kept)
    )


def facts(data: Any, small: GraphQLSchema) -> dict[str, Any]:
    """What Shopify's schema says of the fields and types that are left: its own sentences on the
    scopes they need, which hold a buyer's data, what scopes the webhook topics need, and the
    carriers whose links Shopify builds itself.
    """
    fields: dict[str, str] = {}
    types: dict[str, str] = {}
    protected: list[str] = []
    kinds = {kind["name"]: kind for kind in data["data"]["__schema"]["types"]}
    for name, kind in kinds.items():
        left: Any = small.type_map.get(name)
        if left is None:
            continue
        if kind.get("requiredAccess") and kind["kind"] == "OBJECT":
            types[name] = kind["requiredAccess"]
        for field in kind.get("fields") or ():
            if field["name"] in getattr(left, "fields", {}):
                if field.get("requiredAccess"):
                    fields[f"{name}.{field['name']}"] = field["requiredAccess"]
                if field.get("isProtected"):
                    protected.append(f"{name}.{field['name']}")
    return {
        "fields": fields,
        "types": types,
        "protected": sorted(protected),
        "topics": _topics(kinds["WebhookSubscriptionTopic"]),
        "carriers": _carriers(kinds["FulfillmentTrackingInfo"]),
    }


def _topics(kind: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value in kind["enumValues"]:
        text = " ".join((value["description"] or "").split())
        found[value["name"]] = [
            name for part in _SCOPES.findall(text) for name in _NAMES.findall(part)
        ]
    return found


def _carriers(kind: Any) -> list[str]:
    """Worldwide ones are a list of their own, those of a country stand in one line."""
    (field,) = (one for one in kind["fields"] if one["name"] == "company")
    found: set[str] = set()
    for entry in re.findall(r"^ +\* (.+(?:\n(?! *\*|\n).+)*)", field["description"], re.MULTILINE):
        country = re.match(r"\*\*[^*]+\*\*:", entry)
        if country:
            found |= {name.strip() for name in " ".join(entry[country.end() :].split()).split(",")}
        else:
            found.add(" ".join(entry.split()))
    return sorted(name for name in found if name)


def read(path: Path) -> Any:
    with gzip.open(path) as file:
        return json.load(file)


def main(path: Path) -> None:
    data = read(path)
    full = build_client_schema(data["data"], assume_valid=True)
    documents = [file.read_text(encoding="utf-8") for file in sorted(OPERATIONS.glob("*.graphql"))]
    small = cut(full, documents)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "admin_2026-10.graphql").write_text(print_schema(small) + "\n", encoding="utf-8")
    told = json.dumps(facts(data, small), indent=1, sort_keys=True, ensure_ascii=False)
    (TARGET / "facts.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
