"""An order as it would stand in a vendor's shop: written by the same rules as a real one."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from longshore.domain.invoice_address import InvoiceAddress
from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrderDraft, StoreOrderLineDraft
from longshore.domain.placing_policy import (
    Addressed,
    BuyerEmail,
    CompletedAtOnce,
    PlacingPolicy,
    ToPlace,
    draft_for,
)
from longshore.domain.pricing import PurchasePrices
from longshore.storage.queries.placing import PlacingPage
from longshore.web.shared.amounts import money

PAID, OWN, SHIPPING = Decimal(20), Decimal(18), Decimal(5)
REFERENCE = "LS-7Q2M9K4T8X"
BUYER = "ada@example.com"
DELIVERY = Address("Ada", "Buyer", line1="Kade 1", postcode="4811 AB", city="Breda", country="NL")
BILLING = replace(DELIVERY, first_name="Bo", company="Kontor", line1="Plein 2")


class Row(NamedTuple):
    """One line of the example. `kind` is "" or, where somebody should look, "need"."""

    name: str
    value: str
    more: str = ""
    kind: str = ""


def told(policy: PlacingPolicy, page: PlacingPage) -> list[Row]:
    prices = policy.prices or PurchasePrices(page.prices)
    unit = _unit(policy, prices, page)
    draft = _draft(policy, page, unit or Decimal(0))
    return [
        Row(_("Begins as"), draft.status, _begins(draft)),
        _price(prices, unit, page),
        Row(
            _("Shipping"),
            f"{draft.shipping_title}, {money(draft.shipping_price.amount, page.currency)}",
            draft.shipping_method,
        ),
        _email(policy.email or BuyerEmail(page.email), draft),
        _invoice(policy.invoice, draft),
        Row(_("Note"), draft.note),
        *(Row(_("Field"), f"{key}: {text}", _kept(page)) for key, text in draft.fields),
        Row(_("Completed at once"), _completed(policy.completed)),
    ]


def _draft(policy: PlacingPolicy, page: PlacingPage, unit: Decimal) -> StoreOrderDraft:
    facts = ToPlace(
        reference=REFERENCE,
        order="#1001",
        marketplace=page.marketplace,
        vendor=page.vendor,
        currency=page.currency,
        lines=(StoreOrderLineDraft(1, 0, 1, Money(unit, page.currency)),),
        address=DELIVERY,
        billing=BILLING,
        own_address=Address(**page.invoice_address),
        email=policy.email or BuyerEmail(page.email),
        to=Addressed(BUYER, page.order_email, page.relay_domain),
        shipping_title=_("Express"),
        shipping_share=Money(SHIPPING, page.currency),
        buyer_note=_("Please ring twice"),
        attributes=((_("Gift message"), _("Happy birthday!")),),
        status_moves_stock=page.moves_stock,
    )
    return draft_for(policy, facts)


def _unit(policy: PlacingPolicy, prices: PurchasePrices, page: PlacingPage) -> Decimal | None:
    """What one unit says, None where a rule is missing."""
    amounts = {
        PurchasePrices.OWN: OWN,
        PurchasePrices.COST: OWN * policy.cost_percent / 100,
        PurchasePrices.ZERO: Decimal(0),
    }
    if prices in amounts:
        return policy.without_tax(amounts[prices])
    if page.currency != page.front_currency:
        return policy.without_tax(PAID / page.rate) if page.rate else None
    return policy.without_tax(PAID)


def _price(prices: PurchasePrices, unit: Decimal | None, page: PlacingPage) -> Row:
    if unit is None:
        why = _("No exchange rate is set: its orders wait for one.")
        return Row(_("Price"), _("not known"), why, "need")
    more = {
        PurchasePrices.RETAIL: _("the buyer paid %(paid)s")
        % {"paid": money(PAID, page.front_currency)},
        PurchasePrices.ZERO: _("you settle with the vendor elsewhere"),
    }.get(prices, _("in its own shop it is %(own)s") % {"own": money(OWN, page.currency)})
    return Row(_("Price"), money(unit, page.currency), more)


def _email(how: BuyerEmail, draft: StoreOrderDraft) -> Row:
    name = _("E-mail")
    if not draft.buyer_email:
        if not draft.fallback_email:
            return Row(name, _("none"), _("A shop that insists on one refuses the order."))
        more = _("A shop that insists on one gets %(email)s.") % {"email": draft.fallback_email}
        return Row(name, _("none"), more)
    more = {
        BuyerEmail.RELAY: _(
            "its own; no customer record is shared. What is sent to it reaches you."
        ),
        BuyerEmail.MARKETPLACE: _(
            "All orders meet in one customer of the shop, named like the latest buyer."
        ),
        BuyerEmail.BUYER: _("The vendor's shop writes to the buyer in its own name."),
    }[how]
    kind = "need" if how in {BuyerEmail.BUYER, BuyerEmail.MARKETPLACE} else ""
    return Row(name, draft.buyer_email, more, kind)


def _invoice(how: InvoiceAddress, draft: StoreOrderDraft) -> Row:
    more = {
        InvoiceAddress.DELIVERY: _("where the goods go"),
        InvoiceAddress.BUYER: _("Without one the order has the delivery address."),
        InvoiceAddress.MARKETPLACE: _("The parcel goes to the buyer all the same."),
    }[how]
    return Row(_("Invoice to"), _lines(draft.billing_address or draft.shipping_address), more)


def _lines(address: Address) -> str:
    name = f"{address.first_name} {address.last_name}".strip()
    place = " ".join(one for one in (address.postcode, address.city, address.country) if one)
    shown = (address.company, name, address.line1, address.line2, place)
    return ", ".join(one for one in shown if one)


def _begins(draft: StoreOrderDraft) -> str:
    if draft.status == "processing":
        return _("paid; the shop takes the goods from its stock")
    return _("not paid yet; the shop takes the goods from its stock, somebody there releases it")


def _kept(page: PlacingPage) -> str:
    return _("This shop keeps no fields: it stands in the note.") if page.old_dialect else ""


def _completed(how: CompletedAtOnce) -> str:
    return {
        CompletedAtOnce.ASK: _("waits for you; the buyer is not told that it is shipped"),
        CompletedAtOnce.DIGITAL: _("shipped where nothing is packed, else it waits for you"),
        CompletedAtOnce.SHIPPED: _("shipped, without a parcel"),
    }[how]
