"""Whose address stands as billing on a vendor's order."""

from dataclasses import replace

import pytest

from longshore.domain.invoice_address import InvoiceAddress, can_be_billed, invoice_address
from longshore.domain.orders import Address
from longshore.domain.placing_policy import policy_of

DELIVERY = Address("Ada", "Buyer", line1="Kade 1", city="Breda", country="NL", phone="+31 1")
BUYER = Address("Bo", "Payer", line1="Plein 2", city="Breda", country="NL", phone="+31 2")
OURS = Address(company="Harbor", line1="Quay 3", postcode="1000", country="BE")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (InvoiceAddress.DELIVERY, None),
        (InvoiceAddress.BUYER, BUYER),
        (InvoiceAddress.MARKETPLACE, replace(OURS, phone="+31 1")),
    ],
)
def test_each_choice(how: InvoiceAddress, expected: Address | None):
    assert invoice_address(how, DELIVERY, BUYER, OURS) == expected


@pytest.mark.parametrize(
    "missing",
    [
        None,
        Address(),
        Address("Bo", "Payer", country="NL"),
        Address("Bo", "Payer", line1="Plein 2"),
        Address(line1="Plein 2", country="NL"),
        Address(" ", " ", line1=" ", country=" "),
    ],
)
@pytest.mark.parametrize("how", list(InvoiceAddress))
def test_one_that_is_missing_or_not_whole_is_the_delivery_address(
    how: InvoiceAddress, missing: Address | None
):
    assert invoice_address(how, DELIVERY, missing, missing) is None


def test_the_same_address_is_not_told_twice():
    assert invoice_address(InvoiceAddress.BUYER, DELIVERY, replace(DELIVERY), None) is None


def test_a_company_without_a_person_can_be_billed():
    assert can_be_billed(OURS)


def test_it_is_kept_in_the_policy_and_nonsense_is_refused():
    kept = policy_of({"invoice": "marketplace"})
    assert kept.invoice is InvoiceAddress.MARKETPLACE
    assert kept.as_row() == {"invoice": "marketplace"}
    with pytest.raises(ValueError, match="moon"):
        policy_of({"invoice": "moon"})
