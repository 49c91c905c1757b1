"""Routes of the shop's settings: the groups that a hub asks for."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.requests import Answer, Request
from simulators.woocommerce.rest.router import EDIT, READ, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import choose, currencies, links
from simulators.woocommerce.wire.generations import WC_V3, Generation

METHODS = ("GET", "POST", "PUT", "PATCH")
GROUPS = {"general": "General", "products": "Products", "tax": "Tax"}


def routes(_: Shop, generation: Generation = WC_V3) -> list[Route]:
    base, group_id = f"/{generation.namespace}/settings", r"(?P<group_id>[\w-]+)"
    one = (
        Endpoint(READ, setting, needs("view")),
        Endpoint(EDIT, change, needs("edit")),
    )
    return [
        Route(base, (Endpoint(READ, groups, needs("view")),)),
        Route(f"{base}/{group_id}", (Endpoint(READ, group, needs("view")),)),
        Route(f"{base}/{group_id}/(?P<id>[\\w-]+)", one),
    ]


@cache
def _table() -> dict[str, list[list[str]]]:
    """Group -> rows of id, label, type, default, value. A value `@name` is one of the shop's own
    settings.
    """
    path = files("simulators.woocommerce").joinpath("data/settings.json")
    found: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _value(shop: Shop, text: str) -> str:
    if not text.startswith("@"):
        return text
    found: Any = getattr(shop.settings, text[1:])
    return ("yes" if found else "no") if isinstance(found, bool) else str(found)


def _row(request: Request) -> list[str]:
    for row in _table().get(request.path["group_id"], ()):
        if row[0] == request.path["id"]:
            return row
    raise RestError("rest_setting_setting_invalid", "Invalid setting.", 404)


def _shown(request: Request, group_id: str, row: list[str]) -> Json:
    setting_id, label, kind, default, value = row
    body: Json = {"id": setting_id, "label": label, "description": label, "type": kind}
    body["default"] = default
    if setting_id == "woocommerce_currency":
        body["options"] = {
            code: f"{name} ({sign}) — {code}" for code, (name, sign) in currencies().items()
        }
    body |= {"tip": label, "value": _value(request.shop, value)}
    path = f"settings/{group_id}/{setting_id}"
    return {**body, "_links": links(request.root, path, METHODS)}


def groups(_: Request) -> Answer:
    return Answer(
        [
            {"id": name, "label": label, "description": "", "parent_id": "", "sub_groups": []}
            for name, label in GROUPS.items()
        ]
    )


def group(request: Request) -> Answer:
    group_id = request.path["group_id"]
    if group_id not in _table():
        raise RestError("rest_setting_setting_group_invalid", "Invalid setting group.", 404)
    bodies = [_shown(request, group_id, row) for row in _table()[group_id]]
    return Answer(choose(bodies, request.fields))


def setting(request: Request) -> Answer:
    group_id = request.path["group_id"]
    body = _shown(request, group_id, _row(request))
    shown = body.pop("_links")
    return Answer(choose({**body, "group_id": group_id, "_links": shown}, request.fields))


def change(request: Request) -> Answer:
    """Only what is one of the shop's own settings can be changed."""
    value, given = _row(request)[4], request.params.get("value")
    if value.startswith("@") and given is not None:
        old: Any = getattr(request.shop.settings, value[1:])
        new = given == "yes" if isinstance(old, bool) else str(given)
        setattr(request.shop.settings, value[1:], new)
    return setting(request)
