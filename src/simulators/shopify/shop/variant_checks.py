"""What variants may be: options, values, prices, how many of them."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from simulators.shopify.rows import Row, UserErrors, only
from simulators.shopify.shop import stock
from simulators.shopify.state import State

MOST_OPTIONS = 3
MOST_VARIANTS = 2048
MOST_QUANTITIES = 50_000
KNOWN = frozenset(
    {"id", "optionValues", "price", "compareAtPrice", "barcode", "sku", "inventoryPolicy",
     "inventoryItem", "inventoryQuantities", "taxable", "metafields", "file", "position"}
)  # fmt: skip
Values = tuple[str, ...]
Problem = tuple[str, str, str]
"""Text, code, and the field it is about ("" for the whole row)."""


def values_of(given: Row) -> Values:
    return tuple(str(one.get("name")) for one in given["optionValues"])


def folded(values: Values) -> Values:
    """Two values that differ only in upper and lower case are the same to Shopify (assumption)."""
    return tuple(value.casefold() for value in values)


def shown(row: Row) -> Values:
    return tuple(one["value"] for one in row["selectedOptions"])


def title(row: Row) -> str:
    return " / ".join(shown(row))


def check_options(options: list[Row]) -> None:
    where = ["input", "productOptions"]
    for one in options:
        only(one, {"id", "name", "position", "values"}, "productOptions")
        for value in one.get("values") or ():
            only(value, {"id", "name"}, "productOptions.values")
    if len(options) > MOST_OPTIONS:
        raise UserErrors(
            (where, f"Can only specify a maximum of {MOST_OPTIONS} options", "OPTIONS_OVER_LIMIT")
        )
    names = [str(one.get("name")).casefold() for one in options]
    if len(set(names)) < len(names):
        raise UserErrors((where, "Option names must differ.", "DUPLICATED_OPTION_NAME"))
    for index, one in enumerate(options):
        place = [*where, str(index), "values"]
        values = [str(value["name"]).casefold() for value in one.get("values") or ()]
        if not values:
            raise UserErrors((place, "An option needs a value.", "OPTION_VALUES_MISSING"))
        if len(set(values)) < len(values):
            raise UserErrors((place, "Option values must differ.", "DUPLICATED_OPTION_VALUE"))


def check_set(state: State, options: list[Row], variants: list[Row]) -> None:
    """The variants that productSet is to leave. Raises UserErrors."""
    where = ["input", "variants"]
    if len(variants) > MOST_VARIANTS:
        raise UserErrors((where, f"Exceeds {MOST_VARIANTS} variants", "VARIANTS_OVER_LIMIT"))
    if sum(len(one.get("inventoryQuantities") or ()) for one in variants) > MOST_QUANTITIES:
        raise UserErrors(
            (where, f"Exceeds {MOST_QUANTITIES} quantities", "INVENTORY_QUANTITIES_LIMIT_EXCEEDED")
        )
    allowed = {str(one["name"]): {str(value["name"]) for value in one["values"]} for one in options}
    seen: set[Values] = set()
    for index, one in enumerate(variants):
        only(one, KNOWN, "variants")
        place = [*where, str(index)]
        _check_values(one, allowed, place)
        values = folded(values_of(one))
        if values in seen:
            raise UserErrors((place, already(values_of(one)), "INVALID_VARIANT"))
        seen.add(values)
        problem = amount_problem(one, "INVALID_VARIANT")
        if problem is not None:
            raise UserErrors(([*place, problem[2]], problem[0], problem[1]))
        _check_quantities(state, one, place)


def already(values: Values) -> str:
    return f"The variant '{' / '.join(values)}' already exists. Change at least one option value."


def _check_values(one: Row, allowed: dict[str, set[str]], place: list[str]) -> None:
    given = {str(value.get("optionName")): str(value.get("name")) for value in one["optionValues"]}
    for value in one["optionValues"]:
        only(value, {"optionName", "name"}, "optionValues")
    for name, value in given.items():
        if name not in allowed:
            raise UserErrors((place, f"Option {name} does not exist.", "OPTION_DOES_NOT_EXIST"))
        if value not in allowed[name]:
            raise UserErrors(
                (place, f"Option value {value} does not exist.", "OPTION_VALUE_DOES_NOT_EXIST")
            )
    if len(given) < len(allowed):
        raise UserErrors((place, "A value of each option is needed.", "INVALID_VARIANT"))


def amount_problem(one: Row, code: str) -> Problem | None:
    """A price that is none, or below zero."""
    for name in ("price", "compareAtPrice"):
        try:
            fine = one.get(name) is None or Decimal(str(one[name])) >= 0
        except InvalidOperation:
            fine = False
        if not fine:
            return "Price must be zero or more.", code, name
    return None


def _check_quantities(state: State, one: Row, place: list[str]) -> None:
    """Where a variant is stocked already its quantities may be set, elsewhere not."""
    for given in one.get("inventoryQuantities") or ():
        where = [*place, "inventoryQuantities"]
        known = state.locations.get(given["locationId"])
        if known is None or not known["isActive"]:
            raise UserErrors((where, "The location was not found.", "INVALID_INPUT"))
        if given["name"] not in stock.NAMES:
            raise UserErrors((where, "The name is invalid.", "INVALID_INPUT"))
        row = state.variants.get(one.get("id") or "")
        if row and (row["itemId"], given["locationId"]) not in state.levels:
            raise UserErrors((where, "The variant is not stocked there.", "INVALID_INPUT"))


def make_room(state: State, wanted: int, errors: Callable[[str], UserErrors]) -> None:
    """From so many variants in the shop, an app makes only so many new ones a day."""
    settings, made = state.settings, state.variants_made
    today = state.clock.now().date().isoformat()
    large = len(state.variants) >= settings.variant_threshold
    if large and wanted and made[today] + wanted > settings.variants_a_day:
        raise errors("Daily variant creation limit reached. Please try again later.")
    made[today] += wanted
