"""Faults that happen to the old API's lists and bodies, as they do to the newer one's."""

import json

from simulators.woocommerce.faults.bodies import warps
from simulators.woocommerce.jsonish import as_int, as_object, as_text
from simulators.woocommerce.legacy.requests import Answer, LegacyError, Request

KEPT = frozenset({"limit", "offset", "order", "orderby", "meta"})
LISTS = ("products", "orders", "webhooks")


def mischief(request: Request, line: str) -> None:
    """Before the work: filters that do nothing, big pages, rows that come and go."""
    faults, shop = request.faults, request.shop
    shop.passing_warps = warps(faults)
    if request.method != "GET" or not len(faults):
        return
    given = request.filter
    if faults.bite("ignore_filters", line) is not None:
        kept = {name: value for name, value in given.items() if name in KEPT}
        request.query = {**request.query, "filter": kept}
        for name in ("status", "type"):
            request.query.pop(name, None)
    biggest = faults.value("fail_if_per_page_gt")
    size = as_int(given.get("limit"), 10)
    dies = biggest is not None and (size > int(biggest) or size == -1)
    if dies and faults.bite("fail_if_per_page_gt", line) is not None:
        raise _died()
    later = as_text(request.query.get("page", "1")) != "1" or as_int(given.get("offset")) > 0
    if later and "/products" in line:
        _move_rows(request, line)


def _move_rows(request: Request, line: str) -> None:
    """A neighbour of the pages that were read already comes or goes."""
    shop, bite = request.shop, request.faults.bite
    if bite("insert_mid_scan", line) is not None:
        shop.add_product(name="New while you read", regular_price="9.00", sku="")
    if bite("delete_mid_scan", line) is not None:
        rows = shop.catalog.products()
        row = next((one for one in rows if (one.kind, one.status) == ("simple", "publish")), None)
        if row is not None:
            shop.delete_product(row.id, force=True)


def spoil(request: Request, answer: Answer, line: str) -> None:
    """After it: a product that kills every answer it is in."""
    poison = request.faults.value("poison_item")
    if poison is None:
        return
    found = json.dumps([as_object(answer.body).get(name) for name in (*LISTS, "product")])
    if f'"id": {int(poison)},' in found and request.faults.bite("poison_item", line) is not None:
        raise _died()


def _died() -> LegacyError:
    return LegacyError("internal_server_error", "PHP ran out of memory", 500)
