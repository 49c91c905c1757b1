"""Where plugins keep tracking, in the shapes they were read or recorded in; numbers are made up."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longshore.domain.tracking import TaughtKeys, Tracking
from longshore.stores.woocommerce import orders
from longshore.stores.woocommerce.plugins import chain, php_text, shapes

RECORDED = Path(__file__).parents[3] / "contract/woocommerce_recordings/data"
LINE = {"id": 31, "product_id": 7, "quantity": 2, "total": "9.00"}


def order(*metas: tuple[str, Any], line: tuple[tuple[str, Any], ...] = (), **more: Any) -> dict:
    kept = [{"key": key, "value": value} for key, value in line]
    lines = [{**LINE, "meta_data": kept}]
    entries = [{"key": key, "value": value} for key, value in metas]
    return {"id": 9, "status": "completed", "meta_data": entries, "line_items": lines, **more}


def found(row: dict, keys: TaughtKeys | None = None) -> list[tuple]:
    """(number, carrier, goods, label) of each parcel."""
    parcels = chain.trackings(row, keys)
    return [(one.number, one.carrier, dict(one.lines), one.label) for one in parcels]


ST = {"tracking_provider": "ups", "tracking_number": "1ZFAKE", "tracking_id": "aa"}
AST = {**ST, "products_list": [{"product": "7", "item_id": "31", "qty": "1"}]}
LABEL = {
    "label_id": 12,
    "tracking": "9400FAKE",
    "carrier_id": "usps",
    "status": "PURCHASED",
    "is_return": False,
    "id": "0",
}
SHIPPED = {
    "id": 5,
    "status": "shipped",
    "type": "simple",
    "tracking_id": "0034FAKE",
    "tracking_url": "https://dhl.example/0034FAKE",
    "shipping_provider": "dhl",
    "items": [{"order_item_id": 31, "quantity": 2}],
}
AFTERSHIP = {"slug": "ups", "tracking_number": "1ZFAKE", "line_items": [{"id": 31, "quantity": 1}]}
VILLA = {
    "tracking_number": "RRFAKE",
    "carrier_slug": "usps",
    "carrier_name": "USPS",
    "carrier_url": "https://t.example/?n={tracking_number}",
    "time": 1795219200,
}
CORE = {
    "id": 7,
    "is_fulfilled": True,
    "date_deleted": None,
    "meta_data": [
        {"key": "_items", "value": [{"item_id": 31, "qty": 2}]},
        {"key": "_tracking_number", "value": "COREFAKE"},
        {"key": "_tracking_provider", "value": "ups"},
    ],
}

CASES = {
    "official": (order(("_wc_shipment_tracking_items", [ST])), [("1ZFAKE", "ups", {}, False)]),
    "a list with holes": (
        order(("_wc_shipment_tracking_items", {"1": ST, "3": {**ST, "tracking_number": "B2"}})),
        [("1ZFAKE", "ups", {}, False), ("B2", "ups", {}, False)],
    ),
    "JSON in a text": (
        order(("_wc_shipment_tracking_items", json.dumps([ST]))),
        [("1ZFAKE", "ups", {}, False)],
    ),
    "PHP's notation": (
        order(
            (
                "_wc_shipment_tracking_items",
                'a:1:{i:0;a:2:{s:15:"tracking_number";i:99;s:17:"tracking_provider";s:3:"dhl";}}',
            )
        ),
        [("99", "dhl", {}, False)],
    ),
    "several parcels of AST": (
        order(("_wc_shipment_tracking_items", [AST, {**AST, "tracking_number": "B2"}])),
        [("1ZFAKE", "ups", {31: 1}, False), ("B2", "ups", {31: 1}, False)],
    ),
    "AST names the product only": (
        order(
            ("_wc_shipment_tracking_items", [{**AST, "products_list": [{"product": 7, "qty": 2}]}])
        ),
        [("1ZFAKE", "ups", {31: 2}, False)],
    ),
    "core fulfillments": (order(_fulfillments=[CORE]), [("COREFAKE", "ups", {31: 2}, False)]),
    "a fulfillment that was taken back": (
        order(_fulfillments=[{**CORE, "date_deleted": "2026-11-20 10:00:00"}]),
        [],
    ),
    "WooCommerce Shipping": (
        order(
            ("_wc_shipment_tracking_items", [{**ST, "tracking_number": "9400FAKE"}]),
            ("wcshipping_labels", [LABEL]),
            ("_wcshipping-shipments", {"0": [{"id": 31, "subItems": ["a", "b"]}]}),
        ),
        [("9400FAKE", "ups", {31: 2}, True)],
    ),
    "a return label and a refunded one": (
        order(("wcshipping_labels", [{**LABEL, "is_return": True}, {**LABEL, "refund": {"a": 1}}])),
        [],
    ),
    "Shiptastic": (order(shipments=[SHIPPED]), [("0034FAKE", "dhl", {31: 2}, False)]),
    "Shiptastic, packed only": (
        order(shipments=[{**SHIPPED, "status": "processing"}]),
        [("0034FAKE", "dhl", {31: 2}, True)],
    ),
    "Shiptastic, a return": (order(shipments=[{**SHIPPED, "type": "return"}]), []),
    "AfterShip": (
        order(("_aftership_tracking_items", [AFTERSHIP])),
        [("1ZFAKE", "ups", {31: 1}, False)],
    ),
    "AfterShip's fulfillments before its items": (
        order(
            ("_aftership_tracking_items", [AFTERSHIP]),
            (
                "_aftership_fulfillments",
                [{"items": [{"id": 31, "quantity": 2}], "trackings": [AFTERSHIP]}],
            ),
        ),
        [("1ZFAKE", "ups", {31: 2}, False)],
    ),
    "Orders Tracking: the last entry": (
        order(
            line=(
                (
                    "_vi_wot_order_item_tracking_data",
                    json.dumps([{**VILLA, "tracking_number": "OLD"}, VILLA]),
                ),
            )
        ),
        [("RRFAKE", "USPS", {31: 2}, False)],
    ),
    "WCFM": (
        order(line=(("wcfm_tracking_code", "W1"), ("wcfm_tracking_url", "https://w.example/W1"))),
        [("W1", "", {31: 2}, False)],
    ),
    "ParcelPanel": (
        order(
            (
                "_parcelpanel_shipping_numbers",
                json.dumps({"LX1": {"tracking_number": "LX1", "courier_code": "china-post"}}),
            )
        ),
        [("LX1", "china-post", {}, False)],
    ),
    "DHL, a list of numbers": (
        order(
            (
                "_pr_shipment_dhl_label_tracking",
                {"tracking_number": ["0034A", "0034B"], "return_label_number": "R1"},
            )
        ),
        [("0034A", "DHL Paket", {}, True), ("0034B", "DHL Paket", {}, True)],
    ),
    "DHL Parcel, one label out and one back": (
        order(
            (
                "_dhlpwc_order_labels",
                {
                    "l-1": {"label_id": "l-1", "tracker_code": "JVGLFAKE", "is_return": False},
                    "l-2": {"label_id": "l-2", "tracker_code": "JVGLBACK", "is_return": True},
                },
            )
        ),
        [("JVGLFAKE", "DHL Parcel", {}, True)],
    ),
    "PostNL": (
        order(
            (
                "_postnl_order_metadata",
                {"labels": {"label": {"barcode": "3SA"}}, "barcodes": [{"value": "3SA"}]},
            )
        ),
        [("3SA", "PostNL", {}, True)],
    ),
    "MyParcel and a concept": (
        order(
            (
                "_myparcelcom_order_shipments",
                [
                    {"id": 1, "barcode": "3SMYPA", "carrier": {"externalIdentifier": "postnl"}},
                    {"id": 2, "barcode": None},
                ],
            )
        ),
        [("3SMYPA", "postnl", {}, True)],
    ),
    "MyParcel 4": (
        order(("_myparcel_shipments", {"1000": {"track_trace": "3SM", "shipment": {}}})),
        [("3SM", "", {}, True)],
    ),
    "GLS": (
        order(("_gls_tracking_codes", ["G1", "G2"])),
        [("G1", "GLS", {}, True), ("G2", "GLS", {}, True)],
    ),
    "DPD Connect repeats its key": (
        order(("dpd_tracking_numbers", ["D1"]), ("dpd_tracking_numbers", ["RETURN"])),
        [("D1", "DPD", {}, True)],
    ),
    "Packeta": (
        order(shipping_lines=[{"packeta": {"packet_id": 1234567890, "carrier_number": "X"}}]),
        [("Z1234567890", "Packeta", {}, True)],
    ),
    "Correios, several in one text": (
        order(("_correios_tracking_code", "AA1BR,AA2BR")),
        [("AA1BR", "Correios", {}, True), ("AA2BR", "Correios", {}, True)],
    ),
    "Bring": (
        order(
            (
                "_bring_booking_response",
                {
                    "status_code": 200,
                    "body": json.dumps(
                        {"consignments": [{"confirmation": {"consignmentNumber": "70FAKE"}}]}
                    ),
                },
            )
        ),
        [("70FAKE", "Bring", {}, True)],
    ),
    "Furgonetka": (
        order(("tracking_info", {"5200": {"courierService": "inpostkurier"}})),
        [("5200", "inpostkurier", {}, True)],
    ),
    "YITH": (
        order(("ywot_tracking_code", "Y1"), ("ywot_carrier_name", "TNT")),
        [("Y1", "TNT", {}, False)],
    ),
    "a single value": (
        order(("_tracking_number", 12345), ("_tracking_provider", "fedex")),
        [("12345", "fedex", {}, False)],
    ),
    "single values stay behind": (
        order(("_tracking_number", "OLD"), ("_wc_shipment_tracking_items", [ST])),
        [("1ZFAKE", "ups", {}, False)],
    ),
    "AfterShip, two fulfillments in one parcel": (
        order(
            (
                "_aftership_fulfillments",
                [
                    {"items": [{"id": 31, "quantity": 1}], "trackings": [AFTERSHIP]},
                    {"items": [{"id": 32, "quantity": 4}], "trackings": [AFTERSHIP]},
                ],
            )
        ),
        [("1ZFAKE", "ups", {31: 1, 32: 4}, False)],
    ),
    "the same entry twice": (
        order(("_aftership_tracking_items", [AFTERSHIP, AFTERSHIP])),
        [("1ZFAKE", "ups", {31: 1}, False)],
    ),
    "a link around the number": (
        order(("_tracking_number", '<a href="https://t.example/1ZFAKE"><b>1Z&#70;AKE</b></a>')),
        [("1ZFAKE", "", {}, False)],
    ),
    "a link alone, with a number that only one carrier makes": (
        order(("ywot_tracking_code", "https://t.example/?n=1Z999AA10123456784&l=en")),
        [("1Z999AA10123456784", "", {}, False)],
    ),
    "a link alone, that tells nothing": (
        order(("ywot_tracking_code", "https://t.example/?n=12345678")),
        [],
    ),
    "nothing": (order(("_wc_shipment_tracking_items", False), ("_tracking_number", "0")), []),
}


@pytest.mark.parametrize("name", CASES)
def test_each_plugin_is_read(name: str):
    row, expected = CASES[name]
    assert found(row) == expected


def test_the_recorded_plugins_are_read():
    text = (RECORDED / "shipment_tracking.json").read_text()
    bodies = [one["answer"].get("json") for one in json.loads(text)]
    read = [orders.order(row) for row in bodies if isinstance(row, dict) and "line_items" in row]
    numbers = {parcel.number for one in read for parcel in one.trackings}
    assert {"99", "NB1"} <= numbers
    row = next(one for one in reversed(bodies) if isinstance(one, dict) and "meta_data" in one)
    last = chain.trackings(row)
    assert [(one.number, one.carrier) for one in last][-2:] == [("S1", "DHL"), ("S2", "DHL")]


def test_the_same_number_from_two_plugins_is_one_parcel():
    row = order(("_wc_shipment_tracking_items", [{**ST, "tracking_number": "0034 FAKE"}]),
                shipments=[SHIPPED])  # fmt: skip
    (one,) = chain.trackings(row)
    assert (one.number, one.url, one.key) == (
        "0034FAKE",
        "https://dhl.example/0034FAKE",
        "shiptastic:5",
    )


PARTED = ["A1,B2 , C3", "A1;B2|C3", "A1<br />B2<br>C3", "A1\nB2\r\nC3", "A1, B2, A1,, C3"]


@pytest.mark.parametrize("text", PARTED)
@pytest.mark.parametrize("place", ["official", "AST", "Shiptastic", "core", "YITH", "taught"])
def test_several_numbers_in_one_field_are_several_numbers(text: str, place: str):
    core = {**CORE, "meta_data": [CORE["meta_data"][0], {"key": "_tracking_number", "value": text}]}
    rows = {
        "official": order(("_wc_shipment_tracking_items", [{**ST, "tracking_number": text}])),
        "AST": order(("_wc_shipment_tracking_items", [{**AST, "tracking_number": text}])),
        "Shiptastic": order(shipments=[{**SHIPPED, "tracking_id": text}]),
        "core": order(_fulfillments=[core]),
        "YITH": order(("ywot_tracking_code", text)),
        "taught": order(("my_parcel", text)),
    }
    parcels = chain.trackings(rows[place], TaughtKeys("my_parcel"))
    assert [n for parcel in parcels for n in parcel.numbers] == ["A1", "B2", "C3"]
    goods = {"AST": {31: 1}, "Shiptastic": {31: 2}, "core": {31: 2}}.get(place, {})
    assert dict(parcels[0].lines) == goods


def test_what_no_row_can_hold_is_cut():
    entry = {**ST, "tracking_id": "k" * 500, "tracking_provider": "u\x00p\u202es" + "x" * 500}
    row = order(("_wc_shipment_tracking_items", [{**entry, "tracking_number": "1Z\x00FAKE"}]))
    (one,) = chain.trackings(row)
    assert (one.number, len(one.key) <= 100, len(one.carrier)) == ("1ZFAKE", True, 100)
    assert one.carrier.startswith("up sx")
    other = order(("_wc_shipment_tracking_items", [{**entry, "tracking_id": "k" * 499 + "j"}]))
    assert chain.trackings(other)[0].key != one.key


def test_a_key_that_people_taught_counts_most():
    row = order(("my_parcel", "M 1"), ("my_carrier", "Bike"), ("_tracking_number", "X"))
    keys = TaughtKeys("my_parcel", "my_carrier")
    assert found(row, keys)[0] == ("M 1", "Bike", {}, False)


def test_what_may_be_clicked_on_is_shown_only_where_nothing_was_found():
    row = order(("my_parcel", "M1"), ("_longshore_reference", "LS-1"), ("long", "x" * 500))
    assert orders.order({**row, "total": "1"}).fields == (("my_parcel", "M1"),)
    with_number = order(("my_parcel", "M1"), ("_tracking_number", "X"))
    assert orders.order({**with_number, "total": "1"}).fields == ()


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://", "http://a b.example",
     "https://user@x.example/", "ftp://x.example", "http://[", 7, None, {}, "x"],
)  # fmt: skip
def test_links_that_lead_nowhere_good_are_left_out(text: object):
    assert shapes.link(text) == ""


def test_a_link_is_kept():
    assert shapes.link(" https://t.example/?n=1 ") == "https://t.example/?n=1"


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["_wc_shipment_tracking_items", "wcshipping_labels", "_wcshipping-shipments",
     "_aftership_fulfillments", "_parcelpanel_shipping_numbers", "_postnl_order_metadata",
     "_pr_shipment_dhl_label_tracking", "_myparcelcom_order_shipments", "tracking_info",
     "_bring_booking_response", "_gls_tracking_codes", "_tracking_number", "ywot_tracking_code",
     "_aftership_tracking_items", "_aftership_tracking_number", "_dhlpwc_order_labels",
     "_pr_dhl_im_label_tracking", "pr_dhl_dp_item_barcode", "_myparcel_shipments",
     "dpd_tracking_numbers", "lpc_outward_parcel_number", "_omnivalt_barcode",
     "_wot_tracking_number", "_correios_tracking_code", "_easypack_parcel_tracking",
     "_tracking_code", "_date_shipped"]
)  # fmt: skip


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNHURRIED
@given(st.lists(st.tuples(KEYS, JSONISH | JSONISH.map(repr)), max_size=4), JSONISH, JSONISH)
def test_nothing_that_a_plugin_leaves_breaks_the_reading(
    metas: list, shipments: object, inner: object
):
    row = order(*metas, line=(("_vi_wot_order_item_tracking_data", inner),), shipments=shipments,
                _fulfillments=inner, shipping_lines=[{"packeta": inner}])  # fmt: skip
    for parcel in chain.trackings(row):
        assert isinstance(parcel, Tracking)
        assert parcel.number or parcel.lines
        assert all(one.isprintable() for one in (parcel.key, parcel.carrier, *parcel.numbers))
        assert max(len(one) for one in (parcel.key, parcel.carrier, *parcel.numbers)) <= 100
        assert all(units > 0 for _, units in parcel.lines)


@UNHURRIED
@given(st.text(max_size=60) | st.text('a:si0123456789{};"x', max_size=60))
def test_phps_notation_never_breaks(text: str):
    php_text.read(text)
    php_text.read(f"a:1:{{i:0;{text}}}")
