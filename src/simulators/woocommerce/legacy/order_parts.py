"""Routes of what belongs to an order: its notes and its refunds."""

from simulators.woocommerce.jsonish import as_object, as_text
from simulators.woocommerce.legacy.order_wire import note_json, refund_json
from simulators.woocommerce.legacy.orders import required
from simulators.woocommerce.legacy.requests import Answer, LegacyError, Request, chosen
from simulators.woocommerce.ordering import cents
from simulators.woocommerce.orders import Note, Order, Refund


def list_notes(request: Request) -> Answer:
    """Newest first. v1 names the order `id`."""
    order = required(request, "read", _order_name(request))
    notes = sorted(order.notes, key=lambda note: -note.created)
    return Answer({"order_notes": [chosen(note_json(one), request.fields) for one in notes]})


def _order_name(request: Request) -> str:
    return "order_id" if "order_id" in request.path else "id"


def _note(request: Request, order: Order) -> Note:
    found = next((one for one in order.notes if one.id == request.id()), None)
    if found is None:
        message = "An order note with the provided ID could not be found"
        raise LegacyError("invalid_order_note_id", message, 404)
    return found


def read_note(request: Request) -> Answer:
    order = required(request, "read", "order_id")
    return Answer({"order_note": note_json(_note(request, order))})


def make_note(request: Request) -> Answer:
    data = request.envelope("order_note")
    order = required(request, "edit", "order_id")
    if data.get("note") is None:
        raise LegacyError("invalid_order_note", "Order note is required", 400)
    for_customer = data.get("customer_note") is True
    note = request.shop.add_note(order, as_text(data["note"]), for_customer=for_customer)
    return Answer({"order_note": note_json(note)}, 201)


def edit_note(request: Request) -> Answer:
    data = request.envelope("order_note", "edit")
    note = _note(request, required(request, "edit", "order_id"))
    if "note" in data:
        note.text = as_text(data["note"])
    if "customer_note" in data:
        note.for_customer = data["customer_note"] is True
    return Answer({"order_note": note_json(note)})


def drop_note(request: Request) -> Answer:
    order = required(request, "delete", "order_id")
    order.notes.remove(_note(request, order))
    return Answer({"message": "Permanently deleted order note"})


def list_refunds(request: Request) -> Answer:
    order = required(request, "read", "order_id")
    bodies = [refund_json(request.shop, request.speech, order, one) for one in order.refunds]
    return Answer({"order_refunds": [chosen(body, request.fields) for body in bodies]})


def _refund(request: Request, order: Order) -> Refund:
    found = next((one for one in order.refunds if one.id == request.id()), None)
    if found is None:
        message = "An order refund with the provided ID could not be found"
        raise LegacyError("invalid_order_refund_id", message, 404)
    return found


def _told(request: Request, order: Order, refund: Refund, status: int = 200) -> Answer:
    body = refund_json(request.shop, request.speech, order, refund)
    return Answer({"order_refund": chosen(body, request.fields)}, status)


def read_refund(request: Request) -> Answer:
    order = required(request, "read", "order_id")
    return _told(request, order, _refund(request, order))


def make_refund(request: Request) -> Answer:
    """Gives nothing back to the stock."""
    data = request.envelope("order_refund")
    order = required(request, "edit", "order_id")
    if data.get("amount") is None:
        raise LegacyError("invalid_order_refund", "Refund amount is required", 400)
    amount = cents(data["amount"])
    if amount < 0:
        raise LegacyError("invalid_order_refund", "Refund amount must be positive", 400)
    reason = as_text(data.get("reason"))
    refund = request.shop.ordering.refund(order, amount, reason, [], restock=False)
    return _told(request, order, refund, 201)


def edit_refund(request: Request) -> Answer:
    data = request.envelope("order_refund", "edit")
    order = required(request, "edit", "order_id")
    refund = _refund(request, order)
    refund.reason = as_text(as_object(data).get("reason", refund.reason))
    return _told(request, order, refund)


def drop_refund(request: Request) -> Answer:
    order = required(request, "delete", "order_id")
    order.refunds.remove(_refund(request, order))
    return Answer({"message": "Permanently deleted refund"})
