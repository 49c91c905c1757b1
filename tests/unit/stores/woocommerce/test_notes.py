import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.stores.woocommerce.plugins.notes import rows_of, suggestion

URL = "https://t.example/?n=1"


@pytest.mark.parametrize(
    ("text", "number", "carrier", "url"),
    [
        ("Order was shipped with UPS and tracking number is: 1ZFAKE99", "1ZFAKE99", "UPS", ""),
        (
            "Mug (M-1) x 2 shipped via FedEx on 2026-11-20 with tracking number 123456789012.",
            "123456789012", "FedEx", "",
        ),
        (
            "Shipping provider: Posten<br />Shipping number: AB123456<br />Shipped date: today",
            "AB123456", "Posten", "",
        ),
        (f'Has been shipped.<br/>Tracking Info : <a href="{URL}">W 12</a>', "W 12", "", URL),
        ("Your order has been despatched via Royal Mail 24. RR473124829GB", "RR473124829GB",
         "Royal Mail 24", ""),
        ("Sendung 1Z999AA10123456784 ist unterwegs", "1Z999AA10123456784", "UPS", ""),
    ],
)  # fmt: skip
def test_numbers_in_notes(text: str, number: str, carrier: str, url: str):
    found = suggestion([{"id": 1, "note": text}])
    assert found is not None
    assert (found.number, found.carrier, found.url) == (number, carrier, url)


@pytest.mark.parametrize(
    "text",
    [
        "Payment 123456789012 received",
        "Removed a Correios tracking code: AA123456785BR",
        "DHL Tracking Number; Return Label Number: 0034123",
        "Shipped today, thank you",
        'Tracking: <a href="javascript:alert(1)">1234567</a>',
        "Order status changed from Processing to Completed.",
    ],
)
def test_other_notes_say_nothing(text: str):
    assert suggestion([{"id": 1, "note": text}]) is None


def test_the_newest_note_counts_and_envelopes_are_opened():
    notes = [
        {"id": 1, "note": "tracking number: OLD12345"},
        {"id": 2, "note": "tracking number: NEW12345"},
    ]
    found = suggestion(rows_of({"order_notes": notes}))
    assert found is not None
    assert found.number == "NEW12345"


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "note"]), st.none() | st.integers() | st.text(max_size=80)
        ),
        max_size=3,
    )
)
def test_nothing_breaks_it(notes: list):
    suggestion(notes)
