"""Which pages `longshore bench pages` asks for: every address of the hub that a person opens, found
in the resolver, so that a new page is measured by itself; lists also with their tabs, filters and
searches.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

NAMESPACES = ("admin", "vendor")
NO_PAGES = frozenset(
    {
        # they take a form and lead on
        "admin:decide", "admin:held_settle", "admin:import_move", "admin:import_remove",
        "admin:key_make", "admin:key_revoke", "admin:list_drop", "admin:list_keep",
        "admin:markup_move", "admin:markup_remove", "admin:name_move", "admin:name_remove",
        "admin:needs_apply", "admin:needs_settle", "admin:order_decide", "admin:order_route",
        "admin:order_teach", "admin:order_write", "admin:privacy_buyer",
        "admin:product_edit", "admin:product_say",
        "admin:run_undo", "admin:setup_invoice", "admin:setup_mail", "admin:setup_marketplace",
        "admin:setup_shopify",
        "admin:team_invite", "admin:team_remove", "admin:team_role", "admin:team_second_step",
        "admin:undo", "admin:vendor_check_again", "admin:vendor_choose", "admin:vendor_invite",
        "admin:vendor_pause", "admin:vendor_reconnect", "admin:vendor_trial", "admin:order_mean",
        "admin:order_risk", "admin:orders_route", "admin:run_move", "admin:vendor_scan_move",
        "admin:sender_forget", "vendor:trial", "vendor:approve",
        "vendor:check_again", "vendor:holiday", "vendor:keys_pasted", "vendor:offer",
        "vendor:settings", "admin:order_carrier", "admin:vendors_decide",
        "admin:stock_limit", "admin:order_note",
        # it asks Shopify first
        "admin:setup_places",
        # it moves on by itself
        "vendor:approved",
    }
)  # fmt: skip
"""Names that no person opens as a page of the hub's own."""

TABS = {
    "orders": ("tab", ("needing", "to_ship", "waiting", "shipped", "canceled", "all")),
    "products": ("state", ("problem", "changed", "published", "unpublished", "all")),
    "stock": ("show", ("to_write", "sold_out", "failed", "limited")),
    "vendors": ("tab", ("needing", "down", "live")),
}
VENDORS = {"orders": ("show", ("done",)), "products": ("show", ("on_sale", "not_on_sale"))}
WITH = {"admin:find": "?q=mug", "admin:vendor_effects": "?buffer=2"}
"""What an address must be asked with."""
ALONE = ("/you/", "/guide/keys/", "/account/sessions/", "/account/2fa/", "/api/")
"""Pages beside the marketplace's and the vendors' own."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as the bench asks for it; `vendor`: by the vendor's person."""

    name: str
    url: str
    vendor: bool = False


def visits(vendor_id: int) -> list[Visit]:
    """`vendor_id`: whose person opens the portal. Raises KeyError where an address names a kind of
    row that the bench has none of.
    """
    found = [Visit(name, url) for name, url in _searches().items()]
    for namespace in NAMESPACES:
        rows = _rows(vendor_id if namespace == "vendor" else None)
        found += [_visit(namespace, pattern, rows) for pattern in pages(namespace)]
    found += [Visit(url.strip("/").replace("/", "_"), url) for url in ALONE]
    return [*found, *_tabs(vendor_id)]


def pages(namespace: str) -> Iterator[URLPattern]:
    """The addresses of a namespace that people open."""
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and one.namespace == namespace:
            for pattern in one.url_patterns:
                if (
                    isinstance(pattern, URLPattern)
                    and f"{namespace}:{pattern.name}" not in NO_PAGES
                ):
                    yield pattern


def _visit(namespace: str, pattern: URLPattern, rows: Mapping[str, Callable[[], Any]]) -> Visit:
    name = f"{namespace}:{pattern.name}"
    given = {one: rows[one]() for one in pattern.pattern.converters}
    url = reverse(name, kwargs=given) + WITH.get(name, "")
    vendor = namespace == "vendor"
    return Visit(f"portal_{pattern.name}" if vendor else str(pattern.name), url, vendor)


def known_rows() -> set[str]:
    """The parts of addresses that the bench can fill."""
    return set(_rows(None))


def _rows(vendor_id: int | None) -> Mapping[str, Callable[[], Any]]:
    """What each part of an address can name: one of the largest of its kind."""
    from longshore.storage import models as m

    sold = m.PurchaseOrder.objects.filter(order__routing="routed")
    parts = sold if vendor_id is None else sold.filter(vendor_id=vendor_id)
    visited = m.Examination.objects.filter(state="done")
    return {
        "vendor_id": lambda: _first(m.Vendor.objects),
        "listing_id": lambda: _first(m.Listing.objects.filter(state="review")),
        "line_id": lambda: _first(m.ListingVariant.objects),
        "order_id": lambda: parts.latest("id").order_id,
        "order_line_id": lambda: _first(parts.latest("id").order.lines),
        "part_id": lambda: parts.latest("id").pk,
        "examination": lambda: (
            visited.filter(vendor_id=vendor_id or _first(m.Vendor.objects)).latest("id").uuid
        ),
        "brake_id": lambda: _first(m.Brake.objects),
        "run_id": lambda: m.SyncRun.objects.latest("id").pk,
        "import_id": lambda: _first(m.ImportRule.objects),
        "name_id": lambda: _first(m.NameRule.objects),
        "markup_id": lambda: _first(m.MarkupRule.objects),
        "code": lambda: "late_to_ship",
    }


def _first(rows: Any) -> int:
    return int(rows.order_by("id").values_list("id", flat=True)[0])


def _searches() -> dict[str, str]:
    from longshore.storage.models import ListingVariant

    line = ListingVariant.objects.order_by("id").select_related("variant").first()
    sku = line.variant.sku if line is not None else ""
    return {
        "find_sku": f"/find/?q={sku[:-2]}",
        "find_tracking": "/orders/?q=TRK0000000900",
        "find_buyer": "/find/?q=Example77",
        "find_nothing": "/find/?q=nothing-like-it",
        **{f"{page}_searched": f"/{page}/?q={sku}" for page in TABS},
    }


def _tabs(vendor_id: int) -> Iterator[Visit]:
    for page, (name, values) in TABS.items():
        yield Visit(f"{page}_of_vendor", f"/{page}/?vendor={vendor_id}")
        for one in values:
            yield Visit(f"{page}_{one}", f"/{page}/?{name}={one}")
    for page, (name, values) in VENDORS.items():
        for one in values:
            yield Visit(f"portal_{page}_{one}", f"/my/{page}/?{name}={one}", vendor=True)
