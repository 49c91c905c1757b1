"""Routes of what belongs to an order: notes and refunds."""

from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, truth
from simulators.woocommerce.ordering import cents
from simulators.woocommerce.orders import Line, Note, Order, Refund
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.order_params import NOTE_BODY, NOTES_LIST, REFUND_BODY
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import CHOICE, FORCE, PAGE
from simulators.woocommerce.rest.requests import Answer, Request, page_of, paged
from simulators.woocommerce.rest.router import READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import choose
from simulators.woocommerce.wire.generations import WC_V3, Generation

ORDER: Params = {"order_id": Param("integer")}
LIST: Params = {**PAGE, **CHOICE, "orderby": Param(default="date"), "dp": Param("integer", 2)}


def routes(shop: Shop, generation: Generation = WC_V3) -> list[Route]:
    namespace = generation.namespace
    base = f"/{namespace}/orders/(?P<order_id>[\\d]+)"
    one = r"/(?P<id>[\d]+)"
    found = [
        Route(
            f"{base}/notes",
            (
                Endpoint(READ, notes, needs("view"), {**ORDER, **NOTES_LIST}),
                Endpoint(WRITE, add_note, needs("create"), {**ORDER, **NOTE_BODY}),
            ),
        ),
        Route(
            f"{base}/notes{one}",
            (
                Endpoint(READ, get_note, needs("view_one"), ORDER),
                Endpoint(("DELETE",), delete_note, needs("delete"), {**ORDER, **FORCE}),
            ),
        ),
        Route(
            f"{base}/refunds",
            (
                Endpoint(READ, refunds, needs("view"), {**ORDER, **LIST}),
                Endpoint(WRITE, add_refund, needs("create"), {**ORDER, **REFUND_BODY}),
            ),
        ),
        Route(
            f"{base}/refunds{one}",
            (
                Endpoint(READ, get_refund, needs("view_one"), ORDER),
                Endpoint(("DELETE",), delete_refund, needs("delete"), {**ORDER, **FORCE}),
            ),
        ),
    ]
    if shop.settings.version.late_order_fields and generation is WC_V3:
        every = Endpoint(READ, all_refunds, needs("view"), LIST)
        found.append(Route(f"/{namespace}/refunds", (every,)))
    return found


def _order(request: Request) -> Order:
    order = request.shop.orders.get(request.id("order_id"))
    if order is None:
        raise RestError("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)
    return order


def notes(request: Request) -> Answer:
    """Newest first; those of one second as they were made."""
    order = _order(request)
    wanted = request.params.get("type") or ["any"]
    found = sorted(order.notes, key=lambda note: -note.created)
    if "any" not in wanted:
        found = [note for note in found if note.for_customer == ("customer" in wanted)]
    bodies = [request.note_body(order, note) for note in found]
    return Answer(choose(bodies, request.fields))


def _note(request: Request) -> tuple[Order, Note]:
    order = _order(request)
    note = next((note for note in order.notes if note.id == request.id()), None)
    if note is None:
        raise RestError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return order, note


def get_note(request: Request) -> Answer:
    order, note = _note(request)
    return Answer(request.note_body(order, note))


def add_note(request: Request) -> Answer:
    order, given = _order(request), request.params
    note = request.shop.add_note(
        order, str(given["note"]), for_customer=truth(given["customer_note"])
    )
    answer = Answer(request.note_body(order, note), 201)
    answer.headers["Location"] = f"{request.root}/orders/{order.id}/notes/{note.id}"
    return answer


def delete_note(request: Request) -> Answer:
    order, note = _note(request)
    _must_force(request, "Webhooks")  # the real one says so here too
    shown = request.note_body(order, note)
    order.notes.remove(note)
    return Answer(shown)


def _must_force(request: Request, what: str) -> None:
    if not truth(request.params["force"]):
        message = f"{what} do not support trashing."
        raise RestError("woocommerce_rest_trash_not_supported", message, 501)


def refunds(request: Request) -> Answer:
    order = _order(request)
    where = page_of(request, len(order.refunds))
    bodies = [request.refund_body(order, refund) for refund in order.refunds[where]]
    return paged(request, choose(bodies, request.fields), len(order.refunds))


def all_refunds(request: Request) -> Answer:
    found = [(order, refund) for order in request.shop.orders.values() for refund in order.refunds]
    found.sort(key=lambda pair: -pair[1].id)
    bodies = [
        request.refund_body(order, refund, alone=True)
        for order, refund in found[page_of(request, len(found))]
    ]
    extra = {"dp": request.params["dp"]}
    return paged(request, choose(bodies, request.fields), len(found), extra)


def _refund(request: Request) -> tuple[Order, Refund]:
    order = _order(request)
    refund = next((refund for refund in order.refunds if refund.id == request.id()), None)
    if refund is None:
        raise RestError("woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID.", 404)
    return order, refund


def get_refund(request: Request) -> Answer:
    order, refund = _refund(request)
    return Answer(request.refund_body(order, refund))


def delete_refund(request: Request) -> Answer:
    order, refund = _refund(request)
    _must_force(request, "Refunds")
    shown = request.refund_body(order, refund)
    order.refunds.remove(refund)
    return Answer(shown)


def _refused(message: str) -> RestError:
    """Its `data` is a bare number, as recorded."""
    return RestError("woocommerce_rest_cannot_create_order_refund", message, 500, 500)


def add_refund(request: Request) -> Answer:
    order, given = _order(request), request.params
    parts = _parts(order, given)
    amount = cents(given["amount"]) if "amount" in given else sum(part[2] for part in parts)
    if amount <= 0 or amount > order.total - order.refunded:
        raise _refused("Invalid refund amount.")
    if truth(given["api_refund"]):
        raise _refused("The payment gateway for this order does not exist.")
    refund = request.shop.ordering.refund(
        order, amount, str(given.get("reason", "")), parts, restock=truth(given["api_restock"])
    )
    body = request.refund_body(order, refund)
    if not request.version.late_order_fields:
        body.pop("refunded_payment", None)
    answer = Answer(body, 201)
    # A quirk as recorded: the pattern of the route, not its address.
    base = r"orders/(?P<order_id>[\d]+)/refunds"
    answer.headers["Location"] = f"{request.root}/{base}/{refund.id}"
    return answer


def _parts(order: Order, given: Json) -> list[tuple[Line, int, int]]:
    found: list[tuple[Line, int, int]] = []
    for item in map(as_object, as_list(given.get("line_items"))):
        line = order.line(as_int(item.get("id")))
        if line is not None:
            found.append((line, as_int(item.get("quantity")), cents(item.get("refund_total"))))
    return found
