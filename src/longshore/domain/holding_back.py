"""What is true about purchase orders that are not sent yet because a person must decide first."""

from longshore.domain.findings import Finding
from longshore.domain.orders import Address
from longshore.domain.placing_policy import lacks_address

CODES = (
    "order_without_address",
    "order_needs_rate",
    "order_needs_tax_rule",
    "order_price_unknown",
)
"""Each ends by itself once its cause is gone, or when a person has it sent as it is."""


def held_back(address: Address | None, price: Finding | None) -> Finding | None:
    """Why an order must not go out as it stands. `price`: what is missing to tell its prices; it is
    never sent with amounts that nobody chose.
    """
    if lacks_address(address):
        return Finding("order_without_address")
    return price
