"""Batches: many creations, changes and deletions in one request, each with its own outcome."""

from collections.abc import Callable
from typing import Any

from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.requests import Answer, Request

MOST = 100
One = Callable[[Request, Json], Any]
"""Does one item and gives its body. Items are not checked by type, as recorded."""


def run_batch(request: Request, create: One, update: One, delete: One) -> Answer:
    given = {name: as_list(request.body.get(name)) for name in ("create", "update", "delete")}
    if sum(map(len, given.values())) > MOST:
        message = f"Unable to accept more than {MOST} items for this request."
        raise RestError("woocommerce_rest_request_entity_too_large", message, 413)
    found: Json = {}
    for name, work in (("create", create), ("update", update), ("delete", delete)):
        for item in given[name]:
            body = as_object(item) or {"id": as_int(item)}
            found.setdefault(name, []).append(_outcome(request, work, body))
    return Answer(found or [])


def _outcome(request: Request, work: One, body: Json) -> Any:
    try:
        return work(request, body)
    except RestError as error:
        return {"id": as_int(body.get("id")), "error": error.body()}
