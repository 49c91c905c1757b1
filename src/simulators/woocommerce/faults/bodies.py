"""Faults that change what bodies say while they are set."""

from decimal import Decimal
from typing import Any

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.jsonish import Json, as_list, as_object
from simulators.woocommerce.shop import Warp
from simulators.woocommerce.stock import number

RATE = Decimal("1.1")  # of the currency that the key's user sees
PRICES = ("price", "regular_price", "sale_price")
EVERY = 3  # noise is in every third row

MESSAGES = {
    "fr": {
        "Sorry, you cannot list resources.": "Désolé, vous ne pouvez pas lister les ressources.",
        "Consumer key is invalid.": "La clé client est invalide.",
        "Consumer secret is invalid.": "Le secret client est invalide.",
        "Invalid ID.": "Identifiant invalide.",
        "Invalid timestamp.": "Horodatage invalide.",
    },
    "de": {
        "Sorry, you cannot list resources.": "Leider kannst du keine Ressourcen auflisten.",
        "Consumer key is invalid.": "Der Consumer Key ist ungültig.",
        "Consumer secret is invalid.": "Das Consumer Secret ist ungültig.",
        "Invalid ID.": "Ungültige ID.",
        "Invalid timestamp.": "Ungültiger Zeitstempel.",
    },
}


def warps(faults: Faults) -> list[Warp]:
    """What to do to each product and variation before it goes out."""
    found: list[Warp] = []
    if faults.value("type_noise") is not None:
        found.append(noisy)
    if faults.value("currency_by_user") is not None:
        found.append(converted)
    return found


def noisy(row: Product, body: Json) -> Json:
    """Types as plugins and old versions leave them."""
    if row.id % EVERY:
        return body
    changed = dict(body)
    for name in PRICES:
        amount = number(str(body.get(name) or ""))
        if amount is not None:
            changed[name] = float(amount)
    if isinstance(body.get("stock_quantity"), int):
        changed["stock_quantity"] = str(body["stock_quantity"])
    if "meta_data" in body:
        rows = as_list(body["meta_data"])
        changed["meta_data"] = {str(place): row for place, row in enumerate(rows)} or [{}]
    if isinstance(body.get("manage_stock"), bool):
        changed["manage_stock"] = "yes" if body["manage_stock"] else "no"
    if "weight" in body:
        changed["weight"] = number(str(body["weight"]) or "0") and float(str(body["weight"]))
    return changed


def converted(_: Product, body: Json) -> Json:
    changed = dict(body)
    for name in PRICES:
        amount = number(str(body.get(name) or ""))
        if amount is not None:
            changed[name] = f"{amount * RATE:.2f}"
    return changed


def translated(body: Any, locale: str | None) -> Any:
    """An error in another language: same code, other words."""
    if not locale or not isinstance(body, dict):
        return body
    error = as_object(body)
    if "message" not in error or "code" not in error:
        return error
    message = str(error["message"])
    words = MESSAGES.get(locale, {})
    return {**error, "message": words.get(message, f"[{locale}] {message}")}


def without_woocommerce(body: Json) -> Json:
    """The index of a site whose WooCommerce is switched off: neither its routes nor its name."""
    kept = dict(body)
    if "namespaces" in body:
        kept["namespaces"] = [name for name in body["namespaces"] if not _is_its_own(name)]
    if "routes" in body:
        routes = as_object(body["routes"])
        kept["routes"] = {path: route for path, route in routes.items() if not _is_its_own(path)}
    return kept


def _is_its_own(path: str) -> bool:
    return path.lstrip("/").startswith(("wc/", "wc-", "wccom-site/"))
