"""What must be true, written by hand: how a vendor's stock has to look on the storefront, and which
products belong there at all. The auditor compares with this; nothing here comes from the hub.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """How a variant looks to a buyer. `quantity` None: it is not counted."""

    tracked: bool
    quantity: int | None
    purchasable: bool


# tracking   status          quantity       what a buyer must see
TABLE = (
    ("off", "instock",     "any",           Shown(tracked=False, quantity=None, purchasable=True)),
    ("off", "outofstock",  "any",           Shown(tracked=True, quantity=0, purchasable=False)),
    ("off", "onbackorder", "any",           Shown(tracked=True, quantity=0, purchasable=False)),
    ("on",  "any",         "zero or less",  Shown(tracked=True, quantity=0, purchasable=False)),
    ("on",  "any",         "more",          Shown(tracked=True, quantity=-1, purchasable=True)),
)  # fmt: skip
"""-1 stands for the vendor's own quantity."""


def must_show(row: Row) -> Shown:
    """What the storefront must show for a vendor's product or variation."""
    tracking = "on" if row["manage_stock"] in (True, "parent", "yes") else "off"
    number = int(Decimal(str(row.get("stock_quantity") or 0)).to_integral_value("ROUND_FLOOR"))
    amount = "more" if number > 0 else "zero or less"
    for wanted, status, quantity, shown in TABLE:
        if (
            wanted == tracking
            and status in {"any", row["stock_status"]}
            and quantity in {"any", amount}
        ):
            if shown.quantity == -1:
                return Shown(shown.tracked, number, shown.purchasable)
            return shown
    raise LookupError(f"the table has no row for {tracking} {row['stock_status']} {amount}")


def price(row: Row) -> Decimal | None:
    """The price a buyer must pay now: the sale price while a sale runs, else the regular one. The
    demo's shops have no timed sales.
    """
    regular = amount(row.get("regular_price"))
    sale = amount(row.get("sale_price"))
    if regular is None or regular <= 0:
        return None
    return sale if sale is not None and 0 < sale < regular else regular


def amount(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def belongs(product: Row) -> bool:
    """Whether a product may be on the storefront at all: simple or variable, public, open."""
    return (
        product["type"] in {"simple", "variable"}
        and product["status"] == "publish"
        and not product.get("post_password")
    )


def sellable(product: Row, variations: list[Row]) -> list[Row]:
    """The rows that can be bought: public ones with a price. A product with a variation that leaves
    an option open, or with two alike, waits for its vendor instead and has none.
    """
    if product["type"] == "simple":
        return [product] if price(product) is not None else []
    names = [one["name"] for one in product["attributes"] if one["variation"]]
    found = [one for one in variations if one.get("status", "publish") == "publish" and price(one)]
    values = [options(one, names) for one in found]
    if len(names) > 3 or any("" in one for one in values):  # noqa: PLR2004 - Shopify's limit
        return []
    lowered = [tuple(value.casefold() for value in one) for one in values]
    return found if len(set(lowered)) == len(lowered) else []


def options(variation: Row, names: list[str]) -> tuple[str, ...]:
    """A variation's values in the order of its product's options; "" for one it leaves open."""
    given = {one["name"].casefold(): one["option"] for one in variation["attributes"]}
    return tuple(given.get(name.casefold(), "") for name in names)
