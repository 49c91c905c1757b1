"""What people decide about orders."""

from longshore.domain.placing import Conflict, Resend
from longshore.domain.routing import RiskAnswer
from longshore.storage.repositories import (
    carrier_names,
    deciding,
    fulfillments,
    resending,
    risks,
    senders,
    status_meanings,
    suggestions,
    tracking_keys,
    trials,
)
from longshore.stores.shopify import carriers
from longshore.wiring.shops import clock


def send_part_again(marketplace_id: int, part_id: int) -> Resend:
    """Sends a vendor's part once more where that makes no second order. Raises Rejected."""
    return resending.send_again(marketplace_id, part_id, clock.now())


def send_part_as_it_is(marketplace_id: int, part_id: int) -> None:
    """Sends a part in spite of what holds it back. Raises Rejected."""
    resending.send_as_it_is(marketplace_id, part_id, clock.now())


def ask_trial(marketplace_id: int, vendor_id: int, store_id: int, note: str) -> int:
    """Has a trial order placed in a vendor's shop and taken away again. Raises Rejected."""
    return trials.ask_trial(marketplace_id, vendor_id, store_id, note, clock.now())


def tell_shipment_again(marketplace_id: int, shipment_id: int) -> None:
    """Shopify is told once more of a shipment it refused. Raises Rejected."""
    fulfillments.tell_again(marketplace_id, shipment_id, clock.now())


def give_up_part(marketplace_id: int, part_id: int) -> None:
    """The vendor does not deliver it: closed here, canceled in its shop. Raises Rejected."""
    deciding.give_up(marketplace_id, part_id, clock.now())


def settle_conflict(marketplace_id: int, part_id: int, how: Conflict) -> None:
    """Who bears goods that were shipped though they were canceled. Raises Rejected."""
    deciding.settle_conflict(marketplace_id, part_id, how, clock.now())


def use_suggestion(marketplace_id: int, shipment_id: int) -> None:
    """A number found in a note becomes the shipment's. Raises Rejected."""
    suggestions.use_suggestion(marketplace_id, shipment_id, clock.now())


def name_carrier(
    marketplace_id: int, part_id: int, said: str, name: str, *, everywhere: bool
) -> None:
    """What a vendor's shop calls a carrier is told to Shopify as `name`. Raises Rejected."""
    carrier_names.name_carrier(
        marketplace_id, part_id, said, name, clock.now(), everywhere=everywhere
    )


SHOPIFY_CARRIERS = carriers.KNOWN


def carrier_on_shopify(carrier: str, number: str, url: str, country: str) -> tuple[str, bool]:
    """How Shopify hears of a carrier, and whether it knows that name."""
    name = carriers.company(carrier, number, url, country)
    return name, carriers.is_known(name)


teach_tracking = tracking_keys.teach
forget_tracking = tracking_keys.forget
choose_status_meaning = status_meanings.choose_meaning
forget_status_meaning = status_meanings.forget_meaning


def send_risky_order(marketplace_id: int, order_id: int) -> None:
    """Sends an order that is held for its risk. Raises Rejected."""
    risks.answer_risk(marketplace_id, order_id, RiskAnswer.SEND, clock.now())


def leave_out_order(marketplace_id: int, order_id: int) -> None:
    """No vendor gets an order that is held for its risk. Raises Rejected."""
    risks.answer_risk(marketplace_id, order_id, RiskAnswer.LEAVE_OUT, clock.now())


def choose_sender(
    marketplace_id: int, line_id: int, variant_id: int | None, *, remember: bool
) -> int:
    """Who sends an order line, None: the marketplace itself; returns how many orders were routed.
    Raises Rejected.
    """
    return senders.choose_sender(
        marketplace_id, line_id, variant_id, clock.now(), remember=remember
    )


forget_sender = senders.forget_sender
