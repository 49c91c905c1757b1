"""Generated catalogs of any size: a function of (products, variable, seed), evaluated row by row.

Rows take no memory until they are changed. Most products are plain and can be sold; every stretch
of some hundred products has each oddity that a hub must cope with (`_ODD` and `_STOCK` below).
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json

FIRST_ID = 35
SAME_SECOND = 14  # a bulk import makes about so many products a second, which ties their dates
AGE_S = 7 * 24 * 3600  # the import was a week ago
NOUNS = (
    "mug",
    "knife",
    "scarf",
    "lamp",
    "basket",
    "notebook",
    "tea cup",
    "chair",
    "blanket",
    "bowl",
)
KINDS_OF = (
    "Oak",
    "Linen",
    "Ocean",
    "Łódź",
    "Ärmellose",
    "Copper",
    "Wool",
    "日本茶",
    "Slate",
    "Écru",
)
COLORS = ("Black", "Blue", "Écru", "Green", "Red", "White", "Yellow", "Gray", "Pink", "Brown")
PREFIX = "G-"
DUPLICATE_SKU = "DUP-SKU"

# Stock by place in a cycle of twenty: (counted, quantity or status, backorders).
_STOCK: tuple[tuple[bool, object, str], ...] = (
    (True, None, "no"), (False, "instock", "no"), (True, None, "no"), (False, "outofstock", "no"),
    (True, None, "no"), (True, 0, "no"), (False, "instock", "no"), (True, None, "no"),
    (False, "onbackorder", "no"), (True, None, "no"), (True, -3, "notify"), (True, None, "no"),
    (False, "instock", "no"), (True, None, "no"), (True, None, "yes"), (True, None, "no"),
    (False, "instock", "no"), (True, 1, "no"), (True, None, "no"), (True, None, "no"),
)  # fmt: skip

# Oddities of simple products: every so many, starting at that place.
_ODD: tuple[tuple[int, int, Json], ...] = (
    (53, 23, {"status": "draft"}),
    (67, 31, {"status": "private"}),
    (101, 37, {"status": "pending"}),
    (83, 41, {"kind": "external"}),
    (89, 43, {"kind": "grouped"}),
    (71, 47, {"regular_price": ""}),
    (137, 59, {"regular_price": "0"}),
    (29, 27, {"sku": ""}),
    (61, 29, {"sku": DUPLICATE_SKU}),
    (97, 19, {"catalog_visibility": "hidden"}),
    (211, 61, {"post_password": "secret"}),
    (73, 17, {"virtual": True, "downloadable": True}),
    (79, 13, {"sale": True}),
    (43, 7, {"marked": True}),
)
_CONTENT = frozenset({"catalog_visibility", "post_password", "virtual", "downloadable"})
_MIX, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def mixed(seed: int, number: int) -> int:
    """A number that looks random, the same for the same arguments (splitmix64)."""
    value = (seed * _MIX + number * 0xBF58476D1CE4E5B9 + _MIX) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Generated:
    """Implements `catalog.Source`. Ids are given out in order: a product, then its variations."""

    def __init__(self, products: int, variable: int, seed: int, now: int) -> None:
        self.products = products
        self.variable = min(variable, products)
        self.seed = seed
        self.first_second = now - AGE_S - products // SAME_SECOND
        self.newest = now - AGE_S + 1
        self.trashed: tuple[int, ...] = ()
        before = array("q", [0])
        for place in range(self.variable):
            before.append(before[-1] + 2 + mixed(seed, place) % 9)
        self._before = before
        self._product_ids = array("q", (self._id(place) for place in range(products)))
        self._variation_ids = array("q")
        for place in range(products):
            if self._is_variable(place):
                parent = self._product_ids[place]
                self._variation_ids.extend(range(parent + 1, parent + 1 + self._count(place)))

    @property
    def product_ids(self) -> Sequence[int]:
        return self._product_ids

    @property
    def variation_ids(self) -> Sequence[int]:
        return self._variation_ids

    def created(self, row_id: int) -> int:
        return self.first_second + self._place(row_id) // SAME_SECOND

    def row(self, row_id: int) -> Product | None:
        place = self._place(row_id)
        if not 0 <= place < self.products:
            return None
        number = row_id - self.product_ids[place]
        if number == 0:
            return self._parent(place, row_id) if self._is_variable(place) else self._simple(place)
        if self._is_variable(place) and number <= self._count(place):
            return self._variation(place, number)
        return None

    def ids_of_sku(self, sku: str) -> Iterable[int]:
        if sku == DUPLICATE_SKU.casefold():
            every, start, _ = next(odd for odd in _ODD if odd[2].get("sku") == DUPLICATE_SKU)
            return [self.product_ids[place] for place in range(start, self.products, every)]
        number, _, child = sku.removeprefix(PREFIX.casefold()).partition("-")
        if not (sku.startswith(PREFIX.casefold()) and number.isdigit()):
            return ()
        place = int(number) - 1
        if not 0 <= place < self.products:
            return ()
        first = self.product_ids[place]
        return (first + int(child),) if child.isdigit() else (first,)

    # --- places ---

    def _is_variable(self, place: int) -> bool:
        share, whole = self.variable, self.products
        return (place + 1) * share // whole > place * share // whole

    def _id(self, place: int) -> int:
        return FIRST_ID + place + self._before[place * self.variable // self.products]

    def _count(self, place: int) -> int:
        """How many variations the variable product at this place has."""
        nth = place * self.variable // self.products
        return self._before[nth + 1] - self._before[nth]

    def _place(self, row_id: int) -> int:
        return bisect_right(self.product_ids, row_id) - 1

    # --- rows ---

    def _named(self, place: int) -> dict[str, Any]:
        luck = mixed(self.seed, place + 7_000_003)
        name = f"{KINDS_OF[luck % 10]} {NOUNS[luck // 10 % 10]} {place + 1}"
        second = self.first_second + place // SAME_SECOND
        return {
            "name": name,
            "slug": f"product-{place + 1}",
            "sku": f"{PREFIX}{place + 1:06d}",
            "created": second,
            "modified": second,
        }

    def _simple(self, place: int) -> Product:
        fields = self._named(place)
        luck = mixed(self.seed, place + 11_000_003)
        price = 500 + luck % 19_400
        fields["regular_price"] = _money(price)
        fields |= _stock(place, luck)
        content = dict(_content(place % 5))
        for every, start, odd in _ODD:
            if place % every == start % every and place >= start:
                content.update({name: odd[name] for name in odd if name in _CONTENT})
                fields |= {name: odd[name] for name in odd if name not in _CONTENT}
        if fields.pop("marked", None):
            fields["name"] = f"{fields['name']} &amp; <em>friends</em> \N{OWL}"
        if fields.pop("sale", None):
            fields["sale_price"] = _money(price * 4 // 5)
        if fields.get("kind") == "external":
            content |= {"external_url": "https://elsewhere.example/p", "button_text": "Buy there"}
        if fields.get("kind") == "grouped":
            content["grouped_products"] = list(self.product_ids[:2])
        if fields.get("kind"):
            fields |= {"manage_stock": False, "stock_quantity": None, "stock_status": "instock"}
        active = fields.get("sale_price") or fields["regular_price"]
        return Product(id=self.product_ids[place], price=active, content=content, **fields)

    def _parent(self, place: int, row_id: int) -> Product:
        fields = self._named(place)
        count = self._count(place)
        nth = place * self.variable // self.products
        pooled = nth % 3 == 2  # noqa: PLR2004 - a third counts its stock at the parent
        quantity = mixed(self.seed, place) % 60 if pooled else None
        kept = not pooled or bool(quantity)
        return Product(
            id=row_id,
            kind="variable",
            manage_stock=pooled,
            stock_quantity=quantity,
            stock_status="instock" if kept else "outofstock",
            attributes=_attributes(count, self._has_any(place)),
            children=tuple(range(row_id + 1, row_id + 1 + count)),
            content=_content(place % 5),
            **fields,
        )

    def _has_any(self, place: int) -> bool:
        """Whether one variation of this product leaves an option open."""
        return place * self.variable // self.products % 11 == 5  # noqa: PLR2004 - one in eleven

    def _variation(self, place: int, number: int) -> Product:
        parent_id = self.product_ids[place]
        nth = place * self.variable // self.products
        luck = mixed(self.seed, parent_id + number * 131)
        fields: dict[str, Any] = {}
        if nth % 3 != 2 or number == 1:  # noqa: PLR2004 - as in `_parent`: the rest is pooled
            fields = _stock(nth + number, luck)
            if nth % 3 != 2 and number == 1:  # noqa: PLR2004 - something can always be bought
                fields = {"manage_stock": True, "stock_quantity": 5 + luck % 40}
        price = _money(800 + luck % 9_000)
        if number > 1 and (nth + number) % 41 == 0:
            price = ""
        color = COLORS[number - 1]
        attributes: tuple[Json, ...] = (_option("Color", "pa_color", 1, color),)
        if self._has_any(place) and number > 1:
            attributes = (*attributes, _option("Size", "pa_size", 2, "M"))
        status = "private" if number > 1 and (nth + number) % 37 == 0 else "publish"
        second = self.first_second + place // SAME_SECOND
        return Product(
            id=parent_id + number,
            kind="variation",
            name=", ".join(str(one["option"]) for one in attributes),
            sku=f"{PREFIX}{place + 1:06d}-{number}" if luck % 13 else "",
            status=status,
            created=second,
            modified=second,
            parent_id=parent_id,
            regular_price=price,
            price=price,
            attributes=attributes,
            **fields,
        )


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _stock(place: int, luck: int) -> dict[str, Any]:
    counted, value, backorders = _STOCK[place % len(_STOCK)]
    if not counted:
        return {"stock_status": value, "backorders": backorders}
    quantity: Any = 5 + luck // 7 % 90 if value is None else value
    status = "instock" if quantity > 0 else "outofstock" if backorders == "no" else "onbackorder"
    return {
        "manage_stock": True,
        "stock_quantity": quantity,
        "stock_status": status,
        "backorders": backorders,
    }


def _option(name: str, slug: str, number: int, option: str) -> Json:
    return {"id": number, "name": name, "slug": slug, "option": option}


@cache
def _attributes(count: int, has_any: bool) -> tuple[Json, ...]:  # noqa: FBT001 - cached by value
    shown = {"position": 0, "visible": True, "variation": True}
    color = {"id": 1, "name": "Color", "slug": "pa_color", **shown, "options": list(COLORS[:count])}
    if not has_any:
        return (color,)
    return (
        color,
        {"id": 2, "name": "Size", "slug": "pa_size", **shown, "options": ["L", "M", "S"]},
    )


@cache
def _content(number: int) -> Json:
    """Shared by all products alike, so that a big catalog stays small."""
    path = f"/wp-content/uploads/2026/11/picture-{number}.jpg"
    date = "2026-11-23T04:13:00"
    image = {
        "id": 12 + number,
        **dict.fromkeys(
            ("date_created", "date_created_gmt", "date_modified", "date_modified_gmt"), date
        ),
        "src": path,
        "name": f"Picture {number}",
        "alt": "",
    }
    text = "<p>A <strong>solid</strong> product, made to last &amp; easy to care for.</p>"
    return {
        "description": text + "<ul><li>made by hand</li><li>one year of guarantee</li></ul>" * 2,
        "short_description": "<p>Solid.</p>",
        "weight": f"0.{number + 1}",
        "dimensions": {"length": "10", "width": "5.5", "height": "2"},
        "categories": [
            {"id": 16 + number, "name": f"Category {number}", "slug": f"category-{number}"}
        ],
        "images": [image],
    }
