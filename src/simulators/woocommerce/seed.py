"""The default catalog: the shop behind the recordings. Rows that were recorded whole are in
`data/seed.json`; the others follow the rules by which that shop was filled.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from simulators.woocommerce.catalog import TRASH, Catalog, Product, Source
from simulators.woocommerce.generated import Generated
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.stock import active_price, status_of_parent

SAME_TEXT = "@"  # stands for the description that the recorded products share
FIRST_SECOND = 1795407181
SIMPLE, VARIABLE = 300, 40
FIRST_VARIABLE_ID, EMPTY_ID, BIG_ID, LAST_ID = 335, 555, 556, 682
NAMES = (
    "Chef\N{RIGHT SINGLE QUOTATION MARK}s knife",
    'Ocean "Blue" mug',
    "Ärmellose Weste",
    "日本茶 セット",
    "Crème brûlée torch",
    "Łańcuch rowerowy",
    "T-shirt “Zoë”",
    "\N{SOCKS} Socks",
    "Nice &amp; warm scarf",
    "קפה שחור",
    "Кружка",
    "Tea cup",
)
ODD_SKUS = {
    2: "sku with space/2",
    3: "SKÜ-3",
    4: "sku,4",
    5: '5" sku',
    102: "DUP-SKU",
    103: "DUP-SKU",
}
COLORS = ("Red", "Green", "Blue", "Black", "White")


def new_catalog(settings: ShopSettings, now: int) -> Catalog:
    if settings.products:
        source: Source = Generated(settings.products, settings.variable, settings.seed, now)
        return Catalog(source)
    rows = _file_rows(settings.data) if settings.data else _recorded_rows()
    catalog = Catalog(_Rows(_not_in_future(rows, now)))
    for row in catalog.rows(list(catalog.product_ids)):
        status = status_of_parent(catalog, row)
        if status != row.stock_status:
            catalog.change(row, stock_status=status)
    return catalog


@cache
def templates() -> tuple[Json, Json]:
    """What a product and a variation print where nothing else is said."""
    data = _seed_file()
    return data["template"], data["variation_template"]


@cache
def _seed_file() -> Json:
    text = files("simulators.woocommerce").joinpath("data/seed.json").read_text(encoding="utf-8")
    data: Any = json.loads(text)
    return data


class _Rows:
    """Implements `catalog.Source` for rows that are all at hand."""

    def __init__(self, rows: Iterable[Product]) -> None:
        self._rows = {row.id: row for row in sorted(rows, key=lambda row: row.id)}
        self.newest = max((row.modified for row in self._rows.values()), default=0)
        self.trashed = [row.id for row in self._rows.values() if row.status == TRASH]

    @property
    def product_ids(self) -> Sequence[int]:
        return [row.id for row in self._rows.values() if not row.is_variation]

    @property
    def variation_ids(self) -> Sequence[int]:
        return [row.id for row in self._rows.values() if row.is_variation]

    def row(self, row_id: int) -> Product | None:
        return self._rows.get(row_id)

    def created(self, row_id: int) -> int:
        return self._rows[row_id].created

    def ids_of_sku(self, sku: str) -> Iterable[int]:
        return [row.id for row in self._rows.values() if row.sku.casefold() == sku]


def _file_rows(path: Path) -> list[Product]:
    """`path`: a JSON file of the same form as `data/seed.json`; only `rows` is needed."""
    data: Any = json.loads(path.read_text(encoding="utf-8"))
    return _linked(_row(entry, _seed_file()["description"]) for entry in data["rows"])


def _recorded_rows() -> list[Product]:
    data = _seed_file()
    known = {entry["id"]: _row(entry, data["description"]) for entry in data["rows"]}
    ruled = {row.id: row for row in _ruled_rows(data["description"])}
    return _linked((ruled | known).values())


def _linked(rows: Iterable[Product]) -> list[Product]:
    """With prices set and children named by their parents."""
    found = {row.id: row for row in rows}
    children: dict[int, list[int]] = {}
    for row in found.values():
        if row.parent_id:
            children.setdefault(row.parent_id, []).append(row.id)
    return [
        msgspec.structs.replace(
            row,
            price=active_price(row, row.modified),
            children=tuple(sorted(children.get(row.id, ()))),
        )
        for row in found.values()
    ]


def _row(entry: Json, description: str) -> Product:
    fields = {name: value for name, value in entry.items() if name not in {"attributes", "meta"}}
    content = fields.get("content", {})
    if content.get("description") == SAME_TEXT:
        fields["content"] = {**content, "description": description}
    fields.setdefault("modified", fields["created"])
    return Product(
        attributes=tuple(entry.get("attributes", ())), meta=tuple(entry.get("meta", ())), **fields
    )


def _not_in_future(rows: Sequence[Product], now: int) -> list[Product]:
    """A shop that is started before the recorded dates has them moved back."""
    newest = max((row.modified for row in rows), default=0)
    if newest <= now:
        return list(rows)
    back = newest - now + 3600
    return [
        msgspec.structs.replace(row, created=row.created - back, modified=row.modified - back)
        for row in rows
    ]


def _ruled_rows(description: str) -> Iterator[Product]:
    for number in range(1, SIMPLE + 1):
        yield _simple(number, description)
    next_id = FIRST_VARIABLE_ID
    for number in range(1, VARIABLE + 1):
        count = _count(number)
        yield from _variable(number, next_id, count, description)
        next_id += 1 + count
    for number in range(1, 121):
        yield _numbered(number)
    for number in (1, 2, 3):
        yield from _not_for_sale(number)


def _not_for_sale(number: int) -> Iterator[Product]:
    """What is sold elsewhere, and what only groups others."""
    second = FIRST_SECOND + 28
    yield Product(
        id=EMPTY_ID + 120 + 2 * number,
        kind="external",
        name=f"External {number}",
        slug=f"external-{number}",
        sku=f"EXT-{number}",
        created=second,
        modified=second,
        regular_price="19.00",
        content={"external_url": f"https://example.com/p/{number}", "button_text": "Buy there"},
    )
    yield Product(
        id=EMPTY_ID + 121 + 2 * number,
        kind="grouped",
        name=f"Grouped {number}",
        slug=f"grouped-{number}",
        sku=f"GRP-{number}",
        created=second,
        modified=second,
        content={"grouped_products": [35 + 3 * number, 36 + 3 * number, 37 + 3 * number]},
    )


def _status(number: int) -> str:
    for every, status in ((20, "draft"), (21, "private"), (33, "pending")):
        if number % every == 0:
            return status
    return "publish"


def _simple(number: int, description: str) -> Product:
    second = FIRST_SECOND + number // 18
    price = f"{(10 + 7 * (number - 1)) % 300}.99"
    content: Json = {
        "description": description,
        "short_description": f"<p>Short {number}</p>",
        "weight": f"{number / 10:g}",
    }
    if number % 6:
        content["dimensions"] = {"length": "10", "width": "5.5", "height": "2"}
    if number % 10:
        content["images"] = [_image(1 + (number - 1) % 24)]
    if number % 25 == 0:
        content["catalog_visibility"] = "hidden"
    if number in {102, 103}:
        content |= {"virtual": True, "downloadable": True}
    if number == 31:  # noqa: PLR2004 - the one behind a password
        content["post_password"] = "secret"  # noqa: S105 - a fake one
    if number == 8:  # noqa: PLR2004 - the one with a GTIN
        content["global_unique_id"] = "8700000000008"
    return Product(
        id=34 + number,
        name=f"{NAMES[(number - 1) % 12]} {number}",
        slug=f"simple-{number:03d}",
        sku=ODD_SKUS.get(number, "" if number % 15 == 0 else f"S-{number:04d}"),
        status="trash" if number == SIMPLE else _status(number),
        created=second,
        modified=second if number < SIMPLE else second + 12,
        regular_price={10: "", 11: "0"}.get(number, price),
        meta=({"id": 76 + 24 * number, "key": "_supplier_ref", "value": f"SUP-{number}"},),
        content=content,
        **_stock(number),
    )


def _stock(number: int) -> dict[str, Any]:
    """One of each rule in turn, with a few exceptions among the later ones."""
    rule = number % 6
    late = (rule == 0 and number > 215) or (number % 12 == 4 and number > 190)  # noqa: PLR2004
    if rule == 1 or late:
        return {"manage_stock": True, "stock_quantity": 3 + number % 40}
    if rule == 0:
        return {"manage_stock": True, "stock_quantity": 0, "stock_status": "outofstock"}
    if rule == 4:  # noqa: PLR2004 - places in the cycle of six
        return {
            "manage_stock": True,
            "stock_quantity": -3,
            "stock_status": "onbackorder",
            "backorders": "notify",
        }
    return {"stock_status": {2: "instock", 3: "outofstock", 5: "onbackorder"}[rule]}


def _image(number: int) -> Json:
    late, early = "2026-11-23T06:13:00", "2026-11-23T04:13:00"
    return {
        "id": 11 + number,
        "date_created": late,
        "date_created_gmt": early,
        "date_modified": late,
        "date_modified_gmt": early,
        "src": f"/wp-content/uploads/2026/11/seed-{number}.jpg",
        "name": f"Seed image {number}",
        "alt": f"alt text {number}",
    }


def _count(number: int) -> int:
    """Variations of each variable product; the ids of the recorded ones follow from it."""
    given = {1: 4, 2: 4, 3: 3, 4: 3, 36: 3, 37: 3, 38: 3, 39: 2, 40: 12}
    return given.get(number, 5 if number < 24 else 4)  # noqa: PLR2004 - so that the ids come out


def _variable(number: int, parent_id: int, count: int, description: str) -> Iterator[Product]:
    second = FIRST_SECOND + 16 + number // 5
    pooled = number % 3 == 0
    name = f"Variable {number} {NAMES[(number - 1) % 12]}"
    options = [f"Option {place + 1}" for place in range(count)]
    attribute: Json = {"id": 0, "name": "Style", "slug": "Style", "position": 0, "visible": True,
                       "variation": True, "options": options}  # fmt: skip
    yield Product(
        id=parent_id,
        kind="variable",
        name=name,
        slug=f"variable-{number:02d}",
        sku=f"V-{number:03d}",
        status="draft" if number % 20 == 0 else "publish",
        created=second,
        modified=FIRST_SECOND + 28,
        manage_stock=pooled,
        stock_quantity=20 + number if pooled else None,
        attributes=(attribute,),
        content={"description": description, "images": [_image(number % 24 or 24)]},
    )
    for place, option in enumerate(options):
        own = not pooled or place == 0
        price = f"{10 + number + place}.50"
        yield Product(
            id=parent_id + 1 + place,
            kind="variation",
            name=option,
            sku=f"V-{number:03d}-{place:02d}",
            created=second,
            modified=second,
            parent_id=parent_id,
            regular_price=price,
            sale_price=f"{8 + number}.00" if place == 1 else "",
            attributes=({"id": 0, "name": "Style", "slug": "style", "option": option},),
            **(_variation_stock(place) if own else {}),
        )


def _variation_stock(place: int) -> dict[str, Any]:
    rules: tuple[dict[str, Any], ...] = (
        {"manage_stock": True, "stock_quantity": 0, "stock_status": "outofstock"},
        {},
        {"stock_status": "onbackorder"},
        {"manage_stock": True, "stock_quantity": 6},
    )
    return rules[place % 4]


def _numbered(number: int) -> Product:
    """The product with 120 variations: all alike but for number and count."""
    second = FIRST_SECOND + 25 + number // 40
    return Product(
        id=BIG_ID + number,
        kind="variation",
        name=f"N{number}",
        sku=f"V-120-N{number}",
        created=second,
        modified=second,
        parent_id=BIG_ID,
        regular_price="9.99",
        manage_stock=True,
        stock_quantity=3 + number % 6,
        attributes=({"id": 0, "name": "Number", "slug": "number", "option": f"N{number}"},),
    )
