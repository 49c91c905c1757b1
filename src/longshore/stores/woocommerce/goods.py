"""Goods right before they are ordered: whether the shop still has them as we know them."""

from longshore.domain.orders import StoreOrderLineDraft
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

FIELDS = "id,name,title,type,status,variations"
WORK_FIELDS = "id,virtual,downloadable"
_NOT_SOLD = frozenset({"grouped", "external"})


def why_not(row: Json | None, line: StoreOrderLineDraft, *, as_it_is: bool) -> str:
    """Why this line cannot be ordered, "" where it can. `row` is its product, None where the shop
    has none; `as_it_is`: one that is not published is ordered all the same.
    """
    if row is None:
        return f"Product {line.product_id} is no longer in the shop."
    name = wire.text(row.get("name")) or f"Product {line.product_id}"
    status, kind = wire.text(row.get("status")), wire.text(row.get("type"))
    if status == "trash":
        return f"{name} is in the shop's bin."
    became = _became(name, row, kind, line)
    if became:
        return became
    if status not in {"", "publish"} and not as_it_is:
        return f"{name} is not published in the shop any more ({status})."
    return ""


def _became(name: str, row: Json, kind: str, line: StoreOrderLineDraft) -> str:
    """What it is now that it cannot be ordered as before."""
    if kind in _NOT_SOLD:
        return f"{name} became a product of type {kind}, which cannot be ordered."
    if line.variation_id and kind == "simple":
        return f"{name} has no variations any more."
    if line.variation_id and line.variation_id not in _variations(row):
        return f"{name} has no variation {line.variation_id} any more."
    if not line.variation_id and kind == "variable":
        return f"{name} has variations now; nobody can tell which one is meant."
    return ""


def needs_no_work(row: Json) -> bool:
    """Goods that nobody packs: an order of nothing else is completed by its payment."""
    return wire.flag(row.get("virtual")) and wire.flag(row.get("downloadable"))


def _variations(row: Json) -> frozenset[int]:
    """Their ids; the old APIs put the variations themselves there."""
    inside = wire.values(row.get("variations"))
    numbers = {wire.integer(one.get("id")) for one in wire.items(row.get("variations"))}
    return frozenset(n for n in {*numbers, *map(wire.integer, inside)} if n)
