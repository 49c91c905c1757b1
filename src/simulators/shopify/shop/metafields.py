"""Metafields: definitions, unique values of type `id`, and writes that see each other."""

import hashlib
import json
from typing import Any

from simulators.shopify.rows import NotModelled, Row, UserErrors, kind_of, only
from simulators.shopify.state import State

APP = "app--1000"
MOST_A_CALL = 25
OWNERS = {"Product": "PRODUCT", "ProductVariant": "PRODUCTVARIANT", "Order": "ORDER"}
ID = "id"
Name = tuple[str, str]


def full_name(given: Row) -> Name:
    """Namespace and key; `$app` stands for a namespace that belongs to the app alone."""
    namespace: str = given.get("namespace") or "$app"
    if namespace == "$app" or namespace.startswith("$app:"):
        rest = namespace.removeprefix("$app").removeprefix(":")
        namespace = f"{APP}--{rest}" if rest else APP
    return namespace, given["key"]


def define(state: State, definition: Row) -> Row:
    """metafieldDefinitionCreate: a second one of the same key is TAKEN."""
    only(definition, {"name", "namespace", "key", "ownerType", "type", "description"}, "definition")
    if definition["ownerType"] not in OWNERS.values():
        raise NotModelled(f"metafields of {definition['ownerType']}")
    namespace, key = full_name(definition)
    place = (definition["ownerType"], namespace, key)
    if place in state.definitions:
        raise UserErrors((["definition", "key"], "Key is in use for Product metafields.", "TAKEN"))
    row: Row = {
        "__typename": "MetafieldDefinition",
        "id": state.new_id("MetafieldDefinition"),
        **definition,
        "namespace": namespace,
    }
    state.definitions[place] = row
    return {"createdDefinition": row}


def type_of(state: State, owner: Row, name: Name) -> str | None:
    found = state.definitions.get((OWNERS[owner["__typename"]], *name))
    return found["type"] if found else None


def by_custom_id(state: State, custom: Row) -> Row | None:
    """The product whose metafield of type `id` has the value. Raises UserErrors without one."""
    name = full_name(custom)
    definition = state.definitions.get(("PRODUCT", *name))
    if definition is None or definition["type"] != ID:
        raise UserErrors(
            (["identifier", "customId"], "Metafield definition of type 'id' is required.",
             "INVALID_METAFIELD")
        )  # fmt: skip
    return state.products.get(state.unique.get((*name, custom["value"]), ""))


def check(state: State, owner: Row | None, given: list[Row], where: list[str]) -> None:
    """Raises UserErrors when a unique value belongs to another product."""
    for index, one in enumerate(given):
        if one.get("id") or not one.get("key"):
            raise NotModelled("metafields by id")
        name = full_name(one)
        definition = state.definitions.get(("PRODUCT", *name))
        if definition is None or definition["type"] != ID or where[-1] != "metafields":
            continue
        holder = state.unique.get((*name, str(one.get("value"))))
        if holder is not None and (owner is None or holder != owner["id"]):
            raise UserErrors(
                ([*where, str(index), "value"], "Value is already taken.", "CAPABILITY_VIOLATION")
            )


def replace(state: State, owner: Row, given: list[Row]) -> None:
    """All of an owner's metafields: those not named are gone."""
    kept = {full_name(one) for one in given}
    for name in [name for name in fields_of(owner) if name not in kept]:
        _remove(state, owner, name)
    for one in given:
        write(state, owner, one)


def fields_of(owner: Row) -> dict[Name, Row]:
    return owner.setdefault("metafields", {})


def write(state: State, owner: Row, given: Row) -> Row:
    name = full_name(given)
    fields = fields_of(owner)
    now = state.clock.now()
    defined = type_of(state, owner, name)
    row = fields.get(name)
    if row is None:
        row = _new(state, name)
        fields[name] = row
    elif defined == ID:
        state.unique.pop((*name, row["value"]), None)
    row["type"] = given.get("type") or defined or row.get("type")
    row["value"] = str(given["value"])
    row["updatedAt"] = now
    if defined == ID:
        state.unique[(*name, row["value"])] = owner["id"]
    return row


def _new(state: State, name: Name) -> Row:
    return {
        "__typename": "Metafield",
        "id": state.new_id("Metafield"),
        "namespace": name[0],
        "key": name[1],
        "createdAt": state.clock.now(),
    }


def _remove(state: State, owner: Row, name: Name) -> None:
    row = fields_of(owner).pop(name)
    state.unique.pop((*name, row["value"]), None)


def forget(state: State, owner: Row) -> None:
    for name in list(owner.get("metafields") or ()):
        _remove(state, owner, name)


def digest(row: Row) -> str:
    return hashlib.sha256(str(row["value"]).encode()).hexdigest()


def as_json(row: Row) -> Any:
    """The value as its type says."""
    if row["type"] in {"json", "number_integer", "boolean"} or str(row["type"]).startswith("list."):
        return json.loads(row["value"])
    return row["value"]


def set_many(state: State, given: list[Row]) -> Row:
    """metafieldsSet: at most 25, all or nothing, `compareDigest` against what is there."""
    if len(given) > MOST_A_CALL:
        raise UserErrors(
            (["metafields"], f"Exceeded the maximum of {MOST_A_CALL} metafields.",
             "LESS_THAN_OR_EQUAL_TO")
        )  # fmt: skip
    for index, one in enumerate(given):
        where = ["metafields", str(index)]
        owner = state.node(one["ownerId"])
        if owner is None or kind_of(one["ownerId"]) not in OWNERS:
            raise UserErrors(([*where, "ownerId"], "Owner does not exist.", "INVALID"))
        _may_set(state, owner, one, where)
    return {"metafields": [write(state, _owner(state, one), one) for one in given]}


def _owner(state: State, one: Row) -> Row:
    owner = state.node(one["ownerId"])
    if owner is None:
        raise NotModelled(f"the owner {one['ownerId']}")
    return owner


def _may_set(state: State, owner: Row, one: Row, where: list[str]) -> None:
    name = full_name(one)
    before = fields_of(owner).get(name)
    defined = type_of(state, owner, name)
    if not one.get("type") and defined is None and before is None:
        raise UserErrors(([*where, "type"], "Type can't be blank", "BLANK"))
    if one.get("type") and defined is not None and one["type"] != defined:
        raise UserErrors(([*where, "type"], f"Type must be {defined}.", "INVALID_TYPE"))
    if "compareDigest" in one:
        expected = one["compareDigest"]
        if (digest(before) if before else None) != expected:
            raise UserErrors(
                ([*where, "compareDigest"], "The metafield has been changed.", "STALE_OBJECT")
            )
    if defined == ID and owner["__typename"] == "Product":
        holder = state.unique.get((*name, one["value"]))
        if holder not in {None, owner["id"]}:
            raise UserErrors(([*where, "value"], "Value is already taken.", "CAPABILITY_VIOLATION"))
