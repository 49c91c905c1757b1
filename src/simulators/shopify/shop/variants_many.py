"""Several variants of one product at once: updated, made, deleted."""

from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.shop.variant_checks import (
    MOST_VARIANTS,
    Problem,
    Values,
    already,
    amount_problem,
    folded,
    make_room,
    shown,
    values_of,
)
from simulators.shopify.shop.variants import DEFAULT, forget, make, write
from simulators.shopify.state import State

KNOWN_BULK = frozenset(
    {"id", "optionValues", "price", "compareAtPrice", "barcode", "inventoryPolicy",
     "inventoryItem", "inventoryQuantities", "taxable", "metafields", "mediaId"}
)  # fmt: skip


def update_many(state: State, product: Row, given: list[Row], *, partial: bool) -> Row:
    """productVariantsBulkUpdate: with partial updates the good rows are written all the same."""
    problems = {
        index: problem
        for index, one in enumerate(given)
        if (problem := _update_problem(state, product, one)) is not None
    }
    errors = [
        (_at(index, problem[2]), problem[0], problem[1]) for index, problem in problems.items()
    ]
    if errors and not partial:
        raise UserErrors(*errors)
    written: list[Row] = []
    for index, one in enumerate(given):
        if index not in problems:
            row = state.variants[one["id"]]
            write(state, row, {**one, "optionValues": None}, one.get("mediaId"))
            _rename(row, one.get("optionValues") or [])
            written.append(row)
    return {"product": product, "productVariants": written, "errors": errors}


def _at(index: int, name: str) -> list[str]:
    return ["variants", str(index), name] if name else ["variants", str(index)]


def _rename(row: Row, values: list[Row]) -> None:
    for value in values:
        for option in row["selectedOptions"]:
            if option["name"] == value["optionName"]:
                option["value"] = value["name"]


def _update_problem(state: State, product: Row, one: Row) -> Problem | None:
    only(one, KNOWN_BULK, "variants")
    if one.get("inventoryQuantities"):
        return (
            "Inventory quantities can only be provided during create.",
            "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE",
            "inventoryQuantities",
        )
    if not one.get("id"):
        return "Product variant is missing ID attribute", "PRODUCT_VARIANT_ID_MISSING", ""
    row = state.variants.get(one["id"])
    if row is None or row["productId"] != product["id"]:
        return "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST", "id"
    if one.get("mediaId") and one["mediaId"] not in product["mediaIds"]:
        return "Media does not belong to the product.", "INVALID_INPUT", "mediaId"
    return amount_problem(one, "GREATER_THAN_OR_EQUAL_TO") or _taken(state, product, row, one)


def _taken(state: State, product: Row, row: Row, one: Row) -> Problem | None:
    if not one.get("optionValues"):
        return None
    names = {option["name"] for option in row["selectedOptions"]}
    for value in one["optionValues"]:
        only(value, {"optionName", "name"}, "optionValues")
        if value["optionName"] not in names:
            return "Option does not exist.", "OPTION_DOES_NOT_EXIST", "optionValues"
    changed = {value["optionName"]: value["name"] for value in one["optionValues"]}
    wanted = tuple(changed.get(o["name"], o["value"]) for o in row["selectedOptions"])
    for gid in product["variantIds"]:
        other = state.variants[gid]
        if other is not row and folded(shown(other)) == folded(wanted):
            return already(wanted), "VARIANT_ALREADY_EXISTS", "optionValues"
    return None


def create_many(state: State, product: Row, given: list[Row], strategy: str | None) -> Row:
    """productVariantsBulkCreate, all or nothing."""
    if strategy not in {None, "DEFAULT", "REMOVE_STANDALONE_VARIANT"}:
        raise NotModelled(f"the strategy {strategy}")
    if len(product["variantIds"]) + len(given) > MOST_VARIANTS:
        raise UserErrors(
            (["variants"], f"Exceeds {MOST_VARIANTS} variants", "SUBSCRIPTION_VIOLATION")
        )
    names = [option["name"] for option in product["options"]]
    taken = {folded(shown(state.variants[gid])) for gid in product["variantIds"]}
    for index, one in enumerate(given):
        problem = _create_problem(state, names, taken, one)
        if problem is not None:
            raise UserErrors((_at(index, problem[2]), problem[0], problem[1]))
    make_room(
        state, len(given), lambda text: UserErrors((["variants"], text, "SUBSCRIPTION_VIOLATION"))
    )
    old = [gid for gid in product["variantIds"] if shown(state.variants[gid]) == (DEFAULT,)]
    made = [_create(state, product, one) for one in given]
    for gid in old if strategy or len(product["variantIds"]) > len(made) else ():
        product["variantIds"].remove(gid)
        forget(state, gid)
    return {"product": product, "productVariants": made}


def _create(state: State, product: Row, one: Row) -> Row:
    quantities = [
        {"locationId": level["locationId"], "name": "available",
         "quantity": level["availableQuantity"]}
        for level in one.get("inventoryQuantities") or ()
    ]  # fmt: skip
    given = {**one, "inventoryQuantities": quantities}
    row = make(state, product, given)
    write(state, row, given, one.get("mediaId"))
    for value in one["optionValues"]:
        _add_value(state, product, value["optionName"], value["name"])
    return row


def _add_value(state: State, product: Row, name: str, value: str) -> None:
    for option in product["options"]:
        if option["name"] == name and value not in {one["name"] for one in option["values"]}:
            option["values"].append({"id": state.new_id("ProductOptionValue"), "name": value})


def _create_problem(state: State, names: list[str], taken: set[Values], one: Row) -> Problem | None:
    only(one, KNOWN_BULK - {"id"}, "variants")
    given = [value.get("optionName") for value in one.get("optionValues") or ()]
    if sorted(map(str, given)) != sorted(names):
        return "Variant options are not enough.", "NEED_TO_ADD_OPTION_VALUES", "optionValues"
    values = folded(values_of(one))
    if values in taken:
        return already(values_of(one)), "VARIANT_ALREADY_EXISTS", ""
    taken.add(values)
    for level in one.get("inventoryQuantities") or ():
        if level["locationId"] not in state.locations:
            return "The location was not found.", "TRACKED_VARIANT_LOCATION_NOT_FOUND", ""
    return amount_problem(one, "NEGATIVE_PRICE_VALUE")


def delete_many(state: State, product: Row, gids: list[str]) -> Row:
    for index, gid in enumerate(gids):
        if gid not in product["variantIds"]:
            raise UserErrors(
                (["variantsIds", str(index)], "At least one variant does not belong to the product",
                 "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT")
            )  # fmt: skip
    if set(gids) == set(product["variantIds"]):
        raise UserErrors(
            (["variantsIds"], "Cannot delete the last variant.", "CANNOT_DELETE_LAST_VARIANT")
        )
    for gid in dict.fromkeys(gids):
        product["variantIds"].remove(gid)
        forget(state, gid)
    return {"product": product}
