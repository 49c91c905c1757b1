"""What is true about whose address stands as billing on a vendor's order."""

from dataclasses import replace
from enum import StrEnum

from longshore.domain.orders import Address


class InvoiceAddress(StrEnum):
    """DELIVERY: where the goods go. BUYER: the buyer's own billing address. MARKETPLACE: ours, for
    vendors who write their invoices to us.
    """

    DELIVERY = "delivery"
    BUYER = "buyer"
    MARKETPLACE = "marketplace"


def can_be_billed(address: Address) -> bool:
    """Whether an invoice could be written to it: a country, somebody, and a place."""
    somebody = address.company.strip() or address.last_name.strip() or address.first_name.strip()
    place = address.line1.strip() or address.line2.strip() or address.postcode.strip()
    return bool(address.country.strip() and somebody and place)


def invoice_address(
    how: InvoiceAddress, delivery: Address, buyer: Address | None, marketplace: Address | None
) -> Address | None:
    """The billing address, None where it is the delivery address; also where the wanted one is
    missing or not whole. Old shops keep a phone number only with the billing address
    (woocommerce: shipping.phone since 5.6), and carriers call it: without one of its own it has
    the delivery's.
    """
    found = {
        InvoiceAddress.DELIVERY: None,
        InvoiceAddress.BUYER: buyer,
        InvoiceAddress.MARKETPLACE: marketplace,
    }[how]
    if found is None or not can_be_billed(found):
        return None
    found = replace(found, phone=found.phone.strip() or delivery.phone)
    return None if found == delivery else found
