"""Products: list replacement and unique custom ids of productSet, bulk updates, publishing."""

from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.shopify.state import MOST_VARIANTS, NotModelled, Row, State, UserErrors

MOST_OPTIONS = 3


def define_metafield(state: State, definition: Row) -> Row:
    """metafieldDefinitionCreate: a second one of the same key is TAKEN."""
    key = (definition.get("namespace") or "", definition["key"])
    if key in state.definitions:
        raise UserErrors((["definition", "key"], "Key is in use for Product metafields.", "TAKEN"))
    row = {"id": state.new_id("MetafieldDefinition"), **definition}
    state.definitions[key] = row
    return {"createdDefinition": row}


def product_set(state: State, identifier: Row | None, data: Row) -> Row:
    """Upsert. Lists that are given replace what was there; fields left out stay as they are."""
    product = _find(state, identifier, data)
    _check(state, data)
    if product is None:
        product = state.add(
            state.products,
            "Product",
            {"title": "", "status": "ACTIVE", "descriptionHtml": "", "vendor": "", "tags": [],
             "productType": "", "variantIds": [], "publishedOn": [], "files": [], "options": [],
             "customIds": {}},
        )  # fmt: skip
    for name in ("title", "status", "descriptionHtml", "vendor", "tags", "productType"):
        if name in data:
            product[name] = data[name]
    if "files" in data:
        product["files"] = [file.get("originalSource") or file.get("id") for file in data["files"]]
    for metafield in data.get("metafields") or ():
        product["customIds"][metafield["namespace"], metafield["key"]] = metafield["value"]
    if "variants" in data:
        _replace_variants(state, product, data)
    product["updatedAt"] = state.clock.now()
    return {"product": product}


def _find(state: State, identifier: Row | None, data: Row) -> Row | None:
    if not identifier:
        return None
    if identifier.get("id"):
        product = state.products.get(identifier["id"])
        if product is None:
            raise UserErrors((["identifier"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
        return product
    custom = identifier.get("customId")
    if not custom:
        raise NotModelled("productSet by handle")
    key = (custom["namespace"], custom["key"])
    definition = state.definitions.get(key)
    if definition is None or definition["type"] != "id":
        raise UserErrors(
            (["identifier", "customId"], "Metafield definition of type 'id' is required.",
             "INVALID_METAFIELD")
        )  # fmt: skip
    given = [
        one["value"]
        for one in data.get("metafields") or ()
        if (one.get("namespace"), one["key"]) == key
    ]
    if given != [custom["value"]]:
        raise UserErrors(
            (["identifier", "customId"], "The metafield must match the identifier.",
             "METAFIELD_MISMATCH")
        )  # fmt: skip
    for product in state.products.values():
        if product["customIds"].get(key) == custom["value"]:
            return product
    return None


def _check(state: State, data: Row) -> None:
    options, variants = data.get("productOptions"), data.get("variants")
    if (options is None) != (variants is None):
        missing = "PRODUCT_OPTIONS_INPUT_MISSING" if options is None else "VARIANTS_INPUT_MISSING"
        raise UserErrors((["input"], "Options and variants come together.", missing))
    if options is None or variants is None:
        return
    if len(options) > MOST_OPTIONS:
        raise UserErrors(
            (["input", "productOptions"], "Can only specify a maximum of 3 options",
             "OPTIONS_OVER_LIMIT")
        )  # fmt: skip
    if len(variants) > MOST_VARIANTS:
        raise UserErrors(
            (["input", "variants"], f"Exceeds {MOST_VARIANTS} variants", "VARIANTS_OVER_LIMIT")
        )
    if not data.get("title") and not state.products:
        raise UserErrors((["input", "title"], "Title can't be blank", "BLANK"))
    seen: set[tuple[str, ...]] = set()
    for index, variant in enumerate(variants):
        values = _values(variant)
        if values in seen:
            raise UserErrors(
                (["input", "variants", str(index)], _exists(values),
                 "VARIANT_ALREADY_EXISTS")
            )  # fmt: skip
        seen.add(values)
        _amount(variant.get("price"), index)


def _exists(values: tuple[str, ...]) -> str:
    return f"The variant '{' / '.join(values)}' already exists."


def _amount(value: object, index: int) -> None:
    try:
        fine = value is None or Decimal(str(value)) >= 0
    except InvalidOperation:
        fine = False
    if not fine:
        raise UserErrors(
            (["input", "variants", str(index), "price"], "Price is invalid", "INVALID")
        )


def _values(variant: Row) -> tuple[str, ...]:
    return tuple(one["name"] for one in variant["optionValues"])


def _replace_variants(state: State, product: Row, data: Row) -> None:
    """Variants keep their identity by id, or by identical option values; those not named go."""
    old = {gid: state.variants[gid] for gid in product["variantIds"]}
    by_values = {tuple(o["value"] for o in row["selectedOptions"]): row for row in old.values()}
    product["options"] = [
        {"name": option["name"], "values": [value["name"] for value in option["values"]]}
        for option in data["productOptions"]
    ]
    kept: list[str] = []
    for given in data["variants"]:
        row = old.get(given["id"]) if given.get("id") else by_values.get(_values(given))
        if given.get("id") and row is None:
            raise UserErrors(
                (["input", "variants"], "Variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST")
            )
        if row is None:
            row = _new_variant(state, product)
        _write_variant(state, row, given)
        kept.append(row["id"])
    product["variantIds"] = kept
    for gid in set(old) - set(kept):
        _forget(state, gid)


def _new_variant(state: State, product: Row) -> Row:
    item = state.add(state.items, "InventoryItem", {"sku": "", "tracked": False})
    row = state.add(
        state.variants,
        "ProductVariant",
        {"productId": product["id"], "itemId": item["id"], "price": "0.00",
         "compareAtPrice": None, "barcode": None, "inventoryPolicy": "DENY"},
    )  # fmt: skip
    item["variantId"] = row["id"]
    first = next(iter(state.locations.values()))
    # A new variant is stocked at the shop's first location (assumption, see the rules' table).
    state.levels[item["id"], first["id"]] = {"available": 0, "committed": 0}
    return row


def _write_variant(state: State, row: Row, given: Row) -> None:
    if given.get("inventoryQuantities"):
        raise NotModelled("productSet with inventoryQuantities")
    for name in ("price", "compareAtPrice", "barcode", "inventoryPolicy"):
        if name in given:
            row[name] = given[name]
    if "optionValues" in given:
        row["selectedOptions"] = [
            {"name": one["optionName"], "value": one["name"]} for one in given["optionValues"]
        ]
    item = state.items[row["itemId"]]
    for name in ("sku", "tracked"):
        if name in (given.get("inventoryItem") or {}):
            item[name] = given["inventoryItem"][name]
    if given.get("sku"):
        item["sku"] = given["sku"]


def _forget(state: State, variant_gid: str) -> None:
    item = state.variants.pop(variant_gid)["itemId"]
    state.items.pop(item)
    for key in [key for key in state.levels if key[0] == item]:
        del state.levels[key]


def product_update(state: State, data: Row) -> Row:
    product = state.products.get(data.get("id") or "")
    if product is None:
        raise UserErrors((["id"], "Product does not exist", None))
    for name in ("title", "status", "descriptionHtml", "vendor", "tags", "productType"):
        if name in data:
            product[name] = data[name]
    return {"product": product}


def variants_update(state: State, product_id: str, given: list[Row], *, partial: bool) -> Row:
    """productVariantsBulkUpdate: with partial updates the good rows are written all the same."""
    product = state.products.get(product_id)
    if product is None:
        raise UserErrors((["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    errors: list[Row] = []
    for index, row in enumerate(given):
        if row.get("inventoryQuantities"):
            errors.append(_at(index, "Inventory quantities can only be provided during create.",
                              "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"))  # fmt: skip
        elif row.get("id") not in product["variantIds"]:
            errors.append(_at(index, "Product variant does not exist",
                              "PRODUCT_VARIANT_DOES_NOT_EXIST"))  # fmt: skip
    bad = {int(error["field"][1]) for error in errors}
    if errors and not partial:
        return {"productVariants": None, "userErrors": errors}
    written: list[Row] = []
    for index, row in enumerate(given):
        if index not in bad:
            _write_variant(state, state.variants[row["id"]], row)
            written.append(state.variants[row["id"]])
    return {"productVariants": written, "userErrors": errors}


def _at(index: int, message: str, code: str) -> Row:
    return {"field": ["variants", str(index)], "message": message, "code": code}


def publish(state: State, gid: str, targets: list[Row], *, on: bool) -> Row:
    product = state.products.get(gid)
    if product is None:
        raise UserErrors((["id"], "Resource does not exist", None))
    for target in targets:
        place = target["publicationId"]
        if place not in state.publications:
            raise UserErrors((["input", "publicationId"], "Publication does not exist", None))
        there: list[Any] = product["publishedOn"]
        if on and place not in there:
            there.append(place)
        elif not on and place in there:
            there.remove(place)
    return {}
